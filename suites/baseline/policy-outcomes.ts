/**
 * The three outcomes of policy (MCDANIEL "architecture"; RFC 4301 4.4.1), each by an entry that nothing else overlaps, in both
 * directions.
 */
import { keyings } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL, RFC4301 } from '../requirements/documents.ts';
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

/** What the entry says, and what befalls the rest, so that missing the entry shows. */
const entries = {
  protect: { action: 'PROTECT', unmatched: 'BYPASS', fate: 'protected' },
  bypass: { action: 'BYPASS', unmatched: 'DISCARD', fate: 'bypassed' },
  discard: { action: 'DISCARD', unmatched: 'BYPASS', fate: 'discarded' },
} as const satisfies Record<string, { fate: Fate; [field: string]: string }>;

export const policyOutcomes = scenario({
  name: 'policy-outcomes',
  title: 'Protect, bypass, discard',
  dimensions: { entry: ['protect', 'bypass', 'discard'], direction: ['inbound', 'outbound'], keying: keyings },
  given: ({ entry, keying }) => ruled(keying, rulingsOf(entry), entries[entry].unmatched),
  play: (stage, { entry, direction, keying }) => playFate(stage, direction, keying, rulingsOf(entry)),
  questions: {
    'MCDANIEL-SPD': question('What becomes of a flow with an entry of its own?', {
      outcomes: fates,
      controls: (t, { entry, keying }) => fateControls(t, keying!, rulingsOf(entry as keyof typeof entries)),
      judge: (t, { direction }) => judgeFate(t, direction as FlowDirection),
      plays: ({ direction }) => partOf(direction as FlowDirection),
      reads: (at) => {
        const of = only(entryAt(at).fate);
        return [
          reads(MCDANIEL, 'architecture', 'obs', 'implementation', of),
          at.direction === 'inbound'
            ? reads(RFC4301, '4.4.1, 5.2 3b', 'MUST', 'receiver', of)
            : reads(RFC4301, '5.1 3a', 'MUST', 'sender', of),
        ];
      },
      lawful: (at) => entryAt(at).fate,
      turnedBy: (at) => [
        [policyMutants.skipsPorts, at.entry === 'bypass' ? fateOfDiscardedRest(at.direction!, at.keying!) : 'bypassed'],
        ...(at.entry === 'protect' && at.direction === 'inbound'
          ? ([[policyMutants.admitsPlaintext, 'bypassed']] as const)
          : []),
      ],
    }),
  },
});

function rulingsOf(entry: keyof typeof entries): readonly FlowRuling[] {
  return [{ action: entries[entry].action, port: flowPort }];
}

function entryAt({ entry }: Readonly<Record<string, string>>) {
  return entries[entry as keyof typeof entries];
}
