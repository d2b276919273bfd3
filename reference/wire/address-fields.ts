/** Parts that hold an address: IPv4 and IPv6 as canonical text, link-layer addresses as `02:00:00:00:00:01`. */
import { type Address, addressOctets, addressText } from './address.ts';
import type { Holding } from './fields.ts';
import type { Part } from './kernel.ts';
import { hex, unhex } from './octets.ts';

export function ipv4Address<N extends string>(name: N, label: string): Part<Holding<N, Address>> {
  return asText(name, label, 4, addressText, addressOctets);
}

export function ipv6Address<N extends string>(name: N, label: string): Part<Holding<N, Address>> {
  return asText(name, label, 16, addressText, addressOctets);
}

/** One IPv6 address after the other up to the end of the window. */
export function ipv6Addresses<N extends string>(name: N, label: string): Part<Holding<N, readonly Address[]>> {
  return {
    read(reader, into) {
      const addresses: Address[] = [];
      while (reader.left > 0) {
        const address = addressText(reader.view(16, `${name}[${addresses.length}]`));
        reader.leaf(reader.offset - 16, `${name}[${addresses.length}]`, label, address);
        addresses.push(address);
      }
      into[name] = addresses;
    },
    write(writer, value) {
      for (const address of value[name]) writer.octets(octetsOf(name, address, 16, addressOctets));
    },
  };
}

export function macAddress<N extends string>(name: N, label: string): Part<Holding<N, MacAddress>> {
  return asText(name, label, 6, macText, macOctets);
}

/** Six octets, lower case, separated by colons. */
export type MacAddress = string;

export function macText(octets: Uint8Array): MacAddress {
  return hex(octets).replace(/..(?=.)/g, '$&:');
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
      writer.octets(octetsOf(name, value[name], size, fromText));
    },
  };
}

function octetsOf(name: string, text: string, size: number, fromText: (text: string) => Uint8Array): Uint8Array {
  const octets = fromText(text);
  if (octets.length !== size) throw new RangeError(`${name}: ${text} has ${octets.length} octets, not ${size}`);
  return octets;
}
