/** One SA inside another, by two entries of the SPD of which one names the other (RFC 4301 section 4.3 and appendix E): AH around ESP and the other way about. */
import { expect } from 'chai';
import { protocols } from '../wire/ip/protocols.ts';
import { hex } from '../wire/octets.ts';
import type { ManualSaConfiguration, PolicyConfiguration } from './configuration.ts';
import { Ipsec } from './ipsec.ts';
import { ahOffset } from './mutable-fields.ts';
import { type IpsecRules, ipsecRules } from './rules.ts';
import { countingEnv, innerAddress, outcome, outerAddress, udpPacket } from './two-nodes.test-support.ts';

type Protocol = 'ESP' | 'AH';

interface Nesting {
  readonly inner: Protocol;
  readonly outer: Protocol;
  /** Of the inner SA. */
  readonly mode: 'transport' | 'tunnel';
  readonly family?: 4 | 6;
}

function node(me: 'tn' | 'nut', { inner, outer, mode, family = 4 }: Nesting, rules = ipsecRules): Ipsec {
  const other = me === 'tn' ? 'nut' : 'tn';
  const [mine, theirs] = [outerAddress(me, family), outerAddress(other, family)];
  const [local, remote] = mode === 'tunnel' ? [innerAddress(me, family), innerAddress(other, family)] : [mine, theirs];
  const sas = (protocol: Protocol, spi: number, name: string, how: Nesting['mode']): ManualSaConfiguration[] =>
    (['toNut', 'toTn'] as const).map((way) => {
      const isOut = (way === 'toNut') === (me === 'tn');
      return {
        name: `${name}-${way}`,
        direction: isOut ? 'out' : 'in',
        spi: spi + (way === 'toNut' ? 1 : 2),
        source: isOut ? mine : theirs,
        destination: isOut ? theirs : mine,
        mode: how,
        integrity: { id: 12, key: '17'.repeat(32) },
        replayWindow: 64,
        extendedSequenceNumbers: true,
        ...(protocol === 'AH' ? { protocol } : { encryption: { id: 12, keyLength: 128, key: '42'.repeat(16) } }),
      } as ManualSaConfiguration;
    });
  const entry = (name: string, protocol: Protocol, how: Nesting['mode'], rest: object): PolicyConfiguration => ({
    name,
    direction: 'both',
    selector: { local: mine, remote: theirs, protocol: protocols[inner] },
    ...rest,
    action: {
      kind: 'PROTECT',
      protocol,
      mode: how,
      securityAssociations: [`${name}-toNut`, `${name}-toTn`],
      ...(name === 'inner' && { within: 'outer' }),
    },
  });
  return new Ipsec({
    env: countingEnv(),
    rules,
    isOwnAddress: (address) => address === mine,
    configuration: {
      spd: [entry('outer', outer, 'transport', {}), entry('inner', inner, mode, { selector: { local, remote } })],
      manual: [
        ...sas(inner, 0x1000, 'inner', mode),
        ...sas(outer, 0x1000 + (inner === outer ? 16 : 0), 'outer', 'transport'),
      ],
    },
  });
}

/** What the IP header announces. */
const firstProtocol = (octets: Uint8Array): number => octets[octets[0]! >> 4 === 4 ? 9 : 6]!;

function packet({ mode, family = 4 }: Nesting): Uint8Array {
  const [source, destination] =
    mode === 'tunnel'
      ? [innerAddress('tn', family), innerAddress('nut', family)]
      : [outerAddress('tn', family), outerAddress('nut', family)];
  return udpPacket({ source, destination });
}

/** What is played between two nodes of which one has these rules. */
interface NestedConversation {
  readonly rule: 'nestedEntry' | 'nestingSatisfies';
  readonly story: string;
  readonly broken: () => undefined | boolean;
  play(nesting: Nesting, rules: IpsecRules): unknown;
  lawful(nesting: Nesting): unknown;
  turned(nesting: Nesting): unknown;
}

const conversations: readonly NestedConversation[] = [
  {
    rule: 'nestedEntry',
    story: 'nothing leaves that only the inner one protects',
    broken: () => undefined,
    play(nesting, rules) {
      const sent = node('tn', nesting, rules).outbound(0, packet(nesting));
      return sent.kind === 'protected' && firstProtocol(sent.packet);
    },
    lawful: ({ outer }) => protocols[outer],
    turned: ({ inner }) => protocols[inner],
  },
  {
    rule: 'nestingSatisfies',
    story: 'nothing is let in that came through the inner one alone',
    broken: () => true,
    play(nesting, rules) {
      const tn = node('tn', nesting);
      const alone = tn.seal(0, tn.sad.named('inner-toNut')!, { packet: packet(nesting) });
      if (alone.kind !== 'sealed') throw new Error(alone.refusal.detail);
      return outcome(node('nut', nesting, rules).inbound(0, alone.packet));
    },
    lawful: () => 'nestingSatisfies',
    turned: () => 'deliver',
  },
];

describe('nested SAs', () => {
  for (const nesting of [
    { inner: 'ESP', outer: 'AH', mode: 'transport' },
    { inner: 'ESP', outer: 'AH', mode: 'tunnel' },
    { inner: 'AH', outer: 'ESP', mode: 'transport' },
    { inner: 'AH', outer: 'ESP', mode: 'tunnel' },
    { inner: 'ESP', outer: 'ESP', mode: 'tunnel' },
    { inner: 'ESP', outer: 'AH', mode: 'transport', family: 6 },
    { inner: 'ESP', outer: 'AH', mode: 'tunnel', family: 6 },
    { inner: 'AH', outer: 'ESP', mode: 'transport', family: 6 },
  ] as const satisfies readonly Nesting[]) {
    const { inner, outer, mode, family = 4 } = nesting as Nesting;
    describe(`${inner} in ${mode} mode within ${outer}, IPv${family}`, () => {
      it('are applied inner first, and taken off outer first', () => {
        const sent = node('tn', nesting).outbound(0, packet(nesting));
        if (sent.kind !== 'protected') throw new Error(outcome(sent));
        expect(firstProtocol(sent.packet)).to.equal(protocols[outer]);
        const arrived = node('nut', nesting).inbound(0, sent.packet);
        if (arrived.kind !== 'deliver')
          throw new Error(arrived.kind === 'discard' ? arrived.refusal.detail : arrived.kind);
        expect(hex(arrived.packet)).to.equal(hex(packet(nesting)));
        expect(arrived.through.map(({ sa }) => sa.name)).to.deep.equal(['outer-toNut', 'inner-toNut']);
      });

      for (const { rule, story, broken, play, lawful, turned } of conversations) {
        it(`rule ${rule}: ${story}`, () => {
          expect(play(nesting, ipsecRules), 'lawful').to.equal(lawful(nesting));
          expect(play(nesting, { ...ipsecRules, [rule]: broken }), 'broken').to.equal(turned(nesting));
        });
      }

      it('wait for the outer SA, and send nothing without it', () => {
        const tn = node('tn', nesting);
        const { sa } = tn.sad.named('outer-toNut')!;
        tn.sad.remove(sa.protocol, 'out', sa.spi);
        const sent = tn.outbound(0, packet(nesting));
        expect(sent.kind === 'acquire' && sent.spdEntry.name).to.equal('outer');
      });
    });
  }

  it('have AH before ESP in the packet, over both of which its ICV goes', () => {
    const nesting = { inner: 'ESP', outer: 'AH', mode: 'transport' } as const;
    const sent = node('tn', nesting).outbound(0, packet(nesting));
    const octets = sent.kind === 'protected' ? sent.packet : new Uint8Array();
    expect(octets[ahOffset(octets)!]).to.equal(protocols.ESP);
    const changed = octets.with(-1, octets.at(-1)! ^ 1);
    const refused = node('nut', nesting).inbound(0, changed);
    expect(refused.kind === 'discard' && [refused.refusal.rule, refused.entry?.sa.name]).to.deep.equal([
      'icvMatches',
      'outer-toNut',
    ]);
  });

  it('that go round in a circle end at a bound', () => {
    const spd = (['one', 'other'] as const).map(
      (name): PolicyConfiguration => ({
        name,
        direction: 'out',
        selector: { local: outerAddress('tn', 4), remote: outerAddress('nut', 4) },
        action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport', within: name === 'one' ? 'other' : 'one' },
      }),
    );
    const nesting = { inner: 'ESP', outer: 'AH', mode: 'transport' } as const;
    const tn = node('tn', nesting);
    const circle = new Ipsec({
      env: countingEnv(),
      isOwnAddress: () => false,
      configuration: { spd, manual: [] },
    });
    circle.install({ ...tn.sad.named('inner-toNut')!.sa, local: undefined, remote: undefined } as never, 0);
    expect(outcome(circle.outbound(0, packet(nesting)))).to.equal('nestedSas');
  });
});
