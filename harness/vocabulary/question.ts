/**
 * A question a scenario's transcript answers, and how each document reads the answer. The outcomes are closed: a judgement that
 * reaches another one is a fault of the harness. Every reading is total over the outcomes, so no outcome is left without a verdict.
 */
import type { Account } from '../judge/account.ts';
import type { Control, Judgement } from '../judge/finding.ts';
import type { NodeMutant } from '../peers/mutant.ts';

export type Dimensions = Readonly<Record<string, readonly string[]>>;
export type Point<D extends Dimensions> = { readonly [K in keyof D]: D[K][number] };

export interface Question<D extends Dimensions, Outcome extends string = string> {
  readonly title: string;
  readonly outcomes: readonly Outcome[];
  readonly controls: (t: Account, at: Point<D>) => readonly Control[];
  readonly judge: (t: Account, at: Point<D>) => Judgement | undefined;
  /** What the node under test is in what is asked: a sentence for anybody else demands nothing of it. */
  readonly plays: Parts | ((at: Point<D>) => Parts);
  readonly reads: readonly Reads<Outcome>[] | ((at: Point<D>) => readonly Reads<Outcome>[]);
  /** What the reference answers under this intent. */
  readonly lawful: Outcome | ((at: Point<D>) => Outcome);
  /** Mutants of the node under test that turn the outcome, each to the outcome it declares. */
  readonly turnedBy: readonly Turn<Outcome>[] | ((at: Point<D>) => readonly Turn<Outcome>[]);
  /** Only asked where this holds; asked everywhere when absent. */
  readonly asks?: (at: Point<D>) => boolean;
  /** Where somebody has met it. */
  readonly reported?: readonly FieldReport[];
  /** Ids of older catalogues that this case covers. */
  readonly alsoKnownAs?: readonly string[] | ((at: Point<D>) => readonly string[]);
}

/** What somebody reported in public. */
export interface FieldReport {
  /** As people cite it, such as `strongSwan #1458`. */
  readonly as: string;
  readonly link: string;
  /** What happened, and in which version where that is known. */
  readonly says: string;
}

export type Turn<Outcome extends string> = readonly [mutant: NodeMutant, outcome: Outcome];

/** One document's reading of every outcome: a sentence of it, how strong that is, and whom it addresses. */
export interface Reads<Outcome extends string> {
  readonly document: string;
  readonly section: string;
  readonly level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'obs';
  readonly addressee: Addressee;
  readonly of: { readonly [O in Outcome]: OutcomeReading };
}

/** What a node can be in a sentence of a document. */
export type Part =
  /** Whoever sends the packet, or the payload, that the sentence is about. */
  | 'sender'
  /** Whoever gets it, and has to check it. */
  | 'receiver'
  /** Whoever begins the exchange. */
  | 'initiator'
  /** Whoever answers it. */
  | 'responder';

export type Parts = Part | readonly Part[];

/** Whom a sentence addresses. */
export type Addressee =
  | Part
  /** Whoever implements the document, whichever part it plays. */
  | 'implementation'
  /** Whoever configures a node and writes its policies. */
  | 'administrator'
  /** Whoever designs protocols and assigns numbers. */
  | 'designer';

export type OutcomeReading =
  | { readonly kind: 'pass' }
  | { readonly kind: 'unmet' }
  | { readonly kind: 'observed'; readonly value: string };

export const pass: OutcomeReading = { kind: 'pass' };
/** What the document asked for did not happen: `fail` or `warn`, as the level says. */
export const fail: OutcomeReading = { kind: 'unmet' };
export const observed = (value: string): OutcomeReading => ({ kind: 'observed', value });

/** A document that reads outcomes. */
export interface DocumentSource {
  readonly id: string;
  readonly title: string;
  readonly year: number;
}

/** Declares how one document, in a sentence of this section, this strong and addressed to these, reads each outcome. */
export function reads<Outcome extends string>(
  document: Pick<DocumentSource, 'id'>,
  section: string,
  level: Reads<Outcome>['level'],
  addressee: Addressee,
  of: Reads<Outcome>['of'],
): Reads<Outcome> {
  return { document: document.id, section, level, addressee, of };
}

export function question<D extends Dimensions, const Outcome extends string>(
  title: string,
  rest: Omit<Question<D, Outcome>, 'title'>,
): Question<D, Outcome> {
  return { title, ...rest };
}
