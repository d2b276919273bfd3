/**
 * The parts that hold one field each: numbers, octet strings, reserved space, and properties that are computed when
 * they are left out. Bit fields are `bit-fields.ts`, groups of parts `groups.ts`, addresses as text
 * `address-fields.ts`.
 */
import type { Part } from './kernel.ts';
import { hex } from './octets.ts';
import { briefHex, type Reader } from './reader.ts';
import { writeNumber } from './writer.ts';

/** Names to numbers in IANA spelling, `as const`. */
export type Registry = Readonly<Record<string, number>>;

export interface NumberOptions {
  /** Where names of the numbers come from, for display; may depend on what was read before. */
  readonly registry?: Registry | ((value: Readonly<Record<string, unknown>>) => Registry | undefined);
  readonly display?: (number: number) => string;
}

export interface NumberPart<T> extends Part<T> {
  readonly field: string;
  readonly size: number;
}

export function u8<N extends string>(name: N, label: string, options?: NumberOptions): NumberPart<Holding<N, number>> {
  return number(name, label, 1, options);
}

export function u16<N extends string>(name: N, label: string, options?: NumberOptions): NumberPart<Holding<N, number>> {
  return number(name, label, 2, options);
}

export function u24<N extends string>(name: N, label: string, options?: NumberOptions): NumberPart<Holding<N, number>> {
  return number(name, label, 3, options);
}

export function u32<N extends string>(name: N, label: string, options?: NumberOptions): NumberPart<Holding<N, number>> {
  return number(name, label, 4, options);
}

/**
 * A number that may be left out; it is then worked out from the rest of the value and the structure's octets, this
 * field being zero.
 */
export function computed<T, V = T>(
  part: NumberPart<T>,
  work: (value: V, octets: Uint8Array) => number,
): NumberPart<Partial<T>> {
  const { field, size } = part;
  const given = (value: object) => (value as Record<string, number | undefined>)[field];
  return {
    field,
    size,
    read: part.read,
    write(writer, value) {
      writer.number(given(value) ?? 0, size);
    },
    settle(octets, at, value) {
      if (given(value) === undefined) writeNumber(octets, at, work(value as V, octets), size);
    },
  };
}

/** Octets whose number is fixed, or told by what was read before. On writing, whatever is given is written. */
export function octets<N extends string, V = Readonly<Record<string, unknown>>>(
  name: N,
  label: string,
  size: number | ((value: V) => number),
  display: (octets: Uint8Array) => string = briefHex,
): Part<Holding<N, Uint8Array>> {
  return {
    read(reader, into) {
      into[name] = readOctets(reader, name, label, typeof size === 'number' ? size : size(into as V), display);
    },
    write(writer, value) {
      writer.octets(value[name]);
    },
  };
}

/** All octets up to the end of the window. */
export function rest<N extends string>(
  name: N,
  label: string,
  display: (octets: Uint8Array) => string = briefHex,
): Part<Holding<N, Uint8Array>> {
  return {
    read(reader, into) {
      into[name] = readOctets(reader, name, label, reader.left, display);
    },
    write(writer, value) {
      writer.octets(value[name]);
    },
  };
}

/** As many octets as a length field declares; where fewer are there (a cut capture, a lie) those, with a remark. */
export function declared<N extends string, V>(
  name: N,
  label: string,
  size: (value: V) => number,
): Part<Holding<N, Uint8Array>> {
  return {
    read(reader, into) {
      const wanted = size(into as V);
      if (wanted < 0) reader.remark(`the length declared is ${-wanted} octets shorter than the header`);
      if (wanted > reader.left) reader.remark(`${wanted - reader.left} octets of those declared are missing`);
      into[name] = readOctets(reader, name, label, Math.max(0, Math.min(wanted, reader.left)), briefHex);
    },
    write(writer, value) {
      writer.octets(value[name]);
    },
  };
}

/**
 * Octets up to the end of the window that ought not to be there: absent from the value where there are none, else
 * remarked.
 */
export function surplus<N extends string>(name: N, label: string, says?: string): Part<Maybe<N, Uint8Array>> {
  return {
    read(reader, into) {
      if (reader.left === 0) return;
      into[name] = readOctets(reader, name, label, reader.left, briefHex);
      if (says) reader.remark(says);
    },
    write(writer, value) {
      const given = value[name];
      if (given) writer.octets(given);
    },
  };
}

/** Reserved octets, sent as zero: kept in the value, and remarked, only where they are not. */
export function reserved<N extends string = 'reserved'>(
  size: number,
  name = 'reserved' as N,
): Part<Maybe<N, Uint8Array>> {
  return {
    read(reader, into) {
      const held = readOctets(reader, name, 'Reserved', size, hex);
      if (held.every((octet) => octet === 0)) return;
      into[name] = held;
      reader.remark('reserved octets are not zero');
    },
    write(writer, value) {
      const given = value[name];
      if (given) writer.octets(given);
      else writer.zeros(size);
    },
  };
}

/** A property that is known from the structure itself and takes no octets: the tag of a union. */
export function constant<N extends string, const C>(name: N, is: C): Part<Holding<N, C>> {
  return {
    read(_reader, into) {
      into[name] = is;
    },
    write() {},
  };
}

export type Holding<N extends string, T> = { readonly [K in N]: T };
export type Maybe<N extends string, T> = { readonly [K in N]?: T };

function number<N extends string>(
  name: N,
  label: string,
  size: number,
  options: NumberOptions = {},
): NumberPart<Holding<N, number>> {
  return {
    field: name,
    size,
    read(reader, into) {
      const start = reader.claim(size, name);
      const held = numberAt(reader.octets, start, size);
      into[name] = held;
      if (reader.tracing) reader.leaf(start, name, label, show(held, options, into));
    },
    write(writer, value) {
      writer.number(value[name], size);
    },
  };
}

function show(held: number, { registry, display }: NumberOptions, into: Record<string, unknown>): string {
  if (display) return display(held);
  const named = typeof registry === 'function' ? registry(into) : registry;
  const name = named && nameIn(named, held);
  return name ? `${held} (${name})` : String(held);
}

/** The name of a number in a registry, if it has one. */
export function nameIn(registry: Registry, wanted: number): string | undefined {
  let names = namesOf.get(registry);
  if (!names) {
    names = new Map(Object.entries(registry).map(([name, held]) => [held, name]));
    namesOf.set(registry, names);
  }
  return names.get(wanted);
}

function readOctets(
  reader: Reader,
  name: string,
  label: string,
  size: number,
  display: (octets: Uint8Array) => string,
): Uint8Array {
  const held = reader.view(size, name);
  if (reader.tracing) reader.leaf(reader.offset - size, name, label, display(held));
  return held;
}

/** An unsigned big-endian number of up to 4 octets. */
export function numberAt(buffer: Uint8Array, at: number, size: number): number {
  let held = 0;
  for (let i = 0; i < size; i++) held = held * 256 + buffer[at + i]!;
  return held;
}

const namesOf = new WeakMap<Registry, Map<number, string>>();
