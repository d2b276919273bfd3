import { expect } from 'chai';
import { MalformedOctets } from '../dissection.ts';
import { fromText, hex, unhex } from '../octets.ts';
import { partitionFault, rowFault } from '../table.ts';
import { aligned, type MobilityMessage, mobilityMessage } from './message.ts';
import { type MobilityOption, mobilityOption } from './options.ts';

const careOf = '20010db80000000000000000000000c0';

describe('mobility options as tables of value and octets', () => {
  row('Pad1', { type: 'pad1' }, '00');
  row('PadN', { type: 'padN', data: unhex('0000') }, '01 02 0000');
  row('Binding Refresh Advice', { type: 'bindingRefreshAdvice', refreshInterval: 256 }, '02 02 0100');
  row(
    'Alternate Care-of Address',
    { type: 'alternateCareOfAddress', alternateCareOfAddress: '2001:db8::c0' },
    `03 10 ${careOf}`,
  );
  row('Nonce Indices', { type: 'nonceIndices', homeNonceIndex: 1, careOfNonceIndex: 2 }, '04 04 0001 0002');
  row(
    'Binding Authorization Data',
    { type: 'bindingAuthorizationData', authenticator: new Uint8Array(12).fill(0xee) },
    '05 0c eeeeeeeeeeeeeeeeeeeeeeee',
  );
  row(
    'Mobile Network Prefix',
    { type: 'mobileNetworkPrefix', prefixLength: 56, mobileNetworkPrefix: '2001:db8::c0' },
    `06 12 00 38 ${careOf}`,
  );
  row(
    'Mobile Node Identifier',
    { type: 'mobileNodeIdentifier', subtype: 1, identifier: fromText('a@b') },
    '08 04 01 614062',
  );
  row(
    'Mobility Message Authentication',
    {
      type: 'mobilityMessageAuthentication',
      subtype: 1,
      mobilitySpi: 0x100,
      authenticationData: new Uint8Array(12).fill(0xdd),
    },
    '09 11 01 00000100 dddddddddddddddddddddddd',
  );
  row(
    'Mobility Message Replay Protection',
    { type: 'mobilityMessageReplayProtection', timestamp: unhex('e000000080000000') },
    '0a 08 e000000080000000',
  );
  row('CGA Parameters Request', { type: 'cgaParametersRequest' }, '0b 00');
  row('CGA Parameters', { type: 'cgaParameters', cgaParameters: unhex('aabb') }, '0c 02 aabb');
  row('Signature', { type: 'signature', signature: unhex('ccdd') }, '0d 02 ccdd');
  row(
    'Permanent Home Keygen Token',
    { type: 'permanentHomeKeygenToken', permanentHomeKeygenToken: unhex('0001') },
    '0e 02 0001',
  );
  row('Care-of Test Init', { type: 'careOfTestInit' }, '0f 00');
  row('Care-of Test', { type: 'careOfTest', careOfKeygenToken: unhex('3132333435363738') }, '10 08 3132333435363738');
  row(
    'DNS Update',
    { type: 'dnsUpdate', status: 130, remove: true, mobileNodeIdentity: fromText('mn.example') },
    '11 0c 82 80 6d6e2e6578616d706c65',
  );
  row('another option', { type: 'option', optionType: 22, data: unhex('01') }, '16 01 01');

  for (const [name, digits] of [
    ['Binding Refresh Advice', '02 00'],
    ['Binding Refresh Advice', '02 03 000000'],
    ['Alternate Care-of Address', '03 04 c0000201'],
    ['Nonce Indices', '04 02 0001'],
    ['Mobile Network Prefix', '06 00'],
    ['Mobile Node Identifier', '08 00'],
    ['Mobility Message Authentication', '09 04 01000000'],
    ['Mobility Message Replay Protection', '0a 09 000000000000000000'],
    ['CGA Parameters Request', '0b 01 00'],
    ['Care-of Test Init', '0f 02 0000'],
    ['Care-of Test', '10 07 00000000000000'],
    ['DNS Update', '11 01 00'],
  ] as const) {
    it(`${name} of another length stays octets: ${digits}`, () => {
      const octets = unhex(digits);
      const { value, dissection } = mobilityOption.decode(octets);
      expect(value.type).to.equal('option');
      expect(hex(mobilityOption.encode(value))).to.equal(hex(octets));
      expect(partitionFault(dissection, octets.length)).to.equal(undefined);
    });
  }

  for (const digits of ['', '01', '01 01', '03 10 2001', '04 04 0001', '16 ff 00']) {
    it(`an option that is cut is refused: '${digits}'`, () => {
      expect(() => mobilityOption.decode(unhex(digits))).to.throw(MalformedOctets);
      expect(partitionFault(mobilityOption.dissect(unhex(digits)), unhex(digits).length)).to.equal(undefined);
    });
  }
});

describe('the alignment of mobility options', () => {
  const laid = (options: readonly MobilityOption[], kind: 'bindingUpdate' | 'homeTest' = 'bindingUpdate') => {
    const message =
      kind === 'bindingUpdate'
        ? ({ kind, sequenceNumber: 0, lifetime: 0, options } as const)
        : ({
            kind,
            homeNonceIndex: 0,
            homeInitCookie: new Uint8Array(8),
            homeKeygenToken: new Uint8Array(8),
            options,
          } as const);
    return hex(mobilityMessage.encode(aligned<MobilityMessage>(message)).subarray(kind === 'bindingUpdate' ? 12 : 24));
  };
  const authorization: MobilityOption = { type: 'bindingAuthorizationData', authenticator: new Uint8Array(12) };
  const careOfAddress: MobilityOption = { type: 'alternateCareOfAddress', alternateCareOfAddress: '2001:db8::c0' };
  const nonceIndices: MobilityOption = { type: 'nonceIndices', homeNonceIndex: 1, careOfNonceIndex: 2 };
  const identifier: MobilityOption = { type: 'mobileNodeIdentifier', subtype: 1, identifier: fromText('a@b') };

  it('8n + 6: an address is on a boundary of 8 octets', () => {
    expect(laid([careOfAddress])).to.equal(hex(unhex(`0100 0310 ${careOf}`)));
    expect(laid([careOfAddress], 'homeTest')).to.equal(hex(unhex(`0104 00000000 0310 ${careOf}`)));
  });

  it('8n + 2 to the end: nothing follows Binding Authorization Data', () => {
    expect(laid([nonceIndices, authorization])).to.equal(hex(unhex(`0404 0001 0002 050c ${'00'.repeat(12)}`)));
    expect(laid([authorization])).to.equal(hex(unhex(`0104 00000000 050c ${'00'.repeat(12)}`)));
    const longer = { ...authorization, authenticator: new Uint8Array(16) };
    expect(laid([longer])).to.equal(hex(unhex(`0100 0510 ${'00'.repeat(16)}`)));
  });

  it('2n and 4n + 1 after an option of any length', () => {
    const advice: MobilityOption = { type: 'bindingRefreshAdvice', refreshInterval: 1 };
    expect(laid([{ ...identifier, identifier: fromText('a@bc') }, advice])).to.equal(
      hex(unhex('0805 0161406263 00 02020001')),
    );
    const authentication: MobilityOption = {
      type: 'mobilityMessageAuthentication',
      subtype: 1,
      mobilitySpi: 256,
      authenticationData: new Uint8Array(12),
    };
    expect(laid([authentication])).to.equal(hex(unhex(`00 0911 01 00000100 ${'00'.repeat(12)}`)));
    expect(laid([identifier, authentication])).to.equal(
      hex(unhex(`0804 01614062 010100 0911 01 00000100 ${'00'.repeat(12)}`)),
    );
  });

  it('8n + 4 and 8n + 2', () => {
    const prefix: MobilityOption = { type: 'mobileNetworkPrefix', prefixLength: 64, mobileNetworkPrefix: '::1' };
    expect(laid([prefix])).to.match(/^0612/);
    expect(laid([prefix], 'homeTest')).to.match(/^010200000612/);
    expect(laid([{ type: 'mobilityMessageReplayProtection', timestamp: new Uint8Array(8) }])).to.match(
      /^0104000000000a08/,
    );
  });

  it('padding that is given is obeyed, and what is aligned stays so', () => {
    const misplaced: MobilityOption[] = [{ type: 'pad1' }, careOfAddress];
    expect(laid(misplaced)).to.equal(hex(unhex(`00 0310 ${careOf} 00`)));
    const message: MobilityMessage = {
      kind: 'bindingUpdate',
      sequenceNumber: 0,
      lifetime: 0,
      options: [identifier, careOfAddress, nonceIndices, authorization],
    };
    expect(aligned(aligned(message))).to.deep.equal(aligned(message));
  });

  it('leaves octets of another type alone, and fills them up', () => {
    const message: MobilityMessage = { kind: 'other', mhType: 77, data: unhex('ffffff') };
    expect(aligned(message)).to.equal(message);
    expect(hex(mobilityMessage.encode(message))).to.equal('3b014d000000ffffff00000000000000');
  });
});

function row(name: string, option: MobilityOption, digits: string): void {
  it(name, () => expect(rowFault(mobilityOption, option, digits)).to.equal(undefined));
}
