/**
 * SAs go one way (MCDANIEL "architecture"; RFC 4301 4.1, 4.4.1): keyed by hand each direction has the protection that its own entry says, or none. IKE makes
 * SAs in pairs and deletes them so (RFC 7296 1.4.1): with the one that is named the other goes too.
 */
import { intent, sinks } from '../../harness/vocabulary/intent.ts';
import { type Account, cause, finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants, type NodeMutant, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { entryOf, inboundName, manualSas, outboundName, transportPair } from '../../harness/vocabulary/pairs.ts';
import { hostToHost, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites, laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { MCDANIEL, RFC4301, RFC7296 } from '../requirements/documents.ts';

type Family = 'ipv4' | 'ipv6';
const suites = { AH: ahSuites['ah-sha256'], ESP: espSuites['aes-cbc-sha256'] } as const;

interface Ways {
  /** What protects what comes to the node, and what leaves it; absent: nothing. */
  readonly inward?: keyof typeof suites;
  readonly outward?: keyof typeof suites;
  readonly turnedBy: NodeMutant;
}

const ways = {
  'ah-in-esp-out': { inward: 'AH', outward: 'ESP', turnedBy: policyMutants.remembersOneProtocol },
  'esp-in-ah-out': { inward: 'ESP', outward: 'AH', turnedBy: policyMutants.remembersOneProtocol },
  'ah-in-clear-out': { inward: 'AH', turnedBy: policyMutants.findsSasInPairs },
  'esp-in-clear-out': { inward: 'ESP', turnedBy: policyMutants.findsSasInPairs },
  'clear-in-ah-out': { outward: 'AH', turnedBy: policyMutants.refusesAnyPlaintext },
  'clear-in-esp-out': { outward: 'ESP', turnedBy: policyMutants.refusesAnyPlaintext },
} as const satisfies Record<string, Ways>;
type WaysName = keyof typeof ways;

export const unidirectional = scenario({
  name: 'unidirectional',
  title: 'Each direction has a protection of its own',
  dimensions: { ways: Object.keys(ways) as WaysName[], family: ['ipv4', 'ipv6'] },
  given: oneWayEach,
  async play({ tn }, { family }) {
    const other = family === 'ipv4' ? 'ipv6' : 'ipv4';
    const elsewhere = { from: places.home[other], to: nutAddresses[other] };
    await tn.pingInClear('path', elsewhere);
    await tn.echo('stimulus');
    await tn.pingInClear('life', elsewhere);
  },
  questions: {
    'MCDANIEL-UNIDIR': question('Has each direction the protection that was said for it?', {
      outcomes: ['each-its-own', 'otherwise', 'dropped'],
      controls: (t) => [
        cause('the node is reached on the same link', t.answered('path')),
        post('and still is', t.answered('life')),
      ],
      judge: (t, { ways }) => answeredAs(t, ways as WaysName) ?? t.silent('stimulus', 'life')?.as('dropped'),
      plays: ['sender', 'receiver'],
      reads: [
        reads(MCDANIEL, 'architecture', 'obs', 'implementation', {
          'each-its-own': pass,
          otherwise: fail,
          dropped: fail,
        }),
        reads(RFC4301, '4.1', 'obs', 'implementation', { 'each-its-own': pass, otherwise: fail, dropped: fail }),
      ],
      lawful: 'each-its-own',
      turnedBy: ({ ways: name }) => [[ways[name as WaysName].turnedBy, 'dropped']],
    }),
  },
});

export const deletedPair = scenario({
  name: 'deleted-pair',
  title: 'With one SA of a pair the other is deleted',
  dimensions: { ways: ['deleted'], keying: ['ikev2', 'ikev2-nut-initiates'], protection: laterProtections },
  given: ({ keying, protection }) =>
    keyedHosts(keying, 'ipv4', [transportPair('pair', 'ipv4', { suite: protectionOf(protection) })]),
  async play(stage, { keying }) {
    const { tn, nut } = stage;
    const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
    await tn.pingInClear('path', elsewhere);
    await establish(stage, keying, ['pair']);
    await tn.echo('before');
    await nut.reports('standing');
    await tn.closesChild('closing', childName('pair'));
    await tn.pingInClear('life', elsewhere);
    await nut.reports('report', { until: ({ sad }) => sad.length === 0 });
  },
  questions: {
    'MCDANIEL-UNIDIR': question('Does the other SA of a pair go with the one that is deleted?', {
      outcomes: ['together', 'one-left', 'both-left'],
      controls: (t) => [
        pre('the pair carries traffic', t.answered('before')),
        pre(
          'both SAs stand',
          t.reported('standing', 'sad', 'a pair of SAs', ({ sad }) => sad.length === 2),
        ),
        post('the node is alive', t.answered('life')),
      ],
      judge: (t) =>
        t.reported('report', 'sad', 'no SA', ({ sad }) => sad.length === 0)?.as('together') ??
        t.reported('report', 'sad', 'one SA', ({ sad }) => sad.length === 1)?.as('one-left') ??
        t.reported('report', 'sad', 'both SAs', ({ sad }) => sad.length > 1)?.as('both-left'),
      plays: 'receiver',
      reads: [
        reads(MCDANIEL, 'architecture', 'obs', 'implementation', {
          together: pass,
          'one-left': pass,
          'both-left': fail,
        }),
        reads(RFC7296, '1.4.1', 'MUST', 'receiver', { together: pass, 'one-left': fail, 'both-left': fail }),
      ],
      lawful: 'together',
      turnedBy: [[childMutants.forgetsDeletedChildren, 'both-left']],
    }),
  },
});

function pairsOf(name: WaysName, family: Family) {
  const { inward, outward }: Ways = ways[name];
  return {
    inward: inward && transportPair('inward', family, { suite: suites[inward] }),
    outward: outward && transportPair('outward', family, { suite: suites[outward], spi: 0x2000 }),
  };
}

/** Entries and SAs of one direction each. */
function oneWayEach({ ways: name, family }: { readonly ways: WaysName; readonly family: Family }) {
  const { inward, outward } = pairsOf(name, family);
  const any = entryOf(transportPair('any', family));
  const entry = (direction: 'in' | 'out', pair: typeof inward, called: (pair: string) => string) =>
    pair
      ? { ...entryOf(pair, [called(pair.name)]), direction }
      : ({ ...any, name: `clear-${direction}`, direction, action: 'BYPASS' } as const);
  return intent({
    topology: hostToHost,
    ends: { tn: places.home[family], nut: nutAddresses[family] },
    nut: {
      spd: [entry('in', inward, inboundName), entry('out', outward, outboundName)],
      manual: [...(inward ? [manualSas(inward)[0]] : []), ...(outward ? [manualSas(outward)[1]] : [])],
      ike: [],
      sinks,
    },
  });
}

function answeredAs(t: Account, name: WaysName): Judgement | undefined {
  const { outward }: Ways = ways[name];
  const answer = t.answer('stimulus');
  if (!answer) return undefined;
  const under = answer.packet.esp?.protocol;
  const shown = finding(`answered ${under ? `under ${under}` : 'in clear'}`, t.evidenceOf(answer, 'the answer'));
  return shown.as(under === outward ? 'each-its-own' : 'otherwise');
}
