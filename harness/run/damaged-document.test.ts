/**
 * Every field of `case.json` that judging could read, spoilt in some of the ways that JSON has, by turns: the bundle is refused by the path of the field, or judged. Places of
 * a list are alike, so one of each is spoilt.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { suites } from '../../suites/suites.ts';
import { DamagedBundle } from '../capture/bundle.ts';
import { carryOut } from './campaign.ts';
import { caseName } from './case-name.ts';
import { noFailure } from './expectation.ts';
import { plan } from './plan.ts';
import { rejudge } from './rejudge.ts';
import type { CaseResult } from './result.ts';
import { memorySite } from './site.ts';

/** Together they hold every kind of entry, command and configuration. */
const chosen = [
  /^DUPONT-G1\/revoked-in-list-sent-responder$/,
  /^DUPONT-G1\/address-not-permitted-initiator$/,
  /^DUPONT-G3\/.*responder$/,
  /^DUPONT-C2a\/same-prefix-manual$/,
  /^AURA-NRW\/.*manual/,
  /^MCDANIEL-FLOW\/certificate-initiator-ipv4$/,
];

const spoilt: readonly unknown[] = [
  true,
  'x',
  '',
  -1,
  1.5,
  2 ** 40,
  [],
  [null],
  {},
  { $bigint: '-1' },
  { $bigint: [] },
];

/** Null for every field, and three others by turns. */
const spoiltAs = (turn: number): readonly unknown[] => [
  null,
  ...[0, 1, 2].map((more) => spoilt[(3 * turn + more) % spoilt.length]),
];

describe('a spoilt field of a bundle', function () {
  this.timeout(60_000);
  const out = mkdtempSync(join(tmpdir(), 'touchstone-spoilt-'));
  const everything = plan(suites);
  const wanted = chosen.flatMap(
    (name) => everything.find(({ cases }) => cases.some((each) => name.test(caseName(each)))) ?? [],
  );
  let results: readonly CaseResult[];

  before(async () => {
    results = await carryOut({
      runs: wanted,
      sites: [memorySite()],
      facts: () => undefined,
      seed: 'spoilt',
      out,
      expectation: noFailure(),
    });
  });
  after(() => rmSync(out, { recursive: true }));

  it('is refused by its path, or does no harm', () => {
    const counts = { fields: 0, refused: 0, judged: 0 };
    for (const folder of new Set(results.map(({ bundle }) => join(out, bundle!)))) {
      const file = join(folder, 'case.json');
      const whole = readFileSync(file, 'utf8');
      for (const path of fieldsOf(JSON.parse(whole))) {
        for (const value of spoiltAs(counts.fields++)) {
          writeFileSync(file, JSON.stringify(withValue(JSON.parse(whole), path, value)));
          counts[outcomeOf(folder, path)]++;
        }
      }
      writeFileSync(file, whole);
    }
    console.log(`      ${counts.fields} fields, ${counts.refused} times refused, ${counts.judged} times judged`);
    expect(counts.refused).to.be.greaterThan(counts.fields);
  });

  it('is told where it is: the form that a field comes closest to', () => {
    const folder = join(out, results.find(({ id }) => id === 'DUPONT-C2a')!.bundle!);
    const file = join(folder, 'case.json');
    const whole = readFileSync(file, 'utf8');
    const told = (path: readonly string[], value: unknown) => {
      writeFileSync(file, JSON.stringify(withValue(JSON.parse(whole), path, value)));
      try {
        rejudge(folder, everything);
        return 'judged';
      } catch (error) {
        return (error as Error).message.replace(`${file}, `, '');
      } finally {
        writeFileSync(file, whole);
      }
    };
    const nut = ['intent', 'parties', 'nut'];
    expect(told(['intent', 'parties', 'tn', 'manual'], null)).to.equal(
      'intent.parties.tn.manual: Invalid input: expected array, received null',
    );
    expect(told([...nut, 'spd', '0', 'action', 'mode'], 'tunel')).to.equal(
      'intent.parties.nut.spd[0].action.mode: Invalid option: expected one of "transport"|"tunnel"',
    );
    expect(told([...nut, 'spd', '0', 'selector', 'local'], '192.0.2.1/33')).to.equal(
      'intent.parties.nut.spd[0].selector.local: a prefix, as 192.0.2.0/24',
    );
    expect(told(['intent', 'ends', 'nut'], '192.0.2')).to.equal('intent.ends.nut: an IPv4 or IPv6 address');
  });

  it('that nests without end is refused', () => {
    const folder = join(out, results.find(({ id }) => id === 'DUPONT-G1')!.bundle!);
    const file = join(folder, 'case.json');
    const whole = readFileSync(file, 'utf8');
    const anchor = /"issuer": \{/;
    for (const depth of [200, 20_000, 200_000]) {
      const nested = `${'{"subject":"CN=x","key":"rsaOne","issuer":'.repeat(depth)}null${'}'.repeat(depth)}`;
      writeFileSync(file, whole.replace(anchor, `"issuer": ${nested}, "rest": {`));
      expect(outcomeOf(folder, ['issuer']), `${depth} deep`).to.equal('refused');
    }
    writeFileSync(file, whole);
  });

  function outcomeOf(folder: string, path: readonly string[]): 'refused' | 'judged' {
    try {
      rejudge(folder, everything);
      return 'judged';
    } catch (error) {
      if (error instanceof DamagedBundle) return 'refused';
      throw new Error(`${path.join('.')}: ${(error as Error).stack}`, { cause: error });
    }
  }
});

/** The path of every value, of each list's items only one for each set of fields. */
function fieldsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const inner = Object.entries(value).filter(isFirstOfItsKind(Array.isArray(value)));
  return [...(path.length > 0 ? [[...path]] : []), ...inner.flatMap(([key, each]) => fieldsOf(each, [...path, key]))];
}

function isFirstOfItsKind(inList: boolean): (item: [string, unknown]) => boolean {
  const seen = new Set<string>();
  return ([, value]) => {
    if (!inList) return true;
    const kind = shapeOf(value, 2);
    if (seen.has(kind)) return false;
    seen.add(kind);
    return true;
  };
}

function shapeOf(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null || depth === 0) return typeof value;
  const kind = 'kind' in value ? String(value.kind) : '';
  return `${kind}{${Object.entries(value)
    .map(([key, each]) => `${key}:${shapeOf(each, depth - 1)}`)
    .join()}}`;
}

function withValue(document: object, path: readonly string[], value: unknown): object {
  const within = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>(
      (place, key) => place[key] as Record<string, unknown>,
      document as Record<string, unknown>,
    );
  within[path.at(-1)!] = value;
  return document;
}
