import { expect } from 'chai';
import { MalformedOctets } from '../dissection.ts';
import type { Structure } from '../kernel.ts';
import { fromText, hex, unhex } from '../octets.ts';
import { everyPayload } from '../samples.ts';
import { rowFault } from '../table.ts';
import { ikeHeader, ikeHeaderLength } from './header.ts';
import { type IkeMessage, ikeMessage } from './message.ts';
import { firstStatusType, notifyTypes } from './notify-types.ts';
import { decodePayloads, dissectPayloads, encodePayloads, type Payload, payloadTypeOf } from './payload-chain.ts';
import { payloadTypes } from './registry.ts';
import { transformIds } from './transform-types.ts';

const none = new Uint8Array();
const spis = '0102030405060708 1112131415161718';
const header = everyPayload.header;
const aes = { type: 1, id: 12, keyLength: 256 };

describe('IKEv2 payloads as tables of value and octets', () => {
  row(
    { type: 'SA', proposals: [{ number: 1, protocolId: 1, spi: none, transforms: [aes, { type: 4, id: 31 }] }] },
    '00 00 0020  00 00 001c 01 01 00 02  03 00 000c 01 00 000c 800e0100  00 00 0008 04 00 001f',
  );
  row(
    {
      type: 'SA',
      proposals: [
        { number: 1, protocolId: 3, spi: unhex('c0ffee01'), transforms: [{ type: 5, id: 0 }] },
        {
          number: 2,
          protocolId: 2,
          spi: none,
          transforms: [
            {
              type: 3,
              id: 2,
              attributes: [
                { type: 99, value: unhex('abcdef') },
                { type: 14, value: 1 },
              ],
            },
          ],
        },
      ],
    },
    `00 00 0033  02 00 0014 01 03 04 01 c0ffee01 00 00 0008 05 00 0000
     00 00 001b 02 02 00 01 00 00 0013 03 00 0002 00630003 abcdef 800e0001`,
  );
  row(
    {
      type: 'SA',
      proposals: [{ number: 1, protocolId: 1, spi: none, numberOfTransforms: 9, lastSubstructure: 2, transforms: [] }],
    },
    '00 00 000c  02 00 0008 01 01 00 09',
  );
  row({ type: 'KE', group: 31, keyExchangeData: unhex('aabb') }, '00 00 000a 001f 0000 aabb');
  row({ type: 'IDi', idType: 2, data: fromText('a.b') }, '00 00 000b 02 000000 612e62');
  row({ type: 'IDr', idType: 1, data: unhex('c0000201'), critical: true }, '00 80 000c 01 000000 c0000201');
  row({ type: 'CERT', encoding: 4, data: unhex('3000') }, '00 00 0007 04 3000');
  row({ type: 'CERTREQ', encoding: 4, data: none }, '00 00 0005 04');
  row({ type: 'AUTH', method: 2, data: unhex('aa') }, '00 00 0009 02 000000 aa');
  row({ type: 'Nonce', data: unhex('0102') }, '00 00 0006 0102');
  row(
    { type: 'N', protocolId: 3, spi: unhex('c0ffee01'), notifyType: notifyTypes.REKEY_SA, data: none },
    '00 00 000c 03 04 4009 c0ffee01',
  );
  row(
    { type: 'N', protocolId: 0, spi: none, notifyType: notifyTypes.COOKIE, data: unhex('aa') },
    '00 00 0009 00 00 4006 aa',
  );
  row(
    { type: 'D', protocolId: 3, spis: [unhex('c0ffee01'), unhex('c0ffee02')] },
    '00 00 0010 03 04 0002 c0ffee01 c0ffee02',
  );
  row({ type: 'D', protocolId: 1, spis: [] }, '00 00 0008 01 00 0000');
  row({ type: 'V', data: fromText('hi') }, '00 00 0006 6869');
  row(
    {
      type: 'TSi',
      selectors: [
        { tsType: 7, protocolId: 17, startPort: 53, endPort: 53, startAddress: '10.0.0.0', endAddress: '10.0.0.255' },
        { tsType: 200, protocolId: 1, data: unhex('aa') },
      ],
    },
    '00 00 001d 02 000000  07 11 0010 0035 0035 0a000000 0a0000ff  c8 01 0005 aa',
  );
  row(
    {
      type: 'TSr',
      selectors: [{ tsType: 8, protocolId: 58, startPort: 0xffff, endPort: 0, startAddress: '::1', endAddress: '::2' }],
    },
    '00 00 0030 01 000000  08 3a 0028 ffff 0000 00000000000000000000000000000001 00000000000000000000000000000002',
  );
  row({ type: 'SK', innerNextPayload: payloadTypes.IDi, body: unhex('aabbcc') }, '23 00 0007 aabbcc');
  row(
    { type: 'SKF', innerNextPayload: 0, fragmentNumber: 2, totalFragments: 3, body: unhex('aa') },
    '00 00 0009 0002 0003 aa',
  );
  row(
    {
      type: 'CP',
      configurationType: 1,
      attributes: [
        { type: 1, value: none },
        { type: 3, value: unhex('01020304') },
      ],
    },
    '00 00 0014 01 000000 0001 0000 0003 0004 01020304',
  );
  row({ type: 'EAP', code: 1, identifier: 7, eapType: 1, data: unhex('aa') }, '00 00 000a 01 07 0006 01 aa');
  row({ type: 'EAP', code: 3, identifier: 7, data: none }, '00 00 0008 03 07 0004');
  row({ type: 'unknown', payloadType: 200, data: unhex('aa') }, '00 00 0005 aa');

  function row(payload: Payload, digits: string): void {
    it(`${payload.type} ${digits.slice(0, 24)}`, () => {
      const structure = chainOfOne(payloadTypeOf(payload));
      expect(rowFault(structure, payload, digits)).to.equal(undefined);
    });
  }
});

describe('the IKE header and message', () => {
  it('is 28 octets as drawn', () => {
    const value = { ...header, nextPayload: 46, length: 100, messageId: 0x01020304 };
    expect(rowFault(ikeHeader, value, `${spis} 2e 20 23 08 01020304 00000064`)).to.equal(undefined);
    expect(ikeHeader.encode(header).length).to.equal(ikeHeaderLength);
  });

  it('computes Next Payload and Length along the chain', () => {
    const message: IkeMessage = {
      header: { ...header, exchangeType: 34, flags: { initiator: false, response: true, version: true }, messageId: 0 },
      payloads: [
        { type: 'Nonce', data: unhex('aa') },
        { type: 'V', data: none },
      ],
    };
    expect(rowFault(ikeMessage, message, `${spis} 28 20 22 30 00000000 00000025  2b 00 0005 aa  00 00 0004`)).to.equal(
      undefined,
    );
  });

  it('obeys lies', () => {
    const message: IkeMessage = {
      header: { ...header, nextPayload: 41, length: 1, majorVersion: 3 },
      payloads: [{ type: 'Nonce', data: none, nextPayload: 99, payloadLength: 77 }],
    };
    expect(hex(ikeMessage.encode(message))).to.equal(hex(unhex(`${spis} 29 30 23 08 00000001 00000001 63 00 004d`)));
  });

  it('takes a field that is given as undefined for left out', () => {
    const honest = ikeMessage.encode(everyPayload);
    const blank = ikeMessage.encode({
      ...everyPayload,
      header: { ...header, nextPayload: undefined, length: undefined },
    });
    expect(hex(blank)).to.equal(hex(honest));
  });

  it('leaves the payloads of another major version alone', () => {
    const isakmp = unhex(`${spis} 01 10 02 00 00000000 00000020 aabbccdd`);
    const { value } = ikeMessage.decode(isakmp);
    expect(value.payloads).to.deep.equal([]);
    expect(hex(value.trailer!)).to.equal('aabbccdd');
    expect(hex(ikeMessage.encode(value))).to.equal(hex(isakmp));
  });

  it('remarks a Length that is not the datagram’s', () => {
    const { remarks } = ikeMessage.decode(unhex(`${spis} 00 20 25 08 00000000 0000001d`));
    expect(remarks.map(({ says }) => says)).to.deep.equal(['Length says 29, there are 28 octets']);
  });

  it('refuses a payload shorter than its header, and one that leaves octets over', () => {
    const chain = (digits: string) => () => decodePayloads(payloadTypes.D, unhex(digits));
    expect(chain('00 00 0003')).to.throw(MalformedOctets);
    expect(chain('00 00 0009 01 00 0000 ff')).to.throw('wanted the end, had 1 octets more');
    expect(chain('00 00 0010 03 04 0003 c0ffee01 c0ffee02')).to.throw('wanted 4 octets, had 0');
  });

  it('goes on in the tree behind a payload that cannot be read', () => {
    const tree = dissectPayloads(payloadTypes.D, unhex('28 00 0009 01 00 0000 ff  00 00 0005 aa'));
    expect(tree.children.map(({ name, start, end }) => [name, start, end])).to.deep.equal([
      ['D[0]', 0, 9],
      ['Nonce[1]', 9, 14],
    ]);
  });

  it('chains stand by themselves', () => {
    const { firstPayload, octets } = encodePayloads(everyPayload.payloads);
    expect(firstPayload).to.equal(payloadTypes.SA);
    expect(decodePayloads(firstPayload, octets).value.map(({ type }) => type)).to.deep.equal(
      everyPayload.payloads.map(({ type }) => type),
    );
    expect(encodePayloads([])).to.deep.equal({ firstPayload: payloadTypes.NONE, octets: none });
  });
});

describe('IKEv2 registries', () => {
  it('assign a number once', () => {
    for (const registry of [payloadTypes, notifyTypes, ...[1, 2, 3, 4, 5].map((type) => transformIds(type)!)]) {
      const numbers = Object.values(registry);
      expect(new Set(numbers).size).to.equal(numbers.length);
    }
  });

  it('part errors from status', () => {
    expect(notifyTypes.CHILD_SA_NOT_FOUND).to.be.lessThan(firstStatusType);
    expect(notifyTypes.INITIAL_CONTACT).to.equal(firstStatusType);
  });
});

/** A chain of a single payload in the shape of a structure, so that a table row can judge it. */
function chainOfOne(type: number): Structure<Payload> {
  const only = (payloads: readonly Payload[]) => {
    expect(payloads).to.have.length(1);
    return payloads[0]!;
  };
  return {
    name: 'payload',
    encode: (payload) => encodePayloads([payload]).octets,
    decode: (octets) => {
      const { value, remarks, dissection } = decodePayloads(type, octets);
      return { value: only(value), remarks, dissection };
    },
  } satisfies Pick<Structure<Payload>, 'name' | 'encode' | 'decode'> as Structure<Payload>;
}
