import { expect } from 'chai';
import { pseudoHeaderChecksum } from '../checksum.ts';
import { MalformedOctets } from '../dissection.ts';
import { checksumIsRight } from '../echo.ts';
import { homeAddressHeader } from '../ip/extension-headers.ts';
import type { Structure } from '../kernel.ts';
import { fromText, hex, unhex } from '../octets.ts';
import { partitionFault, rowFault } from '../table.ts';
import { aligned, encodeMobility, type MobilityMessage, mobilityMessage } from './message.ts';
import { type MobilityOption, mobilityOption } from './options.ts';

const endpoints = { source: '2001:db8::1', destination: '2001:db8::2' };
const none = new Uint8Array();
const careOf = '20010db80000000000000000000000c0';

describe('mobility messages as tables of value and octets', () => {
  row(
    'Binding Refresh Request',
    mobilityMessage,
    { kind: 'bindingRefreshRequest', options: [] },
    '3b 00 00 00 0000 0000',
  );
  row(
    'Home Test Init',
    mobilityMessage,
    { kind: 'homeTestInit', homeInitCookie: unhex('0102030405060708'), options: [] },
    '3b 01 01 00 0000 0000 0102030405060708',
  );
  row(
    'Care-of Test Init',
    mobilityMessage,
    { kind: 'careOfTestInit', careOfInitCookie: unhex('1112131415161718'), options: [] },
    '3b 01 02 00 0000 0000 1112131415161718',
  );
  row(
    'Home Test',
    mobilityMessage,
    {
      kind: 'homeTest',
      homeNonceIndex: 7,
      homeInitCookie: unhex('0102030405060708'),
      homeKeygenToken: unhex('2122232425262728'),
      options: [],
    },
    '3b 02 03 00 0000 0007 0102030405060708 2122232425262728',
  );
  row(
    'Care-of Test',
    mobilityMessage,
    {
      kind: 'careOfTest',
      careOfNonceIndex: 0xfffe,
      careOfInitCookie: unhex('1112131415161718'),
      careOfKeygenToken: unhex('3132333435363738'),
      options: [],
    },
    '3b 02 04 00 0000 fffe 1112131415161718 3132333435363738',
  );
  row(
    'Binding Update without options',
    mobilityMessage,
    {
      kind: 'bindingUpdate',
      sequenceNumber: 0x1234,
      acknowledge: true,
      homeRegistration: true,
      lifetime: 15,
      options: [{ type: 'padN', data: unhex('0000') }],
    },
    '3b 01 05 00 0000 1234 c000 000f 01 02 0000',
  );
  row(
    'Binding Update with every flag, reserved bits too',
    mobilityMessage,
    {
      kind: 'bindingUpdate',
      reserved: unhex('aa'),
      checksum: 0xbeef,
      sequenceNumber: 0,
      acknowledge: true,
      homeRegistration: true,
      linkLocalAddressCompatibility: true,
      keyManagementMobilityCapability: true,
      reservedBit: 1,
      mobileRouter: true,
      reservedBits: 0x3ff,
      lifetime: 0,
      options: [{ type: 'pad1' }, { type: 'pad1' }, { type: 'padN', data: none }],
    },
    '3b 01 05 aa beef 0000 ffff 0000 00 00 0100',
  );
  row(
    'Binding Acknowledgement',
    mobilityMessage,
    {
      kind: 'bindingAcknowledgement',
      status: 135,
      keyManagementMobilityCapability: true,
      mobileRouter: true,
      sequenceNumber: 9,
      lifetime: 0xffff,
      options: [{ type: 'bindingRefreshAdvice', refreshInterval: 10 }],
    },
    '3b 01 06 00 0000 87 c0 0009 ffff 02 02 000a',
  );
  row(
    'Binding Error',
    mobilityMessage,
    { kind: 'bindingError', status: 1, homeAddress: '2001:db8::c0', options: [] },
    `3b 02 07 00 0000 01 00 ${careOf}`,
  );
  row(
    'a type of later documents',
    mobilityMessage,
    { kind: 'other', mhType: 13, data: unhex('00000000000000000001') },
    '3b 01 0d 00 0000 00000000000000000001',
  );
  row(
    'octets that belong to another header',
    mobilityMessage,
    { kind: 'bindingRefreshRequest', payloadProtocol: 17, options: [], payload: unhex('0035') },
    '11 00 00 00 0000 0000 0035',
  );
});

describe('mobility options as tables of value and octets', () => {
  row('Pad1', mobilityOption, { type: 'pad1' }, '00');
  row('PadN', mobilityOption, { type: 'padN', data: unhex('0000') }, '01 02 0000');
  row('Binding Refresh Advice', mobilityOption, { type: 'bindingRefreshAdvice', refreshInterval: 256 }, '02 02 0100');
  row(
    'Alternate Care-of Address',
    mobilityOption,
    { type: 'alternateCareOfAddress', alternateCareOfAddress: '2001:db8::c0' },
    `03 10 ${careOf}`,
  );
  row(
    'Nonce Indices',
    mobilityOption,
    { type: 'nonceIndices', homeNonceIndex: 1, careOfNonceIndex: 2 },
    '04 04 0001 0002',
  );
  row(
    'Binding Authorization Data',
    mobilityOption,
    { type: 'bindingAuthorizationData', authenticator: new Uint8Array(12).fill(0xee) },
    '05 0c eeeeeeeeeeeeeeeeeeeeeeee',
  );
  row(
    'Mobile Network Prefix',
    mobilityOption,
    { type: 'mobileNetworkPrefix', prefixLength: 56, mobileNetworkPrefix: '2001:db8::c0' },
    `06 12 00 38 ${careOf}`,
  );
  row(
    'Mobile Node Identifier',
    mobilityOption,
    { type: 'mobileNodeIdentifier', subtype: 1, identifier: fromText('a@b') },
    '08 04 01 614062',
  );
  row(
    'Mobility Message Authentication',
    mobilityOption,
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
    mobilityOption,
    { type: 'mobilityMessageReplayProtection', timestamp: unhex('e000000080000000') },
    '0a 08 e000000080000000',
  );
  row('CGA Parameters Request', mobilityOption, { type: 'cgaParametersRequest' }, '0b 00');
  row('CGA Parameters', mobilityOption, { type: 'cgaParameters', cgaParameters: unhex('aabb') }, '0c 02 aabb');
  row('Signature', mobilityOption, { type: 'signature', signature: unhex('ccdd') }, '0d 02 ccdd');
  row(
    'Permanent Home Keygen Token',
    mobilityOption,
    { type: 'permanentHomeKeygenToken', permanentHomeKeygenToken: unhex('0001') },
    '0e 02 0001',
  );
  row('Care-of Test Init', mobilityOption, { type: 'careOfTestInit' }, '0f 00');
  row(
    'Care-of Test',
    mobilityOption,
    { type: 'careOfTest', careOfKeygenToken: unhex('3132333435363738') },
    '10 08 3132333435363738',
  );
  row(
    'DNS Update',
    mobilityOption,
    { type: 'dnsUpdate', status: 130, remove: true, mobileNodeIdentity: fromText('mn.example') },
    '11 0c 82 80 6d6e2e6578616d706c65',
  );
  row('another option', mobilityOption, { type: 'option', optionType: 22, data: unhex('01') }, '16 01 01');

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

describe('a Mobility Header', () => {
  it('that is too short for what its type holds is octets', () => {
    for (const mhType of [1, 2, 3, 4, 5, 6, 7]) {
      const octets = unhex(`3b 00 0${mhType} 00 0000 0000`);
      expect(mobilityMessage.decode(octets).value).to.include({ kind: 'other', mhType, headerLength: 0 });
      expect(hex(mobilityMessage.encode(mobilityMessage.decode(octets).value))).to.equal(hex(octets));
    }
  });

  it('that is cut is refused, and shown as far as it goes', () => {
    const whole = encodeMobility(
      aligned({
        kind: 'bindingUpdate',
        sequenceNumber: 1,
        lifetime: 1,
        options: [{ type: 'alternateCareOfAddress', alternateCareOfAddress: '::1' }],
      }),
      endpoints,
    );
    for (let length = 0; length < whole.length; length++) {
      const octets = whole.subarray(0, length);
      expect(() => mobilityMessage.decode(octets), String(length)).to.throw(MalformedOctets);
      expect(partitionFault(mobilityMessage.dissect(octets), length)).to.equal(undefined);
    }
  });

  it('is filled up to a multiple of 8 octets', () => {
    const octets = mobilityMessage.encode({ kind: 'bindingUpdate', sequenceNumber: 0, lifetime: 1, options: [] });
    expect(hex(octets)).to.equal('3b010500000000000000000101020000');
  });

  it('lies where it is told to', () => {
    const update = { kind: 'bindingUpdate', sequenceNumber: 0, lifetime: 1, options: [] } as const;
    const lying = mobilityMessage.encode({ ...update, mhType: 1, headerLength: 9, payloadProtocol: 6 });
    expect(hex(lying)).to.equal('06090100000000000000000101020000');
    const short = mobilityMessage.encode({ ...update, headerLength: 0 });
    expect(mobilityMessage.decode(short).value).to.deep.include({ kind: 'other', mhType: 5, payload: short.slice(8) });
  });

  it('whose Header Len is beyond the octets is refused', () => {
    expect(() => mobilityMessage.decode(unhex('3b 09 00 00 0000 0000'))).to.throw(MalformedOctets, '74 octets');
  });

  it('has its checksum over the pseudo-header, unless one is given', () => {
    const octets = encodeMobility({ kind: 'bindingUpdate', sequenceNumber: 1, lifetime: 1, options: [] }, endpoints);
    expect(mobilityMessage.decode(octets).value.checksum).to.not.equal(0);
    expect(pseudoHeaderChecksum(octets, 135, endpoints)).to.equal(0);
    const given = encodeMobility({ kind: 'bindingRefreshRequest', checksum: 5, options: [] }, endpoints);
    expect(hex(given)).to.equal('3b00000000050000');
  });

  it('is believed by a receiver only with the checksum over the home address', () => {
    const payload = encodeMobility({ kind: 'bindingRefreshRequest', options: [] }, endpoints);
    const packet = { version: 6, ...endpoints, source: '2001:db8::c0', protocol: 135, payload } as const;
    expect(checksumIsRight({ ...packet, extensions: [homeAddressHeader(endpoints.source)] })).to.equal(true);
    expect(checksumIsRight({ ...packet, extensions: [] })).to.equal(false);
    expect(checksumIsRight({ ...packet, extensions: [], payload: payload.subarray(0, 6) })).to.equal(false);
  });

  it('has a checksum that leaves out what follows it', () => {
    const message: MobilityMessage = { kind: 'bindingRefreshRequest', payloadProtocol: 17, options: [] };
    const alone = encodeMobility(message, endpoints);
    const followed = encodeMobility({ ...message, payload: unhex('0035 0035') }, endpoints);
    expect(hex(followed)).to.equal(`${hex(alone)}00350035`);
  });

  it('says of itself what matters', () => {
    const summaryOf = (message: MobilityMessage) => mobilityMessage.dissect(mobilityMessage.encode(message)).value;
    expect(summaryOf({ kind: 'bindingUpdate', sequenceNumber: 5, lifetime: 15, options: [] })).to.equal(
      'Binding Update, sequence 5, lifetime 60 s',
    );
    expect(
      summaryOf({ kind: 'bindingAcknowledgement', status: 0, sequenceNumber: 5, lifetime: 15, options: [] }),
    ).to.equal('Binding Acknowledgement, Binding Update accepted, sequence 5, lifetime 60 s');
    expect(summaryOf({ kind: 'bindingError', status: 2, homeAddress: '2001:db8::9', options: [] })).to.equal(
      'Binding Error, Unrecognized MH Type value, home address 2001:db8::9',
    );
    expect(summaryOf({ kind: 'homeTestInit', homeInitCookie: new Uint8Array(8), options: [] })).to.equal(
      'Home Test Init',
    );
    expect(summaryOf({ kind: 'other', mhType: 77, data: none })).to.equal('MH Type 77');
  });
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

function row<T>(name: string, structure: Structure<T>, value: T, digits: string): void {
  it(name, () => expect(rowFault(structure, value, digits)).to.equal(undefined));
}
