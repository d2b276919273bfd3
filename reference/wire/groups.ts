/**
 * Parts made of other parts or structures: a region whose length a field declares, a list that fills its window, a
 * choice, one nested structure.
 */
import type { Holding } from './fields.ts';
import { fromCodec, type Merged, type Part, type Structure, writeParts } from './kernel.ts';
import type { Reader } from './reader.ts';

/** Parts that together fill a region of as many octets as what was read before says. */
export function within<const P extends readonly Part<never>[], V = Readonly<Record<string, unknown>>>(
  name: string,
  size: (value: V) => number,
  parts: P,
): Part<Merged<P>> {
  const pieces = parts as unknown as readonly Part<Merged<P>>[];
  return {
    read(reader, into) {
      reader.within(size(into as V), name, () => {
        for (const piece of pieces) piece.read(reader, into);
      });
    },
    write(writer, value) {
      writeParts(pieces, writer, value);
    },
  };
}

/**
 * One structure after another up to the end of the window; `link` completes neighbours (Last Substruc) before writing.
 */
export function list<N extends string, T>(
  name: N,
  element: Structure<T>,
  link: (items: readonly T[]) => readonly T[] = (items) => items,
): Part<Holding<N, readonly T[]>> {
  return {
    read(reader, into) {
      const items: T[] = [];
      while (reader.left > 0) items.push(element.read(reader, items.length));
      into[name] = items;
    },
    write(writer, value) {
      for (const item of link(value[name])) element.write(writer, item);
    },
  };
}

/** One of several structures: told from the octets ahead when reading, from the value when writing. */
export function choice<T>(
  name: string,
  label: string,
  ahead: (reader: Reader) => Structure<T>,
  of: (value: T) => Structure<T>,
): Structure<T> {
  return fromCodec({
    name,
    label,
    read: (reader, index) => ahead(reader).read(reader, index),
    write: (writer, value) => of(value).write(writer, value),
  });
}

/** A structure as one property of another. */
export function nested<N extends string, T>(name: N, inner: Structure<T>): Part<Holding<N, T>> {
  return {
    read(reader, into) {
      into[name] = inner.read(reader);
    },
    write(writer, value) {
      inner.write(writer, value[name]);
    },
  };
}

/** A part that is there only when what was read, or is to be written, says so. */
export function when<T extends object, V>(holds: (value: V) => boolean, part: Part<T>): Part<Partial<T>> {
  return {
    read(reader, into) {
      if (holds(into as V)) part.read(reader, into);
    },
    write(writer, value) {
      if (holds(value as V)) part.write(writer, value as T);
    },
  };
}

/** A part whose properties stand together in one property of the value: the flags of a header. */
export function together<N extends string, T>(name: N, part: Part<T>): Part<Holding<N, T>> {
  return {
    read(reader, into) {
      const held: Record<string, unknown> = {};
      part.read(reader, held);
      into[name] = held;
    },
    write(writer, value) {
      part.write(writer, value[name]);
    },
  };
}
