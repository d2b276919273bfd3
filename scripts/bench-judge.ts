/**
 * `npm run bench -- judge`: a capture of 200,000 packets of ESP with AES-GCM, opened and judged by `touchstone judge` as npm packs it, and opened by tshark, one after the
 * other, in seconds from start to end, each with as many cores as it makes use of; and the memory that `judge` takes of 20,000 and of 2,000,000 packets.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { madeEspCapture } from './made-esp-capture.ts';

/** The exit code: 1 when a budget was missed. */
export function benchJudge(): 0 | 1 {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-bench-judge-'));
  try {
    const packed = spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('pack.ts', import.meta.url))]);
    if (packed.status !== 0) throw new Error(`pack.ts: ${packed.stderr}`);
    const kept = [besideTshark(folder), memoryOf(folder)];
    return kept.every(Boolean) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function besideTshark(folder: string): boolean {
  const { capture, keys } = madeEspCapture(folder, BESIDE);
  const [row] = readFileSync(join(keys, 'esp_sa'), 'utf8').split('\n');
  const opening = ['encryption_decode', 'authentication_check'].flatMap((each) => ['-o', `esp.enable_${each}:TRUE`]);
  const tshark = [
    ...['tshark', '-n', '-r', capture, ...opening, '-o', `uat:esp_sa:${row}`],
    ...['-T', 'fields', '-e', 'udp.dstport', '-e', 'esp.icv_good'],
  ];
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(measured([process.execPath, TOUCHSTONE, 'judge', capture, '--keys', keys]));
    const run = measured(tshark);
    if (run.out.split('\n').filter((line) => line === '5002\t1').length === BESIDE) theirs.push(run);
  }
  const mine = Math.min(...ours.map(({ seconds }) => seconds));
  if (!ours.every(({ err }) => err.includes(`${BESIDE} packets in ${BESIDE} records`))) throw new Error(ours[0]!.err);
  if (theirs.length < ROUNDS) {
    console.log(
      `        ${BESIDE} packets judged in ${mine.toFixed(2)} s (no tshark that opens them to measure beside)`,
    );
    return true;
  }
  const its = Math.min(...theirs.map(({ seconds }) => seconds));
  const met = its / mine >= TIMES;
  console.log(
    `${met ? 'met   ' : 'MISSED'}  ${BESIDE} packets of AES-GCM judged in ${mine.toFixed(2)} s, opened by tshark in ${its.toFixed(2)} s: ${(its / mine).toFixed(1)} times as fast  budget ${TIMES}`,
  );
  return met;
}

function memoryOf(folder: string): boolean {
  const [few, many] = [FEW, MANY].map((packets) => {
    const { capture, keys } = madeEspCapture(folder, packets, SMALL);
    const { megabytes } = measured([process.execPath, TOUCHSTONE, 'judge', capture, '--keys', keys]);
    rmSync(capture);
    return megabytes;
  });
  const met = many! - few! <= MOST_MORE;
  console.log(
    `${met ? 'met   ' : 'MISSED'}  ${few} MiB for ${FEW} packets, ${many} MiB for ${MANY}  budget ${MOST_MORE} MiB more`,
  );
  return met;
}

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
  readonly out: string;
  readonly err: string;
}

function measured(argv: readonly string[]): Measured {
  const format = 'measured %e %M';
  const run = spawnSync('/usr/bin/time', ['-f', format, ...argv], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const [, seconds, kibibytes] = /measured (\S+) (\d+)\n$/.exec(run.stderr) ?? [];
  if (run.error || seconds === undefined) throw run.error ?? new Error(`${argv[0]}: ${run.stderr}`);
  return {
    seconds: Number(seconds),
    megabytes: Math.round(Number(kibibytes) / 1024),
    out: run.stdout,
    err: run.stderr,
  };
}

const TOUCHSTONE = fileURLToPath(new URL('../dist/bin/main.js', import.meta.url));
/** Of either; the best of them counts. */
const ROUNDS = 3;
const BESIDE = 200_000;
const TIMES = 3;
const FEW = 20_000;
const MANY = 2_000_000;
/** Octets of the datagrams inside, so that the longer one is written in half a minute. */
const SMALL = [32];
/** MiB: room for what is young, which the engine gives to whoever works for longer than a moment, and what lies about between two collections. */
const MOST_MORE = 48;
