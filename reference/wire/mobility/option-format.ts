/**
 * The type, length and data of a mobility option, RFC 6275 section 6.2.1, and how one is declared. Option Length
 * counts the octets of the data alone. Pad1 has no length: it is declared where the options are, `options.ts`.
 *
 *     |  Option Type  | Option Length |   Option Data...
 */
import { computed, constant, u8 } from '../fields.ts';
import { within } from '../groups.ts';
import { type Part, structure } from '../kernel.ts';
import { mobilityOptionTypes } from './option-types.ts';

export const optionType = u8('optionType', 'Option Type', { registry: mobilityOptionTypes });
export const optionLength = computed(u8('optionLength', 'Option Length'), (_, whole) => whole.length - 2);
export const dataLength = (option: { optionLength: number }) => option.optionLength;

/** Declares an option that is tagged with `kind` and holds `parts`. */
export function option<const K extends string, const P extends readonly Part<never>[]>(
  kind: K,
  label: string,
  type: number,
  parts: P,
) {
  return structure(kind, label, [
    constant('type', kind),
    computed(optionType, () => type),
    optionLength,
    within(kind, dataLength, parts),
  ]);
}
