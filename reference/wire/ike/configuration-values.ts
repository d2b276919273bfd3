/**
 * The values of configuration attributes (RFC 7296 section 3.15.1): which lengths each may have, and the address in those that hold one. An attribute
 * on the wire (`configuration.ts`) keeps its octets, whatever they are.
 */
import { type Address, addressOctets, addressText, familyOf } from '../address.ts';
import { concat } from '../octets.ts';
import type { ConfigurationAttribute } from './configuration.ts';
import { configurationAttributes } from './registry.ts';

/** What an attribute asks or tells, without Length and the reserved bit. */
export type ConfigurationValue = Pick<ConfigurationAttribute, 'type' | 'value'>;

/** Whether an attribute of this type may have a value of so many octets; undefined for a type that RFC 7296 does not define. */
export function lengthFits({ type, value }: ConfigurationValue): boolean | undefined {
  return lengths[type]?.(value.length);
}

/** The address of INTERNAL_IP4_ADDRESS and the like; undefined where there is none in it. */
export function addressIn({ value }: ConfigurationValue): Address | undefined {
  if (value.length === 4) return addressText(value);
  return value.length === 16 || value.length === 17 ? addressText(value.subarray(0, 16)) : undefined;
}

/** INTERNAL_IP4_ADDRESS or INTERNAL_IP6_ADDRESS, the latter with its prefix length. */
export function internalAddress(address: Address): ConfigurationValue {
  if (familyOf(address) === 4) return { type: INTERNAL_IP4_ADDRESS, value: addressOctets(address) };
  return { type: INTERNAL_IP6_ADDRESS, value: concat(addressOctets(address), Uint8Array.of(128)) };
}

/** The same without an address: whichever the peer likes. */
export function anyInternalAddress(family: 4 | 6): ConfigurationValue {
  return { type: family === 4 ? INTERNAL_IP4_ADDRESS : INTERNAL_IP6_ADDRESS, value: new Uint8Array() };
}

/** The family whose addresses an attribute asks for or gives; undefined where it is another attribute. */
export function familyOfInternalAddress({ type }: ConfigurationValue): 4 | 6 | undefined {
  if (type === INTERNAL_IP4_ADDRESS) return 4;
  return type === INTERNAL_IP6_ADDRESS ? 6 : undefined;
}

const { INTERNAL_IP4_ADDRESS, INTERNAL_IP6_ADDRESS } = configurationAttributes;

const zeroOr = (octets: number) => (length: number) => length === 0 || length === octets;

const lengths: Readonly<Record<number, (length: number) => boolean>> = {
  [INTERNAL_IP4_ADDRESS]: zeroOr(4),
  [configurationAttributes.INTERNAL_IP4_NETMASK]: zeroOr(4),
  [configurationAttributes.INTERNAL_IP4_DNS]: zeroOr(4),
  [configurationAttributes.INTERNAL_IP4_NBNS]: zeroOr(4),
  [configurationAttributes.INTERNAL_IP4_DHCP]: zeroOr(4),
  [configurationAttributes.APPLICATION_VERSION]: () => true,
  [INTERNAL_IP6_ADDRESS]: zeroOr(17),
  [configurationAttributes.INTERNAL_IP6_DNS]: zeroOr(16),
  [configurationAttributes.INTERNAL_IP6_DHCP]: zeroOr(16),
  [configurationAttributes.INTERNAL_IP4_SUBNET]: zeroOr(8),
  [configurationAttributes.SUPPORTED_ATTRIBUTES]: (length) => length % 2 === 0,
  [configurationAttributes.INTERNAL_IP6_SUBNET]: zeroOr(17),
};
