/** Broken twins of what a node does with home addresses in headers (RFC 6275 9.3, 11.3). */
import { coveredForm, mutability } from '../../../reference/ipsec/mutable-fields.ts';
import { mutant } from '../mutant.ts';

export const policyByCareOfAddress = mutant(
  'policyByCareOfAddress',
  'ipsec',
  'policyAddresses',
  'the SPD and the SA are asked about the addresses in the header, before the option takes effect',
  () =>
    ({ source, destination }) => ({ source, destination }),
);

/** As RFC 3775 had it. */
export const asksForBindingAlways = mutant(
  'asksForBindingAlways',
  'mobility',
  'vouchedForLater',
  'a home address option without a binding is refused, whatever follows it',
  () => () => false,
);

export const leavesHomeAddressInPlace = mutant(
  'leavesHomeAddressInPlace',
  'ipsec',
  'ahCoverage',
  'the ICV covers the option and the source as they are on the wire',
  () => (packet) => coveredForm(packet, { ...mutability, foretellsHomeAddress: false }),
);
