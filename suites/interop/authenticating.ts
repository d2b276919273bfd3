/**
 * Two products prove to each other who they are, in each way that RFC 7296 has and later documents add: keys of every kind that signs (RFC 7427, RFC 8420), keys that nobody has certified
 * (RFC 7670), EAP with a password or with TLS (RFC 7296 2.16, RFC 5216, RFC 5998), and the two sides each in a way of its own (2.15).
 */
import { identityMutants } from '../../harness/vocabulary/mutants.ts';
import { type Authentication, authentications } from '../../harness/vocabulary/mutual-authentication.ts';
import type { Reads } from '../../harness/vocabulary/question.ts';
import { RFC5216, RFC5998, RFC7296, RFC7427, RFC7670, RFC8247 } from '../requirements/documents.ts';
import { agreeing, meets } from './agreeing.ts';
import type { Outcome } from './crossing.ts';

type Way = Exclude<Authentication, 'shared-key' | 'certificate'>;

const documents: Readonly<Record<Way, readonly Reads<Outcome>[]>> = {
  rsa: [meets(RFC7296, '4'), meets(RFC8247, '3.1.1')],
  'rsa-pkcs1': [meets(RFC7427, '3'), meets(RFC8247, '3.2', 'MAY')],
  'rsa-pss': [meets(RFC7427, '3'), meets(RFC8247, '3.2')],
  'ecdsa-p384': [meets(RFC7427, '3'), meets(RFC8247, '3.1', 'SHOULD')],
  'ecdsa-p521': [meets(RFC7427, '3'), meets(RFC8247, '3.1', 'SHOULD')],
  ed25519: [meets(RFC7427, '3')],
  ed448: [meets(RFC7427, '3')],
  'raw-rsa': [meets(RFC7670, '3')],
  'raw-ecdsa': [meets(RFC7670, '3')],
  'raw-ed25519': [meets(RFC7670, '3')],
  'shared-key-and-certificate': [meets(RFC7296, '4')],
  'eap-md5': [meets(RFC7296, '2.16')],
  'eap-mschapv2': [meets(RFC7296, '2.16')],
  'eap-tls': [meets(RFC7296, '2.16'), meets(RFC5216, '2.1')],
  'eap-tls-alone': [meets(RFC5998, '3'), meets(RFC5216, '2.1')],
};

const signs = (by: Way): boolean => !by.startsWith('eap') && by !== 'shared-key-and-certificate';

export const authenticating = agreeing({
  name: 'authenticating',
  title: 'Two products prove to each other who they are',
  by: authentications.filter((by): by is Way => by in documents),
  given: (by) => ({ by }),
  reads: (by) => documents[by],
  turnedBy: (by) => (signs(by) ? [[identityMutants.believesNoSignature, 'none']] : []),
});
