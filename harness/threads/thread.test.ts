import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { Worker } from './errand.ts';
import { Thread } from './thread.ts';
import { together } from './together.ts';

/** Answers the square of a place, and has its bad days. */
const squares = `
import { parentPort, workerData } from 'node:worker_threads';
if (workerData === 'will not load') throw new Error('not today');
parentPort.on('message', ({ place }) => {
  if (place === 3) process.exit(1);
  if (place === 4) setTimeout(() => { throw new Error('caught by nobody'); });
  else if (place === 5) parentPort.postMessage({ kind: 'failed', place, says: 'five is no good' });
  else if (place === 6) for (;;);
  else parentPort.postMessage({ kind: 'done', place, answer: place * place });
});
parentPort.postMessage({ kind: 'ready' });
`;

describe('a thread that helps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-thread-'));
  const entry = pathToFileURL(join(folder, 'squares.mjs'));
  let thread: Thread<number>;

  before(() => writeFileSync(entry, squares));
  beforeEach(() => {
    thread = new Thread(entry, 'squares');
  });
  afterEach(() => thread.end());
  after(() => rmSync(folder, { recursive: true }));

  it('answers', async () => {
    await thread.ready;
    expect([await thread.works(1), await thread.works(2)]).to.deep.equal([1, 4]);
  });

  for (const [place, code, says] of [
    [3, 'thread-lost', 'is gone: it ended'],
    [4, 'thread-lost', 'caught by nobody'],
    [5, 'thread-failed', 'five is no good'],
  ] as const) {
    it(`loses what it was at (${says}), and nothing else`, async () => {
      const fault = await thread.works(place).catch((thrown: unknown) => thrown);
      expect(fault).to.be.instanceOf(HarnessFault);
      expect(fault).to.include({ code }).and.property('message').that.includes(says);
      expect(await thread.works(7)).to.equal(49);
    });
  }

  it('ends though it is busy', async () => {
    await thread.ready;
    const lost = thread.works(6).catch((thrown: Error) => thrown.message);
    await new Promise((later) => setImmediate(later));
    await thread.end();
    expect(await lost).to.include('is gone');
  });

  it('that does not load never gets ready, and says why', async () => {
    const broken = new Thread(entry, 'will not load');
    const fault = await broken.ready.catch((thrown: Error) => thrown.message);
    expect(fault).to.include('not today');
    await broken.end();
  });

  it('shares the places with others, and the answers come in their order', async () => {
    const other = new Thread<number>(entry, 'squares');
    const here: Worker<number> = { ready: Promise.resolve(), works: async (place) => place * place };
    const told: number[] = [];
    const shared = together(3, [thread, here, other], (done) => told.push(done));
    expect(await shared).to.deep.equal([0, 1, 4]);
    expect(told).to.deep.equal([1, 2, 3]);
    await other.end();
  });

  it('is done without where it is never ready', async () => {
    const never: Worker<number> = { ready: new Promise(() => {}), works: () => Promise.reject(new Error('asked')) };
    const refuses: Worker<number> = { ...never, ready: Promise.reject(new Error('no')) };
    const here: Worker<number> = { ready: Promise.resolve(), works: async (place) => place };
    expect(await together(4, [never, refuses, here])).to.deep.equal([0, 1, 2, 3]);
    expect(await together(0, [never])).to.deep.equal([]);
  });
});
