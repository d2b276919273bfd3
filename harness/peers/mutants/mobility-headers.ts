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

export const takesOptionsInClear = mutant(
  'takesOptionsInClear',
  'mobility',
  'bindingVouches',
  'a home address option is believed, whoever it comes from',
  () => () => true,
);

export const takesAnyCareOfAddress = mutant(
  'takesAnyCareOfAddress',
  'mobility',
  'bindingVouches',
  'a binding of the home address is enough, wherever the packet comes from',
  () => (binding) => binding !== undefined,
);

export const believesNoBinding = mutant(
  'believesNoBinding',
  'mobility',
  'bindingVouches',
  'the binding cache serves what is sent, and what arrives is refused',
  () => () => false,
);

export const vouchesWithoutIcv = mutant(
  'vouchesWithoutIcv',
  'mobility',
  'securityAssociationsVouch',
  'any SA vouches for a home address, one that authenticates nothing among them',
  () => () => true,
);

export const remembersOption = mutant(
  'remembersOption',
  'mobility',
  'optionMakesBinding',
  'an option that was vouched for counts as a binding from then on',
  () => () => true,
);

export const showsCareOfAddress = mutant(
  'showsCareOfAddress',
  'mobility',
  'sourceForUpperLayers',
  'the option is checked and then left to itself, so upper layers see the care-of address',
  () => (_homeAddress, careOfAddress) => careOfAddress,
);

export const takesAnyHomeAddress = mutant(
  'takesAnyHomeAddress',
  'mobility',
  'homeAddressRoutable',
  'whatever stands in the option is a home address once something vouches for it',
  () => () => true,
);

export const takesOwnAddress = mutant(
  'takesOwnAddress',
  'mobility',
  'homeAddressOfAnother',
  'nobody asks whether the home address is the own one',
  () => () => true,
);

export const takesTwoHomeAddresses = mutant(
  'takesTwoHomeAddresses',
  'mobility',
  'homeAddressesAcceptable',
  'the first of several options is taken',
  () => () => true,
);

export const readsHiddenOption = mutant(
  'readsHiddenOption',
  'mobility',
  'homeAddressPlaceAcceptable',
  'options are read wherever they stand, behind ESP and AH too',
  () => () => true,
);

export const passesOverOddOption = mutant(
  'passesOverOddOption',
  'mobility',
  'homeAddressLengthAcceptable',
  'an option of another length is skipped as if it were unknown and harmless',
  () => () => true,
);

export const sendsNoBindingError = mutant(
  'sendsNoBindingError',
  'mobility',
  'bindingErrorMayBeSent',
  'what has no binding is dropped in silence',
  () => () => false,
);

export const sendsErrorsToNobody = mutant(
  'sendsErrorsToNobody',
  'mobility',
  'bindingErrorMayBeSent',
  'a Binding Error goes to whatever the source says, the unspecified address among others',
  () => () => true,
);

export const sendsToHomeAddress = mutant(
  'sendsToHomeAddress',
  'mobility',
  'routesToCareOfAddress',
  'the binding cache is asked about what arrives only',
  () => () => false,
);

export const followsAnyRoutingHeader = mutant(
  'followsAnyRoutingHeader',
  'mobility',
  'routingHeaderAcceptable',
  'a type 2 routing header is followed as one of type 0 was',
  () => () => true,
);

export const followsToAnyAddress = mutant(
  'followsToAnyAddress',
  'mobility',
  'routingHeaderAcceptable',
  'length and segments are checked, and where the header leads is not',
  (lawful) => (header) => lawful({ ...header, isHomeAddress: true }),
);

export const refusesRoutingHeaders = mutant(
  'refusesRoutingHeaders',
  'mobility',
  'routingHeaderAcceptable',
  'routing headers are refused for fear of type 0, whatever their type',
  () => () => false,
);

export const leavesRoutingInPlace = mutant(
  'leavesRoutingInPlace',
  'ipsec',
  'ahCoverage',
  'the ICV covers the routing header and the destination as they are on the wire',
  () => (packet) => coveredForm(packet, { ...mutability, foretellsRouting: false }),
);

export const believesEveryQuotation = mutant(
  'believesEveryQuotation',
  'mobility',
  'errorBelieved',
  'an error is believed for the addresses that it quotes, whether the packet was ever sent or not',
  () => () => true,
);
