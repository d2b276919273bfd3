/**
 * What becomes of a packet that a home agent put into a tunnel (RFC 2473 7.1 and 8): an error about the tunnel packet is told to whoever sent the original, and
 * a packet that the tunnel does not carry is not put into it.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { echoPacket, icmpv6Packet, tunnelledPacket } from '../../../harness/vocabulary/packets.ts';
import { question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { Icmpv6Message } from '../../../reference/wire/icmpv6.ts';
import { RFC2473 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted, only } from './judging.ts';

const outcomes = ['unreachable', 'too big', 'another error', 'silent'] as const;
type Outcome = (typeof outcomes)[number];

interface TunnelError {
  /** Without what it quotes. */
  readonly says: (originalPacket: Uint8Array) => Icmpv6Message;
  /** Of the echo in the original, in octets; 8 unless given. */
  readonly payload?: number;
  /** Of the tunnel that it is about; the care-of address unless given. */
  readonly tunnel?: string;
  readonly lawful: Outcome;
  readonly turnedBy: Turn<Outcome>;
}

const { keepsTunnelErrors, relaysEveryTunnelError, relaysForEveryTunnel, putsAllIntoTunnels } = mobilityMutants;

const errors = {
  unreachable: {
    says: (originalPacket) => ({ kind: 'destinationUnreachable', type: 1, code: 0, originalPacket }),
    lawful: 'unreachable',
    turnedBy: [keepsTunnelErrors, 'silent'],
  },
  'hops-exceeded': {
    says: (originalPacket) => ({ kind: 'timeExceeded', type: 3, code: 0, originalPacket }),
    lawful: 'unreachable',
    turnedBy: [keepsTunnelErrors, 'silent'],
  },
  'too-big': {
    says: (originalPacket) => ({ kind: 'packetTooBig', type: 2, code: 0, mtu: 1_400, originalPacket }),
    payload: 1_350,
    lawful: 'too big',
    turnedBy: [keepsTunnelErrors, 'silent'],
  },
  'too-big-for-the-smallest': {
    says: (originalPacket) => ({ kind: 'packetTooBig', type: 2, code: 0, mtu: 1_280, originalPacket }),
    lawful: 'silent',
    turnedBy: [relaysEveryTunnelError, 'unreachable'],
  },
  'parameter-problem': {
    says: (originalPacket) => ({ kind: 'parameterProblem', type: 4, code: 0, pointer: 6, originalPacket }),
    lawful: 'silent',
    turnedBy: [relaysEveryTunnelError, 'unreachable'],
  },
  'of-another-tunnel': {
    says: (originalPacket) => ({ kind: 'destinationUnreachable', type: 1, code: 0, originalPacket }),
    tunnel: home.otherCareOfAddress,
    lawful: 'silent',
    turnedBy: [relaysForEveryTunnel, 'unreachable'],
  },
} as const satisfies Readonly<Record<string, TunnelError>>;

const errorOf = (name: keyof typeof errors): TunnelError => errors[name];

const probe = (payload = 8): Uint8Array =>
  echoPacket({
    from: home.neighbor,
    to: home.address,
    identifier: 0x2600,
    sequence: 1,
    payload: new Uint8Array(payload),
  });

export const homeTunnelErrors = scenario({
  name: 'home-tunnel-errors',
  title: 'An ICMPv6 error about a packet in the tunnel to a mobile node',
  cast: onHomeLink,
  dimensions: { error: Object.keys(errors) as (keyof typeof errors)[] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }, { error }) {
    const { says, payload, tunnel = home.careOfAddress } = errorOf(error);
    await tn.sends('update', homeUpdate());
    await neighbor.packet('probe', probe(payload));
    await neighbor.pingInClear('tunnelled', { to: home.address, passedOnBy: 'nut' });
    const quoted = tunnelledPacket({ from: home.agent, to: tunnel }, probe(payload)).subarray(0, 1_232);
    await tn.packet('error', icmpv6Packet({ from: home.careOfAddress, to: home.agent }, says(quoted)));
    // By the way that the error took.
    await tn.pingInClear('read', { from: home.careOfAddress, to: home.agent });
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC2473-8': question<{ readonly error: readonly (keyof typeof errors)[] }, Outcome>(
      'Is an error about a tunnel packet told to who sent the original?',
      {
        outcomes,
        controls: (t) => [
          pre('registered', accepted(t, 'update')),
          pre('its home address is tunnelled to', passedOn(t, 'tunnelled')),
          post('the home agent took what came after the error', t.answered('read')),
          post('and is alive on the home link', t.answered('still alive')),
        ],
        judge: (t) => told(t, 'still alive'),
        plays: 'receiver',
        reads: ({ error }) => [reads(RFC2473, '8', 'MUST', 'receiver', only(errorOf(error).lawful, outcomes))],
        lawful: ({ error }) => errorOf(error).lawful,
        turnedBy: ({ error }) => [errorOf(error).turnedBy],
      },
    ),
  },
});

export const homeTunnelSize = scenario({
  name: 'home-tunnel-size',
  title: 'A packet that is too long for the tunnel to a mobile node',
  cast: onHomeLink,
  dimensions: { length: ['beyond-the-tunnel'] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }) {
    await tn.sends('update', homeUpdate());
    await neighbor.pingInClear('tunnelled', { to: home.address, passedOnBy: 'nut' });
    // 1,500 octets, which the home link carries; with a tunnel header around them no link does.
    await neighbor.packet('probe', probe(1_500 - 48));
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC2473-7.1': question('Is who sent it told how long it may be?', {
      outcomes,
      controls: (t) => [
        pre('registered', accepted(t, 'update')),
        pre('its home address is tunnelled to', passedOn(t, 'tunnelled')),
        post('the home agent is alive', t.answered('still alive')),
      ],
      judge: (t) => told(t, 'still alive'),
      plays: 'receiver',
      reads: [reads(RFC2473, '7.1', 'MUST', 'receiver', only('too big', outcomes))],
      lawful: 'too big',
      turnedBy: [[putsAllIntoTunnels, 'silent']],
    }),
  },
});

/** What the home agent says against the probe. */
function told(t: Account, life: string) {
  const objection = t.objection('probe');
  if (objection?.kind !== 'icmp') return t.unobjected('probe', life)?.as('silent');
  const { type, code, shown } = objection;
  if (type === 1 && code === 3) return shown.as('unreachable');
  return shown.as(type === 2 ? 'too big' : 'another error');
}

function passedOn(t: Account, name: string) {
  const passed = t.passedOn(name);
  return passed && finding(`${name}: passed on`, t.evidenceOf(passed, `${name}: passed on by the home agent`));
}
