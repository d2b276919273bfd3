import { expect } from 'chai';
import type { Dissection } from '../../../reference/wire/dissection.ts';
import { dissectFrame, dissectPacket } from '../../../reference/wire/frame.ts';
import { dissectPayloads } from '../../../reference/wire/ike/payload-chain.ts';
import { homeAddressHeader } from '../../../reference/wire/ip/extension-headers.ts';
import { ipv6Packet } from '../../../reference/wire/ip/ipv6.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { mobilityMessage } from '../../../reference/wire/mobility/message.ts';
import { hex, unhex } from '../../../reference/wire/octets.ts';
import { sampleModel } from '../../sample-run.test-support.ts';
import { frameSummary } from './frame-summary.ts';

const ends = { version: 6, source: '2001:db8:c0::1', destination: '2001:db8::2' } as const;
const toHome = (protocol: number, payload: Uint8Array) =>
  dissectPacket(
    ipv6Packet.encode({
      ...ends,
      extensions: [{ type: 'routing', routingType: 2, segmentsLeft: 1, addresses: ['2001:db8::77'] }],
      protocol,
      payload,
    }),
  );
const bindingUpdate = dissectPacket(
  ipv6Packet.encode({
    ...ends,
    extensions: [homeAddressHeader('2001:db8::99')],
    protocol: protocols['Mobility Header'],
    payload: mobilityMessage.encode({ kind: 'bindingUpdate', sequenceNumber: 5, lifetime: 15, options: [] }),
  }),
);

describe('the line that stands for a frame', () => {
  const frames = sampleModel()
    .runs.flatMap((run) => ('transcript' in run ? run.transcript.entries : []))
    .filter((entry) => entry.kind === 'frame');

  it('names protocols, SPIs, sequence numbers and payloads', () => {
    const lines = frames.map(({ octets }) => frameSummary(dissectFrame(octets), []).says);
    expect(lines[2]).to.equal('ESP 0x00001001 #1');
    expect(lines[6]).to.equal('IKE_SA_INIT request 0: SA, KE, Nonce, N(NAT_DETECTION_SOURCE_IP)');
    expect(lines[9]).to.equal('IKE_AUTH response 1: SK');
  });

  it('writes an empty SK as RFC 7296 does', () => {
    expect(frameSummary(dissectFrame(frames[9]!.octets), [dissectPayloads(0, new Uint8Array())]).says).to.equal(
      'IKE_AUTH response 1: SK {}',
    );
  });

  it('says between which addresses, and calls address resolution noise', () => {
    const [arp, , esp] = frames.map(({ octets }) => frameSummary(dissectFrame(octets), []));
    expect(arp).to.deep.include({ isNoise: true, ends: [] });
    expect(esp).to.deep.include({ isNoise: false, ends: [{ source: '192.0.2.1', destination: '192.0.2.2' }] });
  });

  it('says what a mobility message asks, and whose home address a packet carries', () => {
    expect(frameSummary(bindingUpdate, []).says).to.equal(
      'Binding Update, sequence 5, lifetime 60 s, home address 2001:db8::99',
    );
    expect(frameSummary(toHome(protocols.UDP, unhex('0035 0036 0008 0000')), []).says).to.equal(
      'UDP 53 → 54, to home address 2001:db8::77',
    );
    const rejected = mobilityMessage.encode({
      kind: 'bindingAcknowledgement',
      status: 140,
      sequenceNumber: 5,
      lifetime: 0,
      options: [],
    });
    expect(frameSummary(toHome(protocols['Mobility Header'], rejected), [])).to.include({
      says: 'Binding Acknowledgement, Mobile Router Operation not permitted, sequence 5, lifetime 0 s, to home address 2001:db8::77',
      isNoise: false,
    });
  });

  it('says between whom it is on the wire, and inside a tunnel; what an error quotes is between nobody', () => {
    const inner = { version: 6, source: '2001:db8:1::2', destination: '2001:db8:c::1', extensions: [] } as const;
    const datagram = ipv6Packet.encode({ ...inner, protocol: protocols.UDP, payload: unhex('0035 0036 0008 0000') });
    const { source, destination } = inner;
    expect(frameSummary(toHome(protocols.IPv6, datagram), []).ends).to.deep.equal([
      { source: ends.source, destination: ends.destination },
      { source, destination },
    ]);
    const error = unhex(`0100 0000 00000000 ${hex(datagram)}`);
    expect(frameSummary(toHome(protocols['IPv6-ICMP'], error), []).ends).to.have.lengthOf(1);
  });

  it('names a home address where its owner is known', () => {
    const naming = (address: string) => (address === '2001:db8::99' ? 'nut at home' : undefined);
    expect(frameSummary(bindingUpdate, [], naming).says).to.match(/, home address 2001:db8::99 \(nut at home\)$/);
  });

  it('says it of what was opened, behind ESP that carries the home address', () => {
    const esp = toHome(protocols.ESP, new Uint8Array(24));
    const inside = mobilityMessage.dissect(mobilityMessage.encode({ kind: 'other', mhType: 77, data: unhex('') }));
    expect(frameSummary(esp, [inside]).says).to.equal('ESP 0x00000000 #0 → [MH Type 77], to home address 2001:db8::77');
    expect(frameSummary(esp, [bindingUpdate]).says).to.include(
      '→ [Binding Update, sequence 5, lifetime 60 s, home address 2001:db8::99], to',
    );
  });

  it('names a mobility message that cannot be read to its end', () => {
    const cut = mobilityMessage.dissect(unhex('3b 03 05 00 0000 0005 c000 000f 0310'));
    expect(frameSummary(cut, []).says).to.equal('Binding Update');
  });

  it('has one for whatever is left of a frame', () => {
    for (const { octets } of frames) {
      for (let length = 0; length < octets.length; length++) {
        const dissection: Dissection = dissectFrame(octets.subarray(0, length));
        expect(frameSummary(dissection, []).says).to.be.a('string').and.not.to.equal('');
      }
    }
  });
});
