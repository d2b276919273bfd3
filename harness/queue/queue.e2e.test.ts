import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { composition } from '../../bin/composition.ts';
import type { RunResult } from '../run/result.ts';
import { said } from '../said.test-support.ts';
import { catalogueOf, queueName } from './order.ts';
import { hasRedis, type OwnRedis, ownRedis } from './redis.test-support.ts';

const bin = fileURLToPath(new URL('../../bin/touchstone.mjs', import.meta.url));

describe('a queue of many machines', function () {
  this.timeout(300_000);
  const campaign = ['--product', 'reference', '--case', 'DUPONT-C2?/*', '--format', 'json'];
  let folder: string;
  let redis: OwnRedis;
  let client: Redis;
  let started: ChildProcess[] = [];
  const at = (name: string) => join(folder, name);

  before(async function () {
    if (!hasRedis) {
      console.log('      skipped: redis-server is not installed');
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'touchstone-queue-'));
    redis = await ownRedis(folder);
    client = new Redis(redis.url);
  });
  afterEach(async () => {
    await Promise.all(started.map((child) => ended(child, 'SIGKILL')));
    started = [];
    await client.flushall();
  });
  after(async () => {
    client?.disconnect();
    await redis?.end();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('three workers, one of them killed at a run: the result is that of one machine, and nothing is left', async () => {
    const workers = [worker('--lease', '2'), worker('--lease', '2'), worker('--lease', '2')];
    await Promise.all(workers.map(({ takes }) => takes));
    const submitted = touchstone('queue', ...campaign, '--redis', redis.url, '--out', at('queued'));
    const [victim] = workers;
    await submitted.says(/reference DUPONT-\S+ [\s\S]*reference DUPONT-/);
    await atARun(victim!.child);
    await ended(victim!.child, 'SIGKILL');
    expect(await submitted.code).to.equal(0);
    await said(['run', ...campaign, '--out', at('whole')]);
    expect(resultOf('queued')).to.deep.equal(resultOf('whole'));
    expect(bundlesOf('queued')).to.deep.equal(bundlesOf('whole'));
    expect((await said(['rejudge', at('queued'), '--json'])).code).to.equal(0);
    for (const { child } of workers.slice(1)) expect(await ended(child, 'SIGINT')).to.equal(0);
    expect(await leftKeys()).to.deep.equal([]);
  });

  it('a campaign that is stopped takes its runs back, saves what ran, and is taken up again', async () => {
    const one = worker();
    await one.takes;
    const submitted = touchstone('queue', ...campaign, '--redis', redis.url, '--out', at('stopped'));
    await submitted.says(/reference DUPONT-/);
    expect(await ended(submitted.child, 'SIGINT')).to.equal(3);
    expect(resultOf('stopped').summary.interrupted).to.equal(true);
    const again = touchstone('queue', ...campaign, '--redis', redis.url, '--resume', at('stopped'));
    expect(await again.code).to.equal(0);
    expect(again.printed()).to.match(/taken up again: [1-9]/);
    expect(await ended(one.child, 'SIGTERM')).to.equal(0);
    expect(await leftKeys()).to.deep.equal([]);
  });

  it('a worker of another version is given nothing, which both say in words', async () => {
    const other = { host: 'elsewhere', version: '0.0.9', catalogue: 'another', products: ['reference'] };
    await client.set('touchstone:present:worker:w', JSON.stringify(other));
    await client.set('touchstone:present:campaign:c', JSON.stringify(other));
    await client.set('touchstone:present:worker:nonsense', '{"host":');
    const submitted = touchstone('queue', ...campaign, '--redis', redis.url, '--out', at('waiting'));
    await submitted.says(/the worker on elsewhere is given nothing: it is Touchstone 0\.0\.9, and this is \d/);
    await submitted.says(/waiting for a worker: touchstone worker --product reference/);
    const one = worker();
    await one.says(/the campaign from elsewhere is not taken part in: it is Touchstone 0\.0\.9/);
    expect(await submitted.code).to.equal(0);
  });

  it('what is no order fails alone, and what is no result of a run is an error of that run', async () => {
    const { Queue, QueueEvents, Worker } = await import('bullmq');
    const given = { connection: client.duplicate({ maxRetriesPerRequest: null }), prefix: 'touchstone' };
    const name = queueName(catalogueOf(composition.suites), 'reference');
    const one = worker();
    await one.takes;
    const events = new QueueEvents(name, given);
    await events.waitUntilReady();
    const failed = new Promise<string>((resolve) => events.once('failed', ({ failedReason }) => resolve(failedReason)));
    const queue = new Queue(name, given);
    await queue.add('run', { schema: 'touchstone-order/1', campaign: '../../etc' }, { removeOnFail: true });
    expect(await failed).to.match(/an order that is none: campaign: /);
    expect(await ended(one.child, 'SIGINT')).to.equal(0);
    // A worker that answers whatever it is asked with octets of its own.
    const liar = new Worker(
      name,
      async (job, token) => {
        await client.set(`touchstone:parcel:${job.id}:${token}`, 'no parcel');
        return token;
      },
      given,
    );
    const submitted = await said(['queue', ...campaign, '--redis', redis.url, '--out', at('lied')]);
    expect(submitted.code).to.equal(3);
    expect(submitted.err).to.match(/parcel-damaged: what a worker has sent cannot be opened/);
    await liar.close();
    await queue.close();
    await events.close();
    given.connection.disconnect();
  });

  it('without a Redis, or with what is no address of one, it says so', async () => {
    const nobody = await said(['queue', ...campaign, '--redis', 'redis://127.0.0.1:1', '--out', at('nobody')]);
    expect(nobody.err).to.match(/no-redis: redis:\/\/127\.0\.0\.1:1: wanted a Redis, had .*ECONNREFUSED/);
    expect(nobody.code).to.equal(3);
    const wrong = await said(['worker', '--product', 'reference', '--redis', 'http://a:secret@b']);
    expect(wrong.err).to.contain('--redis wants redis://HOST:PORT, had "http://…@b"');
    expect(wrong.code).to.equal(2);
  });

  function worker(...more: string[]) {
    const one = touchstone('worker', '--product', 'reference', '--jobs', '1', '--redis', redis.url, ...more);
    return { ...one, takes: one.says(/takes runs of reference/) };
  }

  function touchstone(...argv: string[]) {
    const env = { ...process.env, TMPDIR: folder };
    const child = spawn(process.execPath, [bin, ...argv], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    started.push(child);
    let text = '';
    child.stderr.on('data', (octets: Buffer) => (text += octets));
    const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const says = (words: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = (): void => {
          if (words.test(text)) resolve();
        };
        child.stderr.on('data', look);
        child.once('exit', () => reject(new Error(`it ended before it said ${words}: ${text}`)));
        look();
      });
    return { child, code, says, printed: () => text };
  }

  /** Stops it where it stands once some run is its own: a lock in Redis is held by a worker alone. */
  async function atARun(child: ChildProcess): Promise<void> {
    for (;;) {
      process.kill(child.pid!, 'SIGSTOP');
      const active = await client.llen(`touchstone:${queueName(catalogueOf(composition.suites), 'reference')}:active`);
      // With all three at a run this one is at one.
      if (active === 3) return;
      process.kill(child.pid!, 'SIGCONT');
      await new Promise((again) => setTimeout(again, 5));
    }
  }

  async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return await code;
  }

  /** What has no end of its own, but for what the engine has counted and told: a leak. */
  const leftKeys = async () => {
    const keys = (await client.keys('*')).filter((key) => !/:(meta|id|events|stalled-check|marker)$/.test(key));
    const ends = await Promise.all(keys.map((key) => client.pttl(key)));
    return keys.filter((_, place) => ends[place] === -1);
  };

  const resultOf = (name: string) => {
    const {
      cases,
      startedAt: _began,
      finishedAt: _ended,
      ...rest
    } = JSON.parse(readFileSync(join(at(name), 'result.json'), 'utf8')) as RunResult;
    return { ...rest, cases: cases.map(({ durationMs: _durationMs, ...each }) => each) };
  };

  const bundlesOf = (name: string) =>
    existsSync(join(at(name), 'bundles'))
      ? readdirSync(join(at(name), 'bundles'), { recursive: true, encoding: 'utf8' }).sort()
      : [];
});
