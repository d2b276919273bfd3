/** Real transcripts for the tests of judging: a scenario played by two references in memory, and what an analyst may do to it afterwards. */
import type { Entry, FrameEntry, PolicyIntent, Transcript } from '../capture/transcript.ts';
import type { NodeRules } from '../peers/mutant.ts';
import { referenceWith } from '../products/reference.ts';
import { execute } from '../run/execution.ts';
import { runOf } from '../run/plan.ts';
import { memorySite } from '../run/site.ts';
import { type Scenario, scenario } from '../vocabulary/scenario.ts';

/** What happened when this was played. `rules` of an honest node under test unless given. */
export async function played(
  given: PolicyIntent,
  play: Scenario<Record<never, never>>['play'],
  { rules, misbehaves }: { rules?: NodeRules } & Pick<Scenario<Record<never, never>>, 'misbehaves'> = {},
): Promise<Transcript> {
  const acted = scenario({
    name: 'played',
    title: 'Played for a test',
    dimensions: {},
    given: () => given,
    play,
    questions: {},
    ...(misbehaves && { misbehaves }),
  });
  return (await execute(runOf('test', acted, {}), memorySite(referenceWith(rules)), 'test')).transcript;
}

export function framesOf({ entries }: Transcript, from?: string): readonly FrameEntry[] {
  return entries.filter(
    (entry): entry is FrameEntry => entry.kind === 'frame' && (from === undefined || entry.from === from),
  );
}

/** The same transcript with one frame's octet turned over; an offset below zero counts from the end. */
export function withFlipped(transcript: Transcript, { number }: FrameEntry, offset: number, mask = 0x01): Transcript {
  return changed(transcript, (entry) =>
    entry.kind === 'frame' && entry.number === number
      ? { ...entry, octets: entry.octets.with(offset, entry.octets.at(offset)! ^ mask) }
      : entry,
  );
}

/** The same transcript with each entry replaced by one, or by none. */
export function changed(transcript: Transcript, change: (entry: Entry) => Entry | undefined): Transcript {
  return { ...transcript, entries: transcript.entries.flatMap((entry) => change(entry) ?? []) };
}
