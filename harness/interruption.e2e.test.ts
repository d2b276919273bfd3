import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { RunResult } from './run/result.ts';

const bin = fileURLToPath(new URL('../bin/touchstone.mjs', import.meta.url));
const cache = process.env.TOUCHSTONE_CACHE ?? join(homedir(), '.cache', 'touchstone');

describe('Ctrl-C', function () {
  this.timeout(30_000);
  let temporary: string;
  let folder: string;
  let started: ChildProcess[] = [];

  before(function () {
    temporary = mkdtempSync(join(tmpdir(), 'touchstone-interruption-'));
    if (['/usr/bin/linux.uml', '/usr/bin/mmdebstrap'].every(existsSync)) return;
    console.log('      skipped: guests need user-mode-linux and mmdebstrap');
    this.skip();
  });
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'touchstone-interrupted-')));
    started = [];
  });
  afterEach(() => {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  after(() => rmSync(temporary, { recursive: true, force: true }));

  it('while an image is built: nothing of it is left', async () => {
    const { child, ended } = touchstone({ cache: join(folder, 'cache') });
    await until(() => processes().some(({ line }) => line.includes('mmdebstrap') && !line.includes('flock')));
    child.kill('SIGINT');
    expect(await ended).to.deep.equal({ code: 3, signal: null });
    await gone();
    expect(readdirSync(join(folder, 'cache')).filter((name) => !name.endsWith('.lock'))).to.deep.equal([]);
    expect(result()).to.have.property('cases').that.deep.equals([]);
  });

  it('while a guest boots: nothing of it is left', async () => {
    const { child, ended } = touchstone();
    const kernel = await until(guest);
    child.kill('SIGINT');
    expect(await ended).to.deep.equal({ code: 3, signal: null });
    await gone(kernel);
    expect(result().summary.interrupted).to.equal(true);
  });

  it('in the middle of a campaign: what ran is saved and reported, and the case that was cut off is not', async () => {
    const { child, ended, printed } = touchstone();
    const kernel = await until(guest);
    await until(() => /DUPONT-C2a\/\S+ +delivered/.test(printed()));
    child.kill('SIGTERM');
    expect(await ended).to.deep.equal({ code: 3, signal: null });
    await gone(kernel);
    const { cases, summary } = result();
    expect(summary).to.include({ interrupted: true, cases: cases.length });
    expect(cases).to.have.length.greaterThan(0);
    for (const { outcome, bundle } of cases.filter((each) => each.outcome !== 'unsupported')) {
      expect(outcome).to.equal('delivered');
      expect(existsSync(join(folder, 'out', bundle!, 'case.json'))).to.equal(true);
    }
    expect(printed()).to.match(new RegExp(`^${cases.length} cases? \\(interrupted\\)`, 'm'));
    expect(existsSync(join(folder, 'out', 'junit.xml'))).to.equal(true);
  });

  it('twice: the end comes at once, and guests come to theirs', async () => {
    const { child, ended, printed } = touchstone();
    const kernel = await until(guest);
    process.kill(kernel.pid, 'SIGSTOP'); // no orderly end is possible now
    child.kill('SIGINT');
    await until(() => printed().includes('stopping'));
    await new Promise((later) => setTimeout(later, 600)); // sooner it counts as the same keystroke
    child.kill('SIGINT');
    expect(await ended).to.deep.equal({ code: 3, signal: null });
    await gone(kernel);
  });

  function touchstone(options: { readonly cache?: string } = {}) {
    const argv = [
      'run',
      '--product',
      'linux',
      '--case',
      'DUPONT-C2a/*',
      '--format',
      'junit',
      '--out',
      join(folder, 'out'),
    ];
    const env = { ...process.env, TMPDIR: temporary, TOUCHSTONE_CACHE: options.cache ?? cache };
    const child = spawn(process.execPath, [bin, ...argv], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    started.push(child);
    let text = '';
    child.stderr.on('data', (octets: Buffer) => (text += octets));
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    return { child, ended, printed: () => text };
  }

  const result = (): RunResult => JSON.parse(readFileSync(join(folder, 'out', 'result.json'), 'utf8'));

  /** Whatever was started below the folder works in it: the harness, builders, kernels and all their processes. */
  function processes(): { readonly pid: number; readonly line: string }[] {
    return readdirSync('/proc').flatMap((name) => {
      try {
        if (!/^\d+$/.test(name) || readlinkSync(`/proc/${name}/cwd`) !== folder) return [];
        return [{ pid: Number(name), line: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
      } catch {
        return []; // it has ended meanwhile
      }
    });
  }

  /** The kernel's first process, and the folder its memory is in. */
  function guest(): { readonly pid: number; readonly memory: string } | undefined {
    const kernel = processes().find(({ line }) => line.includes('uml_dir='));
    return kernel && { pid: kernel.pid, memory: /uml_dir=(\S+)/.exec(kernel.line)![1]! };
  }

  /** No process, temporary folder or mount. What was told to end as the harness did has a moment for it. */
  async function gone(kernel?: { readonly memory: string }): Promise<void> {
    await until(() => processes().length === 0);
    await until(() => readdirSync(temporary).every((name) => name.startsWith('tsx-'))); // what the sources were compiled to
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.to.contain(temporary);
    if (kernel) expect(existsSync(kernel.memory)).to.equal(false);
  }
});

async function until<T>(seen: () => T | undefined | false): Promise<T> {
  for (let found = seen(); ; found = seen()) {
    if (found) return found;
    await new Promise((again) => setTimeout(again, 20));
  }
}
