/** The verdicts again, from bundles alone: frames are opened with the bundle's keys, and the stored outcome is only compared with, never read. */
import { join } from 'node:path';
import { DamagedBundle, readBundle } from '../capture/bundle.ts';
import type { Transcript } from '../capture/transcript.ts';
import { foldersWith, type Walked } from '../files/folder.ts';
import { Account } from '../judge/account.ts';
import { keyFault } from '../judge/key-fault.ts';
import { caseName } from './case-name.ts';
import type { PlannedCase, PlannedRun } from './plan.ts';
import type { DocumentReading } from './result.ts';
import { judge, type Verdict } from './verdict.ts';

export interface Rejudged {
  readonly id: string;
  readonly variant: string;
  readonly product: string;
  readonly live: string;
  readonly again: string;
  readonly agree: boolean;
  readonly durationMs: number;
}

/** Folders below `directory` that hold a bundle. Throws `FileFault` where that is no folder. */
export function bundlesBelow(directory: string, signal?: AbortSignal): Promise<Walked> {
  return foldersWith('case.json', directory, signal);
}

/** Throws `DamagedBundle`. A case that no suite knows, or knows any more, is left out, and told to `leftOut`. */
export function rejudge(
  folder: string,
  runs: readonly PlannedRun[],
  leftOut: (name: string) => void = () => {},
): readonly Rejudged[] {
  const began = performance.now();
  const bundle = readBundle(folder);
  checkKeys(folder, bundle.transcript);
  if (bundle.cases.length === 0) throw new DamagedBundle(join(folder, 'case.json'), 'cases', 'wanted a case, had none');
  const account = new Account(bundle.transcript);
  let since = began;
  return bundle.cases.flatMap((live, i) => {
    const planned = plannedCase(runs, live, bundle.transcript, (says) => {
      throw new DamagedBundle(join(folder, 'case.json'), `cases[${i}]`, says);
    });
    if (!planned) {
      leftOut(caseName(live));
      return [];
    }
    const verdict = judge(planned, account);
    const now = performance.now();
    const durationMs = now - since;
    since = now;
    const agree = verdict.outcome === live.outcome && sameReadings(verdict, live.readings);
    return [
      {
        id: live.id,
        variant: live.variant,
        product: live.product,
        live: live.outcome,
        again: verdict.outcome,
        agree,
        durationMs,
      },
    ];
  });
}

/** What `case.json` calls a key has to be one before anything is opened with it. */
function checkKeys(folder: string, { entries }: Transcript): void {
  for (const [i, entry] of entries.entries()) {
    const fault = entry.kind === 'keys' ? keyFault(entry.record) : undefined;
    if (fault) throw new DamagedBundle(join(folder, 'case.json'), `entries[${i}].record.${fault.field}`, fault.says);
  }
}

/** The same sentences, as strong, and what they say of it; not one more or less. */
function sameReadings(verdict: Verdict, live: readonly Said[]): boolean {
  const texts = (readings: readonly Said[]) =>
    readings
      .map(({ document, section, level, addressee, reading }) =>
        [document, section, level, addressee, reading].join(' '),
      )
      .sort();
  return texts(verdict.readings).join('\n') === texts(live).join('\n');
}

type Said = Pick<DocumentReading, 'document' | 'section' | 'level' | 'addressee' | 'reading'>;

/** Asked of the scenario that was played. Undefined where no suite knows it; one that is asked of another scenario is `foreign`. */
function plannedCase(
  runs: readonly PlannedRun[],
  live: Pick<PlannedCase, 'id' | 'variant'>,
  { scenario, variant }: Pick<Transcript, 'scenario' | 'variant'>,
  foreign: (says: string) => never,
): PlannedCase | undefined {
  const known = runs.flatMap(({ cases }) => cases.filter((each) => caseName(each) === caseName(live)));
  if (known.length === 0) return undefined;
  const played = [scenario, variant].join(' ');
  const asked = (each: PlannedCase): string => [each.scenario, each.variant].join(' ');
  return (
    known.find((each) => asked(each) === played) ??
    foreign(`wanted a case of what was played, ${played}, had ${caseName(live)} of ${known.map(asked).join(', ')}`)
  );
}
