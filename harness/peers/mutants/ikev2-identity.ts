/**
 * Broken twins of IKEv2 where an identity meets what proves it: the certificate that signs (RFC 4945 section 3.1, RFC 7296 section 3.6), a
 * shared key, the address of the messages. Which identities are anybody's business at all is `ikev2-pad.ts`.
 */
import { identityText } from '../../../reference/ikev2/identity.ts';
import { certifiedNames } from '../certified-names.ts';
import { mutant } from '../mutant.ts';

/** Takes whatever identity is claimed, once some certificate of the authority has signed. */
export const ignoresIdentityInCertificate = mutant(
  'ignoresIdentityInCertificate',
  'ikev2',
  'identityMatchesCertificate',
  'the signature is verified and the name is taken from the identity payload, unread in the certificate',
  () => () => true,
);

export const readsCommonNames = mutant(
  'readsCommonNames',
  'ikev2',
  'identityMatchesCertificate',
  'as browsers once did, a name in the subject counts when it is in no subjectAltName',
  (lawful) => (peer, certificate, others) =>
    lawful(peer, certificate, others) || certifiedNames(certificate).commonNames.includes(identityText(peer)),
);

export const stopsAtNul = mutant(
  'stopsAtNul',
  'ikev2',
  'identityMatchesCertificate',
  'names are compared as C strings, which end at the first NUL',
  (lawful) => (peer, certificate, others) => lawful({ ...peer, data: beforeNul(peer.data) }, certificate, others),
);

export const ignoresTrailingDot = mutant(
  'ignoresTrailingDot',
  'ikev2',
  'identityMatchesCertificate',
  'names are normalised by a resolver library, for which a.example. is a.example',
  (lawful) => (peer, certificate, others) =>
    lawful({ ...peer, data: withoutTrailingDot(peer.data) }, certificate, others),
);

export const comparesCase = mutant(
  'comparesCase',
  'ikev2',
  'identityMatchesCertificate',
  'DNS names are compared octet by octet',
  (lawful) => (peer, certificate, others) =>
    lawful(peer, certificate, others) && certifiedNames(certificate).exactly.includes(identityText(peer)),
);

export const comparesTextOnly = mutant(
  'comparesTextOnly',
  'ikev2',
  'identityMatchesCertificate',
  'the identity is printed and looked for among all printed names, whatever kind either is of',
  () => (peer, certificate) => certifiedNames(certificate).all.includes(identityText(peer).toLowerCase()),
);

export const takesMailboxesOfAHost = mutant(
  'takesMailboxesOfAHost',
  'ikev2',
  'identityMatchesCertificate',
  'a certified host name is taken to speak for every mailbox there',
  (lawful) => (peer, certificate, others) =>
    lawful(peer, certificate, others) ||
    certifiedNames(certificate).all.includes(identityText(peer).replace(/^.*@/, '')),
);

export const comparesOrganizationsOnly = mutant(
  'comparesOrganizationsOnly',
  'ikev2',
  'identityMatchesCertificate',
  'distinguished names are equal as soon as their organizations are',
  (lawful) => (peer, certificate, others) =>
    lawful(peer, certificate, others) || identityText(peer).endsWith(`O=${certifiedNames(certificate).organization}`),
);

export const takesUncertifiableIdentities = mutant(
  'takesUncertifiableIdentities',
  'ikev2',
  'identityMatchesCertificate',
  'the comparison is a switch over the types a certificate can hold, and its default is to be content',
  (lawful) => (peer, certificate, others) => peer.idType === ID_KEY_ID || lawful(peer, certificate, others),
);

export const takesAddressesOnTrust = mutant(
  'takesAddressesOnTrust',
  'ikev2',
  'identityMatchesCertificate',
  'an address as identity is thought to be proven by the packets that come from it',
  (lawful) => (peer, certificate, others) => isAddressType(peer.idType) || lawful(peer, certificate, others),
);

export const looksInEveryCertificate = mutant(
  'looksInEveryCertificate',
  'ikev2',
  'identityMatchesCertificate',
  'the identity is looked for in every certificate received, not in the one that signed',
  (lawful) => (peer, certificate, others) => [certificate, ...others].some((one) => lawful(peer, one, [])),
);

export const takesLastCertificate = mutant(
  'takesLastCertificate',
  'ikev2',
  'certificateThatSigns',
  'each certificate received takes the place of the one before, as if a peer had but one',
  () => (certificates) => certificates.at(-1),
);

export const believesNoSignature = mutant(
  'believesNoSignature',
  'ikev2',
  'authenticationData',
  'the octets that are signed are put together in another order, or with another length',
  () => () => false,
);

export const verifiesNoSignature = mutant(
  'verifiesNoSignature',
  'ikev2',
  'authenticationData',
  'the return code of the verification is lost, as in goto fail',
  (lawful) => (verifies) => lawful(verifies) || true,
);

export const takesAnyMethod = mutant(
  'takesAnyMethod',
  'ikev2',
  'authenticationMethod',
  'the peer chooses the method, and every key there is may serve it',
  () => (_wanted, used) => used !== 'unknown',
);

export const trustsEveryAuthority = mutant(
  'trustsEveryAuthority',
  'ikev2',
  'certificationPath',
  'the chain is built and its end compared with nothing',
  () => () => true,
);

/** Takes the first key there is, whoever it belongs to. */
export const takesAnySharedKey = mutant(
  'takesAnySharedKey',
  'ikev2',
  'sharedKeyOfIdentity',
  'the key is chosen by connection, and the identity that it belongs to goes unread',
  () => (keys) => keys[0]?.key,
);

export const findsKeysByAddress = mutant(
  'findsKeysByAddress',
  'ikev2',
  'sharedKeyOfIdentity',
  'shared keys are looked up by address, as main mode of IKEv1 had to, so that names have none',
  (lawful) => (keys, peer) => (isAddressType(peer.idType) ? lawful(keys, peer) : undefined),
);

/** Refuses an address as identity that is not the address of the messages (RFC 4945 3.1.1). */
export const bindsAddressIdentityToTransport = mutant(
  'bindsAddressIdentityToTransport',
  'ikev2',
  'addressIdentityIsTransportAddress',
  'the default check of RFC 4945 is on',
  () => (identityAddress, transportAddress) => identityAddress === transportAddress,
);

export const takesNoAddressIdentity = mutant(
  'takesNoAddressIdentity',
  'ikev2',
  'addressIdentityIsTransportAddress',
  'addresses are refused as identities, whichever they are',
  () => () => false,
);

export const bindsCertificateToTransport = mutant(
  'bindsCertificateToTransport',
  'ikev2',
  'certificateAddressesIncludeTransportAddress',
  'a certificate that names addresses is taken from these only',
  () => (addresses, transportAddress) => addresses.includes(transportAddress),
);

export const comparesFirstCertifiedAddress = mutant(
  'comparesFirstCertifiedAddress',
  'ikev2',
  'certificateAddressesIncludeTransportAddress',
  'the first address of a certificate is taken for the only one',
  () =>
    ([first], transportAddress) =>
      first === transportAddress,
);

export const demandsCertifiedAddress = mutant(
  'demandsCertifiedAddress',
  'ikev2',
  'certificateWithoutAddresses',
  'a certificate that names no address is refused, whatever the policy says',
  () => () => false,
);

export const forgetsCertificateConstraint = mutant(
  'forgetsCertificateConstraint',
  'ikev2',
  'certificateWithoutAddresses',
  'the constraint is read from the configuration and asked of nobody',
  () => () => true,
);

const isAddressType = (idType: number): boolean => idType === ID_IPV4_ADDR || idType === ID_IPV6_ADDR;

const beforeNul = (data: Uint8Array): Uint8Array => data.subarray(0, data.includes(0) ? data.indexOf(0) : data.length);

const withoutTrailingDot = (data: Uint8Array): Uint8Array => (data.at(-1) === DOT ? data.subarray(0, -1) : data);

const ID_IPV4_ADDR = 1;
const ID_IPV6_ADDR = 5;
const ID_KEY_ID = 11;
const DOT = 0x2e;
