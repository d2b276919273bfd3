/**
 * The six octets with which every mobility message begins, RFC 6275 section 6.1.1, and how a message is declared: the
 * fixed part of its data, then its options. The messages themselves are `message.ts`.
 *
 *     | Payload Proto |  Header Len   |   MH Type     |   Reserved    |
 *     |           Checksum            |          Message Data ...
 */
import { computed, constant, nameIn, reserved, rest, surplus, u8, u16 } from '../fields.ts';
import { list, within } from '../groups.ts';
import { protocols } from '../ip/protocols.ts';
import { type Merged, type Part, structure } from '../kernel.ts';
import { padding } from './alignment.ts';
import { type MobilityOption, mobilityOption } from './options.ts';
import { mobilityHeaderTypes } from './registry.ts';

/** Octets from the start of the Mobility Header to the first option. */
export const fixedOctets = {
  bindingRefreshRequest: 8,
  homeTestInit: 16,
  careOfTestInit: 16,
  homeTest: 24,
  careOfTest: 24,
  bindingUpdate: 12,
  bindingAcknowledgement: 12,
  bindingError: 24,
} as const;

/** The kind that MH Type announces, or `other` where Header Len has no room for what that holds. */
export function kindOf(mhType: number, headerLength: number): keyof typeof fixedOctets | 'other' {
  const kind = kindOfType.get(mhType);
  return kind && 8 * (headerLength + 1) >= fixedOctets[kind] ? kind : 'other';
}

/** Declares a message that is tagged with `kind`; `more` is what its summary says after its name. */
export function message<
  const K extends keyof typeof fixedOctets,
  const P extends readonly Part<never>[],
  const V = Merged<P>,
>(kind: K, name: keyof typeof mobilityHeaderTypes, parts: P, more?: (value: V) => string) {
  return structure(
    'mobility',
    `Mobility Header, ${name}`,
    [
      constant('kind', kind),
      ...beforeType,
      computed(mhType, () => mobilityHeaderTypes[name]),
      ...afterType,
      within('messageData', dataLength, [...parts, options(fixedOctets[kind])]),
      payload,
    ],
    ((value: V) => (more ? `${name}, ${more(value)}` : name)) as never,
  );
}

/** Options up to the end of the message; what is missing to a multiple of 8 octets is padded when written. */
function options(start: number): Part<{ readonly options: readonly MobilityOption[] }> {
  const all = list('options', mobilityOption);
  return {
    read: all.read,
    write(writer, value) {
      const before = writer.length;
      all.write(writer, value);
      for (const option of padding(-(start + writer.length - before) & 7)) mobilityOption.write(writer, option);
    },
  };
}

const mhType = u8('mhType', 'MH Type', { registry: mobilityHeaderTypes });

const beforeType = [
  computed(u8('payloadProtocol', 'Payload Proto', { registry: protocols }), () => protocols['IPv6-NoNxt']),
  computed(
    u8('headerLength', 'Header Len'),
    ({ payload }: { payload?: Uint8Array }, whole) => Math.ceil((whole.length - (payload?.length ?? 0)) / 8) - 1,
  ),
] as const;

const afterType = [reserved(1), computed(u16('checksum', 'Checksum'), () => 0)] as const;

/** Header Len counts units of 8 octets, the first not among them; six octets precede the data. */
const dataLength = ({ headerLength }: { headerLength: number }) => 8 * headerLength + 2;

const payload = surplus('payload', 'Octets after the Mobility Header');

const kindOfType: ReadonlyMap<number, keyof typeof fixedOctets> = new Map([
  [mobilityHeaderTypes['Binding Refresh Request'], 'bindingRefreshRequest'],
  [mobilityHeaderTypes['Home Test Init'], 'homeTestInit'],
  [mobilityHeaderTypes['Care-of Test Init'], 'careOfTestInit'],
  [mobilityHeaderTypes['Home Test'], 'homeTest'],
  [mobilityHeaderTypes['Care-of Test'], 'careOfTest'],
  [mobilityHeaderTypes['Binding Update'], 'bindingUpdate'],
  [mobilityHeaderTypes['Binding Acknowledgement'], 'bindingAcknowledgement'],
  [mobilityHeaderTypes['Binding Error'], 'bindingError'],
]);

const data = rest('data', 'Message Data');
const messageData: typeof data = {
  read(reader, into) {
    data.read(reader, into);
    if (kindOfType.has(into.mhType as number)) reader.remark(tooShort);
  },
  write(writer, value) {
    data.write(writer, value);
    writer.zeros((2 - value.data.length) & 7);
  },
};

/** A message as octets; they are filled up with zeros to a multiple of 8 when written. */
export const otherMessage = structure(
  'mobility',
  'Mobility Header',
  [
    constant('kind', 'other'),
    ...beforeType,
    mhType,
    ...afterType,
    within('messageData', dataLength, [messageData]),
    payload,
  ],
  ({ mhType }) => {
    const name = nameIn(mobilityHeaderTypes, mhType) ?? `MH Type ${mhType}`;
    return kindOfType.has(mhType) ? `${name}, ${tooShort}` : name;
  },
);

const tooShort = 'Header Len is too short for this MH Type';
