/**
 * A policy names its peer in one form, by name, distinguished name or address (BELLOVIN 8e; RFC 4301 4.4.3.1), and the peer identifies itself in another. Its certificate
 * has all of them, so that nothing but the form speaks against it.
 */
import {
  addressIdentity,
  certificateOf,
  distinguishedName,
  fqdn,
  signedWith,
} from '../../harness/vocabulary/credentials.ts';
import { only, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { padMutants } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { BELLOVIN, RFC4301 } from '../requirements/documents.ts';
import {
  impersonation,
  impersonationControls,
  judgeImpersonation,
  playImpersonation,
  roles,
  verifies,
} from './impersonation.ts';

const certificate = certificateOf({
  commonName: tnName,
  altNames: [{ dNSName: tnName }, { iPAddress: places.home.ipv4 }],
});

/** Each is in the certificate, and of the same peer. */
const forms = {
  name: fqdn(tnName),
  'distinguished-name': distinguishedName(`CN=${tnName}, O=Touchstone`),
  address: addressIdentity(places.home.ipv4),
} as const;
type Form = keyof typeof forms;
const formNames = Object.keys(forms) as Form[];

export const formOfIdentification = scenario({
  name: 'form-of-identification',
  title: 'The peer identifies itself in another form than policy names',
  dimensions: { named: formNames, shown: formNames.map((form) => `by-${form}` as const), role: roles },
  where: ({ named, shown }) => shown !== `by-${named}`,
  given: ({ named, shown }) =>
    impersonation({
      nut: { expects: only(forms[named]) },
      tn: { identity: forms[named], credential: signedWith(certificate) },
      claim: { identity: forms[shown.slice('by-'.length) as Form] },
    }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'BELLOVIN-8e': question('Is the peer taken in another form of identification than policy names?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: [
        reads(BELLOVIN, '8(e)', 'MUST', 'receiver', { refused: pass, established: fail }),
        reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', { refused: pass, established: fail }),
      ],
      lawful: 'refused',
      turnedBy: [[padMutants.takesAnyPeer, 'established']],
    }),
  },
});
