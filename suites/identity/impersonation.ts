/**
 * The conversation of the identity suite, shared by its scenarios: the tester as itself, then as whom it claims to be, then as itself
 * again, each time up to an echo through the SA. The first and the last are the controls; what is asked is what becomes of the claim.
 */

import type { Party } from '../../harness/vocabulary/ike-intent.ts';
import { connection, honestTn, type Negotiation, negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Control, Judgement } from '../../harness/vocabulary/judging.ts';
import { both, inconclusive, post, pre } from '../../harness/vocabulary/judging.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';

export type Role = 'responder' | 'initiator';

/** The tester's two faces: connections of these names. */
export const honestly = { connection: 'honest', child: peering.child } as const;
export const falsely = { connection: 'claim', child: peering.child } as const;

export interface Impersonation extends Negotiation {
  /** What the tester claims, where it differs from its honest self. */
  readonly claim: Partial<Party>;
}

export function impersonation({ claim, ...parts }: Impersonation) {
  const intent = negotiated(parts);
  const [asItself] = intent.tn.ike;
  const { localAddresses, remoteAddresses, children } = asItself!;
  const honest = { ...honestTn, ...parts.tn };
  const faces = [
    connection(honestly.connection, localAddresses, remoteAddresses, honest, children),
    connection(falsely.connection, localAddresses, remoteAddresses, { ...honest, ...claim }, children),
  ];
  return { ...intent, tn: { ...intent.tn, ike: faces } };
}

/** `role` is that of the node under test. */
export async function playImpersonation({ tn, nut }: Stage, role: Role): Promise<void> {
  const converse = async (moment: string, face: typeof honestly | typeof falsely) => {
    await tn.presents(face.connection);
    if (role === 'responder') await tn.initiates(moment, face);
    else await nut.initiates(moment);
    await tn.echo(`${moment} echo`, { unlessRefused: moment });
    if (moment === 'claim') await nut.reports('after the claim');
    await nut.closes(`${moment} closed`);
  };
  await converse('before', honestly);
  await converse('claim', falsely);
  await converse('after', honestly);
}

export function impersonationControls(t: Account): readonly Control[] {
  return [
    pre('the honest identity is accepted', t.established('before', 'before echo')),
    post('the honest identity is accepted again', t.established('after', 'after echo')),
  ];
}

export function judgeImpersonation(t: Account): Judgement | undefined {
  const established = t.established('claim', 'claim echo');
  if (established) return established.as('established');
  const noSa = t.reported('after the claim', 'sad', 'no SA is left', ({ sad }) => sad.length === 0);
  const refused = t.ikeRefused('claim', 'nut');
  const refusedForIdentity = t.ikeRefused('claim', 'nut', 'AUTHENTICATION_FAILED');
  if (refused && !refusedForIdentity) return inconclusive('I-CAUSE', refused.says, ...refused.evidence);
  return (both(refusedForIdentity, noSa) ?? both(t.silent('claim echo', 'after echo'), noSa))?.as('refused');
}
