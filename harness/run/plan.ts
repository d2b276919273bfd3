/**
 * From suites to cases: every scenario at every point of its dimensions, every question asked there. The plan is known before anything
 * runs, because intents are data; so is what a product cannot be configured for.
 */

import type { PolicyIntent } from '../capture/transcript.ts';
import type { NodeConfiguration, NodeUnderTest } from '../lab/node.ts';
import { castOf, testedIn } from '../vocabulary/cast.ts';
import { inTunnelMode } from '../vocabulary/host-tunnel.ts';
import type { Part, Question, Reads, Turn } from '../vocabulary/question.ts';
import { omissionsOf, pointsOf, type Scenario, type Suite, variantOf } from '../vocabulary/scenario.ts';
import { selectedBy, withCompanions } from './case-name.ts';
import { type Shard, shardOf } from './shard.ts';

/** One run of a scenario, and the cases it answers. */
export interface PlannedRun {
  readonly suite: string;
  readonly scenario: Scenario;
  readonly point: Readonly<Record<string, string>>;
  /** The products of the tested parties beside the one that the cases are about, by party. */
  readonly companions: Readonly<Record<string, string>>;
  /** Point and companions: what tells one run of a scenario from another. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly variant: string;
  /** Seconds of lab time that the scenario lets pass. */
  readonly lasts: number;
  /** Of the SAs between two hosts: as its suite has it, or as `suited` has chosen. */
  readonly mode: 'as-given' | 'open' | 'tunnel';
  readonly cases: readonly PlannedCase[];
}

export interface PlannedCase {
  readonly id: string;
  readonly variant: string;
  readonly suite: string;
  readonly scenario: string;
  readonly title: string;
  readonly point: Readonly<Record<string, string>>;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly question: Question<never>;
  readonly lawful: string;
  readonly plays: readonly Part[];
  readonly reads: readonly Reads<string>[];
  readonly turnedBy: readonly Turn<string>[];
  readonly alsoKnownAs: readonly string[];
}

/** What a person selects on the command line: what every field selects; of several values of one any will do, and a missing field selects all. */
export interface Selection {
  readonly suite?: OneOrMore | undefined;
  readonly requirement?: OneOrMore | undefined;
  /** `*` and `?` over `ID/variant`. */
  readonly glob?: OneOrMore | undefined;
  /** Products that take the parts of the other tested parties, where a scenario has any; the reference alone when absent. */
  readonly companions?: readonly string[] | undefined;
  /** Only what several products take part in. */
  readonly meeting?: boolean | undefined;
  readonly shard?: Shard | undefined;
}

export type OneOrMore = string | readonly string[];

export function plan(suites: readonly Suite[], selection: Selection = {}): readonly PlannedRun[] {
  const { suite: ofSuites, requirement: ofRequirements, glob } = selection;
  const globs = glob === undefined ? undefined : [glob].flat().map(selectedBy);
  const runs = suites
    .filter(({ name }) => ofSuites === undefined || [ofSuites].flat().includes(name))
    .flatMap((suite) => suite.scenarios.flatMap((scenario) => runsOf(suite, scenario, selection.companions)))
    .map((run) => ({
      ...run,
      cases: run.cases.filter(
        (each) =>
          (ofRequirements === undefined || [ofRequirements].flat().includes(each.id)) &&
          (globs === undefined || globs.some((selects) => selects(each))),
      ),
    }))
    .filter((run) => run.cases.length > 0 && (!selection.meeting || Object.keys(run.companions).length > 0));
  return selection.shard === undefined ? runs : shardOf(runs, selection.shard);
}

/** The runs that let no more than so many seconds pass. */
export function withinPatience(runs: readonly PlannedRun[], patience: number): readonly PlannedRun[] {
  return runs.filter(({ lasts }) => lasts <= patience);
}

/** Cases that make sense and cannot be played, each with the reason. */
export function omissionsOfPlan(
  suites: readonly Suite[],
): readonly (Pick<PlannedCase, 'id' | 'variant'> & { why: string })[] {
  return suites.flatMap(({ name, scenarios }) =>
    scenarios.flatMap((scenario: Scenario) =>
      omissionsOf(scenario).flatMap(({ point, why }) =>
        runOf(name, scenario, point).cases.map(({ id, variant }) => ({ id, variant, why })),
      ),
    ),
  );
}

/** Why a product cannot run this with its companions, or undefined. A companion that nobody knows supports everything, as the reference does. */
export function unsupportedReason(
  run: PlannedRun,
  nut: Pick<NodeUnderTest, 'unsupported'>,
  companion: (product: string) => Pick<NodeUnderTest, 'unsupported'> | undefined = () => undefined,
): string | undefined {
  const { parties } = intentOf(run);
  const others = Object.entries(run.companions).map(([party, product]) => {
    const reason = companion(product)?.unsupported(parties[party]!);
    return reason === undefined ? undefined : `${product} as ${party}: ${reason}`;
  });
  return nut.unsupported(subjectOf(run)) ?? others.find((reason) => reason !== undefined);
}

/** In tunnel mode, where its suite leaves that open and it is all that the product lacks; the same run otherwise. */
export function suited(
  run: PlannedRun,
  nut: Pick<NodeUnderTest, 'unsupported'>,
  companion?: (product: string) => Pick<NodeUnderTest, 'unsupported'> | undefined,
): PlannedRun {
  if (run.mode !== 'open' || unsupportedReason(run, nut, companion) === undefined) return run;
  const inTunnel: PlannedRun = { ...run, mode: 'tunnel' };
  return unsupportedReason(inTunnel, nut, companion) === undefined ? inTunnel : run;
}

/** What the party that the cases are about is told. */
export function subjectOf(run: PlannedRun): NodeConfiguration {
  const [subject] = testedIn(castOf(run.scenario));
  return intentOf(run).parties[subject!]!;
}

export function intentOf({ scenario, point, mode }: PlannedRun): PolicyIntent {
  const intent = scenario.given(point);
  return (mode === 'tunnel' && inTunnelMode(intent)) || intent;
}

function runsOf(suite: Suite, scenario: Scenario, products: readonly string[] = ['reference']): PlannedRun[] {
  const meetings = companiesOf(scenario, products);
  const mode = suite.modeIsOpen && !scenario.modeMatters ? 'open' : 'as-given';
  return pointsOf(scenario).flatMap((point) =>
    meetings.map((companions) => ({ ...runOf(suite.name, scenario, point, companions), mode })),
  );
}

/** One scenario at one point, among these companions. */
export function runOf(
  suite: string,
  scenario: Suite['scenarios'][number],
  point: Readonly<Record<string, string>>,
  companions: Readonly<Record<string, string>> = {},
): PlannedRun {
  const dimensions = { ...point, ...companions };
  const variant = [variantOf(point), ...withCompanions(companions)].filter(Boolean).join('-');
  const cases = Object.entries(scenario.questions)
    .filter(([, question]) => question.asks?.(point) ?? true)
    .map(([key, question]) => ({
      id: key,
      variant,
      suite,
      scenario: scenario.name,
      title: question.title,
      point,
      dimensions,
      question: question as Question<never>,
      lawful: at(question.lawful, point),
      plays: [at(question.plays, point)].flat(),
      reads: at(question.reads, point),
      turnedBy: at(question.turnedBy, point),
      alsoKnownAs: at(question.alsoKnownAs ?? [], point),
    }));
  return {
    suite,
    scenario,
    point,
    companions,
    dimensions,
    variant,
    lasts: scenario.lasts?.(point) ?? 0,
    mode: 'as-given',
    cases,
  };
}

/** Every product in every part that is left; nobody where only one party is tested. */
function companiesOf(scenario: Scenario, products: readonly string[]): readonly Readonly<Record<string, string>>[] {
  const [, ...others] = testedIn(castOf(scenario));
  return others.reduce<Record<string, string>[]>(
    (sofar, party) => sofar.flatMap((each) => products.map((product) => ({ ...each, [party]: product }))),
    [{}],
  );
}

/** A value that may depend on the point. */
function at<T, P>(value: T | ((point: P) => T), point: P): T {
  return typeof value === 'function' ? (value as (point: P) => T)(point) : value;
}
