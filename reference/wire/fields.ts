/**
 * The parts that hold one field each, and bit fields that share octets: numbers, octet strings, reserved space, and properties
 * computed when they are left out. Groups of parts are `groups.ts`; addresses as text are `address-fields.ts`.
 */
import type { BitDissection } from './dissection.ts';
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

/** A number that may be left out; it is then worked out from the rest of the value and the structure's octets, this field being zero. */
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

/** Octets up to the end of the window that ought not to be there: absent from the value where there are none, else remarked. */
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

/** Some bits of a `bits` part. */
export interface BitField<T> {
  readonly name: string;
  readonly label: string;
  readonly width: number;
  /** The only number that may stand here, where there is one. */
  readonly only?: number;
  show(bits: number): string;
  /** The bits that the value asks for. */
  bitsOf(value: T): number;
  /** What the value is to hold, or undefined for nothing. */
  valueOf(bits: number): number | boolean | undefined;
}

/** Several bit fields in 1 to 4 octets, most significant first; their widths must fill the octets. */
export function bits<const F extends readonly BitField<never>[]>(
  name: string,
  label: string,
  size: 1 | 2 | 3 | 4,
  fields: F,
): Part<BitsOf<F>> {
  const laid = layOut(fields as unknown as readonly BitField<unknown>[], 8 * size);
  return {
    read(reader, into) {
      const start = reader.claim(size, name);
      const word = numberAt(reader.octets, start, size);
      for (const { field, shift, mask } of laid) {
        const found = (word >>> shift) & mask;
        if (field.only !== undefined && field.only !== found) {
          reader.offset = start;
          reader.fault(field.name, String(field.only), String(found));
        }
        const held = field.valueOf(found);
        if (held !== undefined) into[field.name] = held;
      }
      if (reader.tracing)
        reader.leaf(start, name, label, hex(reader.octets.subarray(start, start + size)), named(word));
    },
    write(writer, value) {
      let word = 0;
      for (const { field, shift, mask } of laid) {
        const held = field.bitsOf(value);
        if (!Number.isInteger(held) || held < 0 || held > mask) {
          throw new RangeError(`${field.name}: ${held} does not fit ${field.width} bits`);
        }
        word += held * 2 ** shift;
      }
      writer.number(word, size);
    },
  };

  function named(word: number): BitDissection[] {
    return laid.map(({ field, shift, mask }) => ({
      name: field.name,
      label: field.label,
      firstBit: 8 * size - shift - field.width,
      width: field.width,
      value: field.show((word >>> shift) & mask),
    }));
  }
}

/** An unsigned number of some bits; with `otherwise` it may be left out of the value. */
export function bit<N extends string>(name: N, width: number, label: string): BitField<Holding<N, number>>;
export function bit<N extends string, V>(
  name: N,
  width: number,
  label: string,
  otherwise: (value: V) => number,
): BitField<Maybe<N, number>>;
export function bit<N extends string>(
  name: N,
  width: number,
  label: string,
  otherwise: (value: never) => number = () => Number.NaN,
): BitField<Maybe<N, number>> {
  return {
    name,
    label,
    width,
    show: String,
    bitsOf: (value) => value[name] ?? otherwise(value as never),
    valueOf: (held) => held,
  };
}

/** Bits that tell this structure from others; any other number there is a fault. */
export function fixedBits<N extends string, const C extends number>(
  name: N,
  width: number,
  label: string,
  only: C,
): BitField<Holding<N, C>> {
  return { name, label, width, only, show: String, bitsOf: () => only, valueOf: () => only };
}

/** Bits that can only be one number and are therefore no part of the value. */
export function literalBits(name: string, width: number, label: string, only: number): BitField<unknown> {
  return { name, label, width, only, show: String, bitsOf: () => only, valueOf: () => undefined };
}

/** One bit as a boolean. */
export function flag<N extends string>(name: N, label: string): BitField<Holding<N, boolean>> {
  return optionalFlag(name, label) as BitField<Holding<N, boolean>>;
}

/** One bit as a boolean that may be left out, which means false. */
export function optionalFlag<N extends string>(name: N, label: string): BitField<Maybe<N, boolean>> {
  return {
    name,
    label,
    width: 1,
    show: (held) => (held ? 'set' : 'not set'),
    bitsOf: (value) => (value[name] ? 1 : 0),
    valueOf: (held) => held === 1,
  };
}

/** Reserved bits: in the value only where they are not zero. */
export function reservedBits<N extends string>(name: N, width: number): BitField<Maybe<N, number>> {
  return {
    name,
    label: 'Reserved',
    width,
    show: String,
    bitsOf: (value) => value[name] ?? 0,
    valueOf: (held) => (held === 0 ? undefined : held),
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

function numberAt(buffer: Uint8Array, at: number, size: number): number {
  let held = 0;
  for (let i = 0; i < size; i++) held = held * 256 + buffer[at + i]!;
  return held;
}

function layOut(fields: readonly BitField<unknown>[], width: number) {
  let shift = width;
  const laid = fields.map((field) => {
    shift -= field.width;
    return { field, shift, mask: 2 ** field.width - 1 };
  });
  if (shift !== 0) throw new RangeError(`bit fields fill ${width - shift} of ${width} bits`);
  return laid;
}

type BitsOf<F extends readonly unknown[]> = F extends readonly [BitField<infer Head>, ...infer Rest]
  ? Head & BitsOf<Rest>
  : unknown;

const namesOf = new WeakMap<Registry, Map<number, string>>();
