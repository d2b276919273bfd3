/** `touchstone evidence DIR --logo`: what an applicant for the IPv6 Ready Logo hands in, from the bundles of a run, by the ids of the tests that its cases cover. */
import { basename, join, resolve, sep } from 'node:path';
import { DamagedBundle, readBundle } from '../capture/bundle.ts';
import { readText, writeAnew } from '../files/file.ts';
import { makeFolder, makeWritableFolder } from '../files/folder.ts';
import { fileNameOf, idsIn } from '../logo/identifiers.ts';
import { type Covered, markOf, tableOf, uncoveredOf } from '../logo/table.ts';
import { recordOf } from '../logo/test-record.ts';
import { caseName } from '../run/case-name.ts';
import { plan } from '../run/plan.ts';
import type { CaseResult, ProductRun } from '../run/result.ts';
import { readResult } from '../run/result-document.ts';
import { UsageFault } from '../usage-fault.ts';
import type { Composition } from './composition.ts';
import { named } from './named.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

export interface EvidenceOptions {
  readonly out: string;
  /** A list of tests, one a line. */
  readonly ids?: string | undefined;
}

/** 0 where every test that the run covers has passed and none of the list is left, otherwise 1. Throws `UsageFault` and `FileFault`. */
export function evidence(
  folder: string,
  { out, ids }: EvidenceOptions,
  { suites }: Pick<Composition, 'suites'>,
  { err, signal }: Surroundings,
): ExitCode {
  const result = readResult(join(folder, 'result.json'));
  const listed = ids === undefined ? [] : named('--ids', () => idsIn(readText(ids, MOST_LIST)));
  if (ids !== undefined && listed.length === 0)
    throw new UsageFault(
      `--ids ${ids}: wanted ids of tests, one a line (IKEv2.EN.I.1.1.5.1, CN-2-1-3, HA_2_1_14), had none`,
    );
  const companions = [...new Set(result.cases.flatMap((each) => Object.values(each.companions ?? {})))];
  const cases = plan(suites, { companions: companions.length > 0 ? companions : undefined }).flatMap(
    (run) => run.cases,
  );
  const idsOf = new Map(cases.map((each) => [caseName(each), each.alsoKnownAs]));
  const known = new Map<string, string[]>();
  for (const each of cases)
    for (const id of each.alsoKnownAs) known.set(id, [...(known.get(id) ?? []), caseName(each)]);
  named('--out', () => makeWritableFolder(out));
  let isWhole = true;
  for (const product of result.products) {
    signal.throwIfAborted();
    const own = result.cases.filter((each) => each.product === product.name);
    const covered = own
      .flatMap((each) => (idsOf.get(caseName(each)) ?? []).map((id): Covered => ({ id, result: each })))
      .sort((one, other) => one.id.localeCompare(other.id));
    const top = join(out, fileNameOf(`${product.name}_${product.version}`));
    for (const kind of ['Conformance', 'Interoperability']) makeFolder(join(top, kind));
    for (const each of covered) for (const fault of writeRecord(top, folder, product, each)) err(fault);
    const uncovered = uncoveredOf(covered, known, listed);
    const says = uncovered.map(({ id, why }) => `${id}\t${why}\n`).join('');
    writeAnew(join(top, `${fileNameOf(product.name)}.table`), tableOf(covered));
    writeAnew(join(top, 'not-covered.txt'), says);
    const passed = covered.filter(({ result: of }) => markOf(of) === 'PASS').length;
    err(`${product.name}: ${passed} of ${covered.length} pass; ${uncovered.length} tests are not covered: ${top}`);
    isWhole &&= covered.length > 0 && passed === covered.length && uncovered.length === 0;
  }
  return isWhole ? 0 : 1;
}

/** Below the folder of its id; a bundle that cannot be read is told of, and the rest goes on. */
function writeRecord(top: string, folder: string, product: ProductRun, { id, result }: Covered): readonly string[] {
  if (result.bundle === null) return [];
  const bundle = resolve(folder, result.bundle);
  if (!bundle.startsWith(resolve(folder, 'bundles') + sep))
    throw new UsageFault(`${folder}/result.json: a bundle is named that is not below bundles/: ${result.bundle}`);
  const at = join(top, placeOf(result), fileNameOf(id));
  try {
    const record = recordOf(readBundle(bundle));
    makeFolder(at);
    const start = `${fileNameOf(id)}.${fileNameOf(caseName(result))}`;
    const opposite = oppositeOf(result);
    const write = (name: string, contents: string | Uint8Array) => writeAnew(join(at, `${start}.${name}`), contents);
    write(`${opposite}.topology`, record.topology);
    write(`${fileNameOf(product.name)}.conf`, record.conf);
    write(`${opposite}.result`, record.result);
    write(`${opposite}.key`, record.key);
    for (const [link, octets] of Object.entries(record.dumps)) write(`${opposite}.${link}.dump`, octets);
    return [];
  } catch (fault) {
    if (!(fault instanceof DamagedBundle)) throw fault;
    return [`${basename(bundle)}: left out of ${id}: ${fault.message}`];
  }
}

/** Who was on the opposite side: the tester, or the product that it met. */
const oppositeOf = ({ companions = {} }: CaseResult): string =>
  fileNameOf(Object.values(companions)[0] ?? 'touchstone');

const placeOf = ({ companions }: CaseResult): string => {
  const [other] = Object.values(companions ?? {});
  return other === undefined ? 'Conformance' : join('Interoperability', fileNameOf(other));
};

const MOST_LIST = 10_000_000;
