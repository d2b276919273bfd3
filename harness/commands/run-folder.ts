/** The folder that `touchstone run` writes to: it is there, it can be written to, and no earlier run is lost in it unless that was meant. */
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readText } from '../files/file.ts';
import { makeFolder, makeWritableFolder } from '../files/folder.ts';
import { JOURNAL } from '../run/journal.ts';
import { UsageFault } from '../usage-fault.ts';
import { named } from './named.ts';
import type { RunOptions } from './run-options.ts';
import type { Surroundings } from './surroundings.ts';

/** Its path, ready for a run. Throws `UsageFault`, and then nothing in it was changed. */
export function folderForRun(
  { out: asked, resume, replace }: Pick<RunOptions, 'out' | 'resume' | 'replace'>,
  { err }: Pick<Surroundings, 'err'>,
): string {
  const out = resolve(asked);
  const begun = existsSync(join(out, JOURNAL));
  if (resume !== undefined && !begun)
    throw new UsageFault(`--resume ${resume}: there is no ${JOURNAL}, so nothing was begun there`);
  const isReplaced = resume === undefined && begun;
  const hasRun = isReplaced && hasMeasured(out);
  if (hasRun && !replace)
    throw new UsageFault(
      `--out ${asked}: a run is in it, which would be lost; --replace gives it up, --resume ${asked} goes on with it`,
    );
  if (!begun && existsSync(join(out, RESULT)))
    throw new UsageFault(
      `--out ${asked}: its ${RESULT} is not of a run that began there (no ${JOURNAL}); name another folder`,
    );
  named('--out', () => makeWritableFolder(out));
  if (isReplaced) {
    if (hasRun) err(`${asked}: the earlier run in it is replaced`);
    rmSync(join(out, 'bundles'), { recursive: true, force: true }); // they would be taken for those of the new run
  }
  named('--out', () => makeFolder(join(out, 'bundles')));
  return out;
}

/** More than what was asked stands in its journal. */
const hasMeasured = (folder: string): boolean =>
  named('--out', () => readText(join(folder, JOURNAL)))
    .trimEnd()
    .includes('\n');

const RESULT = 'result.json';
