/**
 * A certificate that has a subject and no other name vouches for that subject alone (RFC 4945 3.1): whoever holds it and claims another identity, of any type, is refused. The node takes
 * anybody that the authority certifies. What certificates with other names vouch for is
 * DUPONT-G1 (`identity/identity-in-certificate.ts`).
 */
import {
  addressIdentity,
  certificateOf,
  distinguishedName,
  fqdn,
  type Identity,
  keyId,
  signedWith,
  userFqdn,
} from '../../harness/vocabulary/credentials.ts';
import { identityMutants } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import {
  impersonation,
  impersonationControls,
  judgeImpersonation,
  playImpersonation,
  roles,
  verifies,
} from '../identity/impersonation.ts';
import { RFC4945 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const nameless = certificateOf({ commonName: 'nameless.example' });

/** Each with the section of RFC 4945 for its type. */
const claims: Readonly<Record<string, { readonly identity: Identity; readonly section: string }>> = {
  fqdn: { identity: fqdn('other.example'), section: '3.1.2' },
  mailbox: { identity: userFqdn('root@other.example'), section: '3.1.3' },
  address: { identity: addressIdentity(places.home.ipv4), section: '3.1.1' },
  'other-dn': { identity: distinguishedName('CN=other.example, O=Touchstone'), section: '3.1.5' },
  'key-id': { identity: keyId('nameless'), section: '3.1.7' },
};

export const certificateWithoutNames = scenario({
  name: 'certificate-without-names',
  title: 'A certificate has a subject and no other name',
  dimensions: { claim: Object.keys(claims), role: roles },
  given: ({ claim }) =>
    impersonation({ claim: { identity: claims[claim]!.identity, credential: signedWith(nameless) } }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'FIELD-F09': question('Is an identity refused that a certificate without names cannot vouch for?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: ({ claim }) => [
        claim === 'key-id'
          ? reads(RFC4945, '3.1.7', 'obs', 'receiver', {
              refused: observed('a certificate proves no key id'),
              established: observed('a certificate proves a key id'),
            })
          : reads(RFC4945, claims[claim]!.section, 'MUST', 'receiver', { refused: pass, established: fail }),
      ],
      lawful: 'refused',
      reported: [reported('Libreswan', 797, 'such a peer was let in by any name')],
      turnedBy: [[identityMutants.ignoresIdentityInCertificate, 'established']],
    }),
  },
});
