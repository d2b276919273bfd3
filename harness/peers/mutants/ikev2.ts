/** Broken twins of IKEv2: for each rule the ways in which real implementations err. */
import { mutant } from '../mutant.ts';

/** Takes whatever identity is claimed, once some certificate of the authority has signed. */
export const ignoresIdentityInCertificate = mutant(
  'ignoresIdentityInCertificate',
  'ikev2',
  'identityMatchesCertificate',
  'the signature is verified and the name is taken from the identity payload, unread in the certificate',
  () => () => true,
);

/** Refuses an address as identity that is not the address of the messages (RFC 4945 3.1.1). */
export const bindsAddressIdentityToTransport = mutant(
  'bindsAddressIdentityToTransport',
  'ikev2',
  'addressIdentityIsTransportAddress',
  'the default check of RFC 4945 is on',
  () => (identityAddress, transportAddress) => identityAddress === transportAddress,
);
