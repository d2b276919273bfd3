/**
 * Entries that overlap (AURA 3; RFC 4301 4.4.1): the SPD is ordered and the first match decides, not the narrowest and not the latest.
 * Each overlap comes in both orders, so that one implementation cannot be right by accident in both.
 */
import { keyings } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { AURA, RFC4301 } from '../requirements/documents.ts';
import {
  type Fate,
  type FlowDirection,
  type FlowRuling,
  fateControls,
  fateOfDiscardedRest,
  fates,
  flowPort,
  judgeFate,
  only,
  partOf,
  playFate,
  ruled,
} from './fate.ts';

/** Each wider than the one before. */
const bypassPort: FlowRuling = { action: 'BYPASS', port: flowPort };
const discardPorts: FlowRuling = { action: 'DISCARD', port: [flowPort - 1, flowPort] };
const protectAll: FlowRuling = { action: 'PROTECT' };

/** Every entry matches the flow; the first one decides. `narrowest` is the place of the one that selects least. */
const orders = {
  'bypass-above-protect': { rulings: [bypassPort, protectAll], narrowest: 0 },
  'protect-above-bypass': { rulings: [protectAll, bypassPort], narrowest: 1 },
  'discard-above-protect': { rulings: [discardPorts, protectAll], narrowest: 0 },
  'protect-above-discard': { rulings: [protectAll, discardPorts], narrowest: 1 },
  'three-deep': { rulings: [bypassPort, discardPorts, protectAll], narrowest: 0 },
  'three-deep-reversed': { rulings: [protectAll, discardPorts, bypassPort], narrowest: 2 },
  'bypass-alone': { rulings: [bypassPort], narrowest: 0 },
  'discard-alone': { rulings: [{ action: 'DISCARD', port: flowPort }], narrowest: 0 },
  'protect-alone': { rulings: [{ action: 'PROTECT', port: flowPort }], narrowest: 0 },
} as const satisfies Record<string, { rulings: readonly FlowRuling[]; narrowest: number }>;
type Order = keyof typeof orders;

export const orderedPolicy = scenario({
  name: 'ordered-policy',
  title: 'The first entry that matches decides',
  dimensions: { order: Object.keys(orders) as Order[], direction: ['inbound', 'outbound'], keying: keyings },
  given: ({ order, keying }) => ruled(keying, orders[order].rulings, unmatchedUnder(order)),
  play: (stage, { order, direction, keying }) => playFate(stage, direction, keying, orders[order].rulings),
  questions: {
    'AURA-SPD-1': question('Which of the entries that match decides?', {
      outcomes: fates,
      controls: (t, { order, keying }) => fateControls(t, keying!, orders[order as Order].rulings),
      judge: (t, { direction }) => judgeFate(t, direction as FlowDirection),
      plays: ({ direction }) => partOf(direction as FlowDirection),
      reads: (at) => {
        const of = only(decidedBy(at, 0));
        return [reads(AURA, '3', 'obs', 'implementation', of), reads(RFC4301, '4.4.1', 'MUST', 'implementation', of)];
      },
      lawful: (at) => decidedBy(at, 0),
      turnedBy: turns,
    }),
  },
});

function turns(at: Readonly<Record<string, string>>): readonly Turn<Fate>[] {
  const { rulings, narrowest } = orders[at.order as Order];
  if (rulings.length === 1) {
    return [
      [
        policyMutants.skipsPorts,
        at.order === 'bypass-alone' ? fateOfDiscardedRest(at.direction!, at.keying!) : 'bypassed',
      ],
    ];
  }
  const last: Turn<Fate> = [policyMutants.lastEntryDecides, decidedBy(at, rulings.length - 1)];
  return narrowest === 0 ? [last] : [last, [policyMutants.narrowestEntryDecides, decidedBy(at, narrowest)]];
}

/** An entry alone must differ from having none. */
function unmatchedUnder(order: Order): 'BYPASS' | 'DISCARD' {
  return order === 'bypass-alone' ? 'DISCARD' : 'BYPASS';
}

function decidedBy({ order }: Readonly<Record<string, string>>, place: number): Fate {
  const rulings: readonly FlowRuling[] = orders[order as Order].rulings;
  return fateOf[rulings[place]!.action];
}

const fateOf = { PROTECT: 'protected', BYPASS: 'bypassed', DISCARD: 'discarded' } as const;
