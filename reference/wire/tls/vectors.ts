/**
 * Vectors of TLS's presentation language (RFC 5246 section 4.3): a length in octets before the elements, one, two or three octets long. The length is
 * computed unless it is given, so that a tester may lie about it.
 */
import { computed, type Holding, type NumberPart, octets, u8, u16, u24 } from '../fields.ts';
import { within } from '../groups.ts';
import type { Part } from '../kernel.ts';
import { numbersOf } from '../octets.ts';

type LengthOctets = 1 | 2 | 3;
type LengthOf<N extends string> = Partial<Holding<`${N}Length`, number>>;

/** `opaque name<0..2^n-1>`. */
export function opaqueVector<N extends string>(name: N, label: string, lengthOctets: LengthOctets) {
  type Value = Holding<N, Uint8Array>;
  const length = lengthPart(name, label, lengthOctets, (value: Value) => value[name].length);
  return [length, octets(name, label, declaredBy(name))] as const;
}

/** Numbers of one or two octets each. */
export function numberVector<N extends string>(name: N, label: string, lengthOctets: LengthOctets, each: 1 | 2) {
  type Value = Holding<N, readonly number[]>;
  const numbers: Part<Value> = {
    read(reader, into) {
      const size = declaredBy(name)(into);
      if (size % each !== 0) reader.fault(name, `numbers of ${each} octets`, `${size} octets`);
      const held = reader.view(size, name);
      into[name] = numbersOf(held, each);
      if (reader.tracing) reader.leaf(reader.offset - held.length, name, label, (into[name] as number[]).join(' '));
    },
    write(writer, value) {
      for (const number of value[name]) writer.number(number, each);
    },
  };
  return [lengthPart(name, label, lengthOctets, (value: Value) => value[name].length * each), numbers] as const;
}

/** Structures one after another, the part of which fills the vector; `size` tells how long they are when written. */
export function structureVector<N extends string, T extends object>(
  name: N,
  label: string,
  lengthOctets: LengthOctets,
  part: Part<T>,
  size: (value: T) => number,
) {
  return [lengthPart(name, label, lengthOctets, size), within(name, declaredBy(name), [part])] as const;
}

function lengthPart<N extends string, V>(
  name: N,
  label: string,
  lengthOctets: LengthOctets,
  size: (value: V) => number,
): NumberPart<LengthOf<N>> {
  const part = { 1: u8, 2: u16, 3: u24 }[lengthOctets](`${name}Length`, `Length of ${label}`);
  return computed(part, size) as NumberPart<LengthOf<N>>;
}

const declaredBy =
  (name: string) =>
  (value: Readonly<Record<string, unknown>>): number =>
    value[`${name}Length`] as number;
