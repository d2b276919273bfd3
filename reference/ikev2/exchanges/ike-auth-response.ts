/**
 * IKE_AUTH, the responder's side (RFC 7296 sections 1.2, 2.15, 2.21.2 and 2.4): finds the PAD entry of the identity asserted, has it prove
 * itself, answers with its own proof and with the first child or the reason why there is none.
 */
import type { IkeConnection } from '../configuration.ts';
import type { Answer, ReceivedMessage } from '../exchange.ts';
import { identityEquals, identityText, type PeerIdentity } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { IkeSaState } from '../ike-sa-state.ts';
import type { Path } from '../interface.ts';
import { identityProven } from '../null-authentication.ts';
import { withAuthentication } from '../own-authentication.ts';
import { find } from '../payloads.ts';
import { refusalOfPeer } from '../peer-authentication.ts';
import { proofOfInitiator } from '../ppk.ts';
import { beginEap, continueEap } from './ike-auth-eap-response.ts';
import { failed, grant, proofOf } from './ike-auth-grant.ts';
import { answerResumed } from './ike-session-resume-response.ts';

type HalfOpen = Extract<IkeSaState, { name: 'halfOpen' }>;

/** The request has all the payloads it must have, by the rule. */
export function respondToIkeAuth(ikeSa: IkeSa, request: ReceivedMessage): Answer {
  const { surroundings } = ikeSa;
  const state = ikeSa.state as HalfOpen;
  if (state.eap) return continueEap(ikeSa, state.eap, request);
  const { keyed: exchanged, first } = state;
  // Section 2.23: an initiator may move to port 4500 with IKE_AUTH whether or not there is a NAT.
  const moves = ikeSa.nat.detected || sameAddresses(request.path, ikeSa.path);
  ikeSa.path = surroundings.rules.requestPath(request.path, ikeSa.path, moves);
  if (first.resumed) return answerResumed(ikeSa, { ...first, resumed: first.resumed }, request.payloads);
  const { payloads } = request;
  const [IDi, AUTH] = [find(payloads, 'IDi'), find(payloads, 'AUTH')];
  if (IDi === undefined) return failed(ikeSa, { rule: 'requiredPayloads', detail: 'nobody to authenticate' });
  const [done, negotiated] = [first.intermediate?.exchanges ?? 0, exchanged.chosen.additional?.length ?? 0];
  if (!surroundings.rules.keyExchangesComplete(done, negotiated)) {
    return failed(ikeSa, { rule: 'keyExchangesComplete', detail: `${done} of ${negotiated}` });
  }
  const peer = identityProven(IDi, AUTH, surroundings.rules);
  const connection = padEntry(ikeSa, peer, find(payloads, 'IDr'), request);
  if (connection === undefined) {
    return failed(ikeSa, { rule: 'padEntry', detail: `${identityText(peer)} is in no PAD entry` });
  }
  if (AUTH === undefined) return beginEap(ikeSa, connection, IDi, payloads);
  const proof = proofOfInitiator(ikeSa, connection, AUTH, { keyed: exchanged, first }, payloads);
  if ('rule' in proof) return failed(ikeSa, proof);
  const { authentication, keyed, confirms } = proof;
  const refusal = refusalOfPeer(ikeSa, connection, { identification: IDi, authentication, payloads }, keyed, first);
  if (refusal !== undefined) return failed(ikeSa, refusal);
  const granted = grant(ikeSa, connection, keyed, peer, payloads, confirms);
  return {
    payloads: [...proofOf(connection), ...granted.payloads],
    complete: (message) => withAuthentication(ikeSa, connection, message, 'IDr', keyed, first),
    afterwards: granted.afterwards,
  };
}

/** RFC 4301 section 4.4.3: the first entry that fits, of those that answer under the identity asked for. */
function padEntry(
  ikeSa: IkeSa,
  peer: PeerIdentity,
  asked: PeerIdentity | undefined,
  { path }: ReceivedMessage,
): IkeConnection | undefined {
  const { rules, connections } = ikeSa.surroundings;
  const candidates = connections.filter((connection) => rules.pathMatchesConnection(path, connection));
  const isAsked = ({ local }: IkeConnection) => asked !== undefined && identityEquals(asked, local.identity);
  const answering = rules.connectionsAsked(candidates, isAsked);
  return rules.padEntry(answering, peer, ({ remote }) => rules.identityMatchesPad(peer, remote.identity));
}

function sameAddresses(one: Path, other: Path): boolean {
  return one.localAddress === other.localAddress && one.remoteAddress === other.remoteAddress;
}
