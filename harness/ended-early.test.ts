import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { RunResult } from './run/result.ts';

describe('a command that is ended by others', function () {
  this.timeout(20_000);
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-cli-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe('a reader that goes away has had enough', () => {
    const bin = fileURLToPath(new URL('../bin/touchstone.mjs', import.meta.url));
    const shell = (line: string) =>
      spawnSync('bash', ['-c', `set -o pipefail; touchstone() { '${process.execPath}' '${bin}' "$@"; }; ${line}`], {
        cwd: folder,
        encoding: 'utf8',
      });

    for (const line of ['show DUPONT-C2a/other-prefix-manual', 'list --json', '--help'])
      it(`touchstone ${line} | head -n 1`, () => {
        const { status, stdout, stderr } = shell(`touchstone ${line} | head -n 1`);
        expect(stdout.split('\n')).to.have.length(2);
        expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
      });

    it('of what a run tells, and the run is saved and has its exit code', () => {
      const argv = "run --product reference --case 'DUPONT-C2a/*' --format json --out gone";
      const { status } = shell(`touchstone ${argv} 2>&1 | head -n 1`);
      expect(status).to.equal(0);
      const { summary }: RunResult = JSON.parse(readFileSync(join(folder, 'gone', 'result.json'), 'utf8'));
      expect(summary).to.include({ interrupted: false, unexpected: 0 });
    });

    it('where there is no room for a document: exit 3', () => {
      const { status, stderr } = shell('touchstone list --json >/dev/full');
      expect(stderr).to.equal('what was to be printed: no space left (ENOSPC)\n');
      expect(status).to.equal(3);
    });
  });

  describe('a module from outside that', () => {
    for (const [what, text, says] of [
      ['ends the process', 'process.exit(0);', /^the process was ended before the command was done/m],
      [
        'throws where nobody catches',
        "setTimeout(() => { throw new Error('late'); }); await new Promise((later) => setTimeout(later, 100));",
        /^an exception that nobody caught ended the command: Error: late/m,
      ],
    ] as const) {
      it(`${what} ends no run as if it had gone well`, () => {
        const file = join(folder, 'ends.mjs');
        writeFileSync(file, text);
        const bin = fileURLToPath(new URL('../bin/touchstone.mjs', import.meta.url));
        const { status, stderr } = spawnSync(process.execPath, [bin, 'run', '--product', file], { encoding: 'utf8' });
        expect(stderr).to.match(says);
        expect(status).to.equal(3);
      });
    }
  });
});
