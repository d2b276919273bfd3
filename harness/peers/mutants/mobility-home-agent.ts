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
