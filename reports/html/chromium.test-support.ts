/** The page of a report in a real Chromium, for tests; where there is none they are skipped, and say so. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { ReportModel } from '../model.ts';
import { htmlReport } from './html-report.ts';

export const chromiumPath = '/usr/bin/chromium';

export const launched = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });

export interface InChromium {
  /** A new one for each test. */
  readonly page: Page;
  /** Goes with the tests. */
  readonly folder: string;
  /** The address of a report, which is written into it. */
  fileOf(model: ReportModel): string;
  /** Resolves when all that the page shows is there. */
  open(address: string): Promise<void>;
}

/** Hooks for the suite that it is called in. */
export function inChromium(): InChromium {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-html-'));
  let browser: Browser | undefined;
  let page: Page | undefined;

  before(async function () {
    if (!existsSync(chromiumPath)) {
      console.log(`      (skipped: no ${chromiumPath})`);
      this.skip();
    }
    browser = await launched();
  });
  beforeEach(async () => {
    page = await browser!.newPage({ viewport: { width: 1280, height: 900 } });
  });
  afterEach(() => page?.close());
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  return {
    folder,
    get page() {
      return page!;
    },
    fileOf: (model) => {
      const file = join(folder, 'report.html');
      writeFileSync(file, htmlReport(model));
      return pathToFileURL(file).href;
    },
    open: async (address) => {
      await page!.goto('about:blank');
      await page!.goto(address);
      await page!.waitForSelector('#page main > *');
      await page!.waitForSelector('.opening', { state: 'detached' });
    },
  };
}
