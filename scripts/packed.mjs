// `npm run packed`: what npm packs, installed into an empty folder far from this checkout, does there what the README says it does, for an author from
// outside too. Prints what was measured, and ends with 1 when something is not met.
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** Seconds from the command to its help, the median of so many. */
const START = 0.35;
const STARTS = 7;

const folder = mkdtempSync(join(tmpdir(), 'touchstone-packed-'));
const empty = join(folder, 'empty');
const bin = join(empty, 'node_modules', '.bin', 'touchstone');
let missed = 0;

try {
  run('npm', ['pack', '--silent', '--pack-destination', folder], root);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  told('packed', true, `${tarball}, ${Math.round(statSync(join(folder, tarball)).size / 1024)} KiB`);
  mkdirSync(empty);
  const installing = run(
    'npm',
    ['install', join(folder, tarball), '--no-audit', '--no-fund', '--prefer-offline'],
    empty,
  );
  told('installed into an empty folder', installing.status === 0, `${installing.seconds.toFixed(1)} s`);
  starts();
  reference();
  catalogue();
  fromOutside();
  types();
  guest();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = missed === 0 ? 0 : 1;

function starts() {
  const times = Array.from({ length: STARTS }, () => touchstone('--help').seconds).sort((one, other) => one - other);
  const median = times[Math.floor(STARTS / 2)];
  told('starts', median < START, `${median.toFixed(3)} s, budget ${START} s`);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  told('is of this version', touchstone('--version').stdout.trim() === version, version);
}

function reference() {
  const { status, stderr, seconds } = touchstone('run', '--product', 'reference');
  const summary = /^\d+ cases, .*$/m.exec(stderr)?.[0];
  told(
    'run --product reference',
    status === 0 && summary !== undefined,
    `exit ${status} in ${seconds.toFixed(1)} s: ${summary}`,
  );
  const report = readFileSync(join(empty, 'reports', 'out', 'latest', 'report.html'), 'utf8');
  told(
    'its report has a page',
    /<script type="module">.{10000}/s.test(report),
    `${Math.round(report.length / 1024)} KiB`,
  );
  const again = touchstone('rejudge', join('reports', 'out', 'latest'));
  told('rejudge', again.status === 0, again.stderr.trim());
}

function catalogue() {
  const { status, stdout } = touchstone('list', '--json');
  told('list', status === 0, `${JSON.parse(stdout).length} cases`);
  const mutants = touchstone('mutants', '--case', 'DUPONT-C2a/other-prefix-manual', '--json');
  const { rules } = JSON.parse(mutants.stdout);
  const tested = rules.filter(({ brokenBy }) => brokenBy.some(({ test }) => test !== undefined));
  told(
    'mutants',
    mutants.status === 0 && tested.length > 0,
    `${rules.length} rules, ${tested.length} broken by a conversation test`,
  );
}

function fromOutside() {
  cpSync(join(root, 'docs', 'examples', 'acme'), join(empty, 'acme'), { recursive: true });
  const named = ['--product', './acme/product.ts', '--suites', './acme/suites.ts'];
  const { status, stdout } = touchstone('run', ...named, '--case', '*/other-prefix*', '--json', '--out', 'acme-out');
  const { cases } = JSON.parse(stdout);
  const ids = [...new Set(cases.filter(({ expected }) => !expected).map(({ id }) => id))].sort();
  const wanted = 'ACME-ROAMING DUPONT-C2a DUPONT-C2b DUPONT-C2c DUPONT-C3';
  told(
    'a product and a suite from outside',
    status === 1 && ids.join(' ') === wanted,
    `${cases.length} cases, turned: ${ids.join(' ')}`,
  );
}

/** The types that are shipped, strictly, without anything else beside them. */
function types() {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    types: [],
    skipLibCheck: false,
  };
  writeFileSync(join(empty, 'acme', 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const { status, stdout } = run(join(root, 'node_modules', '.bin', 'tsc'), ['--project', 'acme'], empty);
  told('compiles against the types', status === 0, stdout.split('\n')[0] || 'strict, with nothing else installed');
}

function guest() {
  for (const program of ['linux.uml', 'mmdebstrap'])
    try {
      accessSync(join('/usr/bin', program));
    } catch {
      return console.log(`skipped  a guest: there is no ${program}`);
    }
  const { status, stderr, seconds } = touchstone(
    'run',
    '--product',
    'linux',
    '--case',
    'DUPONT-C2a/other-prefix-manual',
    '--out',
    'guest',
  );
  told(
    'a case on a real kernel',
    status === 0,
    `exit ${status} in ${seconds.toFixed(1)} s: ${/^linux .*$/m.exec(stderr)?.[0] ?? stderr}`,
  );
}

function touchstone(...argv) {
  return run(process.execPath, [bin, ...argv], empty);
}

function run(program, argv, cwd) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return { status, stdout, stderr, seconds: (performance.now() - began) / 1000 };
}

function told(what, met, says) {
  if (!met) missed++;
  console.log(`${met ? 'met   ' : 'MISSED'}   ${what.padEnd(36)} ${says}`);
}
