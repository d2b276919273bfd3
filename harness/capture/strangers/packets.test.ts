import { expect } from 'chai';
import { ipPacket } from '../../../reference/wire/ip/packet.ts';
import { concat, unhex } from '../../../reference/wire/octets.ts';
import type { CaptureItem, StrangerRecord } from './items.ts';
import { StrangerPackets } from './packets.ts';

const MILLISECOND = 1_000_000n;

describe('the packets of a stranger', () => {
  const rows: readonly (readonly [
    what: string,
    one: Uint8Array,
    other: Uint8Array,
    apart: bigint,
    is: 'copy' | 'forwarded' | 'another',
  ])[] = [
    ['the same', espIn4(), espIn4(), 0n, 'copy'],
    ['the same, a little later', espIn4(), espIn4(), 2n * MILLISECOND, 'copy'],
    ['the same, on a clock that is behind', espIn4(), espIn4(), -2n * MILLISECOND, 'copy'],
    ['the same, later than a capture of it can be', espIn4(), espIn4(), 11n * MILLISECOND, 'another'],
    ['of another sequence number', espIn4(), espIn4({ sequence: 2 }), 0n, 'another'],
    ['of another identification', espIn4(), espIn4({ identification: 8 }), 0n, 'another'],
    ['of another source', espIn4(), espIn4({ source: '192.0.2.9' }), 0n, 'another'],
    ['of another length', espIn4(), espIn4({ length: 99 }), 0n, 'another'],
    ['other in its middle', espIn4(), espIn4().with(70, 1), 0n, 'another'],
    ['one hop further', espIn4(), espIn4({ hops: 63 }), 0n, 'forwarded'],
    ['one hop before', espIn4({ hops: 63 }), espIn4(), 0n, 'forwarded'],
    ['the same, of version 6', espIn6(), espIn6(), 0n, 'copy'],
    ['one hop further, of version 6', espIn6(), espIn6({ hops: 63 }), 0n, 'forwarded'],
    ['of another flow, of version 6', espIn6(), espIn6().with(3, 1), 0n, 'another'],
    ['of the other version', espIn4(), espIn6(), 0n, 'another'],
  ];
  for (const [what, one, other, apart, is] of rows)
    it(`${what}: ${is}`, () => {
      const packets = new StrangerPackets();
      expect(packets.take(record(1, one, 1000n * MILLISECOND))?.record.number).to.equal(1);
      expect(packets.take(record(2, other, 1000n * MILLISECOND + apart)) === undefined).to.equal(is !== 'another');
      const { copies, forwarded, packets: counted, records } = packets.count;
      expect({ copies, forwarded, counted, records }).to.deep.equal({
        copies: is === 'another' ? 0 : 1,
        forwarded: is === 'forwarded' ? 1 : 0,
        counted: is === 'another' ? 2 : 1,
        records: 2,
      });
    });

  it('are one under different link layers', () => {
    const packets = new StrangerPackets();
    const packet = espIn4();
    const cooked = concat(unhex('0000 0001 0006 0200000000010000 0800'), packet);
    const tagged = concat(unhex('020000000002 020000000001 8100 0001 0800'), packet, unhex('0000'));
    packets.take(record(1, packet));
    packets.take(record(2, cooked, 1n, 113));
    packets.take(record(3, tagged, 1n, 1));
    expect(packets.count).to.include({ records: 3, packets: 1, copies: 2, forwarded: 0 });
  });

  it('are copies only right behind each other where the capture has no times', () => {
    for (const nanoseconds of [0n, undefined]) {
      const packets = new StrangerPackets();
      const taken = [espIn4(), espIn4(), espIn4({ sequence: 2 }), espIn4({ sequence: 3 }), espIn4()].map(
        (octets, i) => packets.take({ ...record(i + 1, octets), nanoseconds }) !== undefined,
      );
      expect(taken).to.deep.equal([true, false, true, true, true]);
    }
  });

  it('are held only so many, so far back, whatever they are', () => {
    const packets = new StrangerPackets();
    for (let number = 1; number <= 10_000; number++) packets.take(record(number, espIn4({ sequence: number })));
    expect(packets.take(record(10_001, espIn4({ sequence: 9000 })))).to.equal(undefined);
    expect(packets.take(record(10_002, espIn4({ sequence: 100 })))).not.to.equal(undefined);
    const spread = new StrangerPackets();
    spread.take({ ...record(1, espIn4()), at: 0 });
    spread.take({ ...record(2, espIn4({ sequence: 2 })), at: 2 ** 24 });
    expect(spread.take({ ...record(3, espIn4()), at: 2 ** 24 + 100 })).not.to.equal(undefined);
  });

  it('of one key by design take time in proportion', () => {
    const packets = new StrangerPackets();
    const alike = (i: number): Uint8Array => {
      const octets = espIn4({ length: 200 });
      octets.set([i >> 16, i >> 8, i], 100);
      return octets;
    };
    const began = performance.now();
    for (let i = 0; i < 20_000; i++) packets.take(record(i + 1, alike(i)));
    expect(packets.count).to.include({ packets: 20_000, copies: 0 });
    expect(performance.now() - began).to.be.lessThan(5000);
  });

  it('come with a count of everything else, in words', () => {
    const packets = new StrangerPackets();
    const arp = unhex('020000000002 020000000001 0806 0001080006040001 020000000001 c0000201 000000000000 c0000202');
    const fault = { kind: 'fault', where: 'record 9', at: 900, wanted: '16 octets', had: '3' } as const;
    const captured = { section: 1, id: 0, name: 'eth0', linkType: 1, snapLength: 0 };
    const items: CaptureItem[] = [
      record(1, espIn4()),
      record(2, espIn4(), 0n),
      record(3, arp, 1n, 1),
      record(4, arp, 1n, 1),
      record(5, unhex('45')),
      { ...record(6, espIn4({ sequence: 2 }).subarray(0, 60)), originalLength: 120 },
      record(7, espIn4({ sequence: 3 }).subarray(0, 60)),
      { ...record(8, arp, 1n, 147), dropped: 2n },
      { kind: 'passed', at: 1, type: 4, name: 'Name Resolution Block', octets: 20 },
      { kind: 'passed', at: 1, type: 99, octets: 20 },
      { kind: 'statistics', at: 1, interface: captured, dropped: 3n },
      { kind: 'statistics', at: 1, interface: captured, received: 9n, dropped: 5n },
      { kind: 'statistics', at: 1, interface: { ...captured, id: 1 }, dropped: 6n },
      { kind: 'secrets', at: 1, type: 1, octets: unhex('00') },
      { ...fault, lost: 3 },
      ...Array.from({ length: 120 }, () => fault),
    ];
    const taken = items.map((item) => packets.take(item)).filter((packet) => packet !== undefined);
    expect(taken.map(({ record: { number } }) => number)).to.deep.equal([1, 6, 7]);
    expect(packets.secrets).to.have.lengthOf(1);
    const lines = packets.remarks();
    expect(lines[0]).to.equal('record 9 at octet 900: wanted 16 octets, had 3; 3 octets could not be read');
    expect(lines.slice(100)).to.deep.equal([
      '1 records are copies of packets in others, 0 of them forwarded',
      '1 packets were cut when they were captured',
      '1 packets are shorter than they say',
      '1 records have headers that cannot be read',
      '2 ARP',
      '1 link type 147',
      '1 Name Resolution Block',
      '1 block of type 99',
      '11 packets never came into the capture, as it says itself',
      '21 more faults',
    ]);
  });

  it('have a bound on the kinds that are counted by name', () => {
    const packets = new StrangerPackets();
    for (let type = 0; type < 1000; type++) packets.take({ kind: 'passed', at: type, type: 100 + type, octets: 12 });
    expect(packets.count.others.size).to.equal(65);
    expect(packets.count.others.get('of further kinds')).to.equal(936);
  });
});

function record(
  number: number,
  octets: Uint8Array,
  nanoseconds: bigint | undefined = 1n,
  linkType = 101,
): StrangerRecord {
  const captured = { section: 1, id: 0, name: '', linkType, snapLength: 0 };
  return {
    kind: 'record',
    number,
    at: 100 * number,
    interface: captured,
    nanoseconds,
    octets,
    originalLength: octets.length,
    comments: [],
    dropped: undefined,
  };
}

function espIn4({ sequence = 1, identification = 7, source = '192.0.2.1', hops = 64, length = 100 } = {}): Uint8Array {
  const payload = esp(sequence, length);
  return ipPacket.encode({
    version: 4,
    source,
    destination: '192.0.2.2',
    identification,
    timeToLive: hops,
    protocol: 50,
    payload,
  });
}

function espIn6({ sequence = 1, hops = 64, length = 100 } = {}): Uint8Array {
  const payload = esp(sequence, length);
  return ipPacket.encode({
    version: 6,
    source: '2001:db8::1',
    destination: '2001:db8::2',
    hopLimit: hops,
    extensions: [],
    protocol: 50,
    payload,
  });
}

function esp(sequence: number, length: number): Uint8Array {
  const octets = new Uint8Array(length).fill(0xaa);
  new DataView(octets.buffer).setUint32(0, 0x1000);
  new DataView(octets.buffer).setUint32(4, sequence);
  return octets;
}
