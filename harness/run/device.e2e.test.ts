import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { expect } from 'chai';
import { shipped } from '../installation.ts';
import { ip } from '../lab/wires/veth.test-support.ts';
import { ensureImage } from '../runtime/image.ts';
import { namespace } from '../runtime/namespace.ts';
import { skipping } from '../runtime/wired-guest.test-support.ts';
import { said } from '../said.test-support.ts';
import type { RunResult } from './result.ts';

const nic = 'tsdev0';
/** The harness and the box agree by IKEv2; what is altered is dropped, and what comes after it is answered. */
const one = 'MCDANIEL-INTEG/icv-aes-gcm-tunnel-ikev2';

describe('a device at the end of a cable', function () {
  this.timeout(120_000); // the first time, its image is built
  let folder: string;
  let state: string;
  let box: ChildProcess;
  const file = () => join(folder, 'box.yaml');

  before(async function () {
    const cannot = skipping(this);
    await namespace.available().catch(cannot);
    const cache = process.env.TOUCHSTONE_CACHE ?? join(homedir(), '.cache', 'touchstone');
    const image = await ensureImage('strongswan-userspace', cache, console.log).catch(cannot);
    folder = mkdtempSync(join(tmpdir(), 'touchstone-device-'));
    state = join(folder, 'state');
    cpSync(shipped('docs', 'examples', 'device'), folder, { recursive: true });
    const example = readFileSync(file(), 'utf8');
    writeFileSync(file(), example.replace('nic: tsbox', `nic: ${nic}`).replace('/run/example-box', state));
    box = spawn(join(folder, 'box.sh'), [nic, image.path, state], { stdio: ['ignore', 'inherit', 'inherit'] });
    while (!existsSync(join(state, 'pid')) || readFileSync(join(state, 'pid'), 'utf8') === '') {
      expect(box.exitCode, 'the box has ended').to.equal(null);
      await later(50);
    }
  });
  after(async () => {
    if (box?.exitCode === null) {
      box.kill('SIGTERM');
      await once(box, 'close');
      while (processesWith(state).length > 0) await later(20); // it leaves none
    }
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const many = (out: string) => ['run', '--product', file(), '--case', 'MCDANIEL-INTEG/*-tunnel-ikev2', '--out', out];
  const run = async (...argv: readonly string[]) => {
    const out = mkdtempSync(join(folder, 'out-'));
    const { code, err } = await said(['run', '--product', file(), '--out', out, '--format', 'json', ...argv]);
    const written = join(out, 'result.json');
    const result = existsSync(written) ? (JSON.parse(readFileSync(written, 'utf8')) as RunResult) : undefined;
    return { code, err, out, result };
  };

  it('is configured by the command of its vendor, judged by the wire alone, and judged again from the bundle', async () => {
    const { code, out, result } = await run('--case', one);
    expect(result!.cases.map(({ outcome }) => outcome)).to.deep.equal(['dropped']);
    expect(code).to.equal(0);
    const [{ honesty, runtime, kernel }] = result!.products as [RunResult['products'][number]];
    expect(honesty.map(({ name, held }) => [name, held])).to.deep.equal([['wrong-credential', true]]);
    expect([runtime, kernel]).to.satisfy(([where, what]: string[]) => where === 'external' && what!.includes(nic));
    const [bundle] = result!.cases.map((each) => join(out, each.bundle!));
    expect(readFileSync(join(bundle!, 'product.log'), 'utf8')).to.contain("loaded connection 'peer'");
    const again = JSON.parse((await said(['rejudge', out, '--json'])).out);
    expect(again.cases.map(({ agree }: { agree: boolean }) => agree)).to.deep.equal([true]);
  });

  it('is not configured for what needs an agent in it, and the reason says so', async () => {
    const { result, code } = await run(
      '--case',
      'MCDANIEL-INTEG/icv-aes-gcm-tunnel-ikev2-nut-initiates',
      'MCDANIEL-SEQ/first-aes-gcm-tunnel-ikev2',
    );
    expect(result!.cases.map(({ outcome, bundle }) => [outcome, bundle])).to.deep.equal([
      ['unsupported', null],
      ['unsupported', null],
    ]);
    for (const { readings } of result!.cases) expect(readings[0]!.why).to.match(/^a device has no agent: nobody can /);
    expect(code).to.equal(0);
  });

  it('costs the run an error, and no verdict, when its command fails or is too slow', async () => {
    const mended = readFileSync(file(), 'utf8');
    const with_ = (command: string, within = 30) =>
      writeFileSync(
        file(),
        mended.replace(/command: .*/, `command: [sh, -c, "${command}"]`).replace(/within: .*/, `within: ${within}`),
      );
    try {
      with_('echo no such interface; exit 4');
      const failing = await run('--case', one);
      expect(failing.code).to.equal(3);
      expect(failing.err)
        .to.contain('the configure command of example-box ended with 4')
        .and.to.contain('no such interface');
      with_('sleep 60', 0.2);
      const slow = await run('--case', one);
      expect(slow.code).to.equal(3);
      expect(slow.err).to.contain('sh did not end within 0.2 s');
      with_('cat >/dev/null; echo out of licences; exit 77');
      const cannot = await run('--case', one);
      expect(cannot.result?.cases[0]?.readings[0]?.why ?? cannot.err).to.contain('out of licences');
    } finally {
      writeFileSync(file(), mended);
    }
  });

  it('Ctrl-C leaves no process and the interface as it was', async () => {
    const link = () => ip('-d', 'link', 'show', nic);
    expect(link()).to.contain('promiscuity 0');
    const argv = many(join(folder, 'stopped'));
    const child = spawn(process.execPath, [shipped('bin', 'touchstone.mjs'), ...argv], { stdio: 'pipe' });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text));
    while (!/MCDANIEL-INTEG\/\S+ +dropped/.test(printed)) await later(20);
    expect(link()).to.contain('promiscuity 1');
    child.kill('SIGINT');
    expect(await once(child, 'close')).to.deep.equal([3, null]);
    while (processesWith('nic.pl', nic).length > 0) await later(20);
    expect(link()).to.contain('promiscuity 0');
    const { summary } = JSON.parse(readFileSync(join(folder, 'stopped', 'result.json'), 'utf8')) as RunResult;
    expect(summary.interrupted).to.equal(true);
  });

  it('whose cable is pulled in the middle is an error that names the interface, and never a fail', async () => {
    const out = join(folder, 'pulled');
    const running = said([...many(out), '--format', 'json']);
    const journal = join(out, 'journal.jsonl');
    while (!existsSync(journal) || !readFileSync(journal, 'utf8').includes('"dropped"')) await later(20);
    ip('link', 'delete', nic);
    const { code } = await running;
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
    const outcomes = result.cases.filter(({ outcome }) => outcome !== 'unsupported').map(({ outcome }) => outcome);
    expect(new Set(outcomes)).to.deep.equal(new Set(['dropped', 'error']));
    const errors = result.cases.flatMap(({ error }) => error ?? []);
    expect(errors[0]).to.contain(`wire-lost: the interface ${nic} is lost`);
    expect(result.cases.flatMap(({ readings }) => readings).map(({ reading }) => reading)).not.to.include('fail');
    expect(code).to.equal(3);
  });
});

/** Whose command lines hold all of these. */
function processesWith(...words: readonly string[]): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return words.every((word) => line.includes(word));
    } catch {
      return false; // no process, or none any more
    }
  });
}
