/**
 * What a judgement is made of. A finding is something the transcript shows, with the evidence for it; `undefined` stands for "not shown".
 * A judgement is the outcome a question reaches, one of those it declared, or `inconclusive` with a code of the catalogue.
 */
import type { Evidence } from './evidence.ts';

export interface Finding {
  readonly says: string;
  readonly evidence: readonly Evidence[];
  /** This finding as the answer to a question. */
  as(outcome: string): Judgement;
}

export interface Judgement {
  readonly outcome: string;
  readonly says: string;
  readonly evidence: readonly Evidence[];
  /** Only with the outcome `inconclusive`. */
  readonly code?: InconclusiveCode;
}

/** I-PRE, I-POST a control failed; I-NOSEEN the stimulus was not seen to arrive; I-CAUSE refused for another reason; I-ICV an integrity failure was counted; I-TIME no answer and no state; I-ENV the environment lacks the facility. */
export type InconclusiveCode = 'I-PRE' | 'I-POST' | 'I-NOSEEN' | 'I-CAUSE' | 'I-ICV' | 'I-TIME' | 'I-ENV';

/** Something that must hold before an outcome counts; when it does not, the case is inconclusive with this code. */
export interface Control {
  readonly name: string;
  readonly code: InconclusiveCode;
  readonly finding: Finding | undefined;
}

export function finding(says: string, ...evidence: readonly Evidence[]): Finding {
  return { says, evidence, as: (outcome) => ({ outcome, says, evidence }) };
}

/** Both findings together, or undefined when either is not shown. */
export function both(...findings: readonly (Finding | undefined)[]): Finding | undefined {
  const shown = findings.filter((each) => each !== undefined);
  if (shown.length !== findings.length) return undefined;
  return finding(shown.map((each) => each.says).join('; '), ...shown.flatMap((each) => each.evidence));
}

export function inconclusive(code: InconclusiveCode, says: string, ...evidence: readonly Evidence[]): Judgement {
  return { outcome: 'inconclusive', code, says, evidence };
}

/** The positive twin before the stimulus. */
export const pre = (name: string, shown: Finding | undefined): Control => ({ name, code: 'I-PRE', finding: shown });
/** The positive twin after it: the node is alive, not wedged. */
export const post = (name: string, shown: Finding | undefined): Control => ({ name, code: 'I-POST', finding: shown });
/** The stimulus reached the node. */
export const seen = (name: string, shown: Finding | undefined): Control => ({ name, code: 'I-NOSEEN', finding: shown });
/** Nothing else explains the outcome. */
export const cause = (name: string, shown: Finding | undefined): Control => ({ name, code: 'I-CAUSE', finding: shown });
