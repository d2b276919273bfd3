/** Parts that hold an address: IPv4 and IPv6 as canonical text, link-layer addresses as `02:00:00:00:00:01`. */
import { type Address, addressOctets, addressText } from './address.ts';
import type { Holding } from './fields.ts';
import type { Part } from './kernel.ts';
import { unhex } from './octets.ts';

export function ipv4Address<N extends string>(name: N, label: string): Part<Holding<N, Address>> {
  return asText(name, label, 4, addressText, addressOctets);
}

export function ipv6Address<N extends string>(name: N, label: string): Part<Holding<N, Address>> {
  return asText(name, label, 16, addressText, addressOctets);
}

export function macAddress<N extends string>(name: N, label: string): Part<Holding<N, MacAddress>> {
  return asText(name, label, 6, macText, macOctets);
}

/** Six octets, lower case, separated by colons. */
export type MacAddress = string;

export function macText(octets: Uint8Array): MacAddress {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':');
}

export function macOctets(mac: MacAddress): Uint8Array {
  return unhex(mac.replaceAll(':', ''));
}

function asText<N extends string>(
  name: N,
  label: string,
  size: number,
  toText: (octets: Uint8Array) => string,
  fromText: (text: string) => Uint8Array,
): Part<Holding<N, string>> {
  return {
    read(reader, into) {
      const text = toText(reader.view(size, name));
      into[name] = text;
      reader.leaf(reader.offset - size, name, label, text);
    },
    write(writer, value) {
      const octets = fromText(value[name]);
      if (octets.length !== size)
        throw new RangeError(`${name}: ${value[name]} has ${octets.length} octets, not ${size}`);
      writer.octets(octets);
    },
  };
}
