/**
 * Mobile IPv6 against tshark and Scapy: what the reference encodes they read as it was meant, and Scapy, asked to build it anew with lengths,
 * checksums and padding of its own, comes to the same octets.
 */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { decodePacket } from '../../reference/wire/frame.ts';
import { hex } from '../../reference/wire/octets.ts';
import { mobilityPacket, mobilityPackets, type WitnessedPacket } from './mobility-packets.test-support.ts';
import type { Told } from './mobility-words.test-support.ts';
import { hasScapy } from './scapy.test-support.ts';
import { hasTshark, packetsByTshark } from './tshark.test-support.ts';

describe('Mobile IPv6', function () {
  this.timeout(60_000);
  const packets = mobilityPackets();

  it('is read again by the reference without a remark', () => {
    for (const { what, octets } of packets) {
      const { layers, remarks, unread } = decodePacket(octets);
      expect(remarks, what).to.deep.equal([]);
      expect(unread, what).to.equal(undefined);
      expect(layers, what).to.have.lengthOf(2);
    }
  });

  it('is dissected by tshark without complaint, field by field', function () {
    if (!hasTshark()) skipped(this, 'tshark');
    const fields = [...new Set(packets.flatMap(({ tshark }) => Object.keys(tshark)))];
    const seen = packetsByTshark(
      packets.map(({ octets }) => octets),
      fields,
    );
    for (const [i, { what, tshark }] of packets.entries()) {
      const { complaints, values } = seen[i]!;
      expect(complaints, what).to.deep.equal(hasUnassignedOption(what) ? ['IE data not dissected yet'] : []);
      for (const [field, value] of Object.entries(tshark))
        expect(values.get(field)!.join('|'), `${what}: ${field}`).to.equal(value);
    }
    console.log(`      ${packets.length} packets, ${fields.length} fields`);
  });

  it('is read by Scapy as it was meant, and built by it to the same octets', function () {
    if (!hasScapy()) skipped(this, 'Scapy');
    const answers = byScapy(packets);
    for (const [i, { what, octets, scapy }] of packets.entries()) {
      const { layers, rebuilt } = answers[i]!;
      expect(layers[0]![0], what).to.equal('IPv6');
      expect(asTold(layers.slice(1), scapy), what).to.deep.equal(scapy);
      expect(rebuilt, what).to.equal(hex(octets));
    }
    console.log(`      ${packets.length} packets`);
  });

  it('is built by Scapy to other octets where a checksum lies or an option stands wrong', function () {
    if (!hasScapy()) skipped(this, 'Scapy');
    const update = { kind: 'bindingUpdate', sequenceNumber: 1, lifetime: 1 } as const;
    const careOfAddress = { type: 'alternateCareOfAddress', alternateCareOfAddress: '2001:db8::c0' } as const;
    const wrong = [
      mobilityPacket({ ...update, checksum: 1, options: [] }),
      mobilityPacket({ ...update, options: [careOfAddress] }, undefined, (message) => message),
    ];
    for (const [i, { rebuilt }] of byScapy(wrong).entries()) expect(rebuilt).to.not.equal(hex(wrong[i]!.octets));
  });
});

/** What tshark says of an option whose type nobody has assigned. */
const hasUnassignedOption = (what: string): boolean => / option\b/.test(what);

/** What a witness says as far as it was asked: the fields that `asked` has, options among them. */
function asTold(layers: readonly Told[], asked: readonly Told[]): readonly Told[] {
  return layers.map(([name, fields], i) => {
    const wanted = Object.entries(asked[i]?.[1] ?? {});
    return [
      name,
      Object.fromEntries(
        wanted.map(([field, value]) => [
          field,
          field === 'options' ? asTold(fields.options as Told[], value as Told[]) : fields[field],
        ]),
      ),
    ];
  });
}

function byScapy(packets: readonly WitnessedPacket[]): readonly { layers: readonly Told[]; rebuilt: string }[] {
  const script = new URL('./mobility-by-scapy.py', import.meta.url).pathname;
  const orders = packets.map(({ octets, ownPadding }) => ({ octets: hex(octets), ownPadding }));
  const run = spawnSync('/usr/bin/python3', [script], { input: JSON.stringify(orders), encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`mobility-by-scapy.py: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

function skipped(context: Mocha.Context, program: string): never {
  console.log(`      (skipped: no ${program})`);
  return context.skip();
}
