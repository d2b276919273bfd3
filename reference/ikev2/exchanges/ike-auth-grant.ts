/**
 * How IKE_AUTH ends for a responder (RFC 7296 sections 1.2, 2.4, 2.19 and 2.21.2): whoever has proven itself is given its first child or the reason why
 * there is none; whoever has not learns that and nothing else.
 */
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { certificatePayloads } from '../certificate-payloads.ts';
import { installChild } from '../child-installation.ts';
import { answerOffer, type ChildTerms, payloadsOfTerms } from '../child-negotiation.ts';
import type { IkeConnection } from '../configuration.ts';
import { answerConfiguration } from '../configuration-payloads.ts';
import type { Answer } from '../exchange.ts';
import { identityOctets, type PeerIdentity } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { Keyed } from '../ike-sa-state.ts';
import { agreeOnMobike, mobikeNotifies } from '../mobike.ts';
import { BLANK_AUTH } from '../own-authentication.ts';
import { findNotify, notify } from '../payloads.ts';
import { endPredecessors } from '../predecessors.ts';
import { isRefusal, type NotifiedRefusal, type Refusal } from '../refusal.ts';
import { answerTicketRequest } from '../resumption/tickets.ts';
import { tell, tellRefusal } from '../surroundings.ts';
import { windowNotifies } from '../window-size.ts';

/** Who this node says it is, with a place for AUTH. */
export function proofOf(connection: IkeConnection): Payload[] {
  return [
    { type: 'IDr', ...identityOctets(connection.local.identity) },
    ...certificatePayloads(connection),
    BLANK_AUTH,
  ];
}

/** The peer is who it says: what stands behind AUTH in the answer, and what is done once that is said. `payloads` are those of its first request. */
export function grant(
  ikeSa: IkeSa,
  connection: IkeConnection,
  keyed: Keyed,
  peer: PeerIdentity,
  payloads: readonly Payload[],
  besides: readonly Payload[] = [],
): Required<Pick<Answer, 'payloads' | 'afterwards'>> {
  ikeSa.become('authenticates the peer', { name: 'established', connection, keyed, peer });
  const configuration = answerConfiguration(ikeSa, connection, payloads);
  agreeOnMobike(ikeSa, connection, payloads);
  const child = answerOffer(ikeSa, connection, payloads, 'none');
  return {
    payloads: [
      ...configuration,
      ...(ikeSa.mobike ? mobikeNotifies(connection) : []),
      ...windowNotifies(ikeSa, connection),
      ...besides,
      ...answerTicketRequest(ikeSa, payloads),
      ...childPayloads(child),
    ],
    afterwards: () => establish(ikeSa, connection, keyed, payloads, child),
  };
}

function childPayloads(child: ChildTerms | NotifiedRefusal): Payload[] {
  return isRefusal(child) ? [notify(notifyTypes[child.notify], child.data)] : payloadsOfTerms(child);
}

function establish(
  ikeSa: IkeSa,
  connection: IkeConnection,
  keyed: Keyed,
  payloads: readonly Payload[],
  child: ChildTerms | NotifiedRefusal,
): void {
  const { surroundings } = ikeSa;
  tell(surroundings, { kind: 'ike', connection: connection.name, state: 'established', ...ikeSa.spis });
  endPredecessors(ikeSa, findNotify(payloads, 'INITIAL_CONTACT') ? 'in the request' : 'nowhere');
  if (!isRefusal(child)) {
    const { Ni, Nr } = keyed;
    installChild(
      ikeSa,
      keyed,
      { ...child, exchangeRole: 'responder', Ni, Nr, sharedSecret: new Uint8Array() },
      'established',
    );
    return;
  }
  tellRefusal(surroundings, child.rule, child.detail);
  if (surroundings.rules.ikeSaAfterRefusedChild() === 'deleted') ikeSa.end('closed', child.detail);
}

/** Section 2.21.2. What is said is a rule, and so is whether anything is left. */
export function failed(ikeSa: IkeSa, refusal: Refusal, besides: readonly Payload[] = []): Answer {
  const { surroundings } = ikeSa;
  tellRefusal(surroundings, refusal.rule, refusal.detail);
  const answer = surroundings.rules.failedAuthenticationAnswer();
  return {
    payloads: [...besides, ...(answer === 'silence' ? [] : [notify(notifyTypes[answer])])],
    afterwards: () => {
      if (surroundings.rules.ikeSaAfterFailedAuthentication() === 'kept') return;
      ikeSa.end('failed', `AUTHENTICATION_FAILED: ${refusal.rule}: ${refusal.detail}`);
    },
  };
}
