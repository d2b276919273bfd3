/**
 * What is wrong with suites before anything of them runs: what they compute from a point is computed here once, and held against what a case must be.
 * Our own tests ask it of ours, and whoever brings suites from outside is told it when they are loaded.
 */
import { castOf } from '../vocabulary/cast.ts';
import { theLab } from '../vocabulary/lab-verbs.ts';
import type { Part, Reads } from '../vocabulary/question.ts';
import type { Scenario, Suite } from '../vocabulary/scenario.ts';
import { caseName } from './case-name.ts';
import { intentOf, type PlannedCase, type PlannedRun, plan } from './plan.ts';

/** Each in a sentence that names the suite and the scenario. Names are unique among all these suites. */
export function faultsOf(suites: readonly Suite[]): readonly string[] {
  const scenarios = suites.flatMap((suite) => suite.scenarios.map((scenario) => ({ suite, scenario })));
  const faults = scenarios.flatMap(({ suite, scenario }) =>
    faultsOfScenario(suite, scenario).map((fault) => `suite ${suite.name}, scenario ${scenario.name}: ${fault}`),
  );
  if (faults.length > 0) return faults;
  const cases = plan(suites).flatMap((run) => run.cases);
  return [
    ...repeated(suites.map(({ name }) => name)).map((name) => `two suites are called ${name}`),
    ...repeated(scenarios.map(({ scenario }) => scenario.name)).map((name) => `two scenarios are called ${name}`),
    ...repeated(cases.map(caseName)).map((name) => `two cases are called ${name}`),
    ...repeated(
      [...new Set(cases.flatMap(({ turnedBy }) => turnedBy.map(([mutant]) => mutant)))].map(({ name }) => name),
    ).map((name) => `two mutants are called ${name}`),
  ];
}

function faultsOfScenario(suite: Suite, scenario: Suite['scenarios'][number]): readonly string[] {
  const points = Object.values(scenario.dimensions as Scenario['dimensions']).reduce(
    (sum, { length }) => sum * length,
    1,
  );
  if (points > MOST_POINTS) return [`wanted at most ${MOST_POINTS} points of its dimensions, had ${points}`];
  try {
    const runs = plan([{ ...suite, scenarios: [scenario] }]);
    if (runs.length === 0) return ['it asks nothing at any point'];
    const faults = runs.flatMap((run) => [...faultsOfIntent(run), ...run.cases.flatMap(faultsOfCase)]);
    return [...new Set(faults)];
  } catch (thrown) {
    return [`what its questions say of a point cannot be planned: ${thrown}`];
  }
}

function faultsOfIntent(run: PlannedRun): readonly string[] {
  const at = run.variant === '' ? '' : ` at ${run.variant}`;
  try {
    const intent = intentOf(run);
    structuredClone(intent);
    const cast = Object.keys(castOf(run.scenario));
    const missing = cast.filter((party) => intent.parties[party] === undefined);
    return [
      ...missing.map((party) => `given${at} tells ${party} nothing`),
      ...(cast.includes(theLab) ? [`no party may be called ${theLab}`] : []),
    ];
  } catch (thrown) {
    return [`given${at}, which must be pure data, threw ${thrown}`];
  }
}

function faultsOfCase({ question, lawful, plays, reads, turnedBy, ...each }: PlannedCase): readonly string[] {
  const outcomes: readonly string[] = question.outcomes;
  const name = caseName(each);
  const is = (outcome: string): boolean => outcomes.includes(outcome);
  return [
    !VARIANT.test(each.variant) && 'wanted values of dimensions in a-z, 0-9 and -',
    outcomes.length < 2 && 'wanted two outcomes at least',
    ...repeated(outcomes).map((outcome) => `outcome ${outcome} stands there twice`),
    ...outcomes
      .filter((outcome) => reserved.has(outcome))
      .map((outcome) => `outcome ${outcome} is the harness's own word`),
    !is(lawful) && `lawful: wanted one of ${outcomes.join(', ')}, had ${lawful}`,
    plays.length === 0 && 'it does not say what the node under test plays',
    reads.length === 0 && 'no document reads it',
    ...reads.map((each) => faultOfAddressee(each, plays)),
    ...reads.flatMap(({ document, section, of }) => [
      ...outcomes
        .filter((outcome) => !(outcome in of))
        .map((outcome) => `${document} ${section} does not read ${outcome}`),
      ...Object.keys(of)
        .filter((outcome) => !is(outcome))
        .map((outcome) => `${document} ${section} reads ${outcome}, which is no outcome`),
    ]),
    turnedBy.length === 0 && 'no mutant turns it: a case that cannot fail is a defect',
    ...turnedBy.map(
      ([mutant, outcome]) => !is(outcome) && `${mutant.name} turns it to ${outcome}, which is no outcome`,
    ),
    ...turnedBy.map(
      ([mutant, outcome]) => outcome === lawful && `${mutant.name} turns it to ${outcome}, which is lawful`,
    ),
  ]
    .filter((fault) => fault !== false)
    .map((fault) => `${name}: ${fault}`);
}

/** A sentence for somebody else demands nothing of the node under test, and one that permits demands nothing of anybody. */
function faultOfAddressee(
  { document, section, level, addressee, of }: Reads<string>,
  plays: readonly Part[],
): string | false {
  const kinds = Object.values(of).map(({ kind }) => kind);
  if (level === 'MAY' && kinds.includes('unmet')) return `${document} ${section} fails it by a MAY`;
  if (addressee === 'implementation' || plays.some((part) => part === addressee)) return false;
  const demands = level !== 'obs' || kinds.some((kind) => kind !== 'observed');
  return (
    demands &&
    `${document} ${section} addresses the ${addressee}, which the node under test does not play: wanted obs and observed`
  );
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, place) => names.indexOf(name) !== place))];
}

const VARIANT = /^[a-z0-9]*(-[a-z0-9]+)*$/;
const reserved: ReadonlySet<string> = new Set(['inconclusive', 'unsupported', 'error', 'died']);

/** Of one scenario: each is a run, and nobody waits for more. */
const MOST_POINTS = 10_000;
