/**
 * What signs IKE_AUTH (RFC 7427, RFC 8247 section 3): each side with a key of this kind, by method 14 where hashes were announced; where the peer announced none,
 * by the older method that implies its hash (RFC 7296 section 3.8, RFC 4754).
 */
import { certificateOf, signedWith } from '../../harness/vocabulary/credentials.ts';
import { negotiated, nutName, peering, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { announcesNoHashes } from '../../harness/vocabulary/lies.ts';
import { identityMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { aloneControls, conversesAlone, judgeAlone, type Role, roles } from '../identity/impersonation.ts';
import { RFC7427 } from '../requirements/documents.ts';

const keys = {
  rsa: 'rsaOne',
  p256: 'p256One',
  p384: 'p384One',
  p521: 'p521One',
  ed25519: 'ed25519One',
  ed448: 'ed448One',
} as const;
type Key = keyof typeof keys;

export const signatures = scenario({
  name: 'signatures',
  title: 'Both sides sign with a key of one kind',
  dimensions: { key: Object.keys(keys) as Key[], hashes: ['announced', 'not-announced'], role: roles },
  // RFC 8420: EdDSA has method 14 alone.
  where: ({ key, hashes }) => !(key.startsWith('ed') && hashes === 'not-announced'),
  given: ({ key }) => {
    const party = (name: string) => ({
      credential: signedWith(certificateOf({ commonName: name, altNames: [{ dNSName: name }], key: keys[key as Key] })),
    });
    return negotiated({ nut: party(nutName), tn: party(tnName) });
  },
  misbehaves: ({ hashes }) => ({ tn: hashes === 'announced' ? {} : announcesNoHashes }),
  play: (stage, { role }) => conversesAlone(stage, role as Role, 'asked', { face: peering.connection }),
  questions: {
    'RFC7427-3': question('Does each believe what the other has signed?', {
      outcomes: ['believed', 'not-believed'],
      controls: aloneControls,
      judge: (t) => judgeAlone(t, 'asked', ['believed', 'not-believed']),
      plays: ({ role }) => role as Role,
      reads: ({ key, hashes }) => [
        hashes === 'announced'
          ? reads(RFC7427, '3', 'MUST', 'implementation', { believed: pass, 'not-believed': fail })
          : reads(RFC7427, '4', 'obs', 'implementation', {
              believed: pass,
              'not-believed': observed(`the older method of a key on ${key} is not spoken`),
            }),
      ],
      lawful: 'believed',
      turnedBy: [[identityMutants.believesNoSignature, 'not-believed']],
    }),
  },
});
