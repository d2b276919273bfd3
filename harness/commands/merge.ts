/** `touchstone merge DIR…`: the shards of one campaign become the run that one machine would have made of it, bundles and reports included. */
import { join, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { writeWhole } from '../files/file.ts';
import { copyFolder } from '../files/folder.ts';
import { Journal, readJournal } from '../run/journal.ts';
import { type EndedRun, merged, type ShardRun } from '../run/merging.ts';
import { readResult, resultText } from '../run/result-document.ts';
import { requireKnown, UsageFault } from '../usage-fault.ts';
import { completedFromJournal } from './completed.ts';
import type { Composition } from './composition.ts';
import { conclude, exitCode } from './concluded.ts';
import { folderForRun } from './run-folder.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

export interface MergeOptions {
  readonly out: string;
  readonly replace: boolean;
  readonly formats: readonly string[];
  readonly json?: boolean | undefined;
}

/** Throws `UsageFault` where the folders are not shards of one campaign, and `FileFault`; nothing was written then. */
export async function merge(
  folders: readonly string[],
  options: MergeOptions,
  { reports }: Pick<Composition, 'reports'>,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { err, paint, signal } = surroundings;
  requireKnown('format', options.formats, reports.formats);
  const { header, result, ended, missing, unfinished } = merged(folders.map((folder) => shardIn(folder, surroundings)));
  if (folders.some((folder) => resolve(folder) === resolve(options.out)))
    throw new UsageFault(`--out ${options.out}: it is one of the shards, and what is merged wants a folder of its own`);
  const out = folderForRun({ ...options, resume: undefined }, surroundings);
  for (const each of ended) {
    await setImmediate(); // a signal is heard between two bundles
    signal.throwIfAborted();
    for (const bundle of bundlesOf(each)) copyFolder(join(each.folder, bundle), join(out, bundle));
  }
  const journal = Journal.begun(out, header);
  for (const product of result.products) journal.found(product);
  for (const { name, product, place, results } of ended) journal.ended(name, product, place, results);
  journal.close();
  writeWhole(join(out, 'result.json'), resultText(result));
  conclude(result, { ...options, out }, surroundings);
  const of = missing.length + folders.length;
  if (missing.length > 0)
    err(paint.red(`missing: ${missing.map((index) => `--shard ${index}/${of}`).join(', ')}; what is here was merged`));
  for (const folder of unfinished) err(paint.red(`${folder}: not finished; --resume ${folder} goes on with it`));
  for (const file of reports.write(out, options.formats, out)) err(`report: ${file}`);
  return exitCode(result);
}

function shardIn(folder: string, { err }: Surroundings): ShardRun {
  for (const notice of completedFromJournal(folder)) err(notice);
  const journaled = readJournal(folder);
  if (!journaled) throw new UsageFault(`${folder}: wanted the folder of a shard, and it has no journal`);
  return { folder, journaled, result: readResult(join(folder, 'result.json')) };
}

/** Of one run there is one. A result is what anybody may have written: nothing outside its folder is copied. */
function bundlesOf({ results, folder }: EndedRun): readonly string[] {
  const named = new Set(results.flatMap(({ bundle }) => bundle ?? []));
  for (const bundle of named) {
    const path = resolve(folder, bundle);
    if (!path.startsWith(resolve(folder, 'bundles') + sep))
      throw new UsageFault(`${folder}/result.json: a bundle is named that is not below bundles/: ${bundle}`);
  }
  return [...named];
}
