/** What the page of a case says to paste: run as it stands, in the folder of the page, it opens the frame with the keys of the bundle. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { chromiumPath, launched } from './chromium.test-support.ts';

describe('the way from the report to Wireshark', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-links-'));
  const hasTshark = spawnSync('tshark', ['--version']).status === 0;

  before(function () {
    if (existsSync(chromiumPath) && hasTshark) return;
    console.log(`      (skipped: no ${hasTshark ? chromiumPath : 'tshark'})`);
    this.skip();
  });
  after(() => rmSync(folder, { recursive: true }));

  it('leads to the capture, and to the opened frame by the command as it stands', async () => {
    touchstone('run', '--product', 'reference', '--case', CASE, '--out', join(folder, "it's run"), '--format', 'json');
    touchstone('report', join(folder, "it's run"), '--format', 'html', '--out', join(folder, 'mailed'));
    const browser = await launched();
    try {
      const page = await browser.newPage();
      const address = pathToFileURL(join(folder, 'mailed', 'report.html')).href;
      await page.goto(`${address}#/case/reference/${CASE}`);
      await page
        .locator('.frame-row', { hasText: /ESP 0x.*ICMP Echo/ })
        .first()
        .click();
      const commands = (await page.locator('.commands').textContent())!.split('\n');
      for (const link of await page.locator('.elsewhere a').all()) {
        const href = await link.evaluate((each: HTMLAnchorElement) => each.href);
        expect(existsSync(fileURLToPath(href)), href).to.equal(true);
      }
      const { stdout, stderr, status } = spawnSync('sh', ['-c', commands[1]!], {
        cwd: join(folder, 'mailed'),
        encoding: 'utf8',
      });
      expect(status, stderr).to.equal(0);
      expect(stdout).to.match(/Encapsulating Security Payload[\s\S]*Internet Control Message Protocol/);
      expect(commands[0]).to.match(/^cd '.*' && WIRESHARK_CONFIG_DIR=\. wireshark -g \d+ case\.pcapng$/);
    } finally {
      await browser.close();
    }
  });
});

function touchstone(...argv: readonly string[]): void {
  execFileSync(process.execPath, ['bin/touchstone.mjs', ...argv], { stdio: 'ignore' });
}

const CASE = 'MCDANIEL-INTEG/wrong-key-aes-gcm-tunnel-ikev2';
