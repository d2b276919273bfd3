/**
 * A type of ICMP as a selector (ARKKO 2.2; RFC 4301 4.4.1.1): an echo request and its reply are of different types, so that a policy about one leaves the other alone. Negotiated,
 * type and code stand where ports would (RFC 7296 3.13.1).
 */
import {
  type Account,
  both,
  type Finding,
  finding,
  type Judgement,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { establish, establishing, keyedHosts, keyings, protect } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { ARKKO, RFC4301 } from '../requirements/documents.ts';
import { agreedOn } from './agreed.ts';

type Outcome = 'that-type' | 'every-type' | 'none';
type Family = 'ipv4' | 'ipv6';

const echoTypes = {
  ipv4: { protocol: protocols.ICMP, requests: 8, replies: 0 },
  ipv6: { protocol: protocols['IPv6-ICMP'], requests: 128, replies: 129 },
} as const;

const PAIR = 'pair';
const life = (family: Family) => transportPair('life', family, { spi: 0x3000, selector: { protocol: protocols.UDP } });

const asAsked = { 'that-type': pass, 'every-type': fail, none: fail } as const;

export const icmpTypes = scenario({
  name: 'icmp-types',
  title: 'A policy for one type of ICMP',
  dimensions: {
    selector: ['requests', 'replies'],
    code: ['every-code', 'code-0'],
    family: ['ipv4', 'ipv6'],
    keying: keyings,
  },
  where: ({ code, family }) => code === 'every-code' || family === 'ipv4',
  given: ({ selector, code, family, keying }) => {
    const { protocol, [selector]: type } = echoTypes[family];
    const icmp = code === 'code-0' ? { type, code: 0 } : { type };
    const pairs = [transportPair(PAIR, family, { selector: { protocol, icmp } }), life(family)];
    return keyedHosts(keying, family, pairs, { policy: pairs.map((pair) => protect(pair)) });
  },
  async play(stage, { selector, keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, [PAIR, 'life']);
    await tn.udp('before');
    await tn.pingInClear('in clear');
    if (selector === 'requests') await tn.esp('sealed', { under: PAIR });
    await nut.echo('own', { awaited: false });
    await tn.udp('after');
    await nut.reports('report', { until: ({ delivered }) => delivered.length > 1 });
  },
  questions: {
    'ARKKO-2.2a': question('Does an entry for a type of ICMP decide about that type, and about no other?', {
      outcomes: ['that-type', 'every-type', 'none'],
      controls: (t, { keying }) => [
        ...agreedOn(t, keying!, [PAIR]),
        pre('what another entry protects is delivered', t.delivered('before', 'report')),
        post('and again', t.delivered('after', 'report')),
      ],
      judge: (t, { selector }) =>
        wider(t)?.as('every-type') ?? (selector === 'requests' ? ofRequests(t) : ofReplies(t)),
      plays: ['receiver', 'sender'],
      reads: [
        reads(ARKKO, '2.2', 'obs', 'implementation', asAsked),
        reads(RFC4301, '4.4.1.1', 'MUST', 'implementation', asAsked),
      ],
      lawful: 'that-type',
      turnedBy: (): readonly Turn<Outcome>[] => [
        [policyMutants.ignoresIcmpType, 'every-type'],
        [policyMutants.readsNoIcmpType, 'none'],
      ],
    }),
  },
});

/** A request in clear is dropped, one under ESP is answered in clear, and its own leave under ESP. */
function ofRequests(t: Account): Judgement | undefined {
  const dropped = t.silent('in clear', 'sealed');
  const [inClear, underEsp] = [answered(t, 'sealed', 'clear'), answered(t, 'sealed', 'esp')];
  return (
    t.answered('in clear')?.as('none') ??
    underEsp?.as('every-type') ??
    both(dropped, inClear, t.sentUnder('own', 'esp'))?.as('that-type')
  );
}

/** A request in clear is answered under ESP, and its own leave in clear. */
function ofReplies(t: Account): Judgement | undefined {
  return (
    answered(t, 'in clear', 'clear')?.as('none') ??
    (t.sentUnder('own', 'esp') ?? t.unsent('own', 'after'))?.as('every-type') ??
    both(answered(t, 'in clear', 'esp'), t.sentUnder('own', 'clear'))?.as('that-type')
  );
}

/** The node answers selectors of more than one type, whatever was offered. */
function wider(t: Account): Finding | undefined {
  const answer = t.ike.settled(establishing(PAIR));
  if (answer?.frame.entry.from !== 'nut') return undefined;
  const granted = (answer.ike.payloads ?? []).flatMap((payload) => (payload.type === 'TSr' ? payload.selectors : []));
  const more = granted.find((each) => 'startPort' in each && each.endPort - each.startPort > LAST_CODE);
  return more && t.ike.said(answer, 'the answer is for more than one type');
}

function answered(t: Account, name: string, how: 'esp' | 'clear'): Finding | undefined {
  const answer = t.answer(name);
  if (!answer || (answer.packet.esp !== undefined) !== (how === 'esp')) return undefined;
  const says = `${name}: answered ${how === 'esp' ? 'under ESP' : 'in clear'} in frame ${answer.frame.entry.number}`;
  return finding(says, t.evidenceOf(answer, says));
}

const LAST_CODE = 0xff;
