/**
 * From the conversations of a capture to cases: each question is asked of each conversation that it is about, as that ends. Of conversations that come to the same so many
 * are named and the rest counted, because whoever made the capture decides how many there are.
 */

import type { ConversationKind, ConversationOf, Ended } from '../judge/observed/observed-conversations.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { AnyCaptureQuestion, CaptureQuestion } from '../vocabulary/capture-question.ts';
import { caseName } from './case-name.ts';
import { conversationName } from './conversation-name.ts';
import type { Expectation } from './expectation.ts';
import type { CaseResult } from './result.ts';
import { documentReading } from './verdict.ts';

export class CaptureVerdicts {
  readonly #questions: readonly AnyCaptureQuestion[];
  readonly #product: string;
  readonly #expectation: Expectation;
  /** By question, then by outcome. */
  readonly #cases = new Map<object, Map<string, CaseResult[]>>();
  readonly #beyond = new Map<string, number>();
  readonly #names = new Set<string>();

  constructor(questions: readonly AnyCaptureQuestion[], product: string, expectation: Expectation) {
    this.#questions = questions;
    this.#product = product;
    this.#expectation = expectation;
  }

  take({ kind, of }: Ended): void {
    for (const question of this.#questions)
      if (question.about === kind) this.#ask(question as unknown as CaptureQuestion, of);
  }

  /** In the order of the questions. */
  get cases(): readonly CaseResult[] {
    return this.#questions.flatMap((question) => [...(this.#cases.get(question)?.values() ?? [])].flat());
  }

  /** For people, one line each: what is only counted. */
  remarks(): readonly string[] {
    return Array.from(this.#beyond, ([what, times]) => `${times} more conversations come to the same: ${what}`);
  }

  #ask<Kind extends ConversationKind>(question: CaptureQuestion<Kind>, conversation: ConversationOf[Kind]): void {
    if (!question.asks(conversation)) return;
    const { outcome, evidence, ...judgement } = question.judge(conversation);
    if (outcome !== 'inconclusive' && !question.outcomes.includes(outcome))
      throw new HarnessFault('defect', `${question.id}: "${outcome}" is not among ${question.outcomes.join(', ')}`);
    const byOutcome = this.#cases.get(question) ?? new Map<string, CaseResult[]>();
    this.#cases.set(question, byOutcome);
    const alike = byOutcome.get(outcome) ?? [];
    byOutcome.set(outcome, alike);
    if (alike.length >= MOST_NAMED) {
      const what = `${question.id}${question.asked === undefined ? '' : ` ${question.asked}`}, ${outcome}`;
      this.#beyond.set(what, (this.#beyond.get(what) ?? 0) + 1);
      return;
    }
    const { name, dimensions } = conversationName(question.about, conversation);
    const reads = typeof question.reads === 'function' ? question.reads(conversation) : question.reads;
    const result = {
      id: question.id,
      variant: this.#variant(question, name),
      suite: 'captures',
      title: question.title,
      product: this.#product,
      requirements: [question.id],
      dimensions: { ...(question.asked !== undefined && { asked: question.asked }), ...dimensions },
      outcome,
      readings: reads.map((each) => documentReading(each, { outcome, evidence, ...judgement })),
      controls: [],
      evidence,
      durationMs: 0,
      bundle: null,
      error: null,
    };
    alike.push({ ...result, expected: this.#expectation.expects(result) });
  }

  /** Two conversations may have one name in turn: the second has a number. */
  #variant({ id, asked }: Pick<AnyCaptureQuestion, 'id' | 'asked'>, conversation: string): string {
    const plain = asked === undefined ? conversation : `${asked}-${conversation}`;
    let variant = plain;
    for (let again = 2; this.#names.has(caseName({ id, variant })); again++) variant = `${plain}-${again}`;
    this.#names.add(caseName({ id, variant }));
    return variant;
  }
}

/** Of one question and one outcome: whoever looks at so many has seen what it is. */
const MOST_NAMED = 200;
