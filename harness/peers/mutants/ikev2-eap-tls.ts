/** Broken twins of IKEv2 where either side authenticates by EAP-TLS (RFC 5216, RFC 5246). */
import { mutant } from '../mutant.ts';

export const trustsEveryTlsCertificate = mutant(
  'trustsEveryTlsCertificate',
  'ikev2',
  'tlsCertificatePath',
  'the library is asked for no verification, and nobody asks its own',
  () => () => true,
);

export const comparesNoTlsName = mutant(
  'comparesNoTlsName',
  'ikev2',
  'tlsCertificateNames',
  'whoever has a certificate of the authority is whom it says it is',
  () => () => true,
);

export const verifiesNoTlsKey = mutant(
  'verifiesNoTlsKey',
  'ikev2',
  'tlsCertificateVerified',
  'a certificate is taken for a proof that its key is there',
  () => () => true,
);

export const verifiesNoKeyExchange = mutant(
  'verifiesNoKeyExchange',
  'ikev2',
  'tlsKeyExchangeSigned',
  'the public value is used as it comes',
  () => () => true,
);

export const comparesNoFinished = mutant(
  'comparesNoFinished',
  'ikev2',
  'tlsFinished',
  'what is sealed under the new keys is taken for their proof',
  () => () => true,
);

export const opensWithoutTag = mutant(
  'opensWithoutTag',
  'ikev2',
  'tlsRecordOpened',
  'the record is decrypted, and its tag is cut off',
  () => (_opened, unchecked) => unchecked(),
);

export const addsUpNothing = mutant(
  'addsUpNothing',
  'ikev2',
  'eapTlsLength',
  'fragments are gathered until none follows, whatever their length was said to be',
  () => () => true,
);

export const takesAnythingForAcknowledged = mutant(
  'takesAnythingForAcknowledged',
  'ikev2',
  'eapTlsAcknowledged',
  'whatever comes while fragments are left is the sign to send the next',
  () => () => true,
);
