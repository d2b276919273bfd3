/**
 * One declaration of a structure gives its TypeScript type, `encode`, `decode` and `dissect`. A structure is a list
 * of parts; each part contributes named properties to the value. A `computed` property (a length, a checksum, a Next
 * Payload) may be left out of the value and is then worked out; one that is given is obeyed, so a lie is an ordinary
 * value. Decoding always fills it in, hence `encode(decode(octets).value)` gives the same octets back. Parts live in
 * `fields.ts`, `bit-fields.ts` and `groups.ts`.
 */
import type { Dissection, Remark } from './dissection.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** A piece of a structure that reads into, and writes from, some properties `T` of its value. */
export interface Part<T> {
  read(reader: Reader, into: Record<string, unknown>): void;
  write(writer: Writer, value: T): void;
  /**
   * Called once the whole structure lies in `octets`, with this part at `at`: the moment to patch what was left out.
   */
  settle?(octets: Uint8Array, at: number, value: T): void;
}

export interface Decoded<T> {
  readonly value: T;
  readonly remarks: readonly Remark[];
  /** The tree of what was read, made when first asked for. */
  readonly dissection: Dissection;
}

export interface Structure<T> {
  readonly name: string;
  readonly label: string;
  encode(value: T): Uint8Array;
  /** Throws `MalformedOctets`. Octet strings in the value are views of `octets`. */
  decode(octets: Uint8Array): Decoded<T>;
  /** Never throws. The tree covers `octets` from `start` to `end`, and its offsets are those of the whole buffer. */
  dissect(octets: Uint8Array, start?: number, end?: number): Dissection;
  /** For use inside another structure; `index` is the place in a list. */
  read(reader: Reader, index?: number): T;
  write(writer: Writer, value: T): void;
}

/** The type of a structure's value. */
export type ValueOf<S> = S extends Structure<infer T> ? T : never;

/** What several parts contribute together. */
export type Merged<P extends readonly unknown[]> = Flat<Intersection<P>>;

/** Declares a structure; `summary` is the line its group shows to people. */
export function structure<const P extends readonly Part<never>[]>(
  name: string,
  label: string,
  parts: P,
  summary?: (value: Merged<P>) => string,
): Structure<Merged<P>> {
  const pieces = parts as unknown as readonly Part<Merged<P>>[];
  return fromCodec({
    name,
    label,
    read(reader, index) {
      reader.enter(index === undefined ? name : `${name}[${index}]`, label);
      const faults = reader.faults;
      const into: Record<string, unknown> = {};
      for (const piece of pieces) piece.read(reader, into);
      const value = into as Merged<P>;
      reader.leave(summary && reader.tracing && reader.faults === faults ? summary(value) : '');
      return value;
    },
    write(writer, value) {
      writeParts(pieces, writer, value);
    },
  });
}

/** Writes parts one after the other, then lets each settle what it left open. */
export function writeParts<T>(parts: readonly Part<T>[], writer: Writer, value: T): void {
  const start = writer.length;
  const places: number[] = [];
  for (const part of parts) {
    places.push(writer.length - start);
    part.write(writer, value);
  }
  const octets = writer.view(start);
  parts.forEach((part, i) => {
    part.settle?.(octets, places[i]!, value);
  });
}

/** A structure from its two directions, for what a list of parts cannot say (a choice by a number read before). */
export function fromCodec<T>(codec: Pick<Structure<T>, 'name' | 'label' | 'read' | 'write'>): Structure<T> {
  return {
    ...codec,
    encode(value) {
      const writer = new Writer();
      codec.write(writer, value);
      return writer.finish();
    },
    decode(octets) {
      return decodeWith(octets, codec.name, codec.read);
    },
    dissect(octets, start, end) {
      return dissectWith(octets, codec.name, codec.read, start, end);
    },
  };
}

/** Decodes all of `octets` with a reading function. Throws `MalformedOctets`. */
export function decodeWith<T>(octets: Uint8Array, name: string, read: (reader: Reader) => T): Decoded<T> {
  const plain = plainOctets(octets);
  const reader = new Reader(plain, false);
  const value = read(reader);
  if (reader.left > 0) reader.fault(name, 'the end', `${reader.left} octets more`);
  let tree: Dissection | undefined;
  return {
    value,
    remarks: reader.remarks,
    get dissection() {
      tree ??= dissectWith(plain, name, read);
      return tree;
    },
  };
}

/** Dissects with a reading function that enters exactly one outermost group. Never throws. */
export function dissectWith(
  octets: Uint8Array,
  name: string,
  read: (reader: Reader) => unknown,
  start = 0,
  end = octets.length,
): Dissection {
  const reader = new Reader(plainOctets(octets), true, start, end);
  reader.within(end - start, name, () => void read(reader));
  return reader.tree();
}

/** Views of a `Buffer` would be Buffers too; values hold plain `Uint8Array`s. */
export function plainOctets(octets: Uint8Array): Uint8Array {
  if (octets.constructor === Uint8Array) return octets;
  return new Uint8Array(octets.buffer, octets.byteOffset, octets.length);
}

type Intersection<P extends readonly unknown[]> = P extends readonly [Part<infer Head>, ...infer Rest]
  ? Head & Intersection<Rest>
  : unknown;

type Flat<T> = { readonly [K in keyof T]: T[K] };
