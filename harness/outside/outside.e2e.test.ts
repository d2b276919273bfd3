/** A product from outside in a guest, driven by the kit alone. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { shipped } from '../installation.ts';
import type { RunResult } from '../run/result.ts';

describe('from outside, in a guest', function () {
  this.timeout(120_000);

  it('is booted, configured and judged as ours are, and unsupported where it says so', function () {
    if (!['/usr/bin/linux.uml', '/usr/bin/mmdebstrap'].every(existsSync)) {
      console.log('      skipped: guests need user-mode-linux and mmdebstrap');
      this.skip();
    }
    const out = mkdtempSync(join(tmpdir(), 'touchstone-appliance-'));
    try {
      const product = shipped('docs', 'examples', 'acme', 'appliance.ts');
      const argv = [
        'run',
        '--product',
        product,
        '--case',
        'DUPONT-D/d?-?in4-manual',
        '--json',
        '--format',
        'json',
        '--out',
        out,
      ];
      const { status, stdout, stderr } = spawnSync(process.execPath, [shipped('bin', 'touchstone.mjs'), ...argv], {
        encoding: 'utf8',
      });
      expect(status, stderr).to.equal(0);
      const { cases, products }: RunResult = JSON.parse(stdout);
      expect(products[0]).to.include({ name: 'acme-appliance', runtime: 'uml' });
      const outcomes = Object.fromEntries(cases.map(({ variant, outcome }) => [variant, outcome]));
      expect(outcomes).to.deep.equal({ 'd1-4in4-manual': 'carried', 'd2-6in4-manual': 'unsupported' });
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});
