/**
 * The Security Association payload and its proposals, transforms and attributes: RFC 7296 section 3.3. Last Substruc,
 * lengths and the number of transforms are computed unless given. Which proposals are acceptable is `reference/ikev2`'s
 * concern.
 *
 *     | Last Substruc |   RESERVED    |         Proposal Length       |
 *     | Proposal Num  |  Protocol ID  |    SPI Size   |Num  Transforms|
 *     |                         SPI (variable)                        |
 *     |                          Transforms                           |
 */
import { computed, octets, reserved, u8, u16 } from '../fields.ts';
import { list, within } from '../groups.ts';
import { type Part, structure, type ValueOf } from '../kernel.ts';
import { payload } from './generic-header.ts';
import { protocolIds } from './registry.ts';
import { type TransformAttribute, transformAttribute } from './transform-attribute.ts';
import { transformAttributes, transformIds, transformTypes } from './transform-types.ts';

export type SaPayload = ValueOf<typeof saPayload>;
export type Proposal = ValueOf<typeof proposal>;
export type Transform = ValueOf<typeof transform>;
export type { TransformAttribute };

const lastSubstructure = 0;
const moreProposals = 2;
const moreTransforms = 3;

/** The Key Length attribute comes first and is the property `keyLength` (bits); any other is in `attributes`. */
const attributes: Part<{ readonly keyLength?: number; readonly attributes?: readonly TransformAttribute[] }> = {
  read(reader, into) {
    const others: TransformAttribute[] = [];
    let count = 0;
    while (reader.left > 0) {
      const attribute = transformAttribute.read(reader, count++);
      const isKeyLength = attribute.type === transformAttributes['Key Length'] && typeof attribute.value === 'number';
      if (isKeyLength && count === 1) into.keyLength = attribute.value;
      else others.push(attribute);
    }
    if (others.length > 0) into.attributes = others;
  },
  write(writer, value) {
    if (value.keyLength !== undefined) {
      transformAttribute.write(writer, { type: transformAttributes['Key Length'], value: value.keyLength });
    }
    for (const attribute of value.attributes ?? []) transformAttribute.write(writer, attribute);
  },
};

const transform = structure('transform', 'Transform', [
  computed(u8('lastSubstructure', 'Last Substruc'), () => lastSubstructure),
  reserved(1),
  computed(u16('transformLength', 'Transform Length'), (_, whole) => whole.length),
  u8('type', 'Transform Type', { registry: transformTypes }),
  reserved(1, 'reserved2'),
  u16('id', 'Transform ID', { registry: ({ type }) => transformIds(type as number) }),
  within('transform', ({ transformLength }: { transformLength: number }) => transformLength - 8, [attributes]),
]);

const proposal = structure('proposal', 'Proposal', [
  computed(u8('lastSubstructure', 'Last Substruc'), () => lastSubstructure),
  reserved(1),
  computed(u16('proposalLength', 'Proposal Length'), (_, whole) => whole.length),
  within('proposal', ({ proposalLength }: { proposalLength: number }) => proposalLength - 4, [
    u8('number', 'Proposal Num'),
    u8('protocolId', 'Protocol ID', { registry: protocolIds }),
    computed(u8('spiSize', 'SPI Size'), ({ spi }: { spi: Uint8Array }) => spi.length),
    computed(
      u8('numberOfTransforms', 'Num Transforms'),
      ({ transforms }: { transforms: readonly unknown[] }) => transforms.length,
    ),
    octets('spi', 'SPI', ({ spiSize }: { spiSize: number }) => spiSize),
    list('transforms', transform, linked(moreTransforms)),
  ]),
]);

export const saPayload = payload('SA', 'Security Association', [list('proposals', proposal, linked(moreProposals))]);

/** Completes Last Substruc: zero for the last of its list, `more` for the others, unless given. */
function linked(more: number) {
  return <T extends { readonly lastSubstructure?: number }>(items: readonly T[]): readonly T[] =>
    items.map((item, i) => {
      const actual = i === items.length - 1 ? lastSubstructure : more;
      return { ...item, lastSubstructure: item.lastSubstructure ?? actual };
    });
}
