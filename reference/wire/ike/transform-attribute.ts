/**
 * The data attribute of a transform, RFC 7296 section 3.3.5: with the AF bit a two-octet number stands in place of
 * the length, without it octets of that length follow. The same shape serves IKEv1 (RFC 2408 section 3.3).
 *
 *     |A|       Attribute Type        |    AF=0  Attribute Length     |
 *     |F|                             |    AF=1  Attribute Value      |
 */
import { nameIn } from '../fields.ts';
import { fromCodec, type Structure } from '../kernel.ts';
import { readU16 } from '../octets.ts';
import { briefHex } from '../reader.ts';
import { transformAttributes } from './transform-types.ts';

export interface TransformAttribute {
  /** 15 bits, without AF. */
  readonly type: number;
  /** A number is sent with AF=1, octets with AF=0. */
  readonly value: number | Uint8Array;
}

const shortForm = 0x8000;

export const transformAttribute: Structure<TransformAttribute> = fromCodec({
  name: 'attribute',
  label: 'Transform Attribute',
  read(reader, index) {
    reader.enter(index === undefined ? 'attribute' : `attribute[${index}]`, 'Transform Attribute');
    const word = readU16(reader.view(2, 'type'));
    const type = word & ~shortForm;
    if (reader.tracing) reader.leaf(reader.offset - 2, 'type', 'AF, Attribute Type', named(word));
    const number = readU16(reader.view(2, 'value'));
    if (word & shortForm) {
      reader.leaf(reader.offset - 2, 'value', 'Attribute Value', String(number));
      reader.leave(`${nameIn(transformAttributes, type) ?? type} ${number}`);
      return { type, value: number };
    }
    reader.leaf(reader.offset - 2, 'length', 'Attribute Length', String(number));
    const value = reader.view(number, 'value');
    if (reader.tracing) reader.leaf(reader.offset - number, 'value', 'Attribute Value', briefHex(value));
    reader.leave();
    return { type, value };
  },
  write(writer, { type, value }) {
    if (typeof value === 'number') {
      writer.number(shortForm | type, 2);
      writer.number(value, 2);
    } else {
      writer.number(type, 2);
      writer.number(value.length, 2);
      writer.octets(value);
    }
  },
});

function named(word: number): string {
  const type = word & ~shortForm;
  const name = nameIn(transformAttributes, type);
  return `${word & shortForm ? 'AF=1' : 'AF=0'}, ${type}${name ? ` (${name})` : ''}`;
}
