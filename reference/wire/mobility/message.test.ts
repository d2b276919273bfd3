import { expect } from 'chai';
import { pseudoHeaderChecksum } from '../checksum.ts';
import { MalformedOctets } from '../dissection.ts';
import { checksumIsRight } from '../echo.ts';
import { homeAddressHeader } from '../ip/extension-headers.ts';
import { hex, unhex } from '../octets.ts';
import { partitionFault, rowFault } from '../table.ts';
import { aligned, encodeMobility, type MobilityMessage, mobilityMessage } from './message.ts';

const endpoints = { source: '2001:db8::1', destination: '2001:db8::2' };
const none = new Uint8Array();
const careOf = '20010db80000000000000000000000c0';

describe('mobility messages as tables of value and octets', () => {
  row('Binding Refresh Request', { kind: 'bindingRefreshRequest', options: [] }, '3b 00 00 00 0000 0000');
  row(
    'Home Test Init',
    { kind: 'homeTestInit', homeInitCookie: unhex('0102030405060708'), options: [] },
    '3b 01 01 00 0000 0000 0102030405060708',
  );
  row(
    'Care-of Test Init',
    { kind: 'careOfTestInit', careOfInitCookie: unhex('1112131415161718'), options: [] },
    '3b 01 02 00 0000 0000 1112131415161718',
  );
  row(
    'Home Test',
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
    { kind: 'bindingError', status: 1, homeAddress: '2001:db8::c0', options: [] },
    `3b 02 07 00 0000 01 00 ${careOf}`,
  );
  row(
    'a type of later documents',
    { kind: 'other', mhType: 13, data: unhex('00000000000000000001') },
    '3b 01 0d 00 0000 00000000000000000001',
  );
  row(
    'octets that belong to another header',
    { kind: 'bindingRefreshRequest', payloadProtocol: 17, options: [], payload: unhex('0035') },
    '11 00 00 00 0000 0000 0035',
  );
});

describe('a Mobility Header', () => {
  it('that is too short for what its type holds is octets', () => {
    for (const mhType of [1, 2, 3, 4, 5, 6, 7]) {
      const octets = unhex(`3b 00 0${mhType} 00 0000 0000`);
      const { value, remarks, dissection } = mobilityMessage.decode(octets);
      expect(value).to.include({ kind: 'other', mhType, headerLength: 0 });
      expect(hex(mobilityMessage.encode(value))).to.equal(hex(octets));
      expect(remarks.map(({ says }) => says)).to.deep.equal(['Header Len is too short for this MH Type']);
      expect(dissection.value).to.match(/^(Home|Care-of|Binding) .*, Header Len is too short for this MH Type$/);
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

function row(name: string, message: MobilityMessage, digits: string): void {
  it(name, () => expect(rowFault(mobilityMessage, message, digits)).to.equal(undefined));
}
