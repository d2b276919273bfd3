/**
 * The conversation of the identity suite, shared by its scenarios: the tester as itself, then as whom it claims to be, then as itself
 * again, each time up to an echo through the SA. The first and the last are the controls; what is asked is what becomes of the claim.
 */

import type { FragmentationConfiguration, Party } from '../../harness/vocabulary/ike-intent.ts';
import {
  connection,
  honestNut,
  honestTn,
  type Negotiation,
  negotiated,
  peering,
} from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Control, Finding, Judgement } from '../../harness/vocabulary/judging.ts';
import { both, cause, inconclusive, post, pre } from '../../harness/vocabulary/judging.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, type Parts, pass } from '../../harness/vocabulary/question.ts';
import type { Ends, Patience, Stage } from '../../harness/vocabulary/stage.ts';

/** Of the node under test. */
export type Role = 'responder' | 'initiator';
export const roles = ['responder', 'initiator'] as const;

/** Who verifies an identity is its receiver, in either role. */
export const verifies = (role: string): Parts => ['receiver', role as Role];

/** How the tester appears: its honest self but for this. */
export type Face = Partial<Party> &
  Pick<Negotiation, 'children'> & { readonly fragmentation?: FragmentationConfiguration };

/** A further PAD entry of the node under test. */
export type Entry = Partial<Party> & Pick<Negotiation, 'children'>;

export interface Impersonation extends Negotiation {
  readonly claim: Face;
  /** Other faces, by name. */
  readonly faces?: Readonly<Record<string, Face>>;
  /** PAD entries after the first, by name and in order. */
  readonly furtherEntries?: Readonly<Record<string, Entry>>;
}

export function impersonation({ claim, faces = {}, furtherEntries = {}, ...parts }: Impersonation) {
  const intent = negotiated(parts);
  const { nut: tested, tn: tester } = intent.parties;
  const [asItself] = tester!.ike;
  const [entry] = tested!.ike;
  const honest = { ...honestTn, ...parts.tn };
  const nut = { ...honestNut, ...parts.nut };
  const all: Readonly<Record<string, Face>> = { honest: {}, claim, ...faces };
  const facesOfTester = Object.entries(all).map(([name, { children, fragmentation, ...party }]) =>
    connection(
      name,
      asItself!.localAddresses,
      asItself!.remoteAddresses,
      { ...honest, ...party },
      children ?? asItself!.children,
      fragmentation,
    ),
  );
  const entries = Object.entries(furtherEntries).map(([name, { children, ...party }]) =>
    connection(name, entry!.localAddresses, entry!.remoteAddresses, { ...nut, ...party }, children ?? entry!.children),
  );
  return {
    ...intent,
    parties: {
      nut: { ...tested!, ike: [...tested!.ike, ...entries] },
      tn: { ...tester!, ike: facesOfTester },
    },
  };
}

export interface Conversation {
  readonly face?: string;
  /** The PAD entry that is to decide, which an initiator names. */
  readonly entry?: string;
  readonly echo?: Ends & Pick<Patience, 'awaited'>;
  /** What else happens while the SAs stand. */
  readonly meanwhile?: () => Promise<void>;
}

/** From the first message to an echo and, whatever came of it, to nothing left. */
export async function converses(
  { tn, nut }: Stage,
  role: Role,
  moment: string,
  { face = 'honest', entry = peering.connection, echo = {}, meanwhile }: Conversation = {},
): Promise<void> {
  const faced = { connection: face, child: peering.child };
  const decided = { connection: entry, child: peering.child };
  await tn.presents(face);
  if (role === 'responder') await tn.initiates(moment, faced);
  else {
    await nut.initiates(moment, decided);
    await tn.asksForLife(`${moment} alive`, faced, { unlessRefused: moment });
  }
  await tn.echo(`${moment} echo`, { unlessRefused: moment, ...echo });
  await meanwhile?.();
  if (moment === 'claim') await nut.reports('after the claim');
  await nut.closes(`${moment} closed`, decided);
}

/** Where honest conversations would ask the same: one alone, between two proofs that the node is reached on the same link. */
export async function conversesAlone(
  stage: Stage,
  role: Role,
  moment: string,
  conversation: Conversation,
): Promise<void> {
  const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
  await stage.tn.pingInClear('path', elsewhere);
  await converses(stage, role, moment, conversation);
  await stage.tn.pingInClear('life', elsewhere);
}

/** The two proofs, `path` and `life`. */
export function aloneControls(t: Account): readonly Control[] {
  return [cause('the node is reached on the same link', t.answered('path')), post('and still is', t.answered('life'))];
}

/** In so many words of either side, or because nothing came of it: an initiator that takes no answer says nothing. */
export function refusedAlone(t: Account, moment: string): Finding | undefined {
  return t.ike.refused(moment, 'nut') ?? t.ike.refused(moment, 'tn') ?? t.answered('life');
}

/** What became of it, in the words of the question. */
export function judgeAlone(
  t: Account,
  moment: string,
  [taken, refused]: readonly [taken: string, refused: string] = ['established', 'refused'],
): Judgement | undefined {
  return t.established(moment, `${moment} echo`)?.as(taken) ?? refusedAlone(t, moment)?.as(refused);
}

/** How a sentence reads what becomes of a claim: it is to be believed, or not to be. */
export const accepted = { established: pass, refused: fail } as const;
export const rejected = { established: fail, refused: pass } as const;

export async function playImpersonation(stage: Stage, role: Role): Promise<void> {
  await converses(stage, role, 'before');
  await converses(stage, role, 'claim', { face: 'claim' });
  await converses(stage, role, 'after');
}

export function impersonationControls(t: Account): readonly Control[] {
  return [
    pre('the honest identity is accepted', t.established('before', 'before echo')),
    post('the honest identity is accepted again', t.established('after', 'after echo')),
  ];
}

export function judgeImpersonation(t: Account): Judgement | undefined {
  return judgeClaim(t, { accepted: 'established', refused: 'refused' });
}

/** What became of the claim, in the words of the question. */
export function judgeClaim<Outcome extends string>(
  t: Account,
  words: { readonly accepted: Outcome; readonly refused: Outcome },
): Judgement | undefined {
  const established = t.established('claim', 'claim echo');
  if (established) return established.as(words.accepted);
  const refused = t.ike.refused('claim', 'nut');
  if (refused && !refusedForIdentity(t, 'claim')) return inconclusive('I-CAUSE', refused.says, ...refused.evidence);
  const refusal = refusedForIdentity(t, 'claim') ?? t.silent('claim echo', 'after echo');
  return both(refusal, noSaAfterClaim(t))?.as(words.refused);
}

/** By a client, for whatever reason: in words, by leaving, or in that no SA comes of it. */
export function refusedByClient(t: Account): Finding | undefined {
  return t.ike.refused('claim', 'nut') ?? t.ike.givenUp('claim', 'nut') ?? noSaAfterClaim(t);
}

export function judgeClient(t: Account): Judgement | undefined {
  return t.established('claim', 'claim echo')?.as('established') ?? refusedByClient(t)?.as('refused');
}

/** By who is under test, because of who it is. An initiator may delete the IKE SA in place of saying so (RFC 7296 2.21.2). */
export function refusedForIdentity(t: Account, moment: string): Finding | undefined {
  return t.ike.refused(moment, 'nut', 'AUTHENTICATION_FAILED') ?? t.ike.givenUp(moment, 'nut');
}

/**
 * An SPI that was reserved for an inbound SA is none yet; without an outbound SA nothing was agreed. One of the conversation before may still
 * be on its way out.
 */
export function noSaAfterClaim(t: Account): Finding | undefined {
  const earlier = t.spisBefore('claim');
  return t.reported('after the claim', 'sad', 'the claim left no SA to send with', ({ sad }) =>
    sad.every(({ direction, spi }) => direction === 'in' || earlier.has(spi)),
  );
}
