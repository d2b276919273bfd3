/**
 * `npm run bench -- report`: the page of more than 10,000 recorded cases in Chromium, each of its pages opened afresh, from the address to what it shows. The cases are
 * those of a campaign in memory, as often as it takes, each time of a product by another name and with recordings of its own.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import type { CaseResult, RunResult } from '../harness/run/result.ts';
import { readResult, resultText } from '../harness/run/result-document.ts';

/** The exit code: 1 when a budget was missed. */
export async function benchReport(): Promise<0 | 1> {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-bench-report-'));
  try {
    const { file, cases, seconds } = largeReport(folder);
    const size = Math.round(statSync(file).size / 2 ** 20);
    console.log(`        a page of ${cases.length} cases, ${size} MiB, made in ${seconds.toFixed(0)} s`);
    return await opened(file, cases);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function opened(file: string, cases: readonly CaseResult[]): Promise<0 | 1> {
  const { product, id, variant } = cases.findLast(({ bundle }) => bundle !== null)!;
  const places = {
    overview: '',
    'by requirement': '#/requirements',
    matrix: '#/matrix',
    'a case with its frames': `#/case/${[product, id, variant].map(encodeURIComponent).join('/')}`,
  };
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  let missed = false;
  try {
    for (const [what, place] of Object.entries(places)) {
      const times = [];
      for (let round = 0; round < ROUNDS; round++)
        times.push(await timeToOpen(browser, pathToFileURL(file).href + place));
      const longest = Math.max(...times);
      missed ||= longest > BUDGET;
      const verdict = longest > BUDGET ? 'MISSED' : 'met   ';
      console.log(`${verdict}  ${what} opened in ${(longest / 1000).toFixed(2)} s  budget ${BUDGET / 1000} s`);
    }
  } finally {
    await browser.close();
  }
  return missed ? 1 : 0;
}

/** Milliseconds until it is drawn, with nothing kept of an earlier visit. */
async function timeToOpen(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(address);
    await page.waitForSelector('#page main > *');
    await page.waitForSelector('.opening', { state: 'detached' });
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    return performance.now() - began;
  } finally {
    await context.close();
  }
}

function largeReport(folder: string): { file: string; cases: readonly CaseResult[]; seconds: number } {
  const ran = join(folder, 'ran');
  touchstone('run', '--product', 'reference', '--out', ran, '--format', 'json');
  const cases = repeated(readResult(join(ran, 'result.json')), ran);
  const began = performance.now();
  touchstone('report', ran, '--format', 'html', '--out', folder);
  return { file: join(folder, 'report.html'), cases, seconds: (performance.now() - began) / 1000 };
}

/** The run again and again, until there are enough cases. */
function repeated(result: RunResult, ran: string): readonly CaseResult[] {
  const times = Math.ceil(CASES / result.cases.length);
  mkdirSync(join(ran, 'again'));
  const again = Array.from({ length: times }, (_, i) => `again/${i + 1}`);
  for (const name of again) symlinkSync(join(ran, 'bundles'), join(ran, name));
  const cases = again.flatMap((name) =>
    result.cases.map((each) => ({
      ...each,
      product: `${each.product}@${name}`,
      bundle: each.bundle?.replace(/^bundles/, name) ?? null,
    })),
  );
  const products = again.flatMap((name) =>
    result.products.map((product) => ({ ...product, name: `${product.name}@${name}` })),
  );
  writeFileSync(join(ran, 'result.json'), resultText({ ...result, products, cases }));
  return readResult(join(ran, 'result.json')).cases;
}

function touchstone(...argv: readonly string[]): void {
  execFileSync(process.execPath, ['bin/touchstone.mjs', ...argv], { stdio: 'ignore' });
}

const CHROMIUM = '/usr/bin/chromium';
const CASES = 10_000;
const ROUNDS = 3;
/** Milliseconds; the longest round counts. */
const BUDGET = 2_000;
