/**
 * A policy names the form in which its peer authenticates itself, and the right peer does so in another (BELLOVIN 8f; RFC 4301 4.4.3.2), with what would let it in
 * elsewhere. Who proves nothing is asked about in `null-authentication.ts`.
 */
import {
  certificateOf,
  fqdn,
  hexOf,
  rawPublicKey,
  sharedKey,
  signedWith,
} from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority, honestNut, only, type Party, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { identityMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { carol, client, gateway } from '../ikev2/eap.ts';
import { BELLOVIN, RFC4301 } from '../requirements/documents.ts';
import {
  impersonation,
  impersonationControls,
  judgeImpersonation,
  playImpersonation,
  roles,
  verifies,
} from './impersonation.ts';

const secret = 'a key of these two';
const peer = fqdn(tnName);
const sharedKeys = [{ identity: 'any', key: hexOf(secret) }] as const;
const ownKey = 'p256One';
const keyOfNut = 'p256Two';

interface Form {
  /** Of the node under test, and of the tester where it does as policy wants. */
  readonly nut: Partial<Party>;
  readonly tn: Partial<Party>;
}

/** The peer is named in each, and policy has at hand what would prove it in the other form, too. */
const named = {
  certificate: { nut: { expects: { ...only(peer), sharedKeys } }, tn: {} },
  'shared-key': {
    nut: { credential: sharedKey(secret), expects: { ...only(peer), authentication: 'shared-key', sharedKeys } },
    tn: {
      credential: sharedKey(secret),
      expects: { ...only(honestNut.identity), authentication: 'shared-key', trustAnchors: [], sharedKeys },
    },
  },
  'public-key': {
    nut: {
      credential: rawPublicKey(keyOfNut),
      expects: { ...only(peer), trustAnchors: [], publicKeys: [ownKey], sharedKeys },
    },
    tn: {
      credential: rawPublicKey(ownKey),
      expects: { ...only(honestNut.identity), trustAnchors: [], publicKeys: [keyOfNut] },
    },
  },
  eap: {
    nut: { expects: { ...gateway('md5').expects, trustAnchors: anyoneOfTheAuthority.trustAnchors } },
    tn: client('md5', carol),
  },
} as const satisfies Record<string, Form>;

const shown = {
  // Of another key than is known.
  'by-certificate': signedWith(
    certificateOf({ commonName: tnName, altNames: [{ dNSName: tnName }], key: 'p256Three' }),
  ),
  'by-shared-key': sharedKey(secret),
} as const;

export const formOfAuthentication = scenario({
  name: 'form-of-authentication',
  title: 'The peer authenticates itself in another form than policy names',
  dimensions: {
    named: Object.keys(named) as (keyof typeof named)[],
    shown: Object.keys(shown) as (keyof typeof shown)[],
    role: roles,
  },
  // Only an initiator is a client of EAP, and one that has no shared key.
  where: ({ named, shown, role }) =>
    shown !== `by-${named}` && (named !== 'eap' || (shown === 'by-certificate' && role === 'responder')),
  given: ({ named: form, shown: other }) =>
    impersonation({ ...named[form], claim: { identity: peer, credential: shown[other] } }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'BELLOVIN-8f': question('Is the peer taken in another form of authentication than policy names?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: [
        reads(BELLOVIN, '8(f)', 'MUST', 'receiver', { refused: pass, established: fail }),
        reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', { refused: pass, established: fail }),
      ],
      lawful: 'refused',
      turnedBy: ({ named, shown }) => [
        [
          named === 'public-key' && shown === 'by-certificate'
            ? identityMutants.verifiesNoSignature
            : identityMutants.takesAnyMethod,
          'established',
        ],
      ],
    }),
  },
});
