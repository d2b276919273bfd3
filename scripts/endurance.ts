/**
 * `npm run endurance -- [--product NAME] [--suite NAME] [--kills 10] [--seed 1]`: a campaign undisturbed, then the same one killed with SIGKILL at a
 * random moment and taken up again with `--resume`, so many times. Each must end with the result of the undisturbed one, and leave no guest behind.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunResult } from '../harness/run/result.ts';
import { asked, wholeNumber } from './asked.ts';
import { mulberry32 } from './mulberry32.ts';

const { values } = asked('npm run endurance -- [--product NAME] [--suite NAME] [--kills 10] [--seed 1]', {
  product: { type: 'string', default: 'reference' },
  suite: { type: 'string', default: 'outer-address' },
  kills: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
});
type Cases = RunResult['cases'];

const random = mulberry32(wholeNumber(values.seed, 0));
const folder = mkdtempSync(join(tmpdir(), 'touchstone-endurance-'));
const guestsBefore = guests();

const began = performance.now();
const whole = await finished('--out', join(folder, 'undisturbed'));
const tookMs = performance.now() - began;
console.log(`undisturbed: ${whole.cases.length} cases in ${(tookMs / 1000).toFixed(1)} s`);

let failed = 0;
for (let kill = 1; kill <= wholeNumber(values.kills); kill++) {
  const out = join(folder, `killed-${kill}`);
  const after = Math.round((random() / 2 ** 32) * tookMs);
  const child = spawn(process.execPath, argv('--out', out), { stdio: 'ignore' });
  const over = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([pause(after), over]);
  child.kill('SIGKILL');
  await over;
  const resumed = await finished('--resume', out);
  const others = differing(resumed.cases, whole.cases);
  const left = guests() - guestsBefore;
  if (others.length > 0 || left > 0) failed++;
  const says = others.length === 0 ? 'the same result' : `ANOTHER RESULT (${others.join('; ')})`;
  console.log(`killed after ${after} ms: ${says}, ${left} guests left over`);
}
rmSync(folder, { recursive: true, force: true });
console.log(`${Number(values.kills) - failed} of ${values.kills} as undisturbed`);
process.exit(failed === 0 ? 0 : 1);

function argv(option: '--out' | '--resume', out: string): string[] {
  return [
    'bin/touchstone.mjs',
    'run',
    '--product',
    values.product,
    '--suite',
    values.suite,
    '--format',
    'json',
    option,
    out,
  ];
}

/** Where it was killed before it had begun anything, there is nothing to resume: it is begun. */
async function finished(option: '--out' | '--resume', out: string) {
  let { status, stderr } = spawnSync(process.execPath, argv(option, out), { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status === 2 && /nothing was begun|nothing was measured/.test(stderr))
    ({ status, stderr } = spawnSync(process.execPath, argv('--out', out), { encoding: 'utf8', maxBuffer: 1 << 28 }));
  if (status !== 0) throw new Error(`ended with ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as { cases: Cases };
}

/** Cases that are missing, or whose outcome or readings are others; how long each took, and on a real kernel which frame had which number, is its own. */
function differing(cases: Cases, others: Cases): readonly string[] {
  const [these, those] = [outcomes(cases), outcomes(others)];
  return [...new Set([...these.keys(), ...those.keys()])].filter((name) => these.get(name) !== those.get(name));
}

function outcomes(cases: Cases): ReadonlyMap<string, string> {
  return new Map(
    cases.map(({ id, variant, outcome, readings, expected }) => [
      `${id}/${variant}`,
      JSON.stringify({ outcome, expected, readings: readings.map(({ why: _why, ...rest }) => rest) }),
    ]),
  );
}

function guests(): number {
  const { stdout } = spawnSync('pgrep', ['-c', 'linux.uml'], { encoding: 'utf8' });
  return Number(stdout.trim());
}
