/**
 * From a transcript to a case's result: controls first, then the judgement, then each document's reading of it. Pure, so that a live run
 * and a rejudging years later are the same function.
 */
import type { Account } from '../judge/account.ts';
import type { Judgement } from '../judge/finding.ts';
import { fail, type OutcomeReading, observed, type Reads } from '../vocabulary/question.ts';
import type { PlannedCase } from './plan.ts';
import type { CaseResult, DocumentReading } from './result.ts';

/** The part of a case's result that the transcript alone decides. */
export type Verdict = Pick<CaseResult, 'outcome' | 'readings' | 'controls' | 'evidence'>;

export function judge(each: PlannedCase, account: Account): Verdict {
  const point = each.point as never;
  const controls = each.question.controls(account, point);
  const judgement = judged();
  checkDeclared(each, judgement);
  return {
    outcome: judgement.outcome,
    readings: each.reads.map((reading) => documentReading(reading, judgement)),
    controls: controls.map(({ name, finding }) => ({
      name,
      held: finding !== undefined,
      evidence: finding?.evidence ?? [],
    })),
    evidence: judgement.evidence,
  };

  /** A product that ends under what is asked has not done what any document asked; one that ended before was not asked. */
  function judged(): Judgement {
    const broken = controls.find((control) => control.finding === undefined);
    const ended = account.ended();
    if (ended && broken?.code !== 'I-PRE') return ended.as(DIED);
    if (!broken) return each.question.judge(account, point) ?? unanswered;
    const says = `control not held: ${broken.name}${ended ? `; ${ended.says}` : ''}`;
    return { outcome: 'inconclusive', code: broken.code, says, evidence: ended?.evidence ?? [] };
  }
}

/** What a case comes to whose product crashed or left; every document reads it alike. */
const DIED = 'died';

/** What a case reads when it was never run. */
export function unsupportedVerdict(each: PlannedCase, reason: string): Verdict {
  return {
    outcome: 'unsupported',
    readings: each.reads.map((reading) => ({ ...sentenceOf(reading), reading: 'unsupported', why: reason })),
    controls: [],
    evidence: [],
  };
}

/** A harness fault: no document reads it. */
export const errorVerdict: Verdict = { outcome: 'error', readings: [], controls: [], evidence: [] };

const unanswered: Judgement = {
  outcome: 'inconclusive',
  code: 'I-TIME',
  says: 'neither an answer nor a proven silence',
  evidence: [],
};

/** Whether a judgement of the case can come to it. */
export function isOutcomeOf({ question }: PlannedCase, outcome: string): boolean {
  return ['inconclusive', DIED, ...question.outcomes].includes(outcome);
}

function checkDeclared(each: PlannedCase, judgement: Judgement): void {
  if (isOutcomeOf(each, judgement.outcome)) return;
  throw new Error(
    `${each.id}: the judgement "${judgement.outcome}" is not among the outcomes ${each.question.outcomes.join(', ')}`,
  );
}

/** How a document reads an outcome, before anything ran. */
export function documentReadingOf(reading: Reads<string>, outcome: string): DocumentReading['reading'] {
  return documentReading(reading, { outcome, says: '', evidence: [] }).reading;
}

/** How a document reads a judgement. */
export function documentReading(reading: Reads<string>, judgement: Judgement): DocumentReading {
  const sentence = sentenceOf(reading);
  if (judgement.outcome === 'inconclusive')
    return { ...sentence, reading: 'inconclusive', why: `${judgement.code}: ${judgement.says}` };
  const of = judgement.outcome === DIED ? unmet(reading, judgement) : reading.of[judgement.outcome]!;
  if (of.kind === 'pass') return { ...sentence, reading: 'pass', why: judgement.says };
  if (of.kind === 'observed') return { ...sentence, reading: 'observed', why: of.value };
  const kind = reading.level === 'MUST' || reading.level === 'MUST NOT' ? 'fail' : 'warn';
  return { ...sentence, reading: kind, why: judgement.says };
}

/** A document that demands nothing only sees it. */
const unmet = ({ level }: Reads<string>, { says }: Judgement): OutcomeReading =>
  level === 'obs' || level === 'MAY' ? observed(says) : fail;

function sentenceOf({ document, section, level, addressee }: Reads<string>) {
  return { document, section, level, addressee };
}
