/**
 * The options between the fixed header and the payload of IPv4 (RFC 791 section 3.1) and TCP (RFC 9293 section 3.1): a
 * field of the header counts all of it in words of four octets, at least five. Options stay octets; they are padded to
 * whole words when written, and absent from the value where there are none.
 */
import { octets } from './fields.ts';
import type { Part } from './kernel.ts';

export interface HeaderOptions {
  readonly options?: Uint8Array;
}

/** The part that reads as many words as the field `counted` says beyond the five of the fixed header. */
export function headerOptions(counted: string): Part<HeaderOptions> {
  return {
    read(reader, into) {
      const words = into[counted] as number;
      if (words < fixedWords) reader.fault(counted, `at least ${fixedWords} words`, String(words));
      if (words > fixedWords) octets('options', 'Options', 4 * (words - fixedWords)).read(reader, into);
    },
    write(writer, { options }) {
      if (!options) return;
      writer.octets(options);
      writer.zeros(-options.length & 3);
    },
  };
}

/** The words of a header with these options. */
export function headerWords({ options }: HeaderOptions): number {
  return fixedWords + Math.ceil((options?.length ?? 0) / 4);
}

const fixedWords = 5;
