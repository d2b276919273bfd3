/**
 * A node's interfaces: their hardware addresses, the addresses they own and the prefixes that are on their link. Where no
 * link-local address is configured, one from the hardware address (RFC 4291 appendix A) is owned besides. Resolving neighbors is left to
 * `neighbor-cache.ts`, the choice among interfaces to `routing.ts`.
 */

import {
  type Address,
  addressOctets,
  addressText,
  familyOf,
  inPrefix,
  isLinkLocal,
  type Prefix,
  parsePrefix,
} from '../wire/address.ts';
import type { MacAddress } from '../wire/address-fields.ts';
import { macOctets, macText } from '../wire/address-fields.ts';
import type { InterfaceConfiguration } from './configuration.ts';

export class NetworkInterface {
  readonly name: string;
  readonly hardwareAddress: MacAddress;
  readonly linkLocalAddress: Address;
  /** The largest packet a frame carries, in octets. */
  readonly mtu: number;
  addresses: readonly Prefix[];

  constructor(node: string, configuration: InterfaceConfiguration) {
    this.name = configuration.name;
    this.hardwareAddress = hardwareAddressOf(node, configuration.name);
    this.mtu = configuration.mtu ?? ETHERNET_MTU;
    this.addresses = configuration.addresses.map(parsePrefix);
    const configured = this.addresses.find(({ address }) => familyOf(address) === 6 && isLinkLocal(address));
    this.linkLocalAddress = configured?.address ?? linkLocalAddressOf(this.hardwareAddress);
  }

  owns(address: Address): boolean {
    return address === this.linkLocalAddress || this.addresses.some((own) => own.address === address);
  }

  /** Length of the longest prefix that puts `address` on this link; undefined when none does. */
  onLinkLength(address: Address): number | undefined {
    let longest: number | undefined;
    for (const prefix of this.addresses) {
      if (prefix.length > (longest ?? -1) && inPrefix(address, prefix)) longest = prefix.length;
    }
    return longest;
  }

  /** The address that speaks for this interface; link-local towards link-local. */
  addressTowards(destination: Address): Address | undefined {
    const family = familyOf(destination);
    if (family === 6 && isLinkLocal(destination)) return this.linkLocalAddress;
    const own = this.addresses.find((prefix) => familyOf(prefix.address) === family);
    return own?.address ?? (family === 6 ? this.linkLocalAddress : undefined);
  }
}

/** A locally administered unicast address that follows from the names alone (FNV-1a over both). */
export function hardwareAddressOf(node: string, name: string): MacAddress {
  let hash = 0x811c9dc5;
  for (const character of `${node}/${name}`) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return macText(Uint8Array.of(0x02, 0x00, hash >>> 24, hash >>> 16, hash >>> 8, hash));
}

/** fe80::/64 with the modified EUI-64 of a hardware address. */
function linkLocalAddressOf(mac: MacAddress): Address {
  const own = macOctets(mac);
  const octets = addressOctets('fe80::');
  octets.set([own[0]! ^ 0x02, own[1]!, own[2]!, 0xff, 0xfe, own[3]!, own[4]!, own[5]!], 8);
  return addressText(octets);
}

/** Octets that an Ethernet frame carries (RFC 894). */
const ETHERNET_MTU = 1500;
