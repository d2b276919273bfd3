/** Conversations that turn when a rule of AH is broken in one of two nodes (RFC 4302), and what AH does between two honest ones. */
import { expect } from 'chai';
import { integrityTransform } from '../transforms/integrity.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { hex } from '../wire/octets.ts';
import { type Conversation, describeRules, sentBy } from './conversation.test-support.ts';
import { outcome, TwoNodes } from './two-nodes.test-support.ts';

const conversations: readonly Conversation[] = [
  {
    rule: 'ahCoverage',
    story: 'hops that were counted down on the way go unnoticed',
    setting: { protocol: 'AH', mode: 'transport' },
    broken: (packet) => packet,
    play: (nodes) => outcome(nodes.arrives({ onTheWay: { apply: (octets) => octets.with(8, octets[8]! - 1) } })),
    lawful: 'deliver',
    turned: 'icvMatches',
  },
  {
    rule: 'ahIcvPadding',
    story: 'over IPv4 a header of 28 octets needs none',
    setting: { protocol: 'AH', mode: 'transport' },
    broken: () => 4,
    play: (nodes) => sentBy(nodes)[21],
    lawful: 28 / 4 - 2,
    turned: 32 / 4 - 2,
  },
];

describeRules('rules of AH', conversations);

describe('AH between two nodes', () => {
  for (const mode of ['transport', 'tunnel'] as const) {
    for (const outer of [4, 6] as const) {
      for (const inner of mode === 'transport' ? [outer] : ([4, 6] as const)) {
        const what = `${mode} mode, IPv${inner} over IPv${outer}`;
        it(`${what}: delivers what was sent, and nothing that was changed`, () => {
          const nodes = new TwoNodes({ protocol: 'AH', mode, outer, inner });
          const arrived = nodes.arrives();
          expect(arrived.kind).to.equal('deliver');
          expect(arrived.kind === 'deliver' && hex(arrived.packet)).to.equal(hex(nodes.packet()));
          expect(outcome(nodes.arrives({ afterSealing: { apply: (ah) => ah.with(-1, ah.at(-1)! ^ 1) } }))).to.equal(
            'icvMatches',
          );
          expect(outcome(nodes.arrives({ sequenceNumber: 1n, counts: false }))).to.equal('sequenceNumberAcceptable');
        });

        it(`${what}: with extended sequence numbers over the carry`, () => {
          const sa = { extendedSequenceNumbers: true, sequenceNumber: 0xffff_ffffn };
          const nodes = new TwoNodes({ protocol: 'AH', mode, outer, inner, sa });
          expect([nodes.arrives(), nodes.arrives()].map(outcome)).to.deep.equal(['deliver', 'deliver']);
        });
      }
    }
  }

  for (const [id, octets] of [
    [2, 20],
    [5, 16],
    [8, 16],
    [9, 20],
    [10, 28],
    [11, 36],
    [14, 64],
  ] as const) {
    for (const outer of [4, 6] as const) {
      it(`with integrity transform ${id} over IPv${outer}: the header ends where it should, and nothing changed is taken`, () => {
        const integrity = { id, key: '17'.repeat(octets) };
        const nodes = new TwoNodes({ protocol: 'AH', mode: 'transport', outer, sa: { integrity } });
        const { icvOctets, ivOctets } = integrityTransform(id)!;
        const length = 4 * (nodes.sealed()[outer === 4 ? 21 : 41]! + 2);
        expect(length % (outer === 4 ? 4 : 8)).to.equal(0);
        expect(length - (12 + ivOctets + icvOctets)).to.be.within(0, 7);
        expect(outcome(nodes.arrives())).to.equal('deliver');
        const last = 12 + ivOctets + icvOctets - 1;
        for (const at of [12, last])
          expect(outcome(nodes.arrives({ afterSealing: { apply: (ah) => ah.with(at, ah[at]! ^ 1) } }))).to.equal(
            'icvMatches',
          );
      });
    }
  }

  it('draws a new IV for each packet under AES-GMAC, before the ICV', () => {
    const sa = { integrity: { id: 9, key: '17'.repeat(20) } };
    const nodes = new TwoNodes({ protocol: 'AH', mode: 'transport', sa });
    expect(hex(nodes.sealed().subarray(32, 40))).to.not.equal(hex(nodes.sealed().subarray(32, 40)));
  });

  it('is not taken under an SA of ESP, nor ESP under one of AH', () => {
    const [ah, esp] = [new TwoNodes({ protocol: 'AH', mode: 'transport' }), new TwoNodes({ mode: 'transport' })];
    expect(outcome(esp.nut.inbound(0, ah.sealed()))).to.equal('inboundSa');
    expect(outcome(ah.nut.inbound(0, esp.sealed()))).to.equal('inboundSa');
  });

  it('stands before destination options and after what is for the hops on the way', () => {
    const nodes = new TwoNodes({ protocol: 'AH', mode: 'transport', outer: 6 });
    const options = [{ type: 'option', optionType: 0x1e, data: new Uint8Array(4) }];
    const extensions = [
      { type: 'hopByHop', options },
      { type: 'destinationOptions', options },
    ];
    const packet = nodes.packet({ header: { extensions } as never });
    const sealed = ipPacket.decode(nodes.sealed({ packet })).value;
    expect(sealed.version === 6 && sealed.extensions.map(({ type }) => type)).to.deep.equal([
      'hopByHop',
      'authentication',
      'destinationOptions',
    ]);
    const arrived = nodes.arrives({ packet });
    expect(arrived.kind === 'deliver' && hex(arrived.packet)).to.equal(hex(packet));
  });
});
