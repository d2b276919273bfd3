/** What a moment put on the wire, and by what it is recognised again. */
import { expect } from 'chai';
import { encodeEcho } from '../../reference/wire/echo.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import { hex } from '../../reference/wire/octets.ts';
import { encodeTcp } from '../../reference/wire/tcp.ts';
import type { MarkEntry } from '../capture/transcript.ts';
import { echoPacket, encoded, udpPacket } from '../vocabulary/packets.ts';
import { answerKey, isProbe, keysOfPacket, type Probe, probeKey, probeOf } from './probe.ts';

const ends = { from: '2001:db8:1::2', to: '2001:db8:1::1' };
const back = { from: ends.to, to: ends.from };
const payload = Uint8Array.of(1, 2, 3);
const echo = echoPacket({ ...ends, identifier: 1, sequence: 2, payload });
const datagram = udpPacket({ ...ends, sourcePort: 10, destinationPort: 20, payload });

const mark = (command: object): MarkEntry =>
  ({ kind: 'mark', place: 0, time: 0, name: 'it', by: 'tn', act: { kind: 'command', command } }) as MarkEntry;
const decoded = (octets: Uint8Array) => ipPacket.decode(octets).value;
const shows = (octets: Uint8Array, probe: Probe) =>
  keysOfPacket(decoded(octets)).includes(probeKey(probe)) && isProbe(decoded(octets), probe);
const segment = (between: typeof ends, ports: readonly [number, number], flags: { syn?: boolean; ack?: boolean }) => {
  const octets = encodeTcp(
    { sourcePort: ports[0], destinationPort: ports[1], sequenceNumber: 0, ...flags, payload: new Uint8Array() },
    { source: between.from, destination: between.to },
  );
  return encoded(between, { protocol: 6, payload: octets });
};

describe('the probe of a moment', () => {
  const commands: readonly [string, object, Uint8Array][] = [
    ['an echo', { kind: 'echo', identifier: 1, sequence: 2 }, echo],
    ['a datagram', { kind: 'udp', sourcePort: 10, destinationPort: 20, payload: hex(payload) }, datagram],
    ['a packet by hand', { kind: 'packet', octets: hex(datagram) }, datagram],
    ['an ESP order', { kind: 'esp', packet: { packet: hex(echo) } }, echo],
  ];
  for (const [what, command, octets] of commands) {
    it(`is recognised: ${what}`, () => {
      const probe = probeOf(mark(command))!;
      expect(shows(octets, probe)).to.equal(true);
      for (const other of [echo, datagram].filter((each) => each !== octets))
        expect(shows(other, probe)).to.equal(false);
      const altered = octets.with(-1, octets.at(-1)! ^ 1);
      expect(shows(altered, probe), 'altered').to.equal(false);
    });
  }

  it('is none where nothing was sent, or nothing can be read', () => {
    for (const command of [
      { kind: 'initiate', connection: 'peer', child: 'all' },
      { kind: 'packet', octets: 'xyz' },
      { kind: 'packet', octets: '4500' },
      { kind: 'esp' },
    ])
      expect(probeOf(mark(command))).to.equal(undefined);
    expect(probeOf({ ...mark({}), act: { kind: 'moment' } })).to.equal(undefined);
  });
});

describe('the answer to a probe', () => {
  const reply = (sequence: number): IpPacket => {
    const upper = encodeEcho(
      { kind: 'reply', identifier: 1, sequence, data: payload },
      { version: 6, source: back.from, destination: back.to },
    );
    return ipPacket.decode(encoded(back, upper)).value;
  };
  const answers = (packet: IpPacket, command: object) => {
    const key = answerKey(probeOf(mark(command))!);
    return key !== undefined && keysOfPacket(packet).includes(key);
  };

  it('is the echo reply with its numbers', () => {
    const command = { kind: 'echo', identifier: 1, sequence: 2 };
    expect(answers(reply(2), command)).to.equal(true);
    expect(answers(reply(3), command)).to.equal(false);
    expect(answers(ipPacket.decode(echo).value, command), 'the probe itself').to.equal(false);
  });

  it('is a SYN-ACK between its ports', () => {
    const command = { kind: 'tcp-syn', sourcePort: 10, destinationPort: 20 };
    expect(answers(decoded(segment(back, [20, 10], { syn: true, ack: true })), command)).to.equal(true);
    expect(answers(decoded(segment(back, [20, 10], { ack: true })), command)).to.equal(false);
    expect(answers(decoded(segment(back, [10, 20], { syn: true, ack: true })), command)).to.equal(false);
  });

  it('is nothing for a datagram', () => {
    const command = { kind: 'udp', sourcePort: 10, destinationPort: 20, payload: hex(payload) };
    expect(answers(ipPacket.decode(datagram).value, command)).to.equal(false);
  });

  it('is for whom the probe was for', () => {
    expect(probeOf(mark({ kind: 'echo', identifier: 1, sequence: 2, to: ends.to }))?.destination).to.equal(ends.to);
    expect(probeOf(mark({ kind: 'packet', octets: hex(datagram) }))?.destination).to.equal(ends.to);
  });

  it('tells apart datagrams that are filed alike', () => {
    const long = (last: number) =>
      new Uint8Array(64)
        .fill(7)
        .with(40, last)
        .with(42, 9 - last);
    const [one, other] = [long(1), long(2)].map((each) =>
      udpPacket({ ...ends, sourcePort: 10, destinationPort: 20, payload: each }),
    );
    const probe = probeOf(mark({ kind: 'packet', octets: hex(one!) }))!;
    expect(keysOfPacket(decoded(other!)), 'the same digest').to.include(probeKey(probe));
    expect(shows(one!, probe)).to.equal(true);
    expect(shows(other!, probe)).to.equal(false);
  });
});
