import { expect } from 'chai';
import fc from 'fast-check';
import { ipPacket } from '../../../reference/wire/ip/packet.ts';
import { concat, hex, unhex } from '../../../reference/wire/octets.ts';
import { ipPacketOf } from './ip-packet.ts';

const payload = unhex('00001000 00000001 aabbccdd');
const v4 = ipPacket.encode({ version: 4, source: '192.0.2.1', destination: '192.0.2.2', protocol: 50, payload });
const v6 = ipPacket.encode({
  version: 6,
  source: '2001:db8::1',
  destination: '2001:db8::2',
  extensions: [],
  protocol: 50,
  payload,
});
const macs = '020000000002 020000000001';
const cooked = (type: string): string => `0000 0001 0006 0200000000010000 ${type}`;
const cooked2 = (type: string): string => `${type} 0000 00000003 0001 04 06 0200000000010000`;

/** What stands before an IPv4 and an IPv6 packet under each link type. */
const carrying: readonly (readonly [
  what: string,
  linkType: number,
  beforeV4: string | undefined,
  beforeV6: string | undefined,
])[] = [
  ['Ethernet', 1, `${macs} 0800`, `${macs} 86dd`],
  ['802.1Q', 1, `${macs} 8100 2064 0800`, `${macs} 8100 2064 86dd`],
  ['802.1ad around 802.1Q', 1, `${macs} 88a8 0001 8100 0002 0800`, `${macs} 88a8 0001 8100 0002 86dd`],
  ['QinQ', 1, `${macs} 9100 0001 8100 0002 0800`, `${macs} 9100 0001 8100 0002 86dd`],
  ['PPPoE', 1, `${macs} 8864 1100 0007 0022 0021`, `${macs} 8864 1100 0007 0036 0057`],
  ['PPPoE in a VLAN', 1, `${macs} 8100 0007 8864 1100 0007 0021 21`, `${macs} 8100 0007 8864 1100 0007 0035 57`],
  ['PPPoE alone', 51, '1100 0007 0022 0021', '1100 0007 0036 0057'],
  ['PPP', 9, '0021', '0057'],
  ['PPP in HDLC framing', 9, 'ff03 0021', 'ff03 0057'],
  ['PPP_HDLC', 50, 'ff03 0021', 'ff03 57'],
  ['RAW', 101, '', ''],
  ['RAW, numbered 12', 12, '', ''],
  ['RAW, numbered 14', 14, '', ''],
  ['IPV4', 228, '', undefined],
  ['IPV6', 229, undefined, ''],
  ['NULL, little-endian', 0, '02000000', '1e000000'],
  ['NULL, big-endian', 0, '00000002', '00000018'],
  ['LOOP', 108, '00000002', '0000001c'],
  ['Linux cooked', 113, cooked('0800'), cooked('86dd')],
  ['Linux cooked, in a VLAN', 113, `${cooked('8100')} 0064 0800`, `${cooked('8100')} 0064 86dd`],
  ['Linux cooked v2', 276, cooked2('0800'), cooked2('86dd')],
];

const others: readonly (readonly [name: string, linkType: number, digits: string])[] = [
  ['ARP', 1, `${macs} 0806 0001080006040001 020000000001 c0000201 000000000000 c0000202`],
  ['ARP', 1, `${macs} 8100 0001 0806 0001080006040001 020000000001 c0000201 000000000000 c0000202`],
  ['LLDP', 1, `${macs} 88cc 0207`],
  ['MACsec', 1, `${macs} 88e5 00`],
  ['MPLS', 1, `${macs} 8847 00`],
  ['EtherType 0x1234', 1, `${macs} 1234 00`],
  ['PPPoE discovery', 1, `${macs} 8863 1109 0000 0000`],
  ['PPPoE discovery', 51, '1109 0000 0000'],
  ['802.3 LLC', 1, `${macs} 0026 424203`],
  ['802.3 LLC/SNAP', 1, `${macs} 0026 aaaa03 000000 0800 45`],
  ['802.3 LLC', 113, `${cooked('0004')} 424203`],
  ['EtherType 0x0060', 113, cooked('0060')],
  ['protocol family 7', 0, '00000007'],
  ['PPP LCP', 9, 'ff03 c021 0101'],
  ['PPP 0x002b', 9, '2b'],
  ['Cisco HDLC', 50, '0f00 0800 45'],
  ['Cisco HDLC', 50, '8f00 8035 45'],
  ['link type 147', 147, '45'],
  ['more than 16 layers around it', 1, `${macs} ${'8100 0001'.repeat(20)} 0800 45`],
];

describe('the IP packet in a record', () => {
  for (const [what, linkType, ...before] of carrying)
    for (const [i, packet] of [v4, v6].entries()) {
      const header = before[i];
      if (header === undefined) continue;
      const frame = concat(unhex(header), packet);
      const record = (octets: Uint8Array, originalLength = octets.length) => ({
        octets,
        originalLength,
        interface: { linkType },
      });
      const version = i === 0 ? 4 : 6;

      it(`of ${what}, version ${version}, without what pads the frame`, () => {
        for (const padding of ['', '00', '00'.repeat(30)]) {
          const octets = concat(frame, unhex(padding));
          expect(ipPacketOf(record(octets))).to.deep.equal({ kind: 'packet', version, octets: packet, missing: 0 });
        }
      });

      it(`of ${what}, version ${version}, as far as a snap length let it`, () => {
        const ipHeader = version === 4 ? 20 : 40;
        for (let missing = 1; missing < frame.length; missing++) {
          const cut = frame.subarray(0, frame.length - missing);
          const found = ipPacketOf(record(cut, frame.length));
          if (packet.length - missing >= ipHeader) {
            const octets = packet.subarray(0, packet.length - missing);
            expect(found).to.deep.equal({ kind: 'packet', version, octets, missing, missingFor: 'snap length' });
            expect(ipPacketOf(record(cut))).to.include({ missing, missingFor: 'packet' });
          } else if (found.kind !== 'other') expect(found).to.include({ kind: 'broken', isCut: true });
        }
      });
    }

  for (const [name, linkType, digits] of others)
    it(`is none in ${name}${linkType === 1 ? '' : ` of link type ${linkType}`}`, () => {
      const octets = unhex(digits);
      expect(ipPacketOf({ octets, originalLength: octets.length, interface: { linkType } })).to.deep.equal({
        kind: 'other',
        name,
      });
    });

  it('goes to the end of the record where its own length is zero: a jumbogram, or a segment not cut yet', () => {
    for (const [packet, at] of [
      [v4, 2],
      [v6, 4],
    ] as const) {
      const long = concat(packet, new Uint8Array(70_000));
      long.set([0, 0], at);
      const record = { octets: long, originalLength: long.length, interface: { linkType: 101 } };
      expect(ipPacketOf(record)).to.include({ kind: 'packet', missing: 0 });
      const cut = { ...record, octets: long.subarray(0, 100) };
      expect(ipPacketOf(cut)).to.include({ kind: 'packet', missing: long.length - 100, missingFor: 'snap length' });
    }
  });

  const broken: readonly (readonly [digits: string, says: string])[] = [
    ['', 'ip/version at octet 0: wanted 4 or 6, had nothing'],
    ['50', 'ip/version at octet 0: wanted 4 or 6, had 5'],
    ['44'.repeat(20), 'ip/headerLength at octet 0: wanted from 5 words on, had 4'],
    ['45', 'ip at octet 0: wanted 20 octets, had 1'],
    [`4f${'00'.repeat(30)}`, 'ip at octet 0: wanted 60 octets, had 31'],
    [`45000013${'00'.repeat(30)}`, 'ip/totalLength at octet 2: wanted at least 20, had 19'],
    [`60${'00'.repeat(38)}`, 'ip at octet 0: wanted 40 octets, had 39'],
  ];
  for (const [digits, says] of broken)
    it(`is broken: ${says}`, () => {
      const octets = unhex(digits);
      const found = ipPacketOf({ octets, originalLength: octets.length, interface: { linkType: 101 } });
      if (found.kind !== 'broken') throw new Error(found.kind);
      expect(found.fault.message).to.equal(says);
      expect(found.isCut).to.equal(false);
    });

  it('is found, named, or broken in whatever comes under any link type', () => {
    const linkTypes = fc.constantFrom(...carrying.map(([, linkType]) => linkType), 147);
    const headed = fc.constantFrom(...carrying.map(([, , before]) => unhex(before ?? '')), unhex(`${macs}8100`));
    fc.assert(
      fc.property(
        linkTypes,
        headed,
        fc.uint8Array({ maxLength: 90 }),
        fc.nat(40),
        (linkType, header, random, extra) => {
          const octets = concat(header, random);
          const found = ipPacketOf({ octets, originalLength: octets.length + extra, interface: { linkType } });
          if (found.kind !== 'packet') return;
          expect(hex(octets)).to.include(hex(found.octets));
          expect(found.octets[0]! >> 4).to.equal(found.version);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
