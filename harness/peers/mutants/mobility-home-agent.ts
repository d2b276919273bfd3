/** Broken twins of a home agent (RFC 6275 10). */
import { mutant } from '../mutant.ts';

/** As a simulator had it: INET issues 1132 and 1133. */
export const acknowledgesBeforeDetection = mutant(
  'acknowledgesBeforeDetection',
  'mobility',
  'acknowledgementWaits',
  'a registration is acknowledged at once, and duplicates are looked for afterwards',
  () => () => false,
);

export const skipsDetection = mutant(
  'skipsDetection',
  'mobility',
  'needsDetection',
  'nobody is asked whether the home address is in use on the home link',
  () => () => false,
);

export const detectsAgain = mutant(
  'detectsAgain',
  'mobility',
  'needsDetection',
  'addresses are tested for every update, also those that the home agent defends itself',
  () => () => true,
);

export const acknowledgesOnRequest = mutant(
  'acknowledgesOnRequest',
  'mobility',
  'acknowledges',
  'a registration without the A bit is not acknowledged, as a correspondent would have it',
  () => (asked) => asked,
);

export const acknowledgesToHomeAddress = mutant(
  'acknowledgesToHomeAddress',
  'mobility',
  'acknowledgementRouted',
  'the acknowledgement has no routing header, and goes to the home link',
  () => () => false,
);

export const interceptsInSilence = mutant(
  'interceptsInSilence',
  'mobility',
  'announcesInterception',
  'the home link is not told: who knows where the mobile node was goes on sending there',
  () => () => false,
);

export const interceptsNothing = mutant(
  'interceptsNothing',
  'mobility',
  'intercepts',
  'nobody answers for the home address',
  () => () => false,
);

export const tunnelsToHomeAddress = mutant(
  'tunnelsToHomeAddress',
  'mobility',
  'tunnelDestination',
  'the tunnel ends at the home address, not where the mobile node is',
  () =>
    ({ homeAddress }) =>
      homeAddress,
);

export const opensNoTunnel = mutant(
  'opensNoTunnel',
  'mobility',
  'innerSourceAcceptable',
  'what a mobile node sends through the tunnel is let out for nobody',
  () => () => false,
);

export const comparesBackwards = mutant(
  'comparesBackwards',
  'mobility',
  'sequenceNumberGreater',
  'the difference is taken the wrong way round',
  () => (received, last) => last === undefined || ((last - received) & 0xffff) - 1 < 0x7fff,
);

export const comparesPlainly = mutant(
  'comparesPlainly',
  'mobility',
  'sequenceNumberGreater',
  'numbers are compared as they stand, and the counter never comes round',
  () => (received, last) => last === undefined || received > last,
);

export const comparesNothing = mutant(
  'comparesNothing',
  'mobility',
  'sequenceNumberGreater',
  'IPsec has a replay window, so the number is not looked at',
  () => () => true,
);

export const repeatsTheNumber = mutant(
  'repeatsTheNumber',
  'mobility',
  'sequenceNumberOfRefusal',
  'the acknowledgement of a refusal has the number of the update, as that of an acceptance',
  () => (received) => received,
);

export const skipsMobilityChecksum = mutant(
  'skipsMobilityChecksum',
  'mobility',
  'mobilityChecksumAcceptable',
  'ESP has an ICV, so the checksum is not looked at',
  () => () => true,
);

export const takesPiggybacked = mutant(
  'takesPiggybacked',
  'mobility',
  'payloadProtocolAcceptable',
  'whatever is announced behind the message is cut off, and the message taken',
  () => () => true,
);

export const passesOverUnknownTypes = mutant(
  'passesOverUnknownTypes',
  'mobility',
  'mobilityTypeKnown',
  'a message of an unknown type is dropped without a word',
  () => () => true,
);

export const passesOverShortMessages = mutant(
  'passesOverShortMessages',
  'mobility',
  'headerLengthAcceptable',
  'a message too short to be read is dropped without a word',
  () => () => true,
);

export const servesEveryPrefix = mutant(
  'servesEveryPrefix',
  'mobility',
  'homeAddressOnHomeLink',
  'whether a home address is on the home link is not asked',
  () => () => true,
);

export const servesEveryone = mutant(
  'servesEveryone',
  'mobility',
  'homeAddressServed',
  'whoever has an address of the home link is served',
  () => () => true,
);

export const registersTheProhibited = mutant(
  'registersTheProhibited',
  'mobility',
  'registrationAllowed',
  'a mobile node is registered that is not to be for now',
  () => () => true,
);

export const believesEveryone = mutant(
  'believesEveryone',
  'mobility',
  'registrationAuthenticated',
  'whether anything vouches for an update is left to the policy',
  () => () => true,
);

export const takesNonceIndices = mutant(
  'takesNonceIndices',
  'mobility',
  'nonceIndicesAcceptable',
  'options that do not belong there are skipped',
  () => () => true,
);

export const needsNoOption = mutant(
  'needsNoOption',
  'mobility',
  'homeAddressOptionAcceptable',
  'without a home address option the source is the home address, whatever is asked',
  () => () => true,
);

export const changesTypes = mutant(
  'changesTypes',
  'mobility',
  'registrationTypeKept',
  'an update without the H bit is left to the correspondent',
  () => () => true,
);

export const registersWhatWasWithdrawn = mutant(
  'registersWhatWasWithdrawn',
  'mobility',
  'deregistrationWithdraws',
  'a registration under test is finished, whatever its mobile node has said since',
  () => () => false,
);

export const ignoresDuplicates = mutant(
  'ignoresDuplicates',
  'mobility',
  'duplicateRefuses',
  'the outcome of duplicate address detection is waited for, and not looked at',
  () => () => false,
);

export const forgetsLinkLocal = mutant(
  'forgetsLinkLocal',
  'mobility',
  'addressesDefended',
  'the L bit is not read',
  () => (homeAddress) => [homeAddress],
);

export const defendsLinkLocalAlways = mutant(
  'defendsLinkLocalAlways',
  'mobility',
  'addressesDefended',
  'the L bit is taken for granted',
  () => (homeAddress, linkLocalAddress) => [homeAddress, linkLocalAddress],
);

export const endsWhatNeverBegan = mutant(
  'endsWhatNeverBegan',
  'mobility',
  'deregistrationAcceptable',
  'a deregistration always succeeds: the binding is gone in any case',
  () => () => true,
);

export const interceptsForEver = mutant(
  'interceptsForEver',
  'mobility',
  'intercepts',
  'the entry of the proxy outlives the binding',
  () => () => true,
);

export const opensFromAnywhere = mutant(
  'opensFromAnywhere',
  'mobility',
  'outerSourceAcceptable',
  'the tunnel has one end only: where its packets come from is not asked',
  () => () => true,
);

export const opensForAnyone = mutant(
  'opensForAnyone',
  'mobility',
  'innerSourceAcceptable',
  'whatever is encapsulated to the home agent is forwarded',
  () => () => true,
);

export const tunnelsLinkLocal = mutant(
  'tunnelsLinkLocal',
  'mobility',
  'tunnelledTo',
  'what is proxied is tunnelled, a link-local address like any other',
  () => () => true,
);

export const tunnelsStayBehind = mutant(
  'tunnelsStayBehind',
  'mobility',
  'tunnelFollows',
  'an SA ends where it was made, and bindings are of another layer',
  () => () => false,
);

export const encapsulatesTwice = mutant(
  'encapsulatesTwice',
  'mobility',
  'encapsulatesAgain',
  'the tunnel of the binding is put around every packet of the mobile node, also around one that IPsec has put in a tunnel',
  () => () => true,
);

export const grantsWhateverIsAsked = mutant(
  'grantsWhateverIsAsked',
  'mobility',
  'lifetimeGranted',
  'whatever is asked for is granted',
  () => (asked) => asked,
);

export const grantsItsWholePolicy = mutant(
  'grantsItsWholePolicy',
  'mobility',
  'lifetimeGranted',
  'every binding lasts as long as the policy lets it',
  () => (_asked, longest) => longest,
);

export const repeatsTheKBit = mutant(
  'repeatsTheKBit',
  'mobility',
  'keyManagementMoves',
  'the K bit is copied from the update',
  () => (asked) => asked,
);

export const bindsToSource = mutant(
  'bindsToSource',
  'mobility',
  'careOfAddressOf',
  'the care-of address is where the packet came from, whatever an option says',
  () => (_alternate, source) => source,
);

export const wantsAuthenticatedPlace = mutant(
  'wantsAuthenticatedPlace',
  'mobility',
  'careOfAddressAcceptable',
  'as DUPONT has it: an update under ESP needs its care-of address in an option',
  () => (isAuthenticated) => isAuthenticated,
);

export const believesEverySa = mutant(
  'believesEverySa',
  'mobility',
  'registrationOfItsHomeAddress',
  'whoever has an SA is believed about every home address that its selectors hold',
  () => () => true,
);

export const setsTheKBit = mutant(
  'setsTheKBit',
  'mobility',
  'keyManagementMoves',
  'the K bit says what IKE could do, not whether IKE made these SAs',
  () => () => true,
);

export const acknowledgesToOldPlace = mutant(
  'acknowledgesToOldPlace',
  'mobility',
  'acknowledgementAddress',
  'the acknowledgement goes where the binding cache has the mobile node, and the cache is updated afterwards',
  () => (source, formerPlace) => formerPlace ?? source,
);

export const tellsNobodyOfHomeAgents = mutant(
  'tellsNobodyOfHomeAgents',
  'mobility',
  'discoveryAnswered',
  'nobody has joined the anycast group',
  () => () => false,
);

export const tellsNobodyOfPrefixes = mutant(
  'tellsNobodyOfPrefixes',
  'mobility',
  'prefixSolicitationAnswered',
  'prefixes are told when they change, not when somebody asks',
  () => () => false,
);

export const tellsRegisteredAlone = mutant(
  'tellsRegisteredAlone',
  'mobility',
  'prefixSolicitationAnswered',
  'who has no binding is nobody',
  () => (isRegistered) => isRegistered,
);

export const hidesDeprecation = mutant(
  'hidesDeprecation',
  'mobility',
  'prefixDiscoveryNecessary',
  'a registration is accepted or not, and the prefix has a lifetime of its own',
  () => () => false,
);

export const grantsBeyondThePrefix = mutant(
  'grantsBeyondThePrefix',
  'mobility',
  'lifetimeGranted',
  'the binding may outlive the prefix',
  () => (asked, longest) => Math.min(asked, longest),
);
