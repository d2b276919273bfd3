/**
 * `touchstone/vocabulary`: all that a suite from outside is written with, the same words that ours are written with. A file that exports `suites` is named
 * with `--suites FILE`; `docs/add-a-suite.md` shows one.
 */
export { protocols } from '../../reference/wire/ip/protocols.ts';
export type { NodeConfiguration } from '../lab/node.ts';
export { mutant, type NodeRules } from '../peers/mutant.ts';
export * from '../vocabulary/away-intent.ts';
export * from '../vocabulary/both-moving-intent.ts';
export type { Cast, Part } from '../vocabulary/cast.ts';
export * from '../vocabulary/correspondent-by-hand.ts';
export * from '../vocabulary/credentials.ts';
export * from '../vocabulary/home-agent-intent.ts';
export * from '../vocabulary/ike-intent.ts';
export * from '../vocabulary/intent.ts';
export * from '../vocabulary/judging.ts';
export * from '../vocabulary/keying.ts';
export * from '../vocabulary/lies.ts';
export * from '../vocabulary/meeting.ts';
export * from '../vocabulary/mobile-intent.ts';
export * from '../vocabulary/moving-intent.ts';
export * from '../vocabulary/mutants.ts';
export {
  type Acquaintance,
  type Authentication,
  acquainted,
  authentications,
} from '../vocabulary/mutual-authentication.ts';
export * from '../vocabulary/packets.ts';
export * from '../vocabulary/pairs.ts';
export * from '../vocabulary/path-intent.ts';
export * from '../vocabulary/places.ts';
export * from '../vocabulary/question.ts';
export { type Scenario, type Suite, scenario } from '../vocabulary/scenario.ts';
export type {
  ChildName,
  Ends,
  EspByHand,
  MobilityByHand,
  Patience,
  Stage,
  Stranger,
  Tested,
  Tester,
} from '../vocabulary/stage.ts';
export * from '../vocabulary/tampers.ts';
export * from '../vocabulary/transforms.ts';
export * from '../vocabulary/translated.ts';
