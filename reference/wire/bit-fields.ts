/**
 * Bit fields: several properties that share 1 to 4 octets. In a dissection they are one leaf, whose `bits` name them;
 * the octets stay a partition.
 */
import type { BitDissection } from './dissection.ts';
import { type Holding, type Maybe, numberAt } from './fields.ts';
import type { Part } from './kernel.ts';
import { hex } from './octets.ts';

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
