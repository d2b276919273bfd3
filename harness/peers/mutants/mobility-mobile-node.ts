/** Broken twins of a mobile node: where it is, what it registers at home, and which way its packets go (RFC 6275 11.3, 11.5, 11.7.1, 11.7.3). */
import { mutant } from '../mutant.ts';

export const registersUntestedAddress = mutant(
  'registersUntestedAddress',
  'mobility',
  'careOfAddressTested',
  'a care-of address is used as soon as it is formed, for a quick handover',
  () => () => false,
);

export const asksForNoAcknowledgement = mutant(
  'asksForNoAcknowledgement',
  'mobility',
  'flagsOfRegistration',
  'a home registration goes without the A bit',
  (lawful) => (claim) => ({ ...lawful(claim), acknowledge: false }),
);

export const registersAsCorrespondent = mutant(
  'registersAsCorrespondent',
  'mobility',
  'flagsOfRegistration',
  'one function makes all updates, and H is forgotten',
  (lawful) => (claim) => ({ ...lawful(claim), homeRegistration: false }),
);

export const claimsLinkLocalAddress = mutant(
  'claimsLinkLocalAddress',
  'mobility',
  'flagsOfRegistration',
  'L is set always, whatever the interface identifier of the home address',
  (lawful) => (claim) => ({ ...lawful(claim), linkLocalAddressCompatibility: true }),
);

export const claimsMovingKeys = mutant(
  'claimsMovingKeys',
  'mobility',
  'flagsOfRegistration',
  'K is set although the SAs are keyed by hand',
  (lawful) => (claim) => ({ ...lawful(claim), keyManagementMobilityCapability: true }),
);

export const namesNoCareOfAddress = mutant(
  'namesNoCareOfAddress',
  'mobility',
  'namesCareOfAddress',
  'the care-of address stands in the IPv6 header alone',
  () => () => false,
);

export const asksForMoreThanValid = mutant(
  'asksForMoreThanValid',
  'mobility',
  'lifetimeOfRegistration',
  'the lifetime that was configured is asked for, however long the addresses are valid',
  () => (asked) => asked,
);

export const ignoresAcknowledgements = mutant(
  'ignoresAcknowledgements',
  'mobility',
  'acknowledgementMatches',
  'sequence numbers are compared in the wrong byte order, so none ever matches',
  () => () => false,
);

export const believesAnyAcknowledgement = mutant(
  'believesAnyAcknowledgement',
  'mobility',
  'acknowledgementMatches',
  'the sequence number of an acknowledgement is not looked at',
  () => () => true,
);

export const acceptsZeroAlone = mutant(
  'acceptsZeroAlone',
  'mobility',
  'accepts',
  'only status 0 is success',
  () => (status) => status === 0,
);

export const acceptsEveryStatus = mutant(
  'acceptsEveryStatus',
  'mobility',
  'accepts',
  'an acknowledgement is an acknowledgement',
  () => () => true,
);

export const neverCorrectsItself = mutant(
  'neverCorrectsItself',
  'mobility',
  'mendsRefusal',
  'status 135 is a refusal as any other',
  () => () => false,
);

export const keepsItsOwnNumber = mutant(
  'keepsItsOwnNumber',
  'mobility',
  'sequenceNumberAfter',
  'after status 135 the next number is the next of its own',
  () => (refused) => (refused + 1) & 0xffff,
);

/** INET issues 1194 and 1198: a simulator. */
export const hurriesFirstRegistration = mutant(
  'hurriesFirstRegistration',
  'mobility',
  'firstTimeout',
  'the first registration is repeated after a second, while the home agent looks for duplicates',
  () => () => 1_000,
);

export const repeatsSteadily = mutant(
  'repeatsSteadily',
  'mobility',
  'nextTimeout',
  'the time between repetitions stays what it was',
  () => (last) => last,
);

export const repeatsItsNumber = mutant(
  'repeatsItsNumber',
  'mobility',
  'nextSequenceNumber',
  'the sequence number changes with the care-of address, not with each update',
  () => (last) => last,
);

export const neverRenews = mutant(
  'neverRenews',
  'mobility',
  'renewsAfter',
  'an update is sent when the binding has ended',
  () => (lifetime) => lifetime + 1,
);

export const forgetsShorterLifetime = mutant(
  'forgetsShorterLifetime',
  'mobility',
  'lifetimeLeft',
  'the lifetime that was asked for counts, whatever was granted',
  () => (asked) => asked,
);

export const heedsNoAdvice = mutant(
  'heedsNoAdvice',
  'mobility',
  'heedsAdvice',
  'the Binding Refresh Advice option is unknown',
  () => () => false,
);

export const staysRegistered = mutant(
  'staysRegistered',
  'mobility',
  'usesHomeAddressAtOnce',
  'at home it is at home: the binding ends by itself',
  () => () => true,
);

export const deregistersWithLifetime = mutant(
  'deregistersWithLifetime',
  'mobility',
  'lifetimeOfDeregistration',
  'the lifetime of a deregistration is that of any update',
  () => () => 60,
);

export const returnsUnannounced = mutant(
  'returnsUnannounced',
  'mobility',
  'announcesReturn',
  'neighbors find out by themselves that the home address has moved',
  () => () => false,
);

export const asksAsItself = mutant(
  'asksAsItself',
  'mobility',
  'looksForHomeAgentFrom',
  'the home agent is looked for from the home address, which it defends',
  () => (homeAddress) => homeAddress,
);

export const sendsWithoutTunnel = mutant(
  'sendsWithoutTunnel',
  'mobility',
  'tunnelsToHomeAgent',
  'what leaves from the home address goes to the router of the link, as at home',
  () => () => false,
);

export const optimizesUnasked = mutant(
  'optimizesUnasked',
  'mobility',
  'sendsDirectly',
  'a home address option as soon as an update is on its way',
  () => () => true,
);

export const neverOptimizes = mutant(
  'neverOptimizes',
  'mobility',
  'sendsDirectly',
  'everything goes by the home agent, binding or not',
  () => () => false,
);

export const opensEveryTunnel = mutant(
  'opensEveryTunnel',
  'mobility',
  'tunnelOpenedFor',
  'whatever is encapsulated to the care-of address is let out',
  () => () => true,
);

export const opensNotItsTunnel = mutant(
  'opensNotItsTunnel',
  'mobility',
  'tunnelOpenedFor',
  'the home agent is looked for among the wrong addresses',
  () => () => false,
);

export const acceptsEveryRoutingHeader = mutant(
  'acceptsEveryRoutingHeader',
  'mobility',
  'routingHeaderAcceptable',
  'the address in a type 2 routing header is followed, whatever else it says',
  () => () => true,
);

export const acceptsNoRoutingHeader = mutant(
  'acceptsNoRoutingHeader',
  'mobility',
  'routingHeaderAcceptable',
  'routing headers are dropped since RFC 5095, type 2 with them',
  () => () => false,
);

export const takesWrongChecksum = mutant(
  'takesWrongChecksum',
  'mobility',
  'mobilityChecksumAcceptable',
  'the checksum of a Mobility Header is not verified: ESP has its own',
  () => () => true,
);

export const takesPayloadBehind = mutant(
  'takesPayloadBehind',
  'mobility',
  'payloadProtocolAcceptable',
  'Payload Proto is not looked at, as nothing follows',
  () => () => true,
);

export const ignoresUnknownTypes = mutant(
  'ignoresUnknownTypes',
  'mobility',
  'mobilityTypeKnown',
  'a Mobility Header of an unknown type is dropped without a word',
  () => () => true,
);

export const saysNothingOfShortHeaders = mutant(
  'saysNothingOfShortHeaders',
  'mobility',
  'headerLengthAcceptable',
  'a Mobility Header that is too short is dropped without a word',
  () => () => true,
);

export const asksForNoTime = mutant(
  'asksForNoTime',
  'mobility',
  'lifetimeOfRegistration',
  'the lifetime is divided by four once too often, and comes to nothing',
  () => () => 0,
);

export const deregistersAlways = mutant(
  'deregistersAlways',
  'mobility',
  'deregistersAtHome',
  'at home a binding is taken back, whether or not there is one',
  () => () => true,
);
