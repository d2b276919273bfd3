/** What is opened ahead by a thread of its own is what would have been opened in turn; and without the thread everything goes on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { composition } from '../../bin/composition.ts';
import { madeEspCapture } from '../../scripts/made-esp-capture.ts';
import { readKeys } from '../capture/keys/read-keys.ts';
import { noFailure } from './expectation.ts';
import { judgedCapture } from './judged-capture.ts';

describe('a capture whose packets are opened ahead', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-ahead-'));
  after(() => rmSync(folder, { recursive: true }));

  const judged = async (path: string, openingThread: URL | undefined) => {
    const keys = readKeys(join(folder, 'keys'));
    const judging = { name: 'made', keys, questions: composition.captureQuestions, expectation: noFailure() };
    const { cases, count, remarks } = await judgedCapture(path, judging, { openingThread });
    return { cases, count, remarks };
  };

  it('comes to the same as one whose packets are opened in turn, also where some of them are spoilt', async () => {
    const { capture } = madeEspCapture(folder, PACKETS, [32]);
    expect(await judged(capture, composition.openingThread)).to.deep.equal(await judged(capture, undefined));
    const octets = readFileSync(capture);
    for (let at = 24 + 60; at < octets.length; at += 101 * 132) octets[at] = octets[at]! ^ 1;
    const spoilt = join(folder, 'spoilt.pcap');
    writeFileSync(spoilt, octets);
    const inTurn = await judged(spoilt, undefined);
    expect(await judged(spoilt, composition.openingThread)).to.deep.equal(inTurn);
    expect(inTurn.count.packets).to.be.greaterThan(PACKETS / 2);
  });

  it('is judged to its end where the thread dies', async () => {
    const { capture } = madeEspCapture(folder, PACKETS, [32]);
    const dies = join(folder, 'dies.mjs');
    writeFileSync(
      dies,
      `import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => process.exit(1));
parentPort.postMessage('ready');`,
    );
    const { cases, count } = await judged(capture, pathToFileURL(dies));
    expect(count.packets).to.equal(PACKETS);
    expect(cases).to.deep.equal((await judged(capture, undefined)).cases);
  });

  const PACKETS = 30_000;
});
