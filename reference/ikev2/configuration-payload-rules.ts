/**
 * The decisions of configuration payloads (RFC 7296 sections 2.19, 2.20 and 3.15), a part of `rules.ts`: what is asked and given there, and what an
 * internal address means for the children of its IKE SA. The payloads are read and made in `configuration-payloads.ts`.
 */
import { narrowed, type TrafficSelector, trafficSelectors } from '../ipsec/traffic-selector.ts';
import { type Address, familyOf } from '../wire/address.ts';

export interface ConfigurationPayloadRules {
  /** 2.19: nobody gets a child who asked for no address where addresses are given: FAILED_CP_REQUIRED. */
  childWithoutRequest(givesAddresses: boolean, asked: boolean): boolean;
  /** 2.19: CFG_REPLY answers a CFG_REQUEST and comes unasked to nobody. */
  configurationReplied(asked: boolean): boolean;
  /** 3.15.1: attributes that are not known, or have a length that theirs never has, are ignored. */
  configurationAttributeTaken(known: boolean, lengthFits: boolean): 'taken' | 'ignored' | 'ignored-with-the-rest';
  /** 3.15.1: the type of an attribute, whatever the reserved bit before it is. */
  configurationAttributeType(type: number, reservedBit: number): number;
  /** 3.15.1: no more addresses of a family than were asked for. */
  addressesGiven(asked: number, free: readonly Address[]): readonly Address[];
  /** 3.15.1: an address that is named is a suggestion: it is given only if it may be. */
  suggestedAddress(suggested: Address, isFree: boolean): boolean;
  /** 2.19: an address is its peer's as long as its IKE SA is: nobody else is given it meanwhile. */
  addressFree(heldBy: number): boolean;
  /** 3.15.4: where none of the addresses asked for can be given, there is no child: INTERNAL_ADDRESS_FAILURE. */
  childWithoutAddress(given: number): boolean;
  /** 2.19: of what policy permits, a peer speaks for the addresses that it was given and for no others. */
  selectorsOfAddresses(permitted: readonly TrafficSelector[], given: readonly Address[]): readonly TrafficSelector[];
  /** 3.15.1: which attributes of a CFG_SET are accepted, and so acknowledged; all of them may be ignored. */
  configurationAccepted(types: readonly number[]): readonly number[];
  /** 3.15.4: an initiator that needs an address and was given none does without the child. */
  answerWithoutAddress(asked: number, received: number): boolean;
}

export const configurationPayloadRules: ConfigurationPayloadRules = {
  childWithoutRequest: (givesAddresses, asked) => asked || !givesAddresses,
  configurationReplied: (asked) => asked,
  configurationAttributeTaken: (known, lengthFits) => (known && lengthFits ? 'taken' : 'ignored'),
  configurationAttributeType: (type) => type,
  addressesGiven: (asked, free) => free.slice(0, asked),
  suggestedAddress: (_suggested, isFree) => isFree,
  addressFree: (heldBy) => heldBy === 0,
  childWithoutAddress: (given) => given > 0,
  selectorsOfAddresses: (permitted, given) => narrowed(permitted, given.flatMap(everythingOf)),
  configurationAccepted: () => [],
  answerWithoutAddress: (asked, received) => asked === 0 || received > 0,
};

/** Where each of them is written. */
export const configurationPayloadSections = {
  childWithoutRequest: 'RFC 7296 2.19',
  configurationReplied: 'RFC 7296 2.19',
  configurationAttributeTaken: 'RFC 7296 3.15.1',
  configurationAttributeType: 'RFC 7296 3.15.1',
  addressesGiven: 'RFC 7296 3.15.1',
  suggestedAddress: 'RFC 7296 3.15.1',
  addressFree: 'RFC 7296 2.19, 3.15.1',
  childWithoutAddress: 'RFC 7296 3.15.4',
  selectorsOfAddresses: 'RFC 7296 2.19',
  configurationAccepted: 'RFC 7296 3.15.1',
  answerWithoutAddress: 'RFC 7296 3.15.4',
} as const satisfies Record<keyof ConfigurationPayloadRules, string>;

function everythingOf(address: Address): TrafficSelector[] {
  return trafficSelectors({ addresses: `${address}/${familyOf(address) === 4 ? 32 : 128}` });
}
