/**
 * Opens the frames of a transcript with the keys that stand in it: ESP in whatever it is carried (UDP, fragments, ESP again), IKE messages
 * with SK. Integrity is checked before anything inside counts, so a frame altered afterwards opens to nothing. Each frame is opened once,
 * and again only when new keys might open more of it.
 */

import type { EspKeys, OpenedEsp } from '../../reference/ipsec/esp.ts';
import { espKeys, openEsp } from '../../reference/ipsec/esp.ts';
import { ethernetFrame } from '../../reference/wire/ethernet.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import { readU16, readU32, unhex } from '../../reference/wire/octets.ts';
import type { FrameEntry, KeyRecord, Transcript } from '../capture/transcript.ts';
import { type IkeKeyRecord, openIke } from './ike-opening.ts';
import type { OpenedBuffer, OpenedEspHeader, OpenedFrame, OpenedPacket } from './opened-frame.ts';
import { type Piece, reassembled } from './reassembly.ts';

export class Opening {
  readonly #transcript: Transcript;
  readonly #opened = new Map<number, { readonly keys: number; readonly frame: OpenedFrame }>();
  #keys: KeyRing = new KeyRing([], []);
  #entriesRead = 0;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
  }

  open(entry: FrameEntry): OpenedFrame {
    this.#learnKeys();
    const known = this.#opened.get(entry.number);
    if (known && (known.keys === this.#keys.size || isComplete(known.frame))) return known.frame;
    const frame = this.#openAnew(entry);
    this.#opened.set(entry.number, { keys: this.#keys.size, frame });
    return frame;
  }

  /** The log grows while a scenario runs. */
  #learnKeys(): void {
    const { entries, intent } = this.#transcript;
    if (entries.length === this.#entriesRead) return;
    const records = entries.slice(this.#entriesRead).flatMap((entry) => (entry.kind === 'keys' ? [entry.record] : []));
    this.#entriesRead = entries.length;
    if (records.length === 0) return;
    const seeds = [...intent.tn.manual, ...intent.nut.manual].flatMap(({ spi, sequenceNumber }) =>
      sequenceNumber === undefined ? [] : [{ spi, high: Number(BigInt(sequenceNumber) >> 32n) }],
    );
    this.#keys = new KeyRing([...this.#keys.records, ...records], seeds);
  }

  #openAnew(entry: FrameEntry): OpenedFrame {
    const opener = new FrameOpener(this.#keys, () => this.#piecesUpTo(entry));
    return opener.open(entry);
  }

  /** Earlier frames of the same link and sender: where the other fragments of a packet are looked for. */
  #piecesUpTo(entry: FrameEntry): readonly Piece[] {
    return this.#transcript.entries.flatMap((each) => {
      if (each.kind !== 'frame' || each.number > entry.number || each.from !== entry.from || each.link !== entry.link)
        return [];
      const ethernet = decodedFrame(each.octets);
      const packet = ethernet && decodedPacket(ethernet.payload);
      return packet ? [packet] : [];
    });
  }
}

/** The keys a transcript holds, by what names them on the wire. */
class KeyRing {
  readonly records: readonly KeyRecord[];
  readonly ike: readonly IkeKeyRecord[];
  readonly #esp = new Map<number, { keys: EspKeys; highs: readonly number[] }[]>();

  constructor(records: readonly KeyRecord[], seeds: readonly { spi: number; high: number }[]) {
    this.records = records;
    this.ike = records.filter((record) => record.kind === 'ikev2');
    for (const record of records) {
      if (record.kind !== 'esp') continue;
      const { encryption, integrity, extendedSequenceNumbers } = record;
      const keys = espKeys(
        {
          encryption: { ...encryption, key: unhex(encryption.key) },
          ...(integrity && { integrity: { id: integrity.id, key: unhex(integrity.key) } }),
          extendedSequenceNumbers,
        },
        'node',
      );
      const highs = seeds.filter((seed) => seed.spi === record.spi).flatMap(({ high }) => [high, high + 1]);
      const all = this.#esp.get(record.spi) ?? [];
      all.push({ keys, highs: extendedSequenceNumbers ? [0, 1, ...highs] : [0] });
      this.#esp.set(record.spi, all);
    }
  }

  get size(): number {
    return this.records.length;
  }

  /** Tries every key the SPI names; the same SPI may stand for several SAs. */
  openEsp(octets: Uint8Array): OpenedEsp | 'no-key' | 'bad-icv' {
    const candidates = octets.length < 8 ? [] : (this.#esp.get(readU32(octets)) ?? []);
    if (candidates.length === 0) return 'no-key';
    for (const { keys, highs } of candidates) {
      for (const sequenceHigh of highs) {
        const opened = openEsp(octets, keys, { sequenceHigh });
        if (opened.icvGood && opened.trailer) return opened;
      }
    }
    return 'bad-icv';
  }
}

/** Walks one frame inwards. */
class FrameOpener {
  readonly #keys: KeyRing;
  readonly #pieces: () => readonly Piece[];
  readonly #packets: OpenedPacket[] = [];
  readonly #buffers: OpenedBuffer[] = [];
  readonly #esp: OpenedEspHeader[] = [];
  #ike: OpenedFrame['ike'];

  constructor(keys: KeyRing, pieces: () => readonly Piece[]) {
    this.#keys = keys;
    this.#pieces = pieces;
  }

  open(entry: FrameEntry): OpenedFrame {
    const ethernet = decodedFrame(entry.octets);
    if (ethernet && isIp(ethernet.etherType))
      this.#packet(ethernet.payload, 'wire', entry.octets.length - ethernet.payload.length, undefined);
    return {
      entry,
      packets: this.#packets,
      buffers: this.#buffers,
      esp: this.#esp,
      ...(this.#ike && { ike: this.#ike }),
      destinationMac: ethernet ? ethernet.destination : '',
      sourceMac: ethernet ? ethernet.source : '',
    };
  }

  #packet(octets: Uint8Array, buffer: string, start: number, esp: OpenedEspHeader | undefined): void {
    const packet = decodedPacket(octets);
    if (!packet || this.#esp.length > DEEPEST) return;
    this.#packets.push({ packet, range: { buffer, start, end: start + octets.length }, ...(esp && { esp }) });
    const whole = reassembled(packet, this.#pieces);
    if (!whole) return;
    if (whole !== packet) {
      this.#buffers.push({
        name: 'reassembled',
        octets: whole.payload,
        kind: 'reassembled',
        firstProtocol: whole.protocol,
      });
      this.#packets.push({
        packet: whole,
        range: { buffer: 'reassembled', start: 0, end: whole.payload.length },
        ...(esp && { esp }),
      });
    }
    this.#upper(whole);
  }

  #upper(packet: IpPacket): void {
    if (packet.protocol === ESP) {
      this.#espPacket(packet.payload, packet, false);
      return;
    }
    if (packet.protocol !== UDP || packet.payload.length < 8) return;
    const ports = [readU16(packet.payload), readU16(packet.payload, 2)];
    const data = packet.payload.subarray(8);
    if (ports.includes(IKE_PORT)) {
      this.#message(data);
      return;
    }
    if (!ports.includes(ENCAPSULATION_PORT) || data.length < 4) return;
    if (readU32(data) === 0) this.#message(data.subarray(4));
    else this.#espPacket(data, packet, true);
  }

  #message(octets: Uint8Array): void {
    this.#ike = openIke(octets, this.#keys.ike);
    if (this.#ike?.buffer) this.#buffers.push(this.#ike.buffer);
  }

  #espPacket(octets: Uint8Array, carrier: IpPacket, encapsulated: boolean): void {
    if (octets.length < 8) return;
    const identified = { spi: readU32(octets), sequenceNumber: readU32(octets, 4), carrier, encapsulated };
    const opened = this.#keys.openEsp(octets);
    if (typeof opened === 'string') {
      this.#esp.push({ ...identified, state: opened });
      return;
    }
    const { payload, nextHeader } = opened.trailer!;
    const mode = nextHeader === IPV4 || nextHeader === IPV6 ? 'tunnel' : 'transport';
    const header: OpenedEspHeader = { ...identified, state: 'opened', mode };
    this.#esp.push(header);
    const name = `esp 0x${identified.spi.toString(16).padStart(8, '0')}${this.#esp.length > 1 ? ` (${this.#esp.length})` : ''}`;
    this.#buffers.push({
      name,
      octets: opened.plaintext!,
      kind: mode === 'tunnel' ? 'ip' : 'transport',
      firstProtocol: nextHeader,
    });
    if (mode === 'tunnel') {
      this.#packet(payload, name, 0, header);
      return;
    }
    const inner = { ...carrier, protocol: nextHeader, payload } as IpPacket;
    this.#packets.push({ packet: inner, range: { buffer: name, start: 0, end: payload.length }, esp: header });
    this.#upper(inner);
  }
}

function isComplete(frame: OpenedFrame): boolean {
  return (
    frame.esp.every((esp) => esp.state === 'opened') &&
    (frame.ike === undefined || frame.ike.state === 'clear' || frame.ike.state === 'opened')
  );
}

function decodedFrame(octets: Uint8Array) {
  try {
    return ethernetFrame.decode(octets).value;
  } catch {
    return undefined;
  }
}

function decodedPacket(octets: Uint8Array): IpPacket | undefined {
  try {
    return ipPacket.decode(octets).value;
  } catch {
    return undefined;
  }
}

const isIp = (etherType: number): boolean => etherType === 0x0800 || etherType === 0x86dd;
const IPV4 = 4;
const UDP = 17;
const IPV6 = 41;
const ESP = 50;
const IKE_PORT = 500;
const ENCAPSULATION_PORT = 4500;
/** ESP in ESP in ESP: deeper nesting is somebody's attack on the reader. */
const DEEPEST = 8;
