import { expect } from 'chai';
import fc from 'fast-check';
import { concat, fromText, hex, unhex } from '../../../reference/wire/octets.ts';
import { type CaptureItem, inWords } from './items.ts';
import { blocks, faultsOf, itemsIn, MICROSECONDS, NANOSECONDS, pcap, recordsOf } from './made-captures.test-support.ts';

const beef = unhex('beef');
const orders = [true, false] as const;
const named = (littleEndian: boolean): string => (littleEndian ? 'little-endian' : 'big-endian');

describe('the capture of a stranger', () => {
  describe('classic', () => {
    const [magicLittle, magicBig] = ['d4c3b2a1 0200 0400', 'a1b2c3d4 0002 0004'];
    const byHand: readonly (readonly [what: string, digits: string, nanoseconds: bigint])[] = [
      [
        'little-endian, in microseconds',
        `${magicLittle} 00000000 00000000 00000400 01000000  03000000 05000000 02000000 40000000 beef`,
        3_000_005_000n,
      ],
      [
        'big-endian, in microseconds',
        `${magicBig} 00000000 00000000 00040000 00000001  00000003 00000005 00000002 00000040 beef`,
        3_000_005_000n,
      ],
      [
        'little-endian, in nanoseconds',
        '4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000  03000000 05000000 02000000 40000000 beef',
        3_000_000_005n,
      ],
      [
        'big-endian, in nanoseconds',
        'a1b23c4d 0002 0004 00000000 00000000 00040000 00000001  00000003 00000005 00000002 00000040 beef',
        3_000_000_005n,
      ],
      [
        'of version 2.2, whose lengths stand the other way round',
        'a1b2c3d4 0002 0002 00000000 00000000 00040000 00000001  00000003 00000005 00000040 00000002 beef',
        3_000_005_000n,
      ],
      [
        'of version 2.3 with lengths the other way round',
        'a1b2c3d4 0002 0003 00000000 00000000 00040000 00000001  00000003 00000005 00000040 00000002 beef',
        3_000_005_000n,
      ],
      [
        'of version 2.3 with lengths in order',
        'a1b2c3d4 0002 0003 00000000 00000000 00040000 00000001  00000003 00000005 00000002 00000040 beef',
        3_000_005_000n,
      ],
      [
        'whose frames have a check sequence',
        'a1b2c3d4 0002 0004 00000000 00000000 00040000 24000001  00000003 00000005 00000002 00000040 beef',
        3_000_005_000n,
      ],
    ];
    for (const [what, digits, nanoseconds] of byHand)
      it(`${what}, however it comes`, () => {
        const octets = unhex(digits);
        for (const piece of [1, 7, octets.length]) {
          expect(itemsIn(octets, piece)).to.deep.equal([
            {
              kind: 'record',
              number: 1,
              at: 24,
              interface: { section: 1, id: 0, name: '', linkType: 1, snapLength: 0x40000 },
              nanoseconds,
              octets: beef,
              originalLength: 64,
              comments: [],
              dropped: undefined,
            },
          ]);
        }
      });

    it('comes back as it was written, in either order and resolution, with any link type', () => {
      const record = fc.record({
        seconds: fc.nat(0xffffffff),
        fraction: fc.nat(999_999),
        octets: fc.uint8Array({ maxLength: 90 }),
        extra: fc.nat(2000),
      });
      const file = fc.record({
        littleEndian: fc.boolean(),
        magic: fc.constantFrom(MICROSECONDS, NANOSECONDS),
        linkType: fc.nat(0xffff),
        records: fc.array(record, { maxLength: 12 }),
      });
      fc.assert(
        fc.property(file, fc.integer({ min: 1, max: 200 }), ({ records, ...about }, piece) => {
          const written = records.map(({ extra, ...rest }) => ({
            ...rest,
            originalLength: rest.octets.length + extra,
          }));
          const items = itemsIn(pcap({ ...about, records: written }), piece);
          const unit = about.magic === MICROSECONDS ? 1000n : 1n;
          expect(
            recordsOf(items).map((read) => [read.nanoseconds, hex(read.octets), read.originalLength]),
          ).to.deep.equal(
            written.map(({ seconds, fraction, octets, originalLength }) => [
              BigInt(seconds) * 1_000_000_000n + BigInt(fraction) * unit,
              hex(octets),
              originalLength,
            ]),
          );
          for (const [i, read] of recordsOf(items).entries()) {
            expect(read.number).to.equal(i + 1);
            expect(read.interface.linkType).to.equal(about.linkType);
          }
          expect(faultsOf(items)).to.deep.equal([]);
        }),
      );
    });

    const good = pcap({
      littleEndian: true,
      records: [1, 2, 3].map((seconds) => ({ seconds, fraction: 0, octets: beef })),
    });
    const damaged: readonly (readonly [what: string, octets: Uint8Array, records: number, says: string])[] = [
      [
        'nothing at all',
        new Uint8Array(),
        0,
        'magic number at octet 0: wanted a1b2c3d4 or a1b23c4d (pcap) or 0a0d0d0a (pcapng), had 0 octets; 0 octets could not be read',
      ],
      [
        'text',
        fromText('GET / HTTP/1.0'),
        0,
        'magic number at octet 0: wanted a1b2c3d4 or a1b23c4d (pcap) or 0a0d0d0a (pcapng), had 47455420; 14 octets could not be read',
      ],
      [
        'a file cut in its header',
        good.subarray(0, 20),
        0,
        'file header at octet 0: wanted 24 octets, had 20 until the end of the file; 20 octets could not be read',
      ],
      [
        'a file cut in the header of a record',
        good.subarray(0, 24 + 18 + 5),
        1,
        'record 2 at octet 42: wanted 16 octets, had 5 until the end of the file; 5 octets could not be read',
      ],
      [
        'a file cut in a record',
        good.subarray(0, 24 + 18 + 17),
        1,
        'record 2 at octet 42: wanted 18 octets, had 17 until the end of the file; 17 octets could not be read',
      ],
      [
        'a length beyond what anybody keeps',
        good.with(24 + 18 + 11, 0x80),
        1,
        'record 2 at octet 42: wanted a captured length of at most 262144, had 2147483650; 36 octets could not be read',
      ],
      ['another version', good.with(4, 3), 0, 'major version at octet 4: wanted 2, had 3; 78 octets could not be read'],
      [
        'reserved bits of the link type',
        good.with(22, 1),
        0,
        'link type at octet 20: wanted reserved bits of zero, had 0x00010001; 78 octets could not be read',
      ],
      [
        "Kuznetzov's pcap",
        concat(unhex('34cdb2a1'), good.subarray(4)),
        0,
        "magic number at octet 0: wanted a1b2c3d4 or a1b23c4d (pcap) or 0a0d0d0a (pcapng), had 34cdb2a1, Kuznetzov's modified pcap, whose record headers come in several forms; 78 octets could not be read",
      ],
      [
        'snoop',
        fromText('snoop\0\0\0'),
        0,
        'magic number at octet 0: wanted a1b2c3d4 or a1b23c4d (pcap) or 0a0d0d0a (pcapng), had 736e6f6f, snoop; 8 octets could not be read',
      ],
    ];
    for (const [what, octets, records, says] of damaged)
      it(`refuses ${what}, with what was wrong and how much is lost`, () => {
        for (const piece of [1, 13, octets.length || 1]) {
          const items = itemsIn(octets, piece);
          expect(recordsOf(items)).to.have.lengthOf(records);
          expect(faultsOf(items).map(inWords)).to.deep.equal([says]);
        }
      });
  });

  describe('pcapng', () => {
    it('of one section and one interface, octet by octet', () => {
      const digits =
        '0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000' +
        '01000000 14000000 0100 0000 60000000 14000000' +
        '06000000 24000000 00000000 01000000 02000000 02000000 40000000 beef0000 24000000';
      expect(itemsIn(unhex(digits))).to.deep.equal([
        {
          kind: 'record',
          number: 1,
          at: 48,
          interface: { section: 1, id: 0, name: '', linkType: 1, snapLength: 0x60 },
          nanoseconds: (2n ** 32n + 2n) * 1000n,
          octets: beef,
          originalLength: 64,
          comments: [],
          dropped: undefined,
        },
      ]);
    });

    const resolutions: readonly (readonly [octet: number | undefined, ticks: bigint, nanoseconds: bigint])[] = [
      [undefined, 1_700_000_000_123_456n, 1_700_000_000_123_456_000n],
      [6, 1_700_000_000_123_456n, 1_700_000_000_123_456_000n],
      [9, 1_700_000_000_123_456_789n, 1_700_000_000_123_456_789n],
      [3, 1_700_000_000_123n, 1_700_000_000_123_000_000n],
      [0, 1_700_000_000n, 1_700_000_000_000_000_000n],
      [12, 5_000_000_000_001_999n, 5_000_000_000_001n],
      [127, 2n ** 64n - 1n, 0n],
      [0x80, 7n, 7_000_000_000n],
      [0x8a, 1025n, 1_000_976_562n],
      [0xff, 2n ** 64n - 1n, 0n],
    ];
    for (const littleEndian of orders)
      for (const [octet, ticks, nanoseconds] of resolutions)
        for (const offset of [undefined, 1000n, -1000n])
          it(`${named(littleEndian)}, if_tsresol ${octet}, if_tsoffset ${offset}`, () => {
            const made = blocks(littleEndian);
            const options = [
              ...(octet === undefined ? [] : [made.resolution(octet)]),
              ...(offset === undefined ? [] : [made.offset(offset)]),
            ];
            const file = concat(
              made.section(),
              made.interface({}, ...options, made.end),
              made.enhanced(0, ticks, beef),
            );
            const [record] = recordsOf(itemsIn(file));
            expect(record!.nanoseconds).to.equal(nanoseconds + (offset ?? 0n) * 1_000_000_000n);
          });

    it('has sections in either order one after another, each with interfaces of its own', () => {
      const sections = [true, false, true].map((littleEndian, i) => {
        const made = blocks(littleEndian);
        return concat(
          made.section(),
          made.interface({ linkType: 100 + i }, made.name(`eth${i}`), made.end),
          made.interface({ linkType: 1 }, made.name('lo'), made.resolution(9), made.end),
          made.enhanced(1, 5n, beef),
          made.enhanced(0, 5n, beef),
        );
      });
      const records = recordsOf(itemsIn(concat(...sections), 5));
      expect(
        records.map(({ number, nanoseconds, interface: { section, id, name, linkType } }) => [
          number,
          section,
          id,
          name,
          linkType,
          nanoseconds,
        ]),
      ).to.deep.equal([
        [1, 1, 1, 'lo', 1, 5n],
        [2, 1, 0, 'eth0', 100, 5000n],
        [3, 2, 1, 'lo', 1, 5n],
        [4, 2, 0, 'eth1', 101, 5000n],
        [5, 3, 1, 'lo', 1, 5n],
        [6, 3, 0, 'eth2', 102, 5000n],
      ]);
    });

    for (const littleEndian of orders)
      it(`${named(littleEndian)}, has packets in blocks of three kinds, and blocks that hold none`, () => {
        const made = blocks(littleEndian);
        const secrets = fromText('CLIENT_RANDOM 00 00');
        const file = concat(
          made.section(made.option(1, fromText('of a section')), made.end),
          made.interface({ snapLength: 3 }),
          made.simple(unhex('010203'), 9),
          made.simple(unhex('0102')),
          made.obsolete(0, 7, 8n, unhex('04')),
          made.obsolete(0, 0xffff, 8n, unhex('05'), 100),
          made.enhanced(
            0,
            9n,
            unhex('06'),
            1,
            made.option(1, fromText('wörtlich')),
            made.option(4, made.u64(5n)),
            made.option(1, fromText('two')),
            made.end,
          ),
          made.block(10, made.u32(0x544c534b), made.u32(secrets.length), secrets),
          made.block(
            5,
            made.u32(0),
            made.u32(0),
            made.u32(0),
            made.option(4, made.u64(100n)),
            made.option(5, made.u64(3n)),
            made.option(7, made.u64(4n)),
            made.end,
          ),
          made.block(4, new Uint8Array(4)),
          made.block(0x0bad, made.u32(32473), fromText('custom')),
          made.block(0x40000bad, made.u32(32473)),
          made.block(0x0000beef, new Uint8Array(40)),
          made.enhanced(0, 10n, unhex('07')),
        );
        const items = itemsIn(file, 11);
        expect(
          recordsOf(items).map((read) => [
            read.number,
            hex(read.octets),
            read.originalLength,
            read.nanoseconds,
            read.dropped,
            read.comments,
          ]),
        ).to.deep.equal([
          [1, '010203', 9, undefined, undefined, []],
          [2, '0102', 2, undefined, undefined, []],
          [3, '04', 1, 8000n, 7n, []],
          [4, '05', 100, 8000n, undefined, []],
          [5, '06', 1, 9000n, 5n, ['wörtlich', 'two']],
          [6, '07', 1, 10_000n, undefined, []],
        ]);
        expect(items.filter(({ kind }) => kind !== 'record').map((item) => sketch(item))).to.deep.equal([
          'secrets TLS Key Log CLIENT_RANDOM 00 00',
          'statistics of 0: 100 received, 7 dropped',
          'passed Name Resolution Block, 16 octets',
          'passed Custom Block, 24 octets',
          'passed Custom Block that is not to be copied, 16 octets',
          'passed 48879, 52 octets',
        ]);
      });

    it('comes back as it was written, whatever the order, the resolution and the interface', () => {
      const packet = fc.record({
        id: fc.nat(2),
        ticks: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        octets: fc.uint8Array({ maxLength: 70 }),
        extra: fc.nat(2000),
        comments: fc.array(fc.string({ maxLength: 9 }), { maxLength: 2 }),
      });
      const section = fc.record({ littleEndian: fc.boolean(), packets: fc.array(packet, { maxLength: 8 }) });
      fc.assert(
        fc.property(
          fc.array(section, { minLength: 1, maxLength: 3 }),
          fc.integer({ min: 1, max: 300 }),
          (sections, piece) => {
            const file = sections.map(({ littleEndian, packets }) => {
              const made = blocks(littleEndian);
              const written = packets.map(({ id, ticks, octets, extra, comments }) =>
                made.enhanced(
                  id,
                  ticks,
                  octets,
                  octets.length + extra,
                  ...comments.map((text) => made.option(1, fromText(text))),
                ),
              );
              return concat(
                made.section(),
                ...[6, 9, 3].map((digits) => made.interface({}, made.resolution(digits))),
                ...written,
              );
            });
            const items = itemsIn(concat(...file), piece);
            expect(faultsOf(items)).to.deep.equal([]);
            const units = [1000n, 1n, 1_000_000n];
            expect(
              recordsOf(items).map((read) => [
                read.interface.section,
                read.interface.id,
                read.nanoseconds,
                hex(read.octets),
                read.originalLength,
                read.comments,
              ]),
            ).to.deep.equal(
              sections.flatMap(({ packets }, i) =>
                packets.map(({ id, ticks, octets, extra, comments }) => [
                  i + 1,
                  id,
                  ticks * units[id]!,
                  hex(octets),
                  octets.length + extra,
                  comments,
                ]),
              ),
            );
          },
        ),
      );
    });
  });
});

/** Octets and numbers in one line. */
function sketch(item: CaptureItem): string {
  switch (item.kind) {
    case 'secrets':
      return `secrets ${item.name} ${new TextDecoder().decode(item.octets)}`;
    case 'statistics':
      return `statistics of ${item.interface.id}: ${item.received} received, ${item.dropped} dropped`;
    case 'passed':
      return `passed ${item.name ?? item.type}, ${item.octets} octets`;
    default:
      return item.kind;
  }
}
