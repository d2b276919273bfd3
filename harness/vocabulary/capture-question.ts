/**
 * A question that a capture alone can answer: about one conversation of a kind, judged over what was seen of it, and read by documents as every outcome is. Nobody
 * acted for it, so that there is no moment and no control but what the conversation itself shows: what was not seen is inconclusive, and never a pass.
 */

import type { Judgement } from '../judge/finding.ts';
import type { ConversationKind, ConversationOf } from '../judge/observed/observed-conversations.ts';
import type { Parts, Reads } from './question.ts';

export interface CaptureQuestion<Kind extends ConversationKind = ConversationKind, Outcome extends string = string> {
  /** Of the catalogue. */
  readonly id: string;
  /** Where several questions are of one entry: which. */
  readonly asked?: string;
  readonly title: string;
  readonly about: Kind;
  /** Whether the conversation is one that it can be asked of; of others there is no case. */
  readonly asks: (conversation: ConversationOf[Kind]) => boolean;
  readonly outcomes: readonly Outcome[];
  readonly judge: (conversation: ConversationOf[Kind]) => Judgement;
  /** What the node that it is about is in it. */
  readonly plays: Parts;
  readonly reads: readonly Reads<Outcome>[] | ((conversation: ConversationOf[Kind]) => readonly Reads<Outcome>[]);
}

/** Questions of every kind stand side by side. */
export type AnyCaptureQuestion = { readonly [Kind in ConversationKind]: CaptureQuestion<Kind> }[ConversationKind];

export function captureQuestion<Kind extends ConversationKind, const Outcome extends string>(
  question: CaptureQuestion<Kind, Outcome>,
): CaptureQuestion<Kind> {
  return question as unknown as CaptureQuestion<Kind>;
}

export type { Judgement } from '../judge/finding.ts';
export { inconclusive } from '../judge/finding.ts';
export type { BindingConversation } from '../judge/observed/binding-conversation.ts';
export type { IkeAgreement } from '../judge/observed/ike-agreement.ts';
export type { PeerClaim } from '../judge/observed/peer-claim.ts';
export type { RegistrationConversation } from '../judge/observed/registration-conversation.ts';
export type { SaConversation } from '../judge/observed/sa-conversation.ts';
export { seenAt } from '../judge/observed/seen-evidence.ts';
export { leakOf, type TrafficConversation, type TrafficKind } from '../judge/observed/traffic-conversation.ts';
export { placeText, type Seen } from '../judge/sightings.ts';
