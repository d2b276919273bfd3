/** Broken twins of a correspondent that takes binding updates under IPsec (DUPONT 2.5). */
import { mutant } from '../mutant.ts';

export const asksForTestsAlways = mutant(
  'asksForTestsAlways',
  'mobility',
  'securityAssociationAuthorizes',
  'an update under an SA needs return routability like any other, as RFC 6275 9.5.1 has it',
  () => () => false,
);

export const trustsWithoutSa = mutant(
  'trustsWithoutSa',
  'mobility',
  'securityAssociationAuthorizes',
  'who trusts IPsec asks no update how it came',
  () => () => true,
);

export const trustsUnasked = mutant(
  'trustsUnasked',
  'mobility',
  'ipsecTrusted',
  'an SA authorises an update although nobody said so',
  () => () => true,
);

export const bindsToUncoveredSource = mutant(
  'bindsToUncoveredSource',
  'mobility',
  'careOfAddressProtected',
  'the source of a packet under ESP is taken for what ESP covers',
  () => () => true,
);

export const ignoresAlternateInUpdates = mutant(
  'ignoresAlternateInUpdates',
  'mobility',
  'careOfAddressNamed',
  'the option shows that an address is covered, and the source is bound',
  () => (source) => source,
);
