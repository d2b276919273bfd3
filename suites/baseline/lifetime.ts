/**
 * The lifetime of an SA (MCDANIEL footnote 1; RFC 4301 4.4.2.1): when its seconds or its octets are over it is used no more in either direction, and what it
 * protected does not leave in clear. Only the node under test has such a limit: the tester goes on under the old SA, since the lab holds the Delete that
 * IKE may send.
 */
import { type Account, cause, finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, type Keying, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { keyManagementMutants, sadMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { MCDANIEL, RFC4301 } from '../requirements/documents.ts';
import { spiOf } from './children.ts';

const limits = { seconds: { seconds: 10 }, octets: { octets: 1_000 } } as const;
type Limit = keyof typeof limits;
const limited = Object.keys(limits) as readonly Limit[];

/** Seconds that are let pass, so that the first limit is reached on a slow machine as well. */
const enough = 12;

export const endOfInbound = scenario({
  name: 'end-of-inbound',
  title: 'A packet comes under an SA whose lifetime is over',
  dimensions: { way: ['in'], limit: limited, keying: keyings },
  given,
  lasts: ({ limit }) => (limit === 'seconds' ? enough : 0),
  async play(stage, { limit, keying }) {
    const { tn, nut, lab } = stage;
    await establish(stage, keying, pairs);
    await tn.echo('before');
    await tn.udp('within');
    await lab.holds('its Delete', 'HDR, SK {D}', { from: 'nut', response: false });
    if (limit === 'octets') await tn.udp('spends', { octets: 1_200 });
    else await tn.letsPass('its lifetime', enough);
    await tn.udp('beyond');
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'MCDANIEL-LIFE': question('Is a packet taken under an SA whose lifetime is over?', {
      outcomes: ['ended', 'used'],
      controls: (t) => [
        pre('another SA carries traffic', t.answered('before')),
        pre('the SA carries traffic before', t.delivered('within', 'report')),
        cause('the stimulus came under the same SA', underTheSame(t)),
        post('the other SA carries traffic still', t.answered('after')),
      ],
      judge: (t) =>
        t.delivered('beyond', 'report')?.as('used') ?? t.undelivered('beyond', 'after', 'report')?.as('ended'),
      plays: 'receiver',
      reads: [
        reads(MCDANIEL, 'footnote 1', 'obs', 'receiver', { ended: pass, used: fail }),
        reads(RFC4301, '4.4.2.1', 'MUST', 'implementation', { ended: pass, used: fail }),
      ],
      lawful: 'ended',
      turnedBy: ({ limit }) => [[breaks[limit as Limit], 'used']],
    }),
  },
});

export const endOfOutbound = scenario({
  name: 'end-of-outbound',
  title: 'A packet is to leave under an SA whose lifetime is over',
  dimensions: { way: ['out'], limit: limited, keying: keyings },
  given,
  lasts: ({ limit }) => (limit === 'seconds' ? enough : 0),
  async play(stage, { limit, keying }) {
    const { tn, nut, lab } = stage;
    await establish(stage, keying, pairs);
    await tn.echo('before');
    await nut.udp('within');
    if (limit === 'octets') await nut.udp('spends', { octets: 1_200 });
    else await tn.letsPass('its lifetime', enough);
    await nut.udp('beyond', { awaited: false });
    if (keying !== 'manual') {
      await lab.shows((t) => t.probe('beyond') !== undefined || isRenewed(t));
      // What the tester has agreed to is in use only once the node has installed it.
      await nut.reports('renewed', { until: ({ sad }) => sad.filter(isOutbound).length === pairs.length });
    }
    await tn.echo('meanwhile');
    await nut.udp('later', { awaited: keying !== 'manual' });
    await tn.echo('after');
  },
  questions: {
    'MCDANIEL-LIFE': question('What becomes of a packet whose SA is over?', {
      outcomes: ['ended', 'renewed', 'used', 'in-clear'],
      controls: (t) => [
        pre('another SA carries traffic', t.answered('before')),
        pre('the SA carries traffic before', t.sentUnder('within', 'esp')),
        post('the other SA carries traffic still', t.answered('after')),
      ],
      judge: judgeLeaving,
      plays: 'sender',
      reads: [
        reads(MCDANIEL, 'footnote 1', 'obs', 'sender', { ended: pass, renewed: pass, used: fail, 'in-clear': fail }),
        reads(RFC4301, '4.4.2.1', 'MUST', 'implementation', {
          ended: pass,
          renewed: pass,
          used: fail,
          'in-clear': pass,
        }),
        reads(RFC4301, '5.1 3a', 'MUST', 'sender', { ended: pass, renewed: pass, used: pass, 'in-clear': fail }),
      ],
      lawful: ({ keying }) => (keying === 'manual' ? 'ended' : 'renewed'),
      turnedBy: ({ limit }) => [
        [breaks[limit as Limit], 'used'],
        [keyManagementMutants.leaksWithoutSa, 'in-clear'],
      ],
    }),
  },
});

const breaks = { seconds: sadMutants.hasNoClock, octets: sadMutants.countsNoOctets } as const;

const pairs = ['life', 'short'];

/** An SA for echoes that has no end, and one for datagrams that has. A packet that wants the second again has it renewed. */
function given({ limit, keying }: { readonly limit: Limit; readonly keying: Keying }) {
  return keyedHosts(keying, 'ipv4', [
    transportPair('life', 'ipv4', { selector: { protocol: protocols.ICMP }, spi: 0x3000 }),
    transportPair('short', 'ipv4', { selector: { protocol: protocols.UDP }, lifetime: limits[limit], start: 'trap' }),
  ]);
}

/** Of its own accord or because a packet wants it, on the same IKE SA or on another: the tester has agreed to a child. */
const isRenewed = (t: Account): boolean =>
  t.ike
    .messages('within')
    .some(({ frame, ike }) => frame.entry.from === 'tn' && ike.payloads?.some(({ type }) => type === 'TSr'));

const isOutbound = ({ direction }: { readonly direction: 'in' | 'out' }): boolean => direction === 'out';

function underTheSame(t: Account) {
  const spi = spiOf(t, 'beyond');
  return spi !== undefined && spi === spiOf(t, 'within') ? t.sentUnder('beyond', 'esp') : undefined;
}

function judgeLeaving(t: Account): Judgement | undefined {
  const leaked = t.sentUnder('beyond', 'clear') ?? t.sentUnder('later', 'clear');
  if (leaked) return leaked.as('in-clear');
  const sent = t.probe('beyond') ?? t.probe('later');
  if (!sent) return t.unsent('beyond', 'after')?.as('ended');
  const isOld = sent.packet.esp?.spi === spiOf(t, 'within');
  const says = isOld ? 'it leaves under the SA that is over' : 'it leaves under another SA';
  return finding(says, t.evidenceOf(sent, says)).as(isOld ? 'used' : 'renewed');
}
