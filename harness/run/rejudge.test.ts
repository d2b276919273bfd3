/**
 * Judging again from bundles alone: it agrees with what was judged live, it depends on the octets that decided, and a bundle that was damaged
 * is refused by file and place instead of being judged.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { suites } from '../../suites/suites.ts';
import { DamagedBundle, readBundle } from '../capture/bundle.ts';
import { readPcapng, writePcapng } from '../capture/pcapng.ts';
import { Account } from '../judge/account.ts';
import type { Evidence } from '../judge/evidence.ts';
import { carryOut } from './campaign.ts';
import { caseName } from './case-name.ts';
import { noFailure } from './expectation.ts';
import { type PlannedCase, plan } from './plan.ts';
import { bundlesBelow, rejudge } from './rejudge.ts';
import type { CaseResult } from './result.ts';
import { memorySite } from './site.ts';
import { judge, type Verdict } from './verdict.ts';

describe('judging again', function () {
  this.timeout(300_000);
  const out = mkdtempSync(join(tmpdir(), 'touchstone-rejudge-'));
  const runs = plan(suites);
  let results: readonly CaseResult[];

  before(async () => {
    results = await carryOut({
      runs,
      sites: [memorySite()],
      facts: () => undefined,
      seed: 'rejudge',
      out,
      expectation: noFailure(),
    });
  });
  after(() => rmSync(out, { recursive: true }));

  it('agrees with every live verdict', async () => {
    const { folders } = await bundlesBelow(out);
    const again = folders.flatMap((folder) => rejudge(folder, runs));
    expect(again.filter(({ agree }) => !agree)).to.deep.equal([]);
    expect(again).to.have.lengthOf(results.length);
    expect(again.map(({ live }) => live)).not.to.include.oneOf(['error', 'unsupported']);
  });

  it('disagrees where a bundle claims another reading, or one more', () => {
    const { bundle } = results.find(({ id }) => id === 'DUPONT-C2a')!;
    const folder = mkdtempSync(join(out, 'claims-'));
    cpSync(join(out, bundle!), folder, { recursive: true });
    const file = join(folder, 'case.json');
    const document = JSON.parse(readFileSync(file, 'utf8'));
    const [verdict] = document.cases;
    const claims = [
      [...verdict.readings, { ...verdict.readings[0], document: 'RFC9999', reading: 'fail' }],
      verdict.readings.with(0, { ...verdict.readings[0], level: 'MAY' }),
      verdict.readings.slice(1),
    ];
    for (const readings of claims) {
      writeFileSync(file, JSON.stringify({ ...document, cases: [{ ...verdict, readings }] }));
      expect(rejudge(folder, runs).map(({ agree }) => agree)).to.deep.equal([false]);
    }
  });

  it('leaves out what no suite knows, and tells it', () => {
    const { bundle } = results.find(({ id }) => id === 'DUPONT-C2a')!;
    const leftOut: string[] = [];
    expect(rejudge(join(out, bundle!), [], (name) => leftOut.push(name))).to.deep.equal([]);
    expect(leftOut).to.include('DUPONT-C2a/same-prefix-manual');
  });

  it('judges anew when an octet that decided is altered: another outcome, other evidence, or none', () => {
    const byName = new Map(runs.flatMap(({ cases }) => cases).map((each) => [caseName(each), each]));
    const counts = { alterations: 0, inconclusive: 0, other: 0, evidence: 0, byState: 0 };
    const unmoved: string[] = [];
    for (const live of results) {
      const planned = byName.get(caseName(live))!;
      const folder = join(out, live.bundle!);
      const tampered = tamperedFrames(folder);
      const alterations = live.evidence.flatMap(alterationOf).filter(({ frame }) => !tampered.has(frame));
      if (alterations.length === 0) {
        expect(
          live.evidence.some(({ kind }) => kind === 'state'),
          caseName(live),
        ).to.equal(true);
        counts.byState++;
      }
      for (const alteration of alterations) {
        const again = altered(folder, alteration, planned);
        counts.alterations++;
        if (again.outcome === 'inconclusive') counts.inconclusive++;
        else if (again.outcome !== live.outcome) counts.other++;
        else if (JSON.stringify(again.evidence) !== JSON.stringify(live.evidence)) counts.evidence++;
        else unmoved.push(`${caseName(live)}: frame ${alteration.frame}, octet ${alteration.offset}: ${again.outcome}`);
      }
    }
    console.log(
      `      ${results.length} cases, ${counts.alterations} octets altered: ${counts.inconclusive} inconclusive, ${counts.other} another outcome, ${counts.evidence} the same on other evidence; ${counts.byState} cases rest on a report of state alone`,
    );
    expect(unmoved).to.deep.equal([]);
  });

  describe('a damaged bundle', () => {
    const cases: readonly [what: string, damage: (folder: string) => void, file: string, at: RegExp][] = [
      ['a capture cut short', (folder) => truncateSync(join(folder, 'case.pcapng'), 777), 'case.pcapng', /^octet \d+$/],
      ['a capture that is missing', (folder) => unlinkSync(join(folder, 'case.pcapng')), 'case.pcapng', /file/],
      ['a capture with one frame less', withoutLastFrame, 'case.pcapng', /end/],
      ['a document that is missing', (folder) => unlinkSync(join(folder, 'case.json')), 'case.json', /file/],
      ['a document cut short', (folder) => truncateSync(join(folder, 'case.json'), 777), 'case.json', /JSON/],
      [
        'a field of the wrong type',
        inDocument(/"place": 0,/, '"place": "first",'),
        'case.json',
        /^entries\[0\]\.place$/,
      ],
      [
        'a key that is no hex',
        inDocument(/"key": "[0-9a-f]+"/g, '"key": "the secret"'),
        'case.json',
        /^intent\.parties\.nut\.manual\[0\]\.encryption\.key$/,
      ],
      [
        'a key of another length',
        inDocument(/"key": "[0-9a-f]+"/g, '"key": "abcd"'),
        'case.json',
        /^entries\[\d+\]\.record\.encryption\.key$/,
      ],
      ['no case', withCases(() => []), 'case.json', /^cases$/],
      [
        'a case of another scenario',
        withCases((cases) => [...cases, results.find(({ id }) => id === 'DUPONT-C2a')!]),
        'case.json',
        /^cases\[\d+\]$/,
      ],
      [
        'a case at another point of its scenario',
        withCases(([first]) => [results.find(({ id, variant }) => id === first!.id && variant !== first!.variant)!]),
        'case.json',
        /^cases\[0\]$/,
      ],
    ];
    for (const [what, damage, file, at] of cases) {
      it(`${what}: refused by file and place`, () => {
        const folder = copied();
        damage(folder);
        const refusal = thrownBy(() => rejudge(folder, runs));
        expect(refusal, String(refusal)).to.be.instanceOf(DamagedBundle);
        const damaged = refusal as DamagedBundle;
        expect(damaged.file).to.equal(join(folder, file));
        expect(damaged.at).to.match(at);
      });
    }

    it('keys of the right form that are not the ones: nothing opens, and nothing is concluded', () => {
      const folder = copied();
      inDocument(/"key": "[0-9a-f]{2}/g, '"key": "ee')(folder);
      for (const { again } of rejudge(folder, runs)) expect(again).to.equal('inconclusive');
    });

    function copied(): string {
      const folder = mkdtempSync(join(out, 'damaged-'));
      cpSync(join(out, results.find(({ id }) => id === 'MCDANIEL-REPLAY')!.bundle!), folder, { recursive: true });
      return folder;
    }
  });
});

interface Alteration {
  readonly frame: number;
  /** Counted from the end of the frame when negative. */
  readonly offset: number;
}

/**
 * The octet to flip in a frame that decided: the last of those named, which in a packet the checksum covers; the last of the frame where they
 * lie in a sealed buffer, because that belongs to the ICV. Of a silence it is the frame that proves life.
 */
function alterationOf(evidence: Evidence): Alteration[] {
  if (evidence.kind === 'silence') return [{ frame: evidence.before, offset: -1 }];
  if (evidence.kind !== 'frame') return [];
  const { frame, octets } = evidence;
  return [{ frame, offset: octets?.buffer === 'wire' ? octets.end - 1 : -1 }];
}

/** A stimulus that was spoilt on purpose is known by its mark and its place: none of its octets says anything that another could unsay. */
function tamperedFrames(folder: string): ReadonlySet<number> {
  const { entries } = readBundle(folder).transcript;
  return new Set(
    entries.flatMap((entry) => (entry.kind === 'frame' && entry.tampers.length > 0 ? [entry.number] : [])),
  );
}

/** The verdict from a bundle in whose capture that octet was flipped; the capture is put back afterwards. */
function altered(folder: string, { frame, offset }: Alteration, planned: PlannedCase): Verdict {
  const file = join(folder, 'case.pcapng');
  const whole = readFileSync(file);
  const capture = readPcapng(new Uint8Array(whole));
  const frames = capture.frames.map((each, i) =>
    i === frame - 1 ? { ...each, octets: flipped(each.octets, offset) } : each,
  );
  writeFileSync(file, writePcapng({ ...capture, frames }, { application: 'alteration' }));
  try {
    return judge(planned, new Account(readBundle(folder).transcript));
  } finally {
    writeFileSync(file, whole);
  }
}

function flipped(octets: Uint8Array, offset: number): Uint8Array {
  return octets.with(offset, octets.at(offset)! ^ 1);
}

function withoutLastFrame(folder: string): void {
  const file = join(folder, 'case.pcapng');
  const capture = readPcapng(new Uint8Array(readFileSync(file)));
  writeFileSync(file, writePcapng({ ...capture, frames: capture.frames.slice(0, -1) }, { application: 'damage' }));
}

function inDocument(pattern: RegExp, replacement: string): (folder: string) => void {
  return (folder) => {
    const file = join(folder, 'case.json');
    const text = readFileSync(file, 'utf8');
    expect(text).to.match(pattern);
    writeFileSync(file, text.replace(pattern, replacement));
  };
}

function withCases(altered: (cases: readonly CaseResult[]) => readonly CaseResult[]): (folder: string) => void {
  return (folder) => {
    const file = join(folder, 'case.json');
    const document = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...document, cases: altered(document.cases) }));
  };
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
