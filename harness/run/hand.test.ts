/** Whoever carries out a run, here or in a thread, the result is the same; and what a thread loses is an error of its run alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { composition } from '../../bin/composition.ts';
import { spread } from '../../scripts/spread.ts';
import type { MemoryProduct } from '../products/product.ts';
import { reference } from '../products/reference.ts';
import { Thread } from '../threads/thread.ts';
import { carryOut, shareOut } from './campaign.ts';
import { asLawful, noFailure } from './expectation.ts';
import { handIn, type Manner } from './hand.ts';
import { killMatrix } from './kill-matrix.ts';
import { plan } from './plan.ts';
import type { CaseResult } from './result.ts';
import { memorySite } from './site.ts';

describe('a hand', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-hand-'));
  const all = plan(composition.suites);
  const runs = spread(all, 24);
  const options = { outside: {}, seed: '1', by: [] };
  after(() => rmSync(folder, { recursive: true }));

  it('in a thread gives the results, and the bundles, that a hand here gives', async () => {
    const [here, there] = [join(folder, 'here'), join(folder, 'there')];
    const expectation = asLawful(all, noFailure());
    const manner = (out: string): Manner => ({ facts: () => undefined, seed: '1', out, expectation });
    const expected = await carryOut({ runs, sites: [memorySite()], ...manner(here) });
    const order = { kind: 'campaign', product: 'reference', options: { ...options, out: there } };
    const thread = new Thread<readonly CaseResult[]>(composition.thread, order);
    const hand = handIn(thread, 'reference', manner(there), (run) => all.indexOf(run));
    const had = await shareOut({ runs }, [hand]);
    await thread.end();
    expect(had.map(comparable)).to.deep.equal(expected.map(comparable));
    for (const { bundle } of expected) {
      const [one, other] = [here, there].map((out) => readFileSync(join(out, bundle!, 'case.json'), 'utf8'));
      expect(timeless(other!)).to.equal(timeless(one!));
    }
  });

  it('in a thread that dies costs the cases of its run', async () => {
    const entry = pathToFileURL(join(folder, 'dies.mjs'));
    writeFileSync(
      entry,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ place }) => place === 1 ? process.exit(9) : parentPort.postMessage({ kind: 'done', place, answer: [] }));
       parentPort.postMessage({ kind: 'ready' });`,
    );
    const thread = new Thread<readonly CaseResult[]>(entry, undefined);
    const hand = handIn(thread, 'reference', { facts: () => undefined, seed: '1', expectation: noFailure() }, (run) =>
      runs.indexOf(run),
    );
    const results = await shareOut({ runs: runs.slice(0, 3) }, [hand]);
    await thread.end();
    expect(results.map(({ id, variant }) => `${id}/${variant}`)).to.deep.equal(
      runs[1]!.cases.map(({ id, variant }) => `${id}/${variant}`),
    );
    for (const { outcome, error } of results) {
      expect(outcome).to.equal('error');
      expect(error).to.match(/^thread-lost: the thread that was at it is gone/);
    }
  });

  it('has the cases unsupported, in the words of the product, that ask for a command which it lacks', async () => {
    const lacking: MemoryProduct = {
      ...reference,
      create: (lab) =>
        Object.assign(reference.create(lab), {
          perform: async () => ({ accepted: false, says: 'acmectl(8) does not rekey', unsupported: true as const }),
        }),
    };
    const asking = plan(composition.suites, { glob: 'MCDANIEL-MANY/rekeyed-initiator' });
    const [result] = await carryOut({
      runs: asking,
      sites: [memorySite(lacking)],
      facts: () => undefined,
      seed: '1',
      expectation: noFailure(),
    });
    expect(result).to.include({ outcome: 'unsupported', error: null, bundle: null, expected: true });
    expect(result!.readings.map(({ why }) => why)).to.include('acmectl(8) does not rekey');
  });

  it('in a thread kills the mutants that a hand here kills', async () => {
    const selection = { glob: 'DUPONT-C2a/*' };
    const few = plan(composition.suites, selection);
    const thread = new Thread<Awaited<ReturnType<typeof killMatrix>>>(composition.thread, {
      kind: 'kills',
      options: { ...options, ...selection },
    });
    const rows = [];
    for (const place of few.keys()) rows.push(...(await thread.works(place)).kills);
    await thread.end();
    expect(rows).to.deep.equal((await killMatrix(few, '1')).kills);
  });
});

const comparable = ({ durationMs: _, ...rest }: CaseResult) => rest;

const timeless = (json: string): string =>
  json.replace(/"startedAt": "[^"]+"/, '').replaceAll(/"durationMs": [\d.]+/g, '');
