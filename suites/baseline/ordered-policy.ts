/**
 * Entries that overlap (AURA 3; RFC 4301 4.4.1): the SPD is ordered and the first match decides, not the narrowest and not the latest.
 * Each overlap comes in both orders, so that one implementation cannot be right by accident in both.
 */
import { host } from '../../harness/vocabulary/intent.ts';
import { keyings } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
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

const bypassPort: FlowRuling = { action: 'BYPASS', port: flowPort };
const discardHost: FlowRuling = { action: 'DISCARD', remote: host(places.home.ipv4) };
const protectHost: FlowRuling = { action: 'PROTECT', remote: host(places.home.ipv4) };
const protectSubnet: FlowRuling = { action: 'PROTECT', remote: '192.0.2.0/24' };

/** Every entry matches the flow; the first one decides. `narrowest` is the place of the one that selects least. */
const orders = {
  'bypass-above-protect': { rulings: [bypassPort, protectHost], narrowest: 0 },
  'protect-above-bypass': { rulings: [protectHost, bypassPort], narrowest: 1 },
  'discard-above-protect': { rulings: [discardHost, protectSubnet], narrowest: 0 },
  'protect-above-discard': { rulings: [protectSubnet, discardHost], narrowest: 1 },
  'three-deep': { rulings: [bypassPort, discardHost, protectSubnet], narrowest: 0 },
  'three-deep-reversed': { rulings: [protectSubnet, discardHost, bypassPort], narrowest: 2 },
  'bypass-alone': { rulings: [bypassPort], narrowest: 0 },
  'discard-alone': { rulings: [{ ...discardHost, port: flowPort }], narrowest: 0 },
  'protect-alone': { rulings: [{ ...protectSubnet, port: flowPort }], narrowest: 0 },
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
      controls: fateControls,
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
