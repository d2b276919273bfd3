import { expect } from 'chai';
import fc from 'fast-check';
import { concat, unhex } from '../../../reference/wire/octets.ts';
import { MOST_BLOCK } from './block-extent.ts';
import { CaptureParser } from './capture-items.ts';
import type { CaptureExtent } from './capture-window.ts';
import { type CaptureItem, inWords } from './items.ts';
import { blocks, faultsOf, itemsIn, pcap, recordsOf } from './made-captures.test-support.ts';
import { MOST_CAPTURED } from './pcap-items.ts';

const packets = [0, 1, 2, 3, 4].map((i) => new Uint8Array(20 + i).fill(0x10 + i));

for (const littleEndian of [true, false]) {
  const made = blocks(littleEndian);
  const parts = [
    made.section(),
    made.interface({}, made.name('eth0'), made.end),
    ...packets.slice(0, 3).map((octets, i) => made.enhanced(0, BigInt(i), octets)),
    made.interface({ linkType: 101 }),
    ...packets.slice(3).map((octets, i) => made.enhanced(1, BigInt(i), octets)),
  ];
  const good = concat(...parts);
  const at = (part: number): number => parts.slice(0, part).reduce((sum, { length }) => sum + length, 0);
  const numbersIn = (items: readonly CaptureItem[]) => recordsOf(items).map(({ octets }) => octets[0]! - 0x10);
  /** With the number at an offset of a part replaced. */
  const spoilt = (part: number, offset: number, number: number): Uint8Array => {
    const octets = good.slice();
    octets.set(made.u32(number), at(part) + offset);
    return octets;
  };

  describe(`a damaged pcapng, ${littleEndian ? 'little' : 'big'}-endian`, () => {
    const second = 3;
    const length = parts[second]!.length;
    const rows: readonly (readonly [what: string, octets: Uint8Array, records: number[], says: string[]])[] = [
      [
        'a trailing length',
        spoilt(second, length - 4, 99),
        [0, 1, 2, 3, 4],
        [
          `trailing block length at octet ${at(second) + length - 4}: wanted ${length} as at its start, had 99; read on at octet ${at(second + 1)}, 0 octets lost`,
        ],
      ],
      [
        'a leading length that is none',
        spoilt(second, 4, 7),
        [0, 1, 2, 3, 4],
        [
          `block length at octet ${at(second) + 4}: wanted a multiple of 4 from 12 to 16777216, had 7; read on at octet ${at(second + 1)}, 0 octets lost`,
        ],
      ],
      [
        'a leading length without bound',
        spoilt(second, 4, 0xfffffffc),
        [0, 1, 2, 3, 4],
        [
          `block length at octet ${at(second) + 4}: wanted a multiple of 4 from 12 to 16777216, had 4294967292; read on at octet ${at(second + 1)}, 0 octets lost`,
        ],
      ],
      [
        'a leading length beyond the file',
        spoilt(second, 4, 100_000),
        [0, 1, 2, 3, 4],
        [
          `block at octet ${at(second)}: wanted 100000 octets, had ${good.length - at(second)} until the end of the file; read on at octet ${at(second + 1)}, 0 octets lost`,
        ],
      ],
      [
        'a leading length that is too short',
        spoilt(second, 4, 24),
        [0, 1, 2, 3, 4],
        [
          `trailing block length at octet ${at(second) + 20}: wanted 24 as at its start, had ${littleEndian ? 21 : 21}; read on at octet ${at(second + 1)}, 0 octets lost`,
        ],
      ],
      [
        'both lengths',
        (() => {
          const octets = spoilt(second, 4, 0);
          octets.set(made.u32(1), at(second) + length - 4);
          return octets;
        })(),
        [0, 2, 3, 4],
        [
          `block length at octet ${at(second) + 4}: wanted a multiple of 4 from 12 to 16777216, had 0; read on at octet ${at(second + 1)}, ${length} octets lost`,
        ],
      ],
      [
        'octets that were left out',
        concat(good.subarray(0, at(second) + 9), good.subarray(at(second) + 20)),
        [0, 2, 3, 4],
        [
          `trailing block length at octet ${at(second) + length - 4}: wanted ${length} as at its start, had ${trailingAfter(11)}; read on at octet ${at(second + 1) - 11}, ${length - 11} octets lost`,
        ],
      ],
      [
        'octets that came between',
        concat(good.subarray(0, at(second)), unhex('00'.repeat(13)), good.subarray(at(second))),
        [0, 1, 2, 3, 4],
        [
          `block length at octet ${at(second) + 4}: wanted a multiple of 4 from 12 to 16777216, had 0; read on at octet ${at(second) + 13}, 13 octets lost`,
        ],
      ],
      [
        'a captured length',
        spoilt(second, 20, 5000),
        [0, 2, 3, 4],
        [
          `captured length at octet ${at(second) + 20}: wanted at most ${length - 32}, had 5000; read on at octet ${at(second + 1)}, ${length} octets lost`,
        ],
      ],
      [
        'an interface that nobody described',
        spoilt(second, 8, 9),
        [0, 2, 3, 4],
        [
          `interface at octet ${at(second) + 8}: wanted one of the 1 described before, had 9; read on at octet ${at(second + 1)}, ${length} octets lost`,
        ],
      ],
      [
        'the end',
        good.subarray(0, good.length - 5),
        [0, 1, 2, 3],
        [
          `block at octet ${at(7)}: wanted ${parts[7]!.length} octets, had ${parts[7]!.length - 5} until the end of the file; ${parts[7]!.length - 5} octets could not be read`,
        ],
      ],
      [
        'the end, within a type',
        good.subarray(0, at(7) + 3),
        [0, 1, 2, 3],
        [`block at octet ${at(7)}: wanted 12 octets, had 3 until the end of the file; 3 octets could not be read`],
      ],
      [
        'the byte order of the section',
        spoilt(0, 8, 0),
        [],
        [
          `byte-order magic at octet 8: wanted 1a2b3c4d in either order, had 00000000; ${good.length} octets could not be read`,
        ],
      ],
    ];
    for (const [what, octets, records, says] of rows)
      it(`says what is wrong with ${what}, and reads what is left`, () => {
        for (const piece of [1, 17, octets.length]) {
          const items = itemsIn(octets, piece);
          expect(faultsOf(items).map(inWords), `in pieces of ${piece}`).to.deep.equal(says);
          expect(numbersIn(items)).to.deep.equal(records);
        }
      });

    it('goes on with the next section behind one that cannot be read', () => {
      const broken = good.slice();
      broken.set(made.u16(2), 12);
      const items = itemsIn(concat(broken, good), 9);
      expect(faultsOf(items).map(inWords)).to.deep.equal([
        `major version at octet 12: wanted 1, had 2; read on at octet ${good.length}, ${good.length} octets lost`,
      ]);
      expect(numbersIn(items)).to.deep.equal([0, 1, 2, 3, 4]);
    });

    it('gives an interface that cannot be read its number, and no record', () => {
      const file = concat(
        made.section(),
        made.block(1, made.u32(1)),
        made.interface({ linkType: 101 }),
        made.enhanced(0, 1n, packets[0]!),
        made.enhanced(1, 1n, packets[1]!),
      );
      const items = itemsIn(file);
      expect(recordsOf(items).map((read) => [read.interface.id, read.interface.linkType])).to.deep.equal([[1, 101]]);
      expect(faultsOf(items).map(({ where, wanted }) => `${where}: ${wanted}`)).to.deep.equal([
        'Interface Description Block: 8 octets',
        'interface: one whose block could be read',
      ]);
    });

    it('keeps a packet whose options are damaged, and says that they are', () => {
      const options = [made.option(1, unhex('61')), made.u16(1), made.u16(500)];
      const items = itemsIn(
        concat(made.section(), made.interface(), made.enhanced(0, 1n, packets[0]!, 20, ...options)),
      );
      expect(recordsOf(items).map(({ comments }) => comments)).to.deep.equal([['a']]);
      expect(faultsOf(items)).to.have.lengthOf(1);
      expect(inWords(faultsOf(items)[0]!)).to.match(
        /^option length at octet \d+: wanted at most 0, had 500; read on at octet \d+, 4 octets lost$/,
      );
    });

    it('with any octet of a length flipped still gives every record', () => {
      for (const part of [2, 3, 4, 6, 7])
        for (const end of [4, parts[part]!.length - 4])
          for (let octet = 0; octet < 4; octet++)
            for (const change of [0x01, 0x04, 0x80, 0xff]) {
              const place = at(part) + end + octet;
              const items = itemsIn(good.with(place, good[place]! ^ change), 64);
              expect(numbersIn(items), `octet ${place} ^ ${change}`).to.deep.equal([0, 1, 2, 3, 4]);
              expect(faultsOf(items)).to.have.lengthOf(1);
            }
    });

    /** What stands where the trailing length was, when octets before it are missing. */
    function trailingAfter(missing: number): number {
      const shifted = concat(good.subarray(0, at(second) + 9), good.subarray(at(second) + 9 + missing));
      return new DataView(shifted.buffer).getUint32(at(second) + length - 4, littleEndian);
    }
  });
}

describe('whatever octets come', () => {
  const classic = pcap({
    littleEndian: false,
    records: packets.map((octets) => ({ seconds: 1, fraction: 2, octets })),
  });
  const made = blocks(true);
  const secrets = made.block(10, made.u32(1), made.u32(4), unhex('01020304'));
  const counts = made.block(5, made.u32(0), made.u32(0), made.u32(0), made.option(4, made.u64(1n)), made.end);
  const bare = concat(
    made.section(),
    made.interface({}, made.name('lo'), made.resolution(9), made.end),
    secrets,
    counts,
  );
  const modern = concat(
    bare,
    ...packets.map((octets) => made.enhanced(0, 1n, octets, 90, made.option(1, octets), made.end)),
    made.simple(packets[0]!),
  );

  for (const [name, good] of [
    ['pcap', classic],
    ['pcapng', modern],
  ] as const) {
    it(`a ${name} cut anywhere gives records that are its first, and a fault unless it was cut between two`, () => {
      const whole = recordsOf(itemsIn(good));
      for (let length = 0; length < good.length; length++) {
        const items = itemsIn(good.subarray(0, length), 50);
        const records = recordsOf(items);
        expect(records).to.deep.equal(whole.slice(0, records.length));
        accountsFor(items, length);
      }
    });

    it(`a ${name} with any octet changed ends in items, in the order of the file, none of them beyond it`, () => {
      for (let place = 0; place < good.length; place++)
        for (const change of [0x01, 0x80, 0xff]) endsWell(good.with(place, good[place]! ^ change));
    });

    it(`a ${name} with octets changed, left out and put between does, too`, () => {
      const edit = fc.tuple(fc.nat(good.length), fc.nat(6), fc.uint8Array({ maxLength: 6 }));
      fc.assert(
        fc.property(
          fc.array(edit, { minLength: 1, maxLength: 6 }),
          fc.integer({ min: 1, max: 400 }),
          (edits, piece) => {
            let octets = good;
            for (const [at, leaves, puts] of edits)
              octets = concat(octets.subarray(0, at), puts, octets.subarray(at + leaves));
            endsWell(octets, piece);
          },
        ),
        { numRuns: 400 },
      );
    });
  }

  it('random ones behind a good beginning do', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(classic.subarray(0, 24), bare),
        fc.uint8Array({ maxLength: 400 }),
        (beginning, random) => {
          endsWell(concat(beginning, random), 100);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('a block of nothing but options ends at as many as are held, and so does no other', () => {
    const options = new Uint8Array(4 * 200_000);
    for (let at = 0; at < options.length; at += 4) options[at] = 1;
    const file = concat(bare, made.enhanced(0, 1n, packets[0]!, 20, options), made.enhanced(0, 2n, packets[1]!));
    const items = itemsIn(file);
    expect(recordsOf(items).map(({ comments }) => comments.length)).to.deep.equal([2 ** 17, 0]);
    expect(faultsOf(items).map(({ where, wanted }) => `${where}: ${wanted}`)).to.deep.equal([
      'option: at most 131072 in a block',
    ]);
  });

  it('memory is bounded by what a record or a block may be, whatever lengths are claimed', () => {
    const endless = (beginning: Uint8Array, piece: Uint8Array, pieces: number, extent: CaptureExtent = 'finite') => {
      const parser = new CaptureParser(extent);
      takeAll(parser, beginning);
      let most = 0;
      for (let i = 0; i < pieces; i++) {
        takeAll(parser, piece);
        most = Math.max(most, heldBy(parser));
      }
      return most;
    };
    const zeros = new Uint8Array(2 ** 18);
    const claims = concat(made.u32(1), made.u32(0), made.u32(0x7fffffff), made.u32(0x7fffffff));
    expect(endless(concat(pcap({ littleEndian: true, records: [] }), claims), zeros, 150)).to.be.at.most(
      2 * MOST_CAPTURED + 2 ** 20,
    );
    expect(endless(unhex('79'.repeat(8)), zeros, 150, 'open'), 'given up').to.be.at.most(2 ** 21);
    for (const length of [0x7ffffffc, MOST_BLOCK, 0]) {
      const block = concat(bare, made.u32(6), made.u32(length));
      expect(endless(block, zeros, 150), `a block of ${length}`).to.be.at.most(2 * (MOST_BLOCK + 2 ** 20));
    }
    const each = concat(made.u32(6), made.u32(MOST_BLOCK));
    const hungry = new Uint8Array(2 ** 18);
    for (let at = 0; at < hungry.length; at += each.length) hungry.set(each, at);
    expect(endless(bare, hungry, 120)).to.be.at.most(4 * MOST_BLOCK);
  });
});

function endsWell(octets: Uint8Array, piece = 64): void {
  const items = itemsIn(octets, piece);
  let before = -1;
  for (const item of items) {
    if (item.kind === 'fault') {
      expect(item.lost).to.be.within(0, octets.length);
      if (item.resumes !== undefined) expect(item.resumes).to.be.at.most(octets.length);
      continue;
    }
    expect(item.at).to.be.greaterThan(before);
    before = item.at;
    if (item.kind === 'record') expect(item.at + item.octets.length).to.be.at.most(octets.length);
  }
  expect(itemsIn(octets, octets.length || 1)).to.deep.equal(items);
}

/** Every octet of a file of so many is read, or said to be lost. (Cut off, a block may end in four octets that look like its trailing length.) */
function accountsFor(items: readonly CaptureItem[], length: number): void {
  const faults = faultsOf(items);
  if (faults.length === 0) return;
  expect(items.at(-1)).to.equal(faults.at(-1));
  const { at, lost, resumes } = faults.at(-1)!;
  expect(resumes ?? at + lost!).to.be.at.least(length);
}

/** Some thousand items at a time, however many there are. */
function takeAll(parser: CaptureParser, piece: Uint8Array): void {
  for (const items of parser.take(piece)) expect(items.length).to.be.at.most(8192);
}

/** Octets of the room that a parser has. */
function heldBy(parser: CaptureParser): number {
  return (parser as unknown as { readonly window: { readonly octets: Uint8Array } }).window.octets.length;
}
