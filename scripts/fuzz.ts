/**
 * `npm run fuzz -- [COUNT] [SEED] [--decoder NAME]…`: random, truncated and bit-flipped inputs through every decoder (1,000,000 in all unless told), or so many through each of
 * those that are named. A decoder may only refuse with its own error, the leaves of a dissection must partition the buffer, and what decodes must encode to the same octets.
 */
import { readFileSync } from 'node:fs';
import { readPcap } from '../harness/capture/pcap.ts';
import { readPcapng } from '../harness/capture/pcapng.ts';
import { elfFault } from '../harness/files/elf.ts';
import { parseStatus } from '../harness/products/libreswan/state.ts';
import { messageCutter } from '../harness/products/openiked/control-socket.ts';
import { ikeSasOf, outboundSas } from '../harness/products/openiked/state.ts';
import { decodePacket } from '../harness/products/strongswan/vici-message.ts';
import { type Decoder, decoders } from '../reference/wire/decoders.ts';
import { MalformedOctets } from '../reference/wire/dissection.ts';
import { equal, hex } from '../reference/wire/octets.ts';
import { validInputs } from '../reference/wire/samples.ts';
import { partitionFault } from '../reference/wire/table.ts';
import { asked, complains, wholeNumber } from './asked.ts';
import { mulberry32 } from './mulberry32.ts';

const { values, words } = asked('npm run fuzz -- [COUNT] [SEED] [--decoder NAME]…', {
  decoder: { type: 'string', multiple: true },
});
const [wanted = 1_000_000, seed = 1] = words.map((word) => wholeNumber(word, 0));
const random = mulberry32(seed);
const files: readonly Decoder[] = [
  { name: 'pcap', dissect: (octets) => leafOver(octets), decode: readPcap },
  { name: 'pcapng', dissect: (octets) => leafOver(octets), decode: readPcapng },
  { name: 'vici', dissect: (octets) => leafOver(octets), decode: decodePacket },
  { name: 'elf', dissect: (octets) => leafOver(octets), decode: (octets) => elfFault(octets, 'program') },
  {
    name: 'status of pluto',
    dissect: (octets) => leafOver(octets),
    decode: (octets) => parseStatus(new TextDecoder().decode(octets)),
  },
  {
    name: 'control socket of iked',
    dissect: (octets) => leafOver(octets),
    decode: (octets) => messageCutter(() => {})(octets),
  },
  {
    name: 'SAs of iked',
    dissect: (octets) => leafOver(octets),
    decode: (octets) => {
      const text = new TextDecoder().decode(octets);
      return [ikeSasOf(text, ['peer']), outboundSas(text)];
    },
  },
];
const known = [...decoders, ...files];
for (const name of values.decoder ?? [])
  if (!known.some((decoder) => decoder.name === name))
    complains(`there is no decoder ${name}; there are ${known.map((decoder) => decoder.name).join(', ')}`);
const all = values.decoder ? known.filter(({ name }) => values.decoder!.includes(name)) : known;
const count = values.decoder ? wanted * all.length : wanted;
const good = new Map<string, Uint8Array[]>();
good.set('elf', [Uint8Array.from(readFileSync(process.execPath).subarray(0, 64))]);
good.set('status of pluto', [new TextEncoder().encode(sampleStatus())]);
for (const [name, octets] of validInputs) good.set(name, [...(good.get(name) ?? []), octets]);

let faults = 0;
let slowest = { milliseconds: 0, decoder: '' };
const began = performance.now();
for (let i = 0; i < count; i++) {
  const decoder = all[i % all.length]!;
  const input = inputFor(decoder);
  const since = performance.now();
  const says = faultOf(decoder, input);
  const milliseconds = performance.now() - since;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, decoder: decoder.name };
  if (says !== undefined && ++faults <= 20) console.log(`${decoder.name}: ${says}\n  ${hex(input)}`);
  if (i % 50_000 === 0) process.stderr.write(`${i} of ${count}\n`);
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${count} inputs through ${all.length} decoders, seed ${seed}: ${faults} faults, ${seconds.toFixed(1)} s; slowest ${slowest.milliseconds.toFixed(1)} ms (${slowest.decoder})`,
);
process.exitCode = faults === 0 ? 0 : 1;

/** A third noise, a third cut good buffers, a third with a few bits flipped. */
function inputFor(decoder: Decoder): Uint8Array {
  const samples = good.get(decoder.name);
  const kind = samples ? random() % 3 : 0;
  if (kind === 0) return Uint8Array.from({ length: random() % 160 }, () => random() & 0xff);
  const sample = samples![random() % samples!.length]!;
  if (kind === 1) return sample.slice(0, random() % (sample.length + 1));
  const flipped = sample.slice();
  for (let left = 1 + (random() % 8); left > 0; left--) {
    const bit = random() % (8 * flipped.length);
    flipped[bit >> 3]! ^= 0x80 >> (bit & 7);
  }
  return flipped;
}

function faultOf(decoder: Decoder, octets: Uint8Array): string | undefined {
  try {
    const fault = partitionFault(decoder.dissect(octets), octets.length);
    if (fault !== undefined) return fault;
  } catch (thrown) {
    return `dissect threw ${thrown}`;
  }
  try {
    decoder.decode(octets);
  } catch (thrown) {
    return thrown instanceof (decoder.name === 'vici' ? RangeError : MalformedOctets)
      ? undefined
      : `decode threw ${thrown}`;
  }
  return decoder.again && !equal(decoder.again(octets), octets) ? 'encodes to other octets' : undefined;
}

/** Files have no dissection: one leaf over everything. */
function leafOver(octets: Uint8Array): ReturnType<Decoder['dissect']> {
  return { name: 'file', label: 'file', start: 0, end: octets.length, value: '', children: [] };
}

function sampleStatus(): string {
  return [
    'interface eth0 UDP 192.0.2.1:500',
    '"peer/all"[1]: 192.0.2.1[@a.example]...192.0.2.2[CN=b, O=c]===10.2.0.0/24; erouted; eroute owner: #2',
    '#1: "peer/all"[1] 192.0.2.2:500 STATE_V2_ESTABLISHED_IKE_SA (established IKE SA); idle;',
    '#2: "peer/all"[1] 192.0.2.2:500 STATE_V2_ESTABLISHED_CHILD_SA (established Child SA); idle;',
    '#2: "peer/all"[1] 192.0.2.2 esp.387ca546@192.0.2.2 esp.9ec1733b@192.0.2.1 Traffic: ESPin=54B',
  ].join('\n');
}
