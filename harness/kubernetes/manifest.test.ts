import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Job } from 'kubernetes-types/batch/v1.d.ts';
import { parse } from 'yaml';
import type { RunResult } from '../run/result.ts';
import { said } from '../said.test-support.ts';
import { shardScript } from './shard-script.ts';

const bin = fileURLToPath(new URL('../../bin/touchstone.mjs', import.meta.url));

describe('touchstone kubernetes', function () {
  this.timeout(300_000);
  const job = ['--shards', '3', '--image', 'lab/touchstone:1', '--claim', 'campaigns'];
  const campaign = [
    '--product',
    'reference',
    '--case',
    'DUPONT-C2a/*-manual',
    'DUPONT-C2b/*',
    '--seed',
    '7 $(SHARDS) $$',
    '--format',
    'json',
  ];
  let folder: string;
  const manifest = async (...more: string[]) =>
    parse((await said(['kubernetes', ...job, ...more])).out, { version: '1.1' }) as Job;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-kubernetes-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is a Job of as many indexes as shards, with no more rights than a process needs', async () => {
    const { apiVersion, kind, spec } = await manifest(...campaign);
    expect({ apiVersion, kind }).to.deep.equal({ apiVersion: 'batch/v1', kind: 'Job' });
    expect(spec).to.include({ completionMode: 'Indexed', completions: 3, podReplacementPolicy: 'Failed' });
    const { containers, securityContext, restartPolicy } = spec!.template.spec!;
    expect(restartPolicy).to.equal('Never');
    expect(securityContext).to.include({ runAsNonRoot: true });
    expect(containers[0]!.securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
    const rooted = await manifest('--product', 'strongswan-userspace');
    expect(rooted.spec!.template.spec!.containers[0]!.securityContext).to.deep.equal({ privileged: true });
  });

  it('hands SIGTERM on to what runs, and waits until that has saved what it has', async () => {
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    const fake = "#!/bin/sh\ntrap 'echo saved; exit 130' TERM\necho runs\nwhile :; do sleep 0.05; done\n";
    writeFileSync(join(programs, 'touchstone'), fake, { mode: 0o755 });
    const env = {
      PATH: `${programs}:/usr/bin:/bin`,
      JOB_COMPLETION_INDEX: '0',
      SHARDS: '2',
      CAMPAIGN: join(folder, 'told'),
    };
    const shell = spawn('/bin/sh', ['-c', shardScript, 'sh', 'run'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    shell.stdout.on('data', (piece: Buffer) => {
      text += piece;
      if (text === 'runs\n') shell.kill('SIGTERM');
    });
    const code = await new Promise((ended) => shell.once('close', ended));
    expect([code, text]).to.deep.equal([130, 'runs\nsaved\n']);
    expect(existsSync(join(folder, 'told/shard-1/finished'))).to.equal(false);
  });

  it('runs by the very words in it: each index, one of them taken up again, makes the result of one machine', async () => {
    const spec = (await manifest(...campaign, '--name', 'nightly')).spec!.template.spec!;
    const volume = join(folder, 'volume');
    mkdirSync(volume);
    expect(await pod(spec, volume, 2)).to.equal(0);
    expect(await pod(spec, volume, 0)).to.equal(0);
    expect(existsSync(join(volume, 'nightly/whole'))).to.equal(false);
    // It was lost with half of its journal, and another pod is made for it.
    const journal = join(volume, 'nightly/shard-1/journal.jsonl');
    const text = readFileSync(journal, 'utf8');
    writeFileSync(journal, text.slice(0, Math.floor(text.length / 2)));
    for (const lost of ['result.json', 'finished']) rmSync(join(volume, 'nightly/shard-1', lost));
    expect(await pod(spec, volume, 1)).to.equal(0);
    expect(existsSync(join(volume, 'nightly/whole'))).to.equal(false);
    expect(await pod(spec, volume, 0)).to.equal(0);
    await said(['run', ...campaign, '--out', join(folder, 'one')]);
    expect(resultIn(join(volume, 'nightly/whole'))).to.deep.equal(resultIn(join(folder, 'one')));
  });

  it('refuses what no pod could do, and what the Job says itself', async () => {
    const table: readonly [words: readonly string[], says: RegExp][] = [
      [['--product', 'linux', '--runtime', 'docker'], /a pod has no Docker/],
      [['--product', 'reference', '--case', 'DUPONT-C2a/other-prefix-manual'], /--shards 3: 1 runs are selected/],
      [['--product', 'reference', '--out', 'here'], /--out: the Job says that itself/],
      [['--product', 'reference', '--shard', '1/3'], /--shard: the Job says that itself/],
      [['--product', 'reference', '--name', 'Nightly_1'], /wanted a name of Kubernetes/],
      [['--product', 'nothing'], /product/],
    ];
    for (const [words, says] of table) {
      const { err, code } = await said(['kubernetes', ...job, ...words]);
      expect(err).to.match(says);
      expect(code, err).to.equal(2);
    }
  });

  /** What a node does with the container, as far as a test may: its command and arguments with variables expanded, its environment, the volume in its place. */
  async function pod(spec: NonNullable<NonNullable<Job['spec']>['template']['spec']>, volume: string, index: number) {
    const path = join(folder, 'bin');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'touchstone'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
    chmodSync(join(path, 'touchstone'), 0o755);
    const [{ command, args, env }] = spec.containers as [(typeof spec.containers)[0]];
    const expanded = (word: string) =>
      word.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name) =>
        whole === '$$' ? '$' : (env!.find((each) => each.name === name)?.value ?? whole),
      );
    const [program, ...words] = [...command!, ...args!].map(expanded);
    const told = Object.fromEntries(env!.map(({ name, value }) => [name, value!.replace(/^\/campaign/, volume)]));
    const environment = {
      ...process.env,
      ...told,
      TMPDIR: folder,
      JOB_COMPLETION_INDEX: `${index}`,
      PATH: `${path}:${process.env.PATH}`,
    };
    const child = spawn(program!, words, { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.resume();
    return await new Promise<number | null>((resolve) => child.once('exit', resolve));
  }

  const resultIn = (at: string) => {
    const {
      startedAt: _began,
      finishedAt: _ended,
      ...result
    } = JSON.parse(readFileSync(join(at, 'result.json'), 'utf8')) as RunResult;
    return { ...result, cases: result.cases.map(({ durationMs: _durationMs, ...rest }) => rest) };
  };
});
