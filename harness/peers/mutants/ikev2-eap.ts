/** Broken twins of IKEv2 where the initiator authenticates by EAP (RFC 7296 section 2.16, RFC 3748, RFC 2759). */
import { mutant } from '../mutant.ts';

export const answersAnybody = mutant(
  'answersAnybody',
  'ikev2',
  'responderProvenFirst',
  'EAP is answered whoever asks',
  () => () => true,
);

export const takesAnyIdentifier = mutant(
  'takesAnyIdentifier',
  'ikev2',
  'eapIdentifier',
  'IKE has matched request and response already',
  () => () => true,
);

export const readsToTheEnd = mutant(
  'readsToTheEnd',
  'ikev2',
  'eapLength',
  "the packet is what the payload holds, and its own Length isn't looked at",
  () => () => 'whole',
);

export const wantsExactLength = mutant(
  'wantsExactLength',
  'ikev2',
  'eapLength',
  'octets behind the packet are taken for a broken one',
  () => (declared, present) => (declared === present ? 'whole' : 'discarded'),
);

export const takesAnyType = mutant(
  'takesAnyType',
  'ikev2',
  'eapResponseType',
  'the method under way reads whatever comes',
  () => () => true,
);

export const takesAnyCode = mutant(
  'takesAnyCode',
  'ikev2',
  'eapResponseCode',
  'whatever comes while a response is due is one',
  () => () => true,
);

export const takesAnyPassword = mutant(
  'takesAnyPassword',
  'ikev2',
  'eapResponseProves',
  'the response of the method is not compared',
  () => () => true,
);

export const skipsEap = mutant(
  'skipsEap',
  'ikev2',
  'eapIsOver',
  'AUTH is looked at whenever it comes',
  () => (hasSucceeded, hasAuthentication) => hasSucceeded || hasAuthentication,
);

export const believesIdi = mutant(
  'believesIdi',
  'ikev2',
  'identityOfPolicy',
  'policy is looked up by IDi, whomever EAP has authenticated',
  () => (claimed) => claimed,
);

export const answersEveryMethod = mutant(
  'answersEveryMethod',
  'ikev2',
  'eapMethodAcceptable',
  'the type of the request is not compared with the method that was configured',
  () => () => true,
);

export const takesEarlySuccess = mutant(
  'takesEarlySuccess',
  'ikev2',
  'eapSuccessAccepted',
  'Success is Success',
  () => () => true,
);

export const believesTheAuthenticator = mutant(
  'believesTheAuthenticator',
  'ikev2',
  'authenticatorProves',
  "the authenticator's response is not compared",
  () => () => true,
);

export const passesOverFailure = mutant(
  'passesOverFailure',
  'ikev2',
  'eapFailureEnds',
  'what ends EAP is taken for its success',
  () => () => false,
);

export const takesEveryMethodAlone = mutant(
  'takesEveryMethodAlone',
  'ikev2',
  'eapMethodStandsAlone',
  'who does with EAP alone does with any method',
  () => () => true,
);

export const takesNoSignature = mutant(
  'takesNoSignature',
  'ikev2',
  'responderProvenFirst',
  'who wants EAP alone has no use for a responder that signs',
  (lawful) => (proof, eapAlone) => lawful(proof, eapAlone) && (proof === 'none' || !eapAlone),
);

export const signsForNobodyWhoAsks = mutant(
  'signsForNobodyWhoAsks',
  'ikev2',
  'signatureOmitted',
  'EAP_ONLY_AUTHENTICATION is taken at its word, whatever the method',
  () => (asked) => asked,
);

export const answersAsBefore = mutant(
  'answersAsBefore',
  'ikev2',
  'eapRequestRepeated',
  'every further request is taken for a retransmission',
  () => () => true,
);
