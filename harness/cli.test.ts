import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunResult } from './run/result.ts';
import { one, runOne, type Said, said } from './said.test-support.ts';

describe('the command line', function () {
  this.timeout(20_000);
  let folder: string;
  let ran: Said;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-cli-'));
    ran = await said([...runOne, '--json', '--out', join(folder, 'run')]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe('off words: exit 2, what exists and the nearest match', () => {
    const table: readonly [argv: string, says: RegExp][] = [
      ['run --product strongswam', /unknown product "strongswam"; did you mean strongswan\?\n {2}there is: .*linux/],
      [
        'run --product strongswan@nonsense',
        /unknown release of strongswan "nonsense"; .*\n {2}there is: (?=.*bookworm)(?=.*trixie)(?=.*sid)/,
      ],
      ['run --product reference --with linux@trixy', /unknown release of linux "trixy"; did you mean trixie\?/],
      ['list --product reference@sid', /unknown product "reference@sid"; did you mean reference\?/],
      ['doctor --product linux@trixy', /unknown release of linux "trixy"; did you mean trixie\?/],
      ['list --suite identiy', /unknown suite "identiy"; did you mean identity\?\n {2}there is: .*outer-address/],
      ['show DUPONT-C2a/other-prefix-manul', /did you mean DUPONT-C2a\/other-prefix-manual\?/],
      ['list --case DUPONT-C9*', /no case matches "DUPONT-C9\*" \(.*\)\n {2}there is: (?!.*\/)(?=.*DUPONT-C2a)/],
      [
        'list --case FIELD-F03/nobody',
        /no case matches "FIELD-F03\/nobody" .*\n {2}there is: FIELD-F03\/\w+, FIELD-F03\/\w+$/m,
      ],
      ['list --suite identity feild', /unknown suite "feild"; did you mean field\?/],
      ['run --product reference --case DUPONT-C2x', /unknown case "DUPONT-C2x"; did you mean DUPONT-C2[abc]\?/],
      ['list --requirement AURA-PAT', /unknown requirement "AURA-PAT"; did you mean AURA-PAD\?/],
      ['run --product reference --runtime dokcer', /unknown runtime "dokcer"; did you mean docker\?/],
      [
        'run --product strongswan-userspace --runtime uml',
        /^strongswan-userspace does not run with --runtime uml \(.*\): it runs with namespace$/m,
      ],
      [
        'run --product linux --runtime namespace',
        /^linux does not run with --runtime namespace \(.*\): it runs with uml or docker$/m,
      ],
      [
        'run --product strongswan --with strongswan-userspace --suite interop --runtime docker',
        /^strongswan-userspace does not run with --runtime docker/,
      ],
      ['run --product linux --defect windw-0', /unknown defect of linux "windw-0"; did you mean /],
      ['run --product reference --by DUPOND', /unknown document "DUPOND"; did you mean DUPONT\?/],
      ['run --product reference --format htlm', /unknown format "htlm"; did you mean html\?/],
      ['run --product reference --shard 3/2', /--shard wants I\/N with 1 ≤ I ≤ N, had "3\/2"/],
      ['run --product reference --patience long', /--patience wants seconds, had "long"/],
      ['run --product reference --jobs 0', /wanted a whole number from 1 to 16/],
      ['run --product reference --shard 1/2 --shard 2/2', /given before, as 1\/2, and takes one/],
      ['run --product reference --out=', /wanted a folder, had nothing/],
      ['list --product umip --umip=', /wanted a folder, had nothing/],
      ['run --product reference --resume a --out b', /'--resume <dir>' cannot be used with option '--out <dir>'/],
      ['run --product reference --resume a --replace', /'--replace' cannot be used with option '--resume <dir>'/],
      ['run --product reference --defect any', /reference has no defects that could be planted/],
      ['list --requirement DUPONT-L1', /no case tests DUPONT-L1 yet: needs IKEv1/],
      ['show dupont-l1', /no case tests DUPONT-L1 yet: needs IKEv1/],
      ['list untested --suite identity', /list untested names all of them: it takes no product and no selection/],
      [
        'list suits',
        /'suits' is invalid for argument 'what'\. Allowed choices are cases, suites, documents, products, untested/,
      ],
      ['run', /required option '--product <names...>'/],
      ['rejugde', /unknown command 'rejugde'\s+\(Did you mean rejudge\?\)/],
    ];
    for (const [argv, says] of table)
      it(`touchstone ${argv}`, async () => {
        const { code, out, err } = await said(argv.split(' '));
        expect(err).to.match(says);
        expect({ code, out }).to.deep.equal({ code: 2, out: '' });
      });
  });

  describe('a path that is none: exit 2, which option named it, what was wanted and what was found', () => {
    const run = 'run --product plain';
    const table: readonly [argv: string, says: RegExp][] = [
      [`${run} --out FOLDER/file`, /^--out FOLDER\/file: wanted a folder to write to, had a file\n$/],
      [`${run} --out FOLDER/file/below`, /^--out FOLDER\/file: wanted a folder to write to, had a file\n$/],
      [`${run} --out FOLDER/pipe`, /^--out FOLDER\/pipe: wanted a folder to write to, had a pipe\n$/],
      [`${run} --out FOLDER/circle/x`, /^--out FOLDER\/circle\S*: .* symbolic links in a circle/],
      [`${run} --out /proc/touchstone/x`, /^--out \/proc\/touchstone: wanted a folder to write to, had nothing/],
      [`${run} --out FOLDER/taken`, /^--out FOLDER\/taken\/bundles: wanted a folder to write to, had a pipe\n$/],
      [`${run} --out FOLDER/strange --replace`, /^--out FOLDER\/strange: its result\.json is not of a run that began/],
      [
        `${run} --baseline FOLDER/missing`,
        /^--baseline FOLDER\/missing: wanted a file to read, had nothing of that name/,
      ],
      [`${run} --baseline FOLDER`, /^--baseline FOLDER: wanted a file to read, had a folder\n$/],
      [`${run} --baseline FOLDER/pipe`, /^--baseline FOLDER\/pipe: wanted a file to read, had a pipe\n$/],
      [`${run} --baseline FOLDER/file`, /^--baseline FOLDER\/file: wanted JSON, had /],
      [`${run} --waivers /dev/zero`, /^--waivers \/dev\/zero: wanted a file to read, had a device\n$/],
      [`${run} --waivers /proc/self/mem`, /^--waivers \/proc\/self\/mem: wanted JSON, had /],
      ['rejudge FOLDER/missing', /^FOLDER\/missing: wanted a folder to read, had nothing of that name\n$/],
      ['rejudge FOLDER/pipe', /^FOLDER\/pipe: wanted a folder to read, had a pipe\n$/],
      ['rejudge FOLDER/strange', /^FOLDER\/strange: no bundle \(a folder with case.json\) is in it\n$/],
      [
        'report FOLDER/missing',
        /^FOLDER\/missing: wanted the folder of a run, with result\.json or journal\.jsonl, had neither$/m,
      ],
      ['report FOLDER/file', /^FOLDER\/file: wanted the folder of a run/],
      ['report FOLDER/strange', /^FOLDER\/strange\/result.json, startedAt: Invalid input/],
      ['report FOLDER/unread', /^FOLDER\/unread\/result.json: wanted a file to read, had a pipe\n$/],
    ];
    before(() => {
      for (const name of ['taken', 'unread', 'strange']) mkdirSync(join(folder, name));
      writeFileSync(join(folder, 'file'), 'contents');
      writeFileSync(
        join(folder, 'strange', 'result.json'),
        '{"schema":"touchstone-result/1","touchstone":"0","seed":"1"}',
      );
      symlinkSync('circle', join(folder, 'circle'));
      for (const name of ['pipe', 'taken/bundles', 'unread/result.json']) spawnSync('mkfifo', [join(folder, name)]);
    });
    for (const [argv, says] of table)
      it(`touchstone ${argv}`, async () => {
        const { code, out, err } = await said(argv.replace('FOLDER', folder).split(' '));
        expect(err.replaceAll(folder, 'FOLDER')).to.match(says);
        expect({ code, out }).to.deep.equal({ code: 2, out: '' });
      });

    it('report --out on a file', async () => {
      const { code, err } = await said(['report', join(folder, 'run'), '--out', join(folder, 'file')]);
      expect(err.replaceAll(folder, 'FOLDER')).to.equal('--out FOLDER/file: wanted a folder to write to, had a file\n');
      expect(code).to.equal(2);
    });
  });

  describe('--json prints one document on stdout', () => {
    it('run: result.json', () => {
      const result: RunResult = JSON.parse(ran.out);
      expect(result).to.deep.equal(JSON.parse(readFileSync(join(folder, 'run', 'result.json'), 'utf8')));
      expect(result).to.include.keys('schema', 'touchstone', 'seed', 'startedAt', 'products', 'summary', 'cases');
      expect(result.products[0]).to.include.keys('name', 'version', 'runtime', 'kernel');
      const [first] = result.cases;
      expect(first).to.include({
        id: 'DUPONT-C2a',
        variant: 'other-prefix-manual',
        product: 'plain',
        outcome: 'delivered',
        error: null,
      });
      expect(first).to.include.keys('requirements', 'dimensions', 'durationMs', 'bundle');
      expect(first!.readings[0]).to.have.all.keys('document', 'section', 'level', 'addressee', 'reading', 'why');
      expect(first!.controls[0]).to.include.keys('name', 'held');
      expect(first!.evidence[0]).to.include.keys('kind', 'frame', 'says');
    });

    it('list', async () => {
      const [first, ...others] = await json(['list', '--case', one, '--product', 'linux']);
      expect(others).to.deep.equal([]);
      const keys = [
        'id',
        'variant',
        'suite',
        'title',
        'requirements',
        'dimensions',
        'needs',
        'outcomes',
        'lawful',
        'readings',
        'turnedBy',
        'alsoKnownAs',
      ];
      expect(first).to.include.keys(keys).and.to.include({ product: 'linux', planned: true });
      expect(first.readings[0]).to.have.all.keys('document', 'section', 'level', 'addressee', 'of');
      expect(first.readings[0].of).to.have.all.keys(first.outcomes);
      expect(first.turnedBy[0]).to.have.all.keys('mutant', 'outcome');
    });

    it('list, with what a product cannot be configured for', async () => {
      const cases = await json(['list', '--case', 'DUPONT-C2a/*ikev2*', '--product', 'linux']);
      expect(cases[0]).to.include({ planned: false }).and.to.have.property('unsupported').that.matches(/\w/);
    });

    it('list untested, as list --untested', async () => {
      const left = await json(['list', 'untested']);
      expect(left.length).to.be.greaterThan(0);
      for (const each of left) expect(each).to.have.all.keys('id', 'why');
      expect(await json(['list', '--untested'])).to.deep.equal(left);
    });

    it('list suites: a sentence on each of ours', async () => {
      const suites = await json(['list', 'suites']);
      expect(suites).to.have.length(7);
      for (const { says, cases } of suites) {
        expect(says).to.match(/^[A-Z].*\.$/);
        expect(cases).to.be.greaterThan(0);
      }
    });

    it('list documents: the five sources first', async () => {
      const documents = await json(['list', 'documents']);
      const sources = documents.filter(({ source }: { source: boolean }) => source);
      expect(sources.map(({ id }: { id: string }) => id)).to.deep.equal(
        documents.slice(0, 5).map(({ id }: { id: string }) => id),
      );
      expect(sources[0].title).to.match(/mobile IPv6 friendly/);
    });

    it('list products: where each runs, and what it is held against', async () => {
      const products = await json(['list', 'products']);
      const of = (wanted: string) => products.find(({ name }: { name: string }) => name === wanted);
      expect(of('linux')).to.deep.include({ release: 'bookworm', runtimes: ['uml', 'docker'] });
      expect(of('strongswan-userspace').runtimes).to.deep.equal(['namespace']);
      expect(of('umip').expected).to.equal(
        'every case is unsupported without --umip DIR, a folder that holds a built mip6d',
      );
    });

    it('show: what people reported, the documents, and what a product would be given', async () => {
      const shown = await json(['show', 'FIELD-F03/initiator', '--product', 'strongswan']);
      expect(shown).to.include({ id: 'FIELD-F03', variant: 'initiator', product: 'strongswan', planned: true });
      expect(shown.reported).to.deep.equal([
        {
          as: 'strongSwan #1458',
          link: 'https://github.com/strongswan/strongswan/issues/1458',
          says: 'no child was left (5.8.4, with the firewall of another vendor)',
        },
      ]);
      expect(shown.documents.map(({ id }: { id: string }) => id)).to.deep.equal(['RFC7296']);
      expect(shown.turnedBy[0]).to.have.all.keys('mutant', 'outcome', 'rule', 'says');
      expect(shown.intent.parties).to.have.all.keys('nut', 'tn');
      expect(shown.configuration).to.match(/connections \{/);
    });

    it('mutants', async () => {
      const { cases, rules, survivors } = await json(['mutants', '--case', one]);
      expect(cases).to.have.length(1);
      expect(cases[0]).to.have.all.keys('id', 'variant', 'killedBy');
      expect(cases[0].killedBy[0]).to.have.all.keys('mutant', 'outcome');
      for (const rule of rules) expect(rule).to.include.keys('name', 'section', 'brokenBy');
      expect(rules.flatMap((rule: { brokenBy: object[] }) => rule.brokenBy.flatMap(Object.keys))).to.include.members([
        'case',
        'test',
      ]);
      expect(survivors).to.deep.equal([]);
    });

    it('rejudge', async () => {
      const { cases } = await json(['rejudge', join(folder, 'run')]);
      expect(cases).to.have.length(1);
      expect(cases[0]).to.include({ id: 'DUPONT-C2a', live: 'delivered', again: 'delivered', agree: true });
      expect(cases[0]).to.include.keys('variant', 'product', 'durationMs');
    });

    async function json(argv: readonly string[]) {
      const { code, out } = await said([...argv, '--json']);
      expect(code).to.equal(0);
      return JSON.parse(out);
    }
  });

  it('a damaged bundle is refused by file, place and what was expected: exit 3', async () => {
    const copy = join(folder, 'damaged');
    cpSync(join(folder, 'run'), copy, { recursive: true });
    const { bundle } = (JSON.parse(ran.out) as RunResult).cases[0]!;
    truncateSync(join(copy, bundle!, 'case.pcapng'), 301);
    const { code, err } = await said(['rejudge', copy]);
    expect(err).to.match(/case\.pcapng, .*\b\d+\b.*: wanted .*, had /);
    expect(code).to.equal(3);
  });

  it('cases that no suite knows any more are named', async () => {
    const copy = join(folder, 'unknown');
    cpSync(join(folder, 'run'), copy, { recursive: true });
    const file = join(copy, (JSON.parse(ran.out) as RunResult).cases[0]!.bundle!, 'case.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"id": "DUPONT-C2a"', '"id": "DUPONT-C2z"'));
    const { code, err } = await said(['rejudge', copy]);
    expect(err).to.match(/cases are of no suite here: --suites FILE .*\n {2}DUPONT-C2z\/other-prefix-manual/);
    expect(code).to.equal(2);
  });

  it('every command has help with examples', async () => {
    for (const command of ['doctor', 'list', 'show', 'run', 'mutants', 'rejudge', 'report']) {
      const { code, out } = await said([command, '--help']);
      expect(out, command).to.match(
        new RegExp(`Usage: touchstone ${command}[^]*\nExamples:\n {2}touchstone ${command}`),
      );
      expect(code).to.equal(0);
    }
  });

  it('colours are for a terminal that wants them', async () => {
    const coloured = '\u001b[';
    const show = ['show', one];
    expect((await said(show, {}, true)).out).to.contain(coloured);
    expect((await said(show, { NO_COLOR: '1' }, true)).out).not.to.contain(coloured);
    expect((await said(show)).out).not.to.contain(coloured);
  });
});
