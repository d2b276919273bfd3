/** Opening frames with whatever keys there are: numbers that carry over, SPIs that stand for two SAs, pieces, and frames and keys nobody could have meant. */
import { expect } from 'chai';
import { fragmented } from '../../reference/host/fragments.ts';
import { espKeys, espTrailer, sealEspPayload } from '../../reference/ipsec/esp.ts';
import { ethernetFrame } from '../../reference/wire/ethernet.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import { concat, equal, unhex } from '../../reference/wire/octets.ts';
import type { Entry, FrameEntry, KeyRecord, Transcript } from '../capture/transcript.ts';
import { nutAddresses, places } from '../lab/topologies.ts';
import { keyedGateways, keyedHosts } from '../vocabulary/keying.ts';
import { encoded, udpPacket } from '../vocabulary/packets.ts';
import { type PairOptions, transportPair, tunnelPair } from '../vocabulary/pairs.ts';
import { ahSuites, espSuites } from '../vocabulary/transforms.ts';
import { Account } from './account.ts';
import type { OpenedFrame } from './opened-frame.ts';
import { OpenedLog } from './opened-log.ts';
import { changed, framesOf, played } from './played.test-support.ts';

const hosts = (keying: PairOptions = {}) => keyedHosts('manual', 'ipv4', [transportPair('pair', 'ipv4', keying)]);

const opened = (transcript: Transcript, frames = framesOf(transcript)): readonly OpenedFrame[] => {
  const log = new OpenedLog(transcript);
  return frames.map((frame) => log.frame(frame)!);
};
const espStates = (frames: readonly OpenedFrame[]): readonly string[] =>
  frames.flatMap(({ esp }) => esp.map(({ state }) => state));

describe('opening ESP', () => {
  for (const [what, given, orders] of [
    ['SAs that start below the carry', hosts({ extendedSequenceNumbers: true, sequenceNumber: 2n ** 32n - 2n }), []],
    [
      'SAs with a high half of their own',
      hosts({ extendedSequenceNumbers: true, sequenceNumber: 7n * 2n ** 32n - 2n }),
      [],
    ],
    [
      'SAs without a configured number',
      hosts({ extendedSequenceNumbers: true }),
      [1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 32n + 1n],
    ],
    ['orders that jump', hosts({ extendedSequenceNumbers: true }), [1n, 9n * 2n ** 32n - 1n]],
    [
      'an AEAD',
      hosts({ extendedSequenceNumbers: true, sequenceNumber: 2n ** 32n - 2n, suite: espSuites['aes-gcm'] }),
      [],
    ],
  ] as const) {
    it(`finds the upper half of extended sequence numbers: ${what}`, async () => {
      const transcript = await played(given, async ({ tn, nut }) => {
        for (const sequenceNumber of orders) await tn.esp(`order ${sequenceNumber}`, { sequenceNumber });
        for (const n of [1, 2, 3]) await tn.echo(`echo ${n}`);
        for (const n of [1, 2, 3]) await nut.echo(`nut echo ${n}`);
      });
      const states = espStates(opened(transcript));
      expect(states.length).to.be.at.least(6 + orders.length);
      expect(states.filter((state) => state !== 'opened')).to.deep.equal([]);
    });
  }

  for (const family of ['ipv4', 'ipv6'] as const) {
    it(`takes nothing for clear that is behind AH, whether or not it has the key: ${family}`, async () => {
      const pairs = [transportPair('pair', family, { suite: ahSuites['ah-sha256'] })];
      const transcript = await played(keyedHosts('manual', family, pairs), async ({ tn }) => tn.echo('asked'));
      const keyless = { ...transcript, entries: transcript.entries.filter(({ kind }) => kind !== 'keys') };
      const [account, blind] = [new Account(transcript), new Account(keyless)];
      expect([account.sentUnder('asked', 'esp') !== undefined, account.sentUnder('asked', 'clear')]).to.deep.equal([
        true,
        undefined,
      ]);
      expect([blind.sentUnder('asked', 'esp'), blind.sentUnder('asked', 'clear')]).to.deep.equal([
        undefined,
        undefined,
      ]);
    });
  }

  it('tells two SAs of one SPI apart by their ICVs', async () => {
    const one = await played(hosts(), async ({ tn }) => tn.echo('one'));
    const other = await played(hosts({ suite: espSuites['aes-gcm'] }), async ({ tn }) => tn.echo('other'));
    const unprotected = changed(one, (entry) =>
      entry.kind === 'keys' && entry.record.kind === 'esp'
        ? { ...entry, record: { ...without(entry.record), encryption: { id: 11, key: '' } } }
        : undefined,
    );
    const both = merged(unprotected, one, other);
    expect(espStates(opened(both)).filter((state) => state === 'opened')).to.have.lengthOf(4);
    expect(new Account(both).answered('one')).not.to.equal(undefined);
    expect(new Account(both).answered('other')).not.to.equal(undefined);
  });

  it('is not kept from one SA by records of others that it cannot use', async () => {
    const transcript = await played(hosts(), async ({ tn }) => tn.echo('echo'));
    const good = keysOf(transcript)[0]!;
    const useless: KeyRecord[] = [
      { ...good, encryption: { id: 4711, key: '00' } },
      { ...good, encryption: { ...good.encryption, keyLength: 7 } },
      { ...good, encryption: { ...good.encryption, key: 'no hex' } },
      { ...good, encryption: { ...good.encryption, key: '' } },
      { ...good, integrity: { id: 4711, key: '00' } },
      { ...good, integrity: { ...good.integrity!, key: 'odd' } },
      { ...ikeRecord, encryption: { id: 4711 } },
    ];
    expect(new Account(withKeys(transcript, useless)).answered('echo')).not.to.equal(undefined);
    const only = changed(transcript, (entry) => (entry.kind === 'keys' ? undefined : entry));
    expect(espStates(opened(withKeys(only, useless)))).to.deep.equal(['no-key', 'no-key']);
  });

  it('opens again what came before its keys', async () => {
    const transcript = await played(hosts(), async ({ tn }) => tn.echo('echo'));
    const entries: Entry[] = transcript.entries.filter(({ kind }) => kind !== 'keys');
    const growing = { ...transcript, entries };
    const account = new Account(growing);
    expect(account.answered('echo')).to.equal(undefined);
    entries.push(...transcript.entries.filter(({ kind }) => kind === 'keys'));
    expect(account.answered('echo')).not.to.equal(undefined);
  });
});

describe('opening pieces', () => {
  const datagram = (octet: number) => new Uint8Array(200).fill(octet);
  const ends = { from: places.home.ipv4, to: nutAddresses.ipv4, sourcePort: 40_001, destinationPort: 7_777 };
  const pieces = (payload: Uint8Array, identification = 99) =>
    fragmented(ipPacket.decode(udpPacket({ ...ends, payload })).value, 100, identification);
  const one = pieces(datagram(1));
  const two = pieces(datagram(2));

  const wholes = (transcript: Transcript, frames = framesOf(transcript)) =>
    opened(transcript, frames).flatMap(({ packets }) =>
      packets.filter(({ range }) => range.buffer === 'reassembled').map(({ packet }) => packet.payload[8]),
    );

  it('puts them together across frames, in whatever order the frames are asked for', () => {
    const transcript = framed(one.map((piece) => ({ piece, time: 1 })));
    expect(one).to.have.lengthOf(3);
    expect(wholes(transcript)).to.deep.equal([1]);
    expect(wholes(transcript, [...framesOf(transcript)].reverse())).to.deep.equal([1]);
    expect(wholes(framed([...one].reverse().map((piece) => ({ piece, time: 1 }))))).to.deep.equal([1]);
  });

  it('keeps two packets of one identification apart that came at different times', () => {
    const whole = [...one.map((piece) => ({ piece, time: 1 })), ...two.map((piece) => ({ piece, time: 2 }))];
    expect(wholes(framed(whole)), 'both whole').to.deep.equal([1, 2]);
    const broken = [{ piece: one[0]!, time: 1 }, ...two.map((piece) => ({ piece, time: 61_000 }))];
    expect(wholes(framed(broken)), 'the first never became whole').to.deep.equal([2]);
    expect(
      wholes(framed(broken.map(({ piece }) => ({ piece, time: 1 })))),
      'the later octets stand (RFC 791 3.2)',
    ).to.deep.equal([2]);
  });

  it('takes no piece of another sender, link or protocol', () => {
    const [first, ...rest] = one.map((piece) => ({ piece, time: 1 }));
    expect(wholes(framed([{ ...first!, from: 'nut' }, ...rest]))).to.deep.equal([]);
    expect(wholes(framed([{ ...first!, link: 'away' }, ...rest]))).to.deep.equal([]);
    const [start, ...others] = one;
    const foreign = { ...start!, protocol: 1, headerChecksum: undefined } as unknown as IpPacket;
    expect(wholes(framed([foreign, ...others].map((piece) => ({ piece, time: 1 }))))).to.deep.equal([]);
  });

  it('puts together what was cut before it was sealed, each piece in an ESP packet of its own', async () => {
    const given = keyedGateways('manual', { inner: 'ipv4', outer: 'ipv4' }, [
      tunnelPair('pair', { inner: 'ipv4', outer: 'ipv4' }),
    ]);
    const inside = { ...ends, from: given.ends.tn!, to: given.ends.nut! };
    const cut = (octet: number) =>
      fragmented(ipPacket.decode(udpPacket({ ...inside, payload: datagram(octet) })).value, 100, 99);
    const transcript = await played(given, async ({ tn }) => {
      for (const octet of [1, 2])
        for (const [n, piece] of cut(octet).entries())
          await tn.esp(`piece ${octet} ${n}`, { carries: ipPacket.encode(piece), awaited: false });
      await tn.echo('after');
    });
    const fromTn = framesOf(transcript, 'tn');
    expect(wholes(transcript, fromTn)).to.deep.equal([1, 2]);
    expect(wholes(transcript, [...fromTn].reverse())).to.deep.equal([2, 1]);
  });

  it('opens ESP that was cut after it was sealed', async () => {
    const transcript = await played(hosts(), async ({ tn }) => tn.echo('echo'));
    const cut = transcript.entries.flatMap((entry): Entry[] => {
      const esp = entry.kind === 'frame' ? new OpenedLog(transcript).frame(entry)!.esp[0] : undefined;
      if (entry.kind !== 'frame' || !esp) return [entry];
      return fragmented(esp.carrier, 60, 5).map((piece) => ({ ...entry, octets: frameOf(piece) }));
    });
    const inPieces = numbered({ ...transcript, entries: cut });
    expect(framesOf(inPieces).length).to.be.above(framesOf(transcript).length);
    const answer = new Account(inPieces).answer('echo');
    expect(answer?.frame.buffers.map(({ name }) => name)).to.deep.equal(['reassembled', 'esp 0x00001002']);
  });
});

describe('opening what nobody meant', () => {
  it('never throws, and finds nothing, in random and truncated frames', async () => {
    const transcript = await played(hosts(), async ({ tn, nut }) => {
      await tn.echo('echo');
      await tn.udp('datagram');
      await nut.reports('report');
    });
    const frames = framesOf(transcript);
    const random = generator(7);
    for (let round = 0; round < 150; round++) {
      const frame = frames[round % frames.length]!;
      const at = random(frame.octets.length);
      const octets =
        round % 3 === 0
          ? frame.octets.subarray(0, at)
          : round % 3 === 1
            ? frame.octets.map((octet, i) => (i >= 14 && random(8) === 0 ? random(256) : octet))
            : concat(
                frame.octets.subarray(0, 14),
                Uint8Array.from({ length: 60 }, () => random(256)),
              );
      if (equal(octets, frame.octets)) continue;
      const account = new Account(changed(transcript, (entry) => (entry === frame ? { ...frame, octets } : entry)));
      everyQuestion(account);
    }
  });

  it('never throws on absurd marks, numbers and a missing state', async () => {
    const transcript = await played(hosts(), async ({ tn }) => tn.echo('echo'));
    const absurd = [
      { kind: 'command', command: { kind: 'udp', payload: 'not hex', sourcePort: -1, destinationPort: 1e9 } },
      { kind: 'command', command: { kind: 'packet', octets: 'f' } },
      { kind: 'command', command: { kind: 'packet', octets: '' } },
      { kind: 'command', command: { kind: 'esp', packet: { packet: '45', sequenceNumber: 'many' } } },
      { kind: 'command', command: { kind: 'esp', packet: {} } },
      { kind: 'command', command: { kind: 'esp' } },
      { kind: 'command', command: { kind: 'no such command' } },
      { kind: 'command' },
      { kind: 'moment' },
    ];
    for (const act of absurd) {
      const marks = changed(transcript, (entry) => (entry.kind === 'mark' ? ({ ...entry, act } as Entry) : entry));
      everyQuestion(new Account(marks));
    }
    const { nut } = transcript.intent.parties;
    const [sa, ...rest] = nut!.manual;
    const manual = [{ ...sa!, sequenceNumber: 'soon' as unknown as bigint }, ...rest];
    const parties = { ...transcript.intent.parties, nut: { ...nut!, manual } };
    const intent = { ...transcript.intent, parties };
    expect(new Account({ ...transcript, intent }).answered('echo')).not.to.equal(undefined);
  });

  it('stops where ESP is nested deeper than anybody nests it', async () => {
    const transcript = await played(hosts({ suite: espSuites['null-sha256'] }), async ({ tn }) => tn.echo('echo'));
    const [{ encryption, integrity, ...record }] = keysOf(transcript) as [EspRecord];
    const keys = espKeys({
      encryption: { ...encryption, key: unhex(encryption.key) },
      integrity: { ...integrity!, key: unhex(integrity!.key) },
      extendedSequenceNumbers: false,
    });
    const nested = (levels: number): Uint8Array => {
      let payload: Uint8Array = new Uint8Array(8);
      for (let level = 0; level < levels; level++) {
        const plaintext = concat(payload, espTrailer(Uint8Array.of(1, 2), level === 0 ? 59 : 50));
        payload = sealEspPayload({ spi: record.spi, sequenceNumber: 1n, iv: new Uint8Array(), plaintext }, keys);
      }
      return encoded({ from: places.home.ipv4, to: nutAddresses.ipv4 }, { protocol: 50, payload });
    };
    const depthOf = (levels: number) => {
      const piece = framed([{ piece: ipPacket.decode(nested(levels)).value, time: 1 }]);
      return opened(withKeys(piece, keysOf(transcript)))[0]!.esp.length;
    };
    expect(depthOf(3)).to.equal(3);
    expect(depthOf(500)).to.be.below(20);
  });
});

describe('opening tunnels without protection', () => {
  const datagram = udpPacket({
    from: '2001:db8::1',
    to: '2001:db8::2',
    sourcePort: 1,
    destinationPort: 2,
    payload: new Uint8Array(4),
  });
  const around = (payload: Uint8Array): Uint8Array =>
    encoded({ from: places.home.ipv4, to: nutAddresses.ipv4 }, { protocol: payload[0]! >> 4 === 4 ? 4 : 41, payload });
  const packetsIn = (packet: Uint8Array) =>
    opened(framed([{ piece: ipPacket.decode(packet).value, time: 1 }]))[0]!.packets;

  it('finds the packet inside, and where it lies', () => {
    const [outer, inner] = packetsIn(around(datagram));
    expect([outer?.packet.destination, inner?.packet.destination]).to.deep.equal([nutAddresses.ipv4, '2001:db8::2']);
    const { start, end } = inner!.range;
    expect([start, end, inner?.esp]).to.deep.equal([14 + 20, 14 + 20 + datagram.length, undefined]);
  });

  it('stops where they nest deeper than anybody nests them', () => {
    let packet = datagram;
    for (let level = 0; level < 100; level++) packet = around(packet);
    expect(packetsIn(packet).length).to.be.within(3, 20);
  });
});

describe('judging many frames', function () {
  this.timeout(20_000);
  for (const [name, make] of Object.entries({
    'sealed frames': async () => played(hosts(), async ({ tn }) => tn.echo('echo')),
    'first pieces of packets that never become whole': async () =>
      framed(
        fragmented(
          ipPacket.decode(
            udpPacket({
              from: '192.0.2.2',
              to: '192.0.2.1',
              sourcePort: 1,
              destinationPort: 2,
              payload: new Uint8Array(64),
            }),
          ).value,
          68,
          1,
        )
          .slice(0, 1)
          .map((piece) => ({ piece, time: 1 })),
      ),
  })) {
    it(`takes time in proportion: ${name}`, async () => {
      const few = await make();
      const timeOf = (count: number): number => {
        const transcript = repeated(few, count);
        const began = performance.now();
        everyQuestion(new Account(transcript));
        return performance.now() - began;
      };
      timeOf(500);
      const some = timeOf(2_000);
      const many = timeOf(8_000);
      expect(many / some, `${some.toFixed(0)} ms, then ${many.toFixed(0)} ms`).to.be.below(10);
    });
  }
});

function everyQuestion(account: Account): void {
  for (const name of ['echo', 'datagram']) {
    account.sent(name);
    account.sentUnder(name, 'clear');
    account.answered(name);
    account.delivered(name);
    account.silent(name, 'echo');
    account.undelivered(name, 'echo');
    account.unsent(name, 'echo');
    account.neverSent(name, name, 'echo');
    account.ike.settled(name);
    account.ike.heard('HDR, SK {}', { after: name });
    account.packets('nut', name);
    account.espHeaders('tn');
  }
  account.counted(/./, 'report', 'no such report');
}

type EspRecord = Extract<KeyRecord, { kind: 'esp' }>;

function keysOf({ entries }: Transcript): readonly EspRecord[] {
  return entries.flatMap((entry) => (entry.kind === 'keys' && entry.record.kind === 'esp' ? [entry.record] : []));
}

function without({ integrity: _, ...record }: EspRecord): Omit<EspRecord, 'integrity'> {
  return record;
}

const ikeRecord: Extract<KeyRecord, { kind: 'ikev2' }> = {
  kind: 'ikev2',
  initiatorSPI: '0000000000000001',
  responderSPI: '0000000000000002',
  SK_ei: '',
  SK_er: 'x',
  SK_ai: '',
  SK_ar: '',
  encryption: { id: 12, keyLength: 128 },
};

/** These records before all others. */
function withKeys(transcript: Transcript, records: readonly KeyRecord[]): Transcript {
  const keys = records.map((record): Entry => ({ kind: 'keys', place: 0, time: 0, record }));
  return numbered({ ...transcript, entries: [...keys, ...transcript.entries] });
}

function merged(first: Transcript, ...others: readonly Transcript[]): Transcript {
  return numbered({ ...first, entries: [first, ...others].flatMap(({ entries }) => entries) });
}

/** The same entries over and over. */
function repeated(transcript: Transcript, frames: number): Transcript {
  const marks = transcript.entries.filter(({ kind }) => kind !== 'frame');
  const each = framesOf(transcript);
  const many = Array.from({ length: frames }, (_, i): Entry => ({ ...each[i % each.length]! }));
  return numbered({ ...transcript, entries: [...marks, ...many] });
}

/** Places and numbers as a lab would have given them. */
function numbered(transcript: Transcript): Transcript {
  let number = 0;
  const entries = transcript.entries.map((entry, place) =>
    entry.kind === 'frame' ? { ...entry, place, number: ++number } : { ...entry, place },
  );
  return { ...transcript, entries };
}

/** A transcript of frames with these packets in clear. */
function framed(packets: readonly { piece: IpPacket; time: number; from?: string; link?: string }[]): Transcript {
  const entries = packets.map(
    ({ piece, time, from = 'tn', link = 'home' }): FrameEntry => ({
      kind: 'frame',
      place: 0,
      number: 0,
      time,
      from,
      link,
      octets: frameOf(piece),
      tampers: [],
    }),
  );
  const cast = { nut: 'tested', tn: 'tester' } as const;
  return numbered({ scenario: 'pieces', variant: '', dimensions: {}, cast, intent: hosts(), entries });
}

function frameOf(packet: IpPacket): Uint8Array {
  return ethernetFrame.encode({
    destination: '02:00:00:00:00:01',
    source: '02:00:00:00:00:02',
    etherType: 0x0800,
    payload: ipPacket.encode(packet),
  });
}

/** Whole numbers below a limit, the same ones every time. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
}
