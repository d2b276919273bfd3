import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
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
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { composition } from '../bin/composition.ts';
import { main } from './cli.ts';
import { referenceWith } from './products/reference.ts';
import type { RunResult } from './run/result.ts';

/** A case of the reference in memory, `delivered`. */
const one = 'DUPONT-C2a/other-prefix-manual';
const runOne = ['run', '--product', 'plain', '--case', one, '--format', 'json'];

/** The reference as a product of which nobody knows what to expect. */
const plain = { ...referenceWith(), name: 'plain', expected: undefined };

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
      ['run --product reference --case DUPONT-C2x', /unknown case "DUPONT-C2x"; did you mean DUPONT-C2[abc]\?/],
      ['list --requirement AURA-PAT', /unknown requirement "AURA-PAT"; did you mean AURA-PAD\?/],
      ['run --product reference --runtime dokcer', /unknown runtime "dokcer"; did you mean docker\?/],
      ['run --product linux --defect windw-0', /unknown defect of linux "windw-0"; did you mean /],
      ['run --product reference --by DUPOND', /unknown document "DUPOND"; did you mean DUPONT\?/],
      ['run --product reference --format htlm', /unknown format "htlm"; did you mean html\?/],
      ['run --product reference --shard 3/2', /--shard wants I\/N with 1 ≤ I ≤ N, had "3\/2"/],
      ['run --product reference --patience long', /--patience wants seconds, had "long"/],
      ['run --product reference --jobs 0', /wanted a whole number from 1 to 16/],
      ['run --product reference --suite identity --suite interop', /given before, as identity, and takes one/],
      ['run --product reference --out=', /wanted a folder, had nothing/],
      ['list --product umip --umip=', /wanted a folder, had nothing/],
      ['run --product reference --resume a --out b', /'--resume <dir>' cannot be used with option '--out <dir>'/],
      ['run --product reference --defect any', /reference has no defects that could be planted/],
      ['list --requirement DUPONT-L1', /no case tests DUPONT-L1 yet: needs IKEv1/],
      ['show dupont-l1', /no case tests DUPONT-L1 yet: needs IKEv1/],
      ['list --untested --suite identity', /--untested is about the whole catalogue/],
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
      ['report FOLDER/taken', /^FOLDER\/taken\/result.json: wanted a file to read, had a pipe\n$/],
    ];
    before(() => {
      mkdirSync(join(folder, 'taken'));
      mkdirSync(join(folder, 'strange'));
      writeFileSync(join(folder, 'file'), 'contents');
      writeFileSync(
        join(folder, 'strange', 'result.json'),
        '{"schema":"touchstone-result/1","touchstone":"0","seed":"1"}',
      );
      symlinkSync('circle', join(folder, 'circle'));
      for (const name of ['pipe', 'taken/bundles', 'taken/result.json']) spawnSync('mkfifo', [join(folder, name)]);
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

  describe('an environment that lacks something: exit 3, and the command that mends it', () => {
    const docker = ['run', '--product', 'linux', '--runtime', 'docker', '--case', one, '--out'];

    it('programs', async () => {
      const { code, out } = await said(['doctor'], { PATH: '' });
      expect(code).to.equal(3);
      expect(out).to.match(/missing +linux.uml/);
      expect(out).to.match(/apt-get install -y --no-install-recommends user-mode-linux mmdebstrap/);
    });

    it('a folder for the cache of images, or for what is temporary', async function () {
      if (!existsSync('/usr/bin/linux.uml')) {
        console.log('        skipped: there is no user-mode-linux');
        this.skip();
      }
      const uml = ['run', '--product', 'linux', '--case', one, '--out', join(folder, 'no-cache')];
      for (const cache of ['/proc/touchstone', '/dev/null']) {
        const { code, err } = await said(uml, { TOUCHSTONE_CACHE: cache });
        expect(err).to.match(
          /cache-folder: the cache of images, \S+: wanted a folder to write to, had .*\n(.*\n)*this mends it:\n {2}export/,
        );
        expect(code).to.equal(3);
      }
    });

    it('a mirror that answers; the other products of the command are run', async function () {
      if (!existsSync('/usr/bin/linux.uml')) {
        console.log('        skipped: there is no user-mode-linux');
        this.skip();
      }
      const programs = join(folder, 'programs');
      mkdirSync(programs);
      const says = "E: Failed to fetch http://mirror.example/debian  Could not resolve 'mirror.example'";
      writeFileSync(join(programs, 'apt-get'), `#!/bin/sh\necho "${says}"\nexit 100\n`, { mode: 0o755 });
      const environment = { PATH: `${programs}:${process.env.PATH}`, TOUCHSTONE_CACHE: join(folder, 'cache') };
      const out = join(folder, 'no-mirror');
      const { code, err } = await said(
        ['run', '--product', 'linux@sid', 'plain', 'linux@trixie', '--case', one, '--format', 'json', '--out', out],
        environment,
      );
      expect(code).to.equal(3);
      for (const name of ['linux@sid', 'linux@trixie'])
        expect(err).to.contain(
          `${name} is left out: the mirror http://mirror.example does not hand out the packages of`,
        );
      expect(err).to.match(/mirror-silent: .* sid: .*\n(.*\n)*mirror-silent: .* trixie: /);
      const { cases, products, summary } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
      expect(cases.map(({ product, outcome }) => [product, outcome])).to.deep.equal([['plain', 'delivered']]);
      expect(products.map(({ name }) => name)).to.deep.equal(['plain']);
      expect(summary.interrupted).to.equal(true);
      const survey = await said(['doctor', '--product', 'linux@sid'], environment);
      expect(survey.out).to.match(/missing +linux@sid: the mirror http:\/\/mirror\.example does not/);
      expect(survey.code).to.equal(3);
    });

    it('a program that a person brings, and what is wrong with the folder that was named', async () => {
      const bare = await said(['list', '--product', 'umip', '--case', one]);
      expect(bare.out).to.match(/unsupported: no mip6d given \(--umip DIR, a folder that holds a built mip6d\)/);
      const doctor = await said(['doctor', '--product', 'umip']);
      expect(doctor.out).to.match(/missing +umip: --umip names a folder that holds a built mip6d/);
      expect(doctor.code).to.equal(3);
      const named = ['--product', 'umip', '--umip', folder];
      const wrong = /umip \S+: \S+mip6d: wanted a file to read, had nothing of that name/;
      const looked = await said(['doctor', ...named]);
      expect(looked.out).to.match(wrong);
      expect(looked.code).to.equal(3);
      const ran = await said(['run', ...named, '--case', one, '--out', join(folder, 'no-mip6d')]);
      expect(ran.err).to.match(wrong);
      expect(ran.code).to.equal(3);
    });

    it('a Docker daemon', async () => {
      const { out } = await said(['doctor'], { DOCKER_HOST: 'unix:///nonexistent' });
      if (!/ok +docker /.test(out)) return console.log('        skipped: docker is not installed');
      expect(out)
        .to.match(/dead +dockerd/)
        .and.to.match(/mends it:\n(.*\n)* {2}systemctl start docker/);
      const { code, err } = await said([...docker, join(folder, 'dead')], { DOCKER_HOST: 'unix:///nonexistent' });
      expect(err).to.match(
        /docker-daemon: the Docker daemon does not answer\n(.*\n)*this mends it:\n {2}systemctl start docker/,
      );
      expect(code).to.equal(3);
    });

    it('Docker itself', async () => {
      const { code, err } = await said([...docker, join(folder, 'none')], { PATH: '/nonexistent' });
      expect(err).to.match(/missing-tool: .*\n(.*\n)*this mends it:\n {2}apt-get install -y/);
      expect(code).to.equal(3);
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

    it('list --untested', async () => {
      const left = await json(['list', '--untested']);
      expect(left.length).to.be.greaterThan(0);
      for (const each of left) expect(each).to.have.all.keys('id', 'why');
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

  it('a product named twice is run once, and formats given twice are both written', async () => {
    const out = join(folder, 'twice');
    const argv = ['run', '--product', 'reference', 'reference', '--case', one, '--format', 'json', '--format', 'junit'];
    const { code, err } = await said([...argv, '--out', out]);
    expect(err).to.contain('1 cases; ');
    expect(err.match(/^report: .*$/gm)).to.deep.equal([`report: ${out}/report.json`, `report: ${out}/junit.xml`]);
    expect(code).to.equal(0);
  });

  it('a folder of an earlier run has the bundles of the new one only', async () => {
    const out = join(folder, 'again');
    for (const name of [one, 'DUPONT-C2a/same-prefix-manual'])
      await said(['run', '--product', 'reference', '--case', name, '--format', 'json', '--out', out]);
    const { cases } = JSON.parse((await said(['rejudge', out, '--json'])).out);
    expect(cases.map(({ variant }: { variant: string }) => variant)).to.deep.equal(['same-prefix-manual']);
  });

  it('the outcomes of a run are a baseline', async () => {
    const file = join(folder, 'baseline', 'baseline.json');
    expect(
      (await said(['report', join(folder, 'run'), '--format', 'baseline', '--out', join(folder, 'baseline')])).code,
    ).to.equal(0);
    expect(JSON.parse(readFileSync(file, 'utf8')).outcomes).to.deep.equal({ [one]: 'delivered' });
    const { code } = await said([...runOne, '--baseline', file, '--out', join(folder, 'held')]);
    expect(code).to.equal(0);
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

  describe('a run that is taken up again', () => {
    const interop = ['run', '--product', 'plain', '--suite', 'interop', '--format', 'json'];
    let out: string;

    before(async () => {
      out = join(folder, 'resumed');
      expect((await said([...interop, '--out', out])).code).to.equal(0);
    });

    it('makes again what ended in an error of the harness, and nothing else', async () => {
      const journal = join(out, 'journal.jsonl');
      const [head, found, ...runs] = readFileSync(journal, 'utf8').trimEnd().split('\n');
      const failed = JSON.parse(runs[2]!);
      for (const each of failed.results) Object.assign(each, { outcome: 'error', error: 'guest-died: no answer' });
      writeFileSync(journal, `${[head, found, ...runs, JSON.stringify(failed)].join('\n')}\n`);
      const { code, err } = await said([...interop, '--resume', out]);
      expect(err).to.contain(
        `taken up again: ${runs.length - 1} of ${runs.length} runs were there; 1 that ended in an`,
      );
      expect(err.match(/^plain MCDANIEL-FLOW/gm)).to.have.lengthOf(1);
      expect(code).to.equal(0);
    });

    it('is expected as the baseline says that is given now', async () => {
      const table = [
        ['both-ways', 0],
        ['none', 1],
      ] as const;
      for (const [outcome, wanted] of table) {
        const { cases } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
        const file = join(folder, 'interop.json');
        const outcomes = Object.fromEntries(
          cases.map(({ id, variant, outcome: had }) => [`${id}/${variant}`, had === 'both-ways' ? outcome : had]),
        );
        writeFileSync(
          file,
          JSON.stringify({ schema: 'touchstone-baseline/1', product: 'plain', version: '0', outcomes }),
        );
        const { code } = await said([...interop, '--resume', out, '--baseline', file]);
        expect(code, outcome).to.equal(wanted);
      }
    });
  });

  describe('what is expected', () => {
    it('is no fail by any document, or by those of --by; of the reference it is what each case declares lawful', async () => {
      const table: readonly [argv: string, code: number][] = [
        ['--product plain', 1],
        ['--product plain --by AURA', 0],
        ['--product plain --by AURA,RFC4945', 1],
        ['--product reference', 0],
      ];
      for (const [argv, code] of table) {
        const out = join(folder, 'expected');
        const rest = ['--case', 'AURA-PAD/domain-first', '--format', 'json', '--out', out]; // RFC4945 reads a fail
        expect((await said(['run', ...argv.split(' '), ...rest])).code, argv).to.equal(code);
      }
    });

    it('is what the baseline says', async () => {
      expect((await against('--baseline', baseline('delivered'))).code).to.equal(0);
      const { code, err } = await against('--baseline', baseline('dropped'));
      expect(err).to.contain(`unexpected plain ${one}: delivered`);
      expect(code).to.equal(1);
    });

    it('is what a waiver excuses, until it expires or the outcome no longer happens', async () => {
      const file = baseline('dropped');
      expect((await against('--baseline', file, '--waivers', waiver('delivered', '2999-01-01'))).code).to.equal(0);
      expect(
        (await against('--baseline', file, '--waivers', waiver('delivered', '2020-01-01'))).code,
        'expired',
      ).to.equal(1);
      expect((await against('--waivers', waiver('dropped', '2999-01-01'))).code, 'passes after all').to.equal(1);
    });

    it('is refused where its file is none, by its path in it', async () => {
      const file = join(folder, 'waivers.json');
      writeFileSync(file, JSON.stringify({ schema: 'touchstone-waivers/1', waivers: [{ case: one }] }));
      const { code, err } = await against('--waivers', file);
      expect(err).to.match(/waivers\.json, waivers\.0\.product: /);
      expect(code).to.equal(2);
    });

    const against = (...argv: string[]) => said([...runOne, '--out', join(folder, 'against'), ...argv]);

    function baseline(outcome: string): string {
      return written({
        schema: 'touchstone-baseline/1',
        product: 'plain',
        version: '0',
        outcomes: { [one]: outcome },
      });
    }

    function waiver(outcome: string, expires: string): string {
      const each = {
        case: one,
        product: 'plain',
        outcome,
        reason: 'known',
        link: 'https://example.org/1',
        versions: {},
        expires,
      };
      return written({ schema: 'touchstone-waivers/1', waivers: [each] });
    }

    function written(document: { readonly schema: string; readonly [field: string]: unknown }): string {
      const file = join(folder, `${document.schema.replace('/', '-')}.json`);
      writeFileSync(file, JSON.stringify(document));
      return file;
    }
  });

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

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line called in this process, with what it printed on a terminal or on none. */
async function said(argv: readonly string[], environment: NodeJS.ProcessEnv = {}, isTTY = false): Promise<Said> {
  const text = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const { write, isTTY: was } = stream;
    stream.isTTY = isTTY;
    stream.write = (piece: string | Uint8Array) => {
      text[name] += piece;
      return true;
    };
    return () => Object.assign(stream, { write, isTTY: was });
  });
  const { NO_COLOR: _none, ...env } = process.env;
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  try {
    const code = await main({ ...composition, products: [...composition.products, plain] }, argv, {
      ...env,
      ...environment,
    });
    return { code, out: text.stdout, err: text.stderr };
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    for (const each of restore) each();
  }
}
