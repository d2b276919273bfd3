/** `touchstone judge` from the command line: bundles as a stranger's captures, captures of others, damaged ones, and what it says of what it cannot use. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { capturePath } from '../../reference/captures.test-support.ts';
import { mulberry32 } from '../../scripts/mulberry32.ts';
import { compared } from '../../suites/captures/agreement.test-support.ts';
import { addressesOfTested } from '../../suites/captures/kills.test-support.ts';
import { readBundle } from '../capture/bundle.ts';
import { bundlesBelow } from '../run/rejudge.ts';
import type { CaseResult, RunResult } from '../run/result.ts';
import { said } from '../said.test-support.ts';

const result = (out: string): RunResult => JSON.parse(out);

const captures = [
  '02-sunrise-sunset-esp.pcap',
  '08-sunrise-sunset-esp2.pcap',
  'ISAKMP_sa_setup.pcap',
  'OSPFv3_with_AH.pcap',
  'espudp1.pcap',
  'ikev1-aggressive-mode.pcap',
  'ikev1-main-mode.pcap',
  'ikev2-notify-redirect.pcap',
  'ikev2four.pcap',
  'ipv6_mobility_1.pcap',
  'isakmp4500.pcap',
  'esp-24-manual-sas/capture.pcap',
];

/** Of the whole way from a spoilt file to a result; `harness/capture/strangers` has its own, of every octet. */
const ROUNDS = 200;

describe('touchstone judge', function () {
  this.timeout(120_000);
  let folder: string;
  let bundle: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-judge-'));
    const globs = ['MCDANIEL-SEQ/steps-aes-*-manual', 'DUPONT-G1/a-*', 'DUPONT-H/h1-*', 'ARKKO-2.3b/away'];
    const argv = ['run', '--product', 'reference', '--case', ...globs, '--jobs', '1', '--format', 'json'];
    await said([...argv, '--out', join(folder, 'run')]);
    bundle = join(folder, 'run', 'bundles', 'reference', 'sequence-numbers', 'steps-aes-cbc-sha256-transport-manual');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('agrees with the live readings of each bundle, with the keys that are beside the capture', async () => {
    const { folders } = await bundlesBelow(join(folder, 'run'));
    let settled = 0;
    for (const each of folders) {
      const { transcript, cases } = readBundle(each);
      const { out } = await said(['judge', join(each, 'case.pcapng'), '--keys', each, '--json']);
      for (const live of cases as readonly CaseResult[]) {
        const found = compared(transcript.scenario, live, result(out).cases, addressesOfTested(transcript));
        expect(found.disagreements).to.deep.equal([]);
        settled += found.settled;
      }
    }
    expect(folders).to.have.lengthOf(11);
    expect(settled).to.be.at.least(16);
  });

  it('writes the result and the reports that a run has, and does not give up an earlier result', async () => {
    const out = join(folder, 'judged');
    const argv = ['judge', join(bundle, 'case.pcapng'), '--keys', bundle, '--out', out];
    const { code, err } = await said(argv);
    expect(code).to.equal(0);
    expect(readdirSync(out).sort()).to.deep.equal([
      'FINDINGS.md',
      'junit.xml',
      'report.html',
      'result.json',
      'summary.md',
    ]);
    expect(err).to.match(/^MCDANIEL-SEQ\/steps-esp-0x00001002-\S+ as-specified +MCDANIEL pass, RFC4303 pass$/m);
    const again = await said(argv);
    expect(again.err).to.equal(`--out ${out}: a result is in it, which would be lost; --replace gives it up\n`);
    expect(again.code).to.equal(2);
    expect((await said([...argv, '--replace'])).code).to.equal(0);
    expect((await said(['report', out, '--format', 'json'])).code).to.equal(0);
  });

  it('ends with 1 for what a document forbids, unless only others count', async () => {
    const claims = join(folder, 'run', 'bundles', 'reference', 'address-identity', 'h1-certificate-ipv4-responder');
    const argv = ['judge', join(claims, 'case.pcapng'), '--keys', claims, '--requirement', 'dupont-h'];
    const { code, err } = await said(argv);
    expect(code).to.equal(1);
    expect(err).to.contain('3 cases, 1 unexpected');
    expect((await said([...argv, '--by', 'RFC7296'])).code).to.equal(0);
  });

  it('says what changed since an earlier judgement, and expects what that found', async () => {
    const claims = join(folder, 'run', 'bundles', 'reference', 'address-identity', 'h1-certificate-ipv4-responder');
    const capture = join(claims, 'case.pcapng');
    const before = join(folder, 'before');
    const argv = ['judge', capture, '--keys', claims, '--baseline', join(before, 'result.json')];
    await said(['judge', capture, '--keys', claims, '--out', before, '--format', 'json']);
    const same = await said(argv);
    expect([same.code, same.err]).to.satisfy(
      ([code, err]: [number, string]) => code === 0 && /: no change$/m.test(err),
    );

    const earlier = result(readFileSync(join(before, 'result.json'), 'utf8'));
    const failed = earlier.cases.find(({ readings }) => readings.some(({ reading }) => reading === 'fail'))!;
    const otherwise = {
      ...earlier,
      cases: earlier.cases.map((each) =>
        each === failed
          ? { ...each, outcome: 'refused', readings: each.readings.map((one) => ({ ...one, reading: 'pass' })) }
          : each,
      ),
    };
    writeFileSync(join(before, 'result.json'), JSON.stringify(otherwise));
    const worse = await said(argv);
    expect(worse.err).to.match(/^pass→FAIL case\.pcapng DUPONT-H\/\S+: had refused, has established$/m);
    expect(worse.code).to.equal(1);
    const gone = await said(['judge', capture, '--baseline', join(before, 'result.json')]);
    expect(gone.err).to.match(/^since .*\d+ gone/m);
  });

  it('says nothing of what no key opens', async () => {
    const { out, code } = await said([
      'judge',
      join(bundle, 'case.pcapng'),
      '--json',
      '--requirement',
      'MCDANIEL-CONF',
    ]);
    const readings = result(out).cases.flatMap((each) => each.readings);
    expect([...new Set(readings.map(({ why }) => why))]).to.deep.equal(['I-PRE: no key of the SA came along']);
    expect(code).to.equal(0);
  });

  it('takes several captures, and tells those of one name apart', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    copyFileSync(join(bundle, 'case.pcapng'), join(elsewhere, 'case.pcapng'));
    const paths = [join(bundle, 'case.pcapng'), join(elsewhere, 'case.pcapng')];
    const { out } = await said(['judge', ...paths, '--keys', bundle, '--json']);
    expect(result(out).products.map(({ name }) => name)).to.deep.equal(paths);
  });

  it('names what it cannot use, and what there is', async () => {
    const capture = join(bundle, 'case.pcapng');
    const cases: readonly [argv: readonly string[], says: RegExp][] = [
      [[join(folder, 'none.pcap')], /none\.pcap: wanted a file to read, had nothing/],
      [[folder], /wanted a file to read, had a folder/],
      [[capture, '--keys', join(folder, 'none')], /^--keys .*none/],
      [
        [capture, '--requirement', 'MCDANIEL-XYZ'],
        /^unknown requirement that a capture settles "MCDANIEL-XYZ"; did you mean/,
      ],
      [[capture, '--format', 'pdf'], /^unknown format "pdf"/],
      [[capture, '--by', 'RFC1'], /^unknown document "RFC1"/],
      [['-', '-'], /^standard input \(-\) can be read once/],
    ];
    for (const [argv, says] of cases) {
      const { code, err } = await said(['judge', ...argv]);
      expect(err).to.match(says);
      expect(code, argv.join(' ')).to.equal(2);
    }
  });

  it('judges what could be read of a damaged capture, says what was lost, and ends with 3', async () => {
    const octets = readFileSync(join(bundle, 'case.pcapng'));
    const cut = join(folder, 'cut.pcapng');
    writeFileSync(cut, octets.subarray(0, octets.length - 40));
    const { code, err, out } = await said(['judge', cut, '--keys', bundle, '--json']);
    expect(code).to.equal(3);
    expect(err).to.match(/cut\.pcapng: .* at octet \d+: wanted .*; \d+ octets could not be read/);
    expect(err).to.contain('1 capture is damaged');
    expect(result(out).cases).not.to.have.lengthOf(0);
    expect(result(out).summary.interrupted).to.equal(true);
  });

  it('comes to an end, and to an exit code of its own, whatever is cut or flipped', async () => {
    const { folders } = await bundlesBelow(join(folder, 'run'));
    const kinds = ['sequence-numbers', 'identity-in-certificate', 'registration'];
    const [first, ...others] = kinds.map((kind) => folders.find((each) => each.includes(`/${kind}/`))!);
    const of = [first!, ...others].map((each) => ({
      keys: each,
      octets: new Uint8Array(readFileSync(join(each, 'case.pcapng'))),
    }));
    const random = mulberry32(2026);
    const spoilt = join(folder, 'spoilt.pcapng');
    for (let round = 0; round < ROUNDS; round++) {
      const { keys, octets } = of[Math.floor(round / 24) % of.length]!;
      const copy = octets.slice(0, round % 3 === 0 ? Math.floor(random() * octets.length) : octets.length);
      for (let flips = 0; flips < round % 8; flips++) {
        const at = Math.floor(random() * copy.length);
        if (copy.length > 0) copy[at] = copy[at]! ^ (1 << Math.floor(random() * 8));
      }
      writeFileSync(spoilt, copy);
      const { code, err, out } = await said(['judge', spoilt, '--keys', keys, '--json']);
      expect([0, 1, 3], `round ${round}: ${err}`).to.include(code);
      expect(() => result(out), `round ${round}`).not.to.throw();
      expect(err, `round ${round}`).not.to.match(/^ +at .*\.ts:\d+/m);
    }
  });

  for (const name of captures)
    it(`takes what others captured: ${name}`, async function () {
      const path = capturePath(name);
      if (path === undefined) {
        this.test!.title += ' (skipped: no captures beside the checkout)';
        return this.skip();
      }
      const { code, out } = await said(['judge', path, '--json']);
      expect(code).to.be.oneOf([0, 1]);
      expect(result(out).products[0]!.name).to.equal(name.split('/').at(-1));
    });

  it('opens 24 manual SAs of others, and finds their padding and their numbers in order', async function () {
    const [capture, keys] = ['capture.pcap', 'esp_sa'].map((name) => capturePath(`esp-24-manual-sas/${name}`));
    if (!capture || !keys) {
      this.test!.title += ' (skipped: no captures beside the checkout)';
      return this.skip();
    }
    const { out } = await said(['judge', capture, '--keys', keys, '--json']);
    const outcomes = (id: string, asked: string) =>
      result(out).cases.flatMap((each) => (each.id === id && each.dimensions.asked === asked ? [each.outcome] : []));
    expect(outcomes('MCDANIEL-SEQ', 'steps')).to.have.lengthOf(24);
    expect(outcomes('MCDANIEL-CONF', 'padding').filter((outcome) => outcome === 'default')).to.have.lengthOf(16);
  });
});
