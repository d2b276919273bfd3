/**
 * What comes from outside, as the command line takes it: the example of `docs/` is judged by what is wrong with it, wherever it lies; a module that does
 * not load or exports something else is told in one message, before anything runs.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { FromOutside } from '../commands/gathered.ts';
import type { CaseResult } from '../run/result.ts';

/** Imported, as the command line is: the runner of the tests requires this file, and what it requires are other instances. */
const imported = async () => ({
  ...(await import('../../bin/composition.ts')),
  ...(await import('../commands/gathered.ts')),
  ...(await import('../run/campaign.ts')),
  ...(await import('../run/case-name.ts')),
  ...(await import('../run/expectation.ts')),
  ...(await import('../run/plan.ts')),
  ...(await import('../run/site.ts')),
});

const example = (name: string): string => fileURLToPath(new URL(`../../docs/examples/acme/${name}`, import.meta.url));

describe('from outside', function () {
  this.timeout(60_000);
  let folder: string;
  let touchstone: Awaited<ReturnType<typeof imported>>;

  before(async () => {
    touchstone = await imported();
    folder = mkdtempSync(join(tmpdir(), 'touchstone-outside-'));
    spawnSync('mkfifo', [join(folder, 'pipe.ts')]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe('the example of the documentation', () => {
    let results: readonly CaseResult[];

    before(async () => {
      results = await judged(example('product.ts'), example('suites.ts'));
    });

    it('is turned in the cases that ask for the rule it breaks, and in those that rest on them', () => {
      const unexpected = results.filter(({ expected }) => !expected);
      expect(new Set(unexpected.map(({ id }) => id))).to.deep.equal(
        new Set(['DUPONT-C1', 'DUPONT-C2a', 'DUPONT-C2b', 'DUPONT-C2c', 'DUPONT-C3', 'ACME-ROAMING']),
      );
      const outcome = (name: string) => results.find((each) => touchstone.caseName(each) === name)?.outcome;
      expect(outcome('DUPONT-C2a/other-prefix-manual')).to.equal('dropped');
      expect(outcome('ACME-ROAMING/other-prefix')).to.equal('stops');
    });

    it('is lawful everywhere else', () => {
      const expected = results.filter((each) => each.expected);
      expect(expected.length).to.be.greaterThan(50);
      for (const { product, error } of expected)
        expect({ product, error }).to.deep.equal({ product: 'acme', error: null });
    });

    it('is the same where there is nothing beside it', async () => {
      for (const name of ['product.ts', 'suites.ts']) cpSync(example(name), join(folder, name));
      const elsewhere = await judged(join(folder, 'product.ts'), join(folder, 'suites.ts'), 'acme');
      expect(elsewhere.map(({ outcome }) => outcome)).to.deep.equal(['stops', 'stops']);
    });

    async function judged(product: string, suites: string, ...names: string[]): Promise<readonly CaseResult[]> {
      const { asLawful, carryOut, memorySite, noFailure, plan } = touchstone;
      const all = await gathered({ products: [product], suites: [suites] });
      const acme = all.product(product);
      if (acme.runs !== 'in-memory') throw new Error('the example lives in memory');
      const chosen = names.length > 0 ? names : ['outer-address', 'acme'];
      const runs = chosen.flatMap((suite) => plan(all.composition.suites, { suite }));
      const expectation = asLawful(runs, noFailure());
      return await carryOut({ runs, sites: [memorySite(acme)], facts: () => acme, seed: '1', expectation });
    }
  });

  it('has every word that our own suites are written with', () => {
    const folderOf = new URL('../../suites/', import.meta.url);
    // Questions about captures are in no suite, and nobody brings any.
    const files = readdirSync(folderOf, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /^(?!captures\/).*(?<!\.test)\.ts$/.test(name),
    );
    const taken = files.flatMap((file) => {
      const text = readFileSync(new URL(file, folderOf), 'utf8');
      return [...text.matchAll(/from '[./]+\/(harness\/vocabulary\/[^']+)'/g)].map(([, path]) => path!);
    });
    expect(taken).not.to.deep.equal([]);
    const offered = readFileSync(new URL('./vocabulary.ts', import.meta.url), 'utf8');
    for (const path of new Set(taken)) expect(offered).to.contain(`from '../${path.replace('harness/', '')}'`);
  });

  describe('a module that does not load', () => {
    const table: readonly [what: string, file: string, text: string | undefined, says: RegExp][] = [
      ['is missing', 'missing.ts', undefined, /missing\.ts: wanted a module \(.*\), had nothing of that name/],
      ['is a folder', '.', undefined, /: wanted a module \(.*\), had a folder$/],
      ['is a pipe', 'pipe.ts', undefined, /pipe\.ts: wanted a module \(.*\), had a pipe$/],
      ['is something else', 'notes.txt', 'text', /notes\.txt: wanted a module \(.*\), had a file of another kind$/],
      [
        'is no TypeScript',
        'syntax.ts',
        'export const a = {\n b: 1\n c: 2 };',
        /syntax\.ts:3:1: Expected "}" but found "c"$/,
      ],
      [
        'is no JavaScript',
        'syntax.mjs',
        'export const a = {\n b: 1\n c: 2 };',
        /syntax\.mjs:3: SyntaxError: Unexpected identifier 'c'$/,
      ],
      [
        'imports a package that is not there',
        'package.ts',
        "import 'not-there';",
        /Cannot find package 'not-there' imported from \S+package\.ts$/,
      ],
      [
        'imports what is not offered',
        'offer.ts',
        "import { nothing } from 'touchstone/product';\nnothing;",
        /offer\.ts:1: SyntaxError: .*does not provide an export named 'nothing'$/,
      ],
      [
        'imports a part that there is not',
        'part.ts',
        "import 'touchstone/reports';",
        /there is no "touchstone\/reports"; there is touchstone\/product, touchstone\/vocabulary$/,
      ],
      [
        'imports one that does not load',
        'imports.ts',
        "import './syntax.ts';",
        /syntax\.ts:3:1: Expected "}" but found "c"$/,
      ],
      [
        'throws',
        'throws.ts',
        '\nconst nobody: { name: string } | undefined = undefined;\nexport const product = nobody!.name;',
        /throws\.ts:3:\d+: TypeError: Cannot read properties of undefined \(reading 'name'\)$/,
      ],
      ['throws what is no error', 'odd.mjs', "throw 'no';", /odd\.mjs does not load: it threw no$/],
    ];
    for (const [what, file, text, says] of table)
      it(`because it ${what}`, async () => {
        if (text !== undefined) writeFileSync(join(folder, file), text);
        expect(await refusalOf({ products: [join(folder, file)] })).to.match(says);
      });
  });

  describe('a module that exports something else', () => {
    const lawful = "name: 'acme', runs: 'in-memory', version: '1', unsupported: () => undefined, rendered: () => ''";
    const suite = (text: string): string => `import * as t from 'touchstone/vocabulary';
      const given = () => t.negotiated({});
      const asked = { outcomes: ['yes', 'no'], controls: () => [], judge: () => undefined, lawful: 'yes', plays: 'receiver', reads: [t.reads({ id: 'A' }, '1', 'MUST', 'receiver', { yes: t.pass, no: t.fail })], turnedBy: [[t.ipsecMutants.checksOuterSource, 'no']] };
      const one = { name: 'one', title: 'One', dimensions: {}, given, play: async () => {}, questions: { Q: { title: 'Q?', ...asked } } };
      export const suites = ${text};`;
    const products: readonly [what: string, text: string, says: RegExp][] = [
      [
        'nothing of that name',
        'export const produkt = 1, other = 2;',
        /wanted an export called `product`, had other, produkt$/,
      ],
      ['a string', "export const product = 'acme';", /product: wanted an object, had "acme"$/],
      [
        'a name that is a path',
        `export const product = { ${lawful}, create: () => {}, name: '../acme' };`,
        /product\.name: wanted at most 64 letters.*, had "\.\.\/acme"$/,
      ],
      [
        'no `runs`',
        `export const product = { ${lawful}, create: () => {}, runs: 'somewhere' };`,
        /product\.runs: wanted "in-guest" or "in-memory", had "somewhere"$/,
      ],
      ['no `create`', `export const product = { ${lawful} };`, /product\.create: wanted a function, had nothing$/],
      [
        'several things that are off',
        "export const product = { name: 'a', runs: 'in-memory', create: 1 };",
        /unsupported: wanted a function, had nothing\n.*rendered: .*\n.*create: wanted a function, had 1$/,
      ],
      [
        'no version',
        `export const product = { ${lawful}, create: () => {}, version: undefined };`,
        /product\.version: wanted a string, had nothing$/,
      ],
      [
        'no image',
        `export const product = { ${lawful}, create: () => {}, runs: 'in-guest' };`,
        /product\.image: wanted the folder of an image\.json, or packages and modules, had nothing$/,
      ],
      [
        'what makes no node',
        `export const product = { ${lawful}, create: () => ({ product: 'acme', version: '1' }) };`,
        /product\.create\(…\)\.unsupported: wanted a function, had nothing\n/,
      ],
      [
        'what throws',
        `export const product = { ${lawful}, create: () => { throw new Error('not today'); } };`,
        /product\.create\(…\) threw Error: not today$/,
      ],
      [
        'the name of one of ours',
        `export const product = { ${lawful}, name: 'linux', runs: 'in-guest', image: './image', create: () => {} };`,
        /^two products are called linux/,
      ],
    ];
    for (const [place, [what, text, says]] of products.entries())
      it(`${what}, for a product`, async () => {
        const file = join(folder, `product-${place}.ts`);
        writeFileSync(file, text);
        expect(await refusalOf({ products: [file] })).to.match(says);
      });

    const suites: readonly [what: string, text: string, says: RegExp][] = [
      ['an object', '{}', /suites: wanted an array, had an object$/],
      ['none', '[]', /suites: wanted one suite at least, had an array of 0$/],
      [
        'one without scenarios',
        "[{ name: 'mine', title: 'Mine' }]",
        /suites\[0\]\.scenarios: wanted an array, had nothing$/,
      ],
      [
        'a scenario that does not play',
        "[{ name: 'mine', title: 'Mine', scenarios: [{ ...one, play: undefined }] }]",
        /suites\[0\]\.scenarios\[0\]\.play: wanted a function, had nothing$/,
      ],
      [
        'a document without a level',
        mine("questions: { Q: { title: 'Q?', ...asked, reads: [{ ...asked.reads[0], level: 'OUGHT' }] } }"),
        /questions\.Q\.reads\[0\]\.level: wanted "MUST" or .*, had "OUGHT"$/,
      ],
      [
        'a reading that is not total',
        mine("questions: { Q: { title: 'Q?', ...asked, outcomes: ['yes', 'no', 'perhaps'] } }"),
        /suite mine, scenario one: Q: A 1 does not read perhaps$/,
      ],
      [
        'a lawful outcome that is none',
        mine("questions: { Q: { title: 'Q?', ...asked, lawful: 'perhaps' } }"),
        /Q: lawful: wanted one of yes, no, had perhaps$/,
      ],
      [
        'a case that nothing turns',
        mine("questions: { Q: { title: 'Q?', ...asked, turnedBy: [] } }"),
        /Q: no mutant turns it: a case that cannot fail is a defect$/,
      ],
      [
        'an intent that throws',
        mine("given: () => { throw new Error('not today'); }"),
        /scenario one: given, which must be pure data, threw Error: not today$/,
      ],
      [
        'an intent that is no data',
        mine('given: () => ({ ...given(), extra: () => {} })'),
        /scenario one: given, which must be pure data, threw DataCloneError/,
      ],
      [
        'an intent that forgets somebody',
        mine('given: () => ({ parties: {}, ends: {} })'),
        /given tells nut nothing\n.*given tells tn nothing$/,
      ],
      [
        'more points than anybody waits for',
        mine("dimensions: Object.fromEntries([...'abcdefghij'].map((name) => [name, [...'0123456789']]))"),
        /wanted at most 10000 points of its dimensions, had 10000000000$/,
      ],
      ['a scenario of one of our names', mine("name: 'outer-source'"), /two scenarios are called outer-source/],
      [
        'a mutant of one of our names',
        mine("questions: { Q: { title: 'Q?', ...asked, turnedBy: [[{ ...asked.turnedBy[0][0] }, 'no']] } }"),
        /two mutants are called checksOuterSource$/,
      ],
      [
        'questions that ask of no point',
        mine("questions: { Q: { title: 'Q?', ...asked, asks: () => false } }"),
        /scenario one: it asks nothing at any point$/,
      ],
    ];
    for (const [place, [what, text, says]] of suites.entries())
      it(`${what}, for suites`, async () => {
        const file = join(folder, `suites-${place}.ts`);
        writeFileSync(file, suite(text));
        expect(await refusalOf({ suites: [file] })).to.match(says);
      });

    it('nothing that is wrong, and it is taken', async () => {
      const file = join(folder, 'suites-good.ts');
      writeFileSync(file, suite(mine('')));
      const { composition: all } = await gathered({ suites: [file] });
      const ours = touchstone.composition.suites;
      expect(all.suites.map(({ name }) => name)).to.deep.equal([...ours.map(({ name }) => name), 'mine']);
    });

    function mine(changed: string): string {
      return `[{ name: 'mine', title: 'Mine', scenarios: [{ ...one, ${changed} }] }]`;
    }
  });

  it('a product that never answers costs a case its verdict, and nothing else', async () => {
    const { within } = await import('./patience.ts');
    const never = () => within('configure of acme', 1, () => new Promise<void>(() => {}));
    const fault = await never().catch((thrown: unknown) => thrown);
    expect(fault).to.include({ code: 'no-answer', message: 'configure of acme did not answer within 0.001 s' });
    const file = join(folder, 'silent.mjs');
    writeFileSync(
      file,
      `class Node { #log = 'said'; product = 'silent'; version = '1'; unsupported() {} rendered() { return ''; } configure() { throw new Error('sync'); }
        async perform() { return { accepted: true, says: '' }; } async state() { return {}; } async log() { return this.#log; } async stop() {} }
      export const product = { name: 'silent', runs: 'in-memory', version: '1', unsupported: () => undefined, rendered: () => '', create: () => new Node() };`,
    );
    const product = (await gathered({ products: [file] })).product(file);
    if (product.runs !== 'in-memory') throw new Error('it said so');
    const runs = touchstone.plan(touchstone.composition.suites, { requirement: 'DUPONT-C2a' }).slice(0, 2);
    const expectation = touchstone.noFailure();
    const sites = [touchstone.memorySite(product)];
    const results = await touchstone.carryOut({ runs, sites, facts: () => product, seed: '1', expectation });
    expect(results.map(({ error }) => error?.split('\n')[0])).to.deep.equal(['Error: sync', 'Error: sync']);
    expect(await product.create({} as never).log()).to.equal('said');
  });

  it('a product takes its paths from where it lies, and is asked with its own `this`', async () => {
    mkdirSync(join(folder, 'vendor'));
    const file = join(folder, 'vendor', 'product.mjs');
    writeFileSync(
      file,
      `class Vendor {
        #reason = 'not sold any more';
        name = 'vendor'; runs = 'in-guest'; image = './image'; expected = { baseline: 'baseline.json' };
        unsupported() { return this.#reason; }
        rendered() { return 7; }
        async create() { return {}; }
      }
      export const product = new Vendor();`,
    );
    const product = (await gathered({ products: [file] })).product(file);
    if (product.runs !== 'in-guest') throw new Error('it said so');
    expect(product.image).to.equal(join(folder, 'vendor', 'image'));
    expect(product.expected).to.deep.equal({ baseline: join(folder, 'vendor', 'baseline.json') });
    expect(product.unsupported({} as never)).to.equal('not sold any more');
    expect(() => product.rendered({} as never)).to.throw(/product\.rendered\(…\): wanted a string, had 7$/);
    const refusal = await product.create(() => Promise.reject(new Error())).catch(String);
    expect(refusal).to.match(/product\.create\(…\)\.product: wanted a string, had nothing/);
  });

  const gathered = (brought: FromOutside) => touchstone.gathered(touchstone.composition, brought);

  async function refusalOf(brought: FromOutside): Promise<string> {
    const thrown = await gathered(brought).then(
      () => undefined,
      (fault: Error) => fault,
    );
    return thrown?.message ?? 'it was taken';
  }
});
