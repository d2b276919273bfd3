/**
 * Payloads of IKEv2 that name SAs or are numbered, as tshark reads them and as we do: an SPI that is not there, of four octets or of eight, several of them, and the numbers of a fragment. In
 * the field decoders have miscounted a Notify that has an SPI, and known no SKF.
 */
import { expect } from 'chai';
import { ikeMessage } from '../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { Payload, PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { exchangeTypes, payloadTypes, protocolIds } from '../../reference/wire/ike/registry.ts';
import { transformTypes } from '../../reference/wire/ike/transform-types.ts';
import { hex, unhex } from '../../reference/wire/octets.ts';
import { udpPacket } from '../vocabulary/packets.ts';
import { hasTshark, packetsByTshark } from './tshark.test-support.ts';

const NONE = '';
const FOUR = '01020304';
const EIGHT = '0102030405060708';

const notify = (type: keyof typeof notifyTypes, protocolId: number, spi: string, data: string): Payload => ({
  type: 'N',
  protocolId,
  spi: unhex(spi),
  notifyType: notifyTypes[type],
  data: unhex(data),
});
const deletion = (protocolId: number, ...spis: readonly string[]): Payload => ({
  type: 'D',
  protocolId,
  spis: spis.map((spi) => unhex(spi)),
});
const proposal = (number: number, protocolId: number, spi: string) => ({
  number,
  protocolId,
  spi: unhex(spi),
  transforms: [{ type: transformTypes['Sequence Numbers'], id: 0 }],
});
const fragment = (innerNextPayload: number, fragmentNumber: number, totalFragments: number): Payload => ({
  type: 'SKF',
  innerNextPayload,
  fragmentNumber,
  totalFragments,
  body: new Uint8Array(40),
});

const { IKE, ESP, AH } = protocolIds;
/** Each a message of its own. */
const chains: Readonly<Record<string, readonly Payload[]>> = {
  'Notify without an SPI': [notify('INITIAL_CONTACT', 0, NONE, NONE)],
  'Notify without an SPI, with data': [notify('COOKIE', 0, NONE, 'a1a2a3a4a5a6a7')],
  'Notify with an SPI': [notify('REKEY_SA', ESP, FOUR, NONE)],
  'Notify with an SPI of AH': [notify('CHILD_SA_NOT_FOUND', AH, FOUR, NONE)],
  'Notify with an SPI, with data': [notify('INVALID_SELECTORS', ESP, FOUR, 'b1b2b3b4b5')],
  'Notify with an SPI of eight octets': [notify('INVALID_SYNTAX', IKE, EIGHT, 'c1c2')],
  'Notify with an SPI before one without': [
    notify('REKEY_SA', ESP, FOUR, NONE),
    notify('ESP_TFC_PADDING_NOT_SUPPORTED', 0, NONE, NONE),
    notify('INVALID_SELECTORS', AH, FOUR, 'd1d2d3'),
    notify('USE_TRANSPORT_MODE', 0, NONE, NONE),
  ],
  'Delete of the IKE SA': [deletion(IKE)],
  'Delete of a child': [deletion(ESP, FOUR)],
  'Delete of three children, and of another': [deletion(ESP, FOUR, '05060708', 'ffffffff'), deletion(AH, FOUR)],
  'SA without an SPI': [{ type: 'SA', proposals: [proposal(1, IKE, NONE)] }],
  'SA with one of eight octets': [{ type: 'SA', proposals: [proposal(1, IKE, EIGHT)] }],
  'SA with one in each proposal': [{ type: 'SA', proposals: [proposal(1, ESP, FOUR), proposal(2, AH, '05060708')] }],
  'first fragment': [fragment(payloadTypes.IDi, 1, 3)],
  'last fragment': [fragment(0, 3, 3)],
  'fragment behind a Notify with an SPI': [notify('REKEY_SA', ESP, FOUR, NONE), fragment(payloadTypes.N, 1, 2)],
};

const FIELDS = [
  'isakmp.notify.msgtype',
  'isakmp.notify.protoid',
  'isakmp.notify.data',
  'isakmp.delete.protoid',
  'isakmp.delete.spi',
  'isakmp.prop.number',
  'isakmp.spisize',
  'isakmp.spinum',
  'isakmp.spi',
  'isakmp.frag.number',
  'isakmp.frag.total',
] as const;
type Fields = Readonly<Record<(typeof FIELDS)[number], readonly string[]>>;

describe('payloads that name SAs, and fragments', () => {
  before(function () {
    if (!hasTshark()) {
      console.log('      (skipped: no tshark)');
      this.skip();
    }
  });

  it('are to tshark what they are to us', () => {
    const messages = Object.values(chains).map((payloads) => ikeMessage.encode({ header, payloads }));
    const ends = { from: '2001:db8:1::1', to: '2001:db8:1::2', sourcePort: 500, destinationPort: 500 };
    const seen = packetsByTshark(
      messages.map((payload) => udpPacket({ ...ends, payload })),
      FIELDS,
    );
    for (const [i, name] of Object.keys(chains).entries()) {
      const { complaints, values } = seen[i]!;
      const mine = fieldsOf(ikeMessage.decode(messages[i]!).value.payloads);
      expect(Object.fromEntries(values), name).to.deep.equal(mine);
      expect(complaints, name).to.deep.equal([]);
    }
  });
});

const header = {
  initiatorSPI: unhex('1111111111111111'),
  responderSPI: unhex('2222222222222222'),
  exchangeType: exchangeTypes.INFORMATIONAL,
  flags: { initiator: true, response: false, version: false },
  messageId: 2,
};

/** What tshark writes for them. */
const NO_OCTETS = '<MISSING>';

/** As tshark names and spells them. */
function fieldsOf(payloads: readonly Payload[]): Fields {
  const of = <Type extends Payload['type']>(type: Type) =>
    payloads.filter((payload): payload is PayloadOf<Type> => payload.type === type);
  const [notifies, deletes, proposals] = [of('N'), of('D'), of('SA').flatMap((SA) => SA.proposals)];
  const numbers = (values: readonly number[]) => values.map(String);
  const octets = (values: readonly Uint8Array[]) => values.filter(({ length }) => length > 0).map(hex);
  return {
    'isakmp.notify.msgtype': numbers(notifies.map(({ notifyType }) => notifyType)),
    'isakmp.notify.protoid': numbers(notifies.map(({ protocolId }) => protocolId)),
    'isakmp.notify.data': notifies.map(({ data }) => hex(data) || NO_OCTETS),
    'isakmp.delete.protoid': numbers(deletes.map(({ protocolId }) => protocolId)),
    'isakmp.delete.spi': octets(deletes.flatMap(({ spis }) => spis)),
    'isakmp.prop.number': numbers(proposals.map(({ number }) => number)),
    'isakmp.spisize': numbers([...notifies, ...deletes, ...proposals].map(({ spiSize }) => spiSize!)),
    'isakmp.spinum': numbers(deletes.map(({ numberOfSpis }) => numberOfSpis!)),
    'isakmp.spi': octets([...notifies, ...proposals].map(({ spi }) => spi)),
    'isakmp.frag.number': numbers(of('SKF').map(({ fragmentNumber }) => fragmentNumber)),
    'isakmp.frag.total': numbers(of('SKF').map(({ totalFragments }) => totalFragments)),
  };
}
