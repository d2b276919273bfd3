/** What Scapy makes of protected octets whose keys Wireshark 4.0 has no spelling for. One Python process answers all orders. */
import { spawnSync } from 'node:child_process';
import { decodeFrame } from '../../reference/wire/frame.ts';
import { hex } from '../../reference/wire/octets.ts';
import { keyTables } from '../capture/key-tables.ts';
import type { FrameEntry, KeyRecord, Transcript } from '../capture/transcript.ts';

export interface ScapyOrder {
  readonly kind: 'esp' | 'sk';
  /** Hex of the ESP packet, or of the whole IKE message. */
  readonly octets: string;
  readonly [field: string]: unknown;
}

export interface ScapyAnswer {
  /** Next Header, or the first payload type inside SK. */
  readonly nextHeader?: number;
  /** Hex, without padding. */
  readonly payload?: string;
  readonly refused?: string;
}

export const hasScapy = (): boolean => spawnSync(PYTHON, ['-c', 'import scapy']).status === 0;

/** Answers in the order of the orders. */
export function openedByScapy(orders: readonly ScapyOrder[]): readonly ScapyAnswer[] {
  const script = new URL('./opened-by-scapy.py', import.meta.url).pathname;
  const run = spawnSync(PYTHON, [script], { input: JSON.stringify(orders), encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(`opened-by-scapy.py: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** What of this frame Scapy is to open; undefined when it holds nothing sealed under a key that is wanted. */
export function scapyOrder(
  transcript: Transcript,
  { octets }: FrameEntry,
  wanted: (record: KeyRecord) => boolean = isBeyondWireshark,
): ScapyOrder | undefined {
  const records = transcript.entries.flatMap((entry) => (entry.kind === 'keys' ? [entry.record] : []));
  for (const { layer, value, start, end } of decodeFrame(octets).layers) {
    if (layer === 'esp') {
      const record = records.find((each) => each.kind === 'esp' && each.spi === value.spi);
      return record?.kind === 'esp' && wanted(record)
        ? espOrder(record, octets.subarray(start, end), transcript)
        : undefined;
    }
    if (layer === 'ike') {
      const sk = value.payloads.find((payload) => payload.type === 'SK');
      const record = records.find(
        (each) => each.kind === 'ikev2' && each.initiatorSPI === hex(value.header.initiatorSPI),
      );
      if (!sk || record?.kind !== 'ikev2' || !isBeyondWireshark(record)) return undefined;
      return {
        kind: 'sk',
        octets: hex(octets.subarray(start, end)),
        bodyStart: end - start - sk.body.length,
        encryption: record.encryption.id,
        key: value.header.flags.initiator ? record.SK_ei : record.SK_er,
        integrity: record.integrity ?? null,
        integrityKey: value.header.flags.initiator ? record.SK_ai : record.SK_ar,
      };
    }
  }
  return undefined;
}

/** Wireshark 4.0 has no spelling for such a key. */
function isBeyondWireshark(record: KeyRecord): boolean {
  return keyTables([record]).leftOut.length > 0;
}

function espOrder(
  { encryption, integrity, extendedSequenceNumbers }: Extract<KeyRecord, { kind: 'esp' }>,
  octets: Uint8Array,
  transcript: Transcript,
): ScapyOrder {
  return {
    kind: 'esp',
    octets: hex(octets),
    encryption: encryption.id,
    encryptionKey: encryption.key,
    integrity: integrity?.id ?? null,
    integrityKey: integrity?.key ?? '',
    extended: extendedSequenceNumbers,
    highs: extendedSequenceNumbers ? possibleHighs(transcript) : [0],
  };
}

/** The halves that no packet shows: those of the counters the intent starts from, and of the numbers a scenario chose, and the next. */
function possibleHighs({ intent, entries }: Transcript): readonly number[] {
  const started = Object.values(intent.parties).flatMap(({ manual }) =>
    manual.map(({ sequenceNumber }) => sequenceNumber),
  );
  const chosen = entries.map((entry) =>
    entry.kind === 'mark' && entry.act.kind === 'command' && entry.act.command.kind === 'esp'
      ? entry.act.command.packet.sequenceNumber
      : undefined,
  );
  const highs = [...started, ...chosen].map((number) => Number(BigInt(number ?? 0) >> 32n));
  return [...new Set(highs.flatMap((high) => [high, high + 1]))];
}

/** Debian's, which has python3-scapy. */
const PYTHON = '/usr/bin/python3';
