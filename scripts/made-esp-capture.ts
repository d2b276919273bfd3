/**
 * A capture of ESP with AES-GCM, as many packets as one wants, and the key to it: one SA, in tunnel mode, datagrams of UDP inside whose sizes go round. Written a piece at a time.
 */
import { createCipheriv } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ipPacket } from '../reference/wire/ip/packet.ts';
import { protocols } from '../reference/wire/ip/protocols.ts';
import { concat } from '../reference/wire/octets.ts';

export interface MadeCapture {
  readonly capture: string;
  /** The folder of its keys. */
  readonly keys: string;
}

/** `payloads` are the sizes of the inner datagrams, in octets. */
export function madeEspCapture(folder: string, packets: number, payloads: readonly number[] = SIZES): MadeCapture {
  const keys = join(folder, 'keys');
  mkdirSync(keys, { recursive: true });
  const key = Buffer.alloc(20, 0x5a);
  const row = ['IPv4', OUTER.source, OUTER.destination, '0x00001001', CIPHER, `0x${key.toString('hex')}`, 'NULL', ''];
  writeFileSync(
    join(keys, 'esp_sa'),
    `${row.map((word) => `"${word}"`).join(',')}
`,
  );
  const capture = join(folder, `${packets}-esp.pcap`);
  const file = openSync(capture, 'w');
  writeSync(file, new Uint8Array(Uint32Array.of(0xa1b2c3d4, 0x00040002, 0, 0, 262_144, RAW_IP).buffer));
  const inner = payloads.map(innerOf);
  let pending: Uint8Array[] = [];
  for (let number = 1; number <= packets; number++) {
    pending.push(record(number, inner[number % inner.length]!, key));
    if (pending.length < PIECE && number < packets) continue;
    writeSync(file, concat(...pending));
    pending = [];
  }
  closeSync(file);
  return { capture, keys };
}

function record(number: number, inner: Uint8Array, key: Uint8Array): Uint8Array {
  const esp = sealed(number, inner, key);
  const packet = ipPacket.encode({ version: 4, ...OUTER, protocol: protocols.ESP, payload: esp });
  const header = new Uint8Array(
    Uint32Array.of(1_700_000_000 + Math.floor(number / 10_000), (number % 10_000) * 100, packet.length, packet.length)
      .buffer,
  );
  return concat(header, packet);
}

/** RFC 4106: the nonce is the salt and the IV, here the number; associated are SPI and number. */
function sealed(number: number, plaintext: Uint8Array, key: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(16));
  header.setUint32(0, 0x1001);
  header.setUint32(4, number);
  header.setBigUint64(8, BigInt(number));
  const head = new Uint8Array(header.buffer);
  const cipher = createCipheriv('aes-128-gcm', key.subarray(0, 16), concat(key.subarray(16), head.subarray(8)));
  cipher.setAAD(head.subarray(0, 8));
  return concat(head, cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

function innerOf(octets: number): Uint8Array {
  const datagram = new Uint8Array(8 + octets);
  new DataView(datagram.buffer).setUint32(0, (5001 << 16) | 5002);
  new DataView(datagram.buffer).setUint16(4, datagram.length);
  const packet = ipPacket.encode({ version: 4, ...INNER, protocol: protocols.UDP, payload: datagram });
  const padding = -(packet.length + 2) & 3;
  return concat(
    packet,
    Uint8Array.from({ length: padding }, (_, i) => i + 1),
    Uint8Array.of(padding, protocols.IPv4),
  );
}

const OUTER = { source: '192.0.2.1', destination: '192.0.2.2' } as const;
const INNER = { source: '10.1.0.1', destination: '10.2.0.1' } as const;
/** Of what goes through tunnels: small, middling, and as long as an Ethernet has them. */
const SIZES: readonly number[] = [64, 512, 1372];
const CIPHER = 'AES-GCM with 16 octet ICV [RFC4106]';
const RAW_IP = 101;
const PIECE = 1_000;
