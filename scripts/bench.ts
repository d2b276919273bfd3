/**
 * `npm run bench`: the budgets of the design, measured on this machine, side by side with a peer where there is one. Prints a table and
 * ends with 1 when a budget is missed. `npm run bench -- memory` leaves out what needs a guest; `npm run bench -- hostile` and
 * `npm run bench -- captures`, `-- judge` and `-- report` are other benches, `bench-hostile.ts`, `bench-captures.ts`, `bench-judge.ts` and `bench-report.ts`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { composition } from '../bin/composition.ts';
import { benchWire } from '../harness/lab/wires/l2tpv3.bench.ts';
import { guestProductNamed } from '../harness/products/catalogue.ts';
import { carryOut } from '../harness/run/campaign.ts';
import { noFailure } from '../harness/run/expectation.ts';
import { guestSite } from '../harness/run/guest-site.ts';
import { killMatrix } from '../harness/run/kill-matrix.ts';
import { plan, suited, unsupportedReason } from '../harness/run/plan.ts';
import { bundlesBelow, rejudge } from '../harness/run/rejudge.ts';
import { memorySite } from '../harness/run/site.ts';
import { uml } from '../harness/runtime/uml.ts';
import { asked, complains } from './asked.ts';
import { benchCaptures } from './bench-captures.ts';
import { benchHostile } from './bench-hostile.ts';
import { benchJudge } from './bench-judge.ts';
import { benchReport } from './bench-report.ts';
import { spread } from './spread.ts';

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly budget: string;
  readonly met: boolean;
  readonly beside?: string;
}

const [kind] = asked('npm run bench -- [memory | hostile | captures | judge | report]', {}).words;
if (kind !== undefined && !['memory', 'hostile', 'captures', 'judge', 'report'].includes(kind))
  complains(`there is no bench called ${kind}`);
if (kind === 'hostile') process.exit(await benchHostile());
if (kind === 'captures') process.exit(benchCaptures());
if (kind === 'judge') process.exit(benchJudge());
if (kind === 'report') process.exit(await benchReport());

const runs = plan(composition.suites);
const hundred = spread(runs, 100);
const out = mkdtempSync(join(tmpdir(), 'touchstone-bench-'));
const withGuests = kind !== 'memory';

try {
  for await (const { what, measured, budget, met, beside } of rows()) {
    const line = [what.padEnd(58), measured.padStart(18), `  budget ${budget}`, ...(beside ? [`  (${beside})`] : [])];
    console.log(`${met ? 'met   ' : 'MISSED'}  ${line.join(' ')}`);
    if (!met) process.exitCode = 1;
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}

/** One after the other, each printed when it is there. */
async function* rows(): AsyncGenerator<Row> {
  yield await memoryCampaign();
  yield wholeCatalogue();
  yield await kills();
  if (!withGuests) return;
  for (const product of ['linux', 'strongswan']) yield await warmCases(product);
  yield await coldStart();
  yield await rejudging();
  yield await wire();
}

async function memoryCampaign(): Promise<Row> {
  await carryOut({
    runs: hundred.slice(0, 5),
    sites: [memorySite()],
    facts: () => undefined,
    seed: 'warm',
    expectation: noFailure(),
  });
  const began = performance.now();
  await carryOut({ runs: hundred, sites: [memorySite()], facts: () => undefined, seed: '1', expectation: noFailure() });
  return seconds('100 cases against the reference in memory', performance.now() - began, 3);
}

/** As a person has it: the command from its start to its end, in as many threads as there are cores. */
function wholeCatalogue(): Row {
  const began = performance.now();
  const command = ['bin/touchstone.mjs', 'run', '--product', 'reference', '--out', join(out, 'whole')];
  execFileSync(process.execPath, command, { stdio: 'ignore' });
  const cases = runs.reduce((sum, run) => sum + run.cases.length, 0);
  return seconds(`all ${cases} cases in memory, ${availableParallelism()} threads`, performance.now() - began, 60);
}

async function kills(): Promise<Row> {
  const began = performance.now();
  const { kills } = await killMatrix(hundred, '1');
  const row = seconds('the declared kill matrix of 100 cases', performance.now() - began, 15);
  return { ...row, beside: `${kills.length} kills` };
}

/** A sample of the cases that a product can take, on a warm guest; the rejudging takes up their bundles. */
async function warmCases(name: string): Promise<Row> {
  const product = guestProductNamed(name)!;
  const supported = runs.filter((run) => unsupportedReason(suited(run, product), product) === undefined);
  const site = await guestSite({ product, runtime: uml, cache: cacheFolder() });
  try {
    const results = await carryOut({
      runs: spread(supported, 300),
      sites: [site],
      facts: guestProductNamed,
      seed: '1',
      out,
      expectation: noFailure(),
    });
    const times = results.filter(({ bundle }) => bundle !== null).map(({ durationMs }) => durationMs);
    return {
      ...seconds(`a case on a warm guest, median (${name}, ${times.length} cases)`, median(times), 1),
      beside: `longest ${(Math.max(...times) / 1000).toFixed(2)} s`,
    };
  } finally {
    await site.close();
  }
}

/** From the command to the first verdict line, the image already built. */
function coldStart(): Promise<Row> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [
      'bin/touchstone.mjs',
      'run',
      '--product',
      'strongswan',
      '--case',
      'DUPONT-C2a/same-prefix-ikev2',
      '--format',
      'json',
      '--out',
      join(out, 'cold'),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  return new Promise((resolve) => {
    let verdict: number | undefined;
    child.stderr.on('data', (text: Buffer) => {
      if (verdict === undefined && text.includes('DUPONT-C2a/')) verdict = performance.now() - began;
    });
    child.on('close', () =>
      resolve(seconds('cold start to the first verdict on a real kernel', verdict ?? Number.POSITIVE_INFINITY, 15)),
    );
  });
}

/** tshark opens the same captures with the same keys beside it, in the same run. */
async function rejudging(): Promise<Row> {
  const { folders } = await bundlesBelow(out);
  const times = folders.flatMap((folder) => rejudge(folder, runs)).map(({ durationMs }) => durationMs);
  const beside = besideTshark(folders.slice(0, 5));
  const middle = median(times);
  return {
    what: `rejudging, median of ${times.length} cases`,
    measured: `${middle.toFixed(2)} ms`,
    budget: '10 ms',
    met: middle <= 10,
    ...(beside && { beside }),
  };
}

function besideTshark(folders: readonly string[]): string | undefined {
  try {
    const times = folders.map((folder) => {
      const began = performance.now();
      execFileSync('tshark', ['-r', join(folder, 'case.pcapng')], { stdio: ['ignore', 'ignore', 'ignore'] });
      return performance.now() - began;
    });
    return `tshark reads such a capture in ${median(times).toFixed(0)} ms, its start included`;
  } catch {
    return undefined;
  }
}

async function wire(): Promise<Row> {
  const { sent, received, seconds: took } = await benchWire(20_000, 10);
  const rate = received / took;
  return {
    what: 'frames through an L2TPv3 wire, paced, 10 s, none lost',
    measured: `${rate.toFixed(0)}/s, ${sent - received} lost`,
    budget: '20,000/s, 0 lost',
    met: rate >= 19_900 && sent === received,
  };
}

function seconds(what: string, milliseconds: number, budget: number): Row {
  return {
    what,
    measured: `${(milliseconds / 1000).toFixed(2)} s`,
    budget: `${budget} s`,
    met: milliseconds <= budget * 1000,
  };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function cacheFolder(): string {
  return join(homedir(), '.cache', 'touchstone');
}
