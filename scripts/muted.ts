/**
 * A product that falls mute. Of a run's log everything is left out that a tested party sent after a moment, with what it reported or without, and the
 * cases are judged again: none may come to a `fail` that it had not come to, because silence is proven by life.
 */
import type { Entry, Transcript } from '../harness/capture/transcript.ts';
import { Account } from '../harness/judge/account.ts';
import { testedIn } from '../harness/judge/parties.ts';
import { caseName } from '../harness/run/case-name.ts';
import { execute } from '../harness/run/execution.ts';
import type { PlannedRun } from '../harness/run/plan.ts';
import { memorySite } from '../harness/run/site.ts';
import { judge, type Verdict } from '../harness/run/verdict.ts';

export interface FailOfMute {
  readonly case: string;
  /** The last moment before the silence; empty for a product that never said anything. */
  readonly after: string;
  /** Who fell mute. */
  readonly parties: readonly string[];
  readonly reports: boolean;
  readonly verdict: Verdict;
}

/** Of the reference in memory. */
export async function failsOfMute(run: PlannedRun, seed: string): Promise<readonly FailOfMute[]> {
  const { transcript } = await execute(run, memorySite(), seed);
  const outcomes = new Map(verdictsOf(run, transcript).map(([name, { outcome }]) => [name, outcome]));
  return mutedLogs(transcript).flatMap(({ entries, ...silence }) =>
    verdictsOf(run, { ...transcript, entries })
      .filter(([name, { outcome, readings }]) => {
        return (
          outcome !== outcomes.get(name) && readings.some(({ reading }) => reading === 'fail' || reading === 'warn')
        );
      })
      .map(([name, verdict]) => ({ case: name, ...silence, verdict })),
  );
}

type Silence = Pick<FailOfMute, 'after' | 'parties' | 'reports'> & { readonly entries: readonly Entry[] };

/** Each log once: between two moments at which nothing was said nothing changes. */
function mutedLogs({ cast, entries }: Transcript): readonly Silence[] {
  const tested = testedIn(cast);
  const moments = [{ name: '', place: -1 }, ...entries.filter((each) => each.kind === 'mark')];
  const logs = (tested.length > 1 ? [tested, ...tested.map((party) => [party])] : [tested]).flatMap((parties) =>
    [true, false].flatMap((reports) =>
      moments.map(({ name: after, place }) => {
        const left = entries.filter((each) => each.place <= place || !isOf(parties, each, !reports));
        return { after, parties, reports, entries: left };
      }),
    ),
  );
  return logs.filter(({ parties, reports, entries: left }, i) => {
    const before = logs[i - 1];
    const isSame = before?.reports === reports && before.parties === parties && before.entries.length === left.length;
    return !isSame && left.length < entries.length;
  });
}

function isOf(parties: readonly string[], entry: Entry, withReports: boolean): boolean {
  if (entry.kind === 'frame') return parties.includes(entry.from);
  return withReports && entry.kind === 'state' && parties.includes(entry.node);
}

function verdictsOf({ cases }: PlannedRun, transcript: Transcript): readonly (readonly [string, Verdict])[] {
  const account = new Account(transcript);
  return cases.map((each) => [caseName(each), judge(each, account)]);
}
