/**
 * IKE_AUTH, the responder's side (RFC 7296 sections 1.2, 2.15, 2.21.2 and 2.4): finds the PAD entry of the identity asserted, has it prove
 * itself, answers with its own proof and with the first child or the reason why there is none.
 */
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { certificatePayloads } from '../certificate-payloads.ts';
import { installChild } from '../child-installation.ts';
import { answerOffer, type ChildTerms, payloadsOfTerms } from '../child-negotiation.ts';
import type { IkeConnection } from '../configuration.ts';
import { answerConfiguration } from '../configuration-payloads.ts';
import type { Answer, ReceivedMessage } from '../exchange.ts';
import { identityEquals, identityOctets, identityText, type PeerIdentity } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { IkeSaState, Keyed } from '../ike-sa-state.ts';
import type { Path } from '../interface.ts';
import { agreeOnMobike, mobikeNotifies } from '../mobike.ts';
import { find, findNotify, notify } from '../payloads.ts';
import { refusalOfPeer } from '../peer-authentication.ts';
import { proofOfInitiator } from '../ppk.ts';
import { endPredecessors } from '../predecessors.ts';
import { isRefusal, type NotifiedRefusal, type Refusal } from '../refusal.ts';
import { tell, tellRefusal } from '../surroundings.ts';
import { BLANK_AUTH, withAuthentication } from './ike-auth.ts';

type HalfOpen = Extract<IkeSaState, { name: 'halfOpen' }>;

/** The request has all the payloads it must have, by the rule. */
export function respondToIkeAuth(ikeSa: IkeSa, request: ReceivedMessage): Answer {
  const { surroundings } = ikeSa;
  const { keyed: exchanged, first } = ikeSa.state as HalfOpen;
  const { payloads } = request;
  const [IDi, AUTH] = [find(payloads, 'IDi'), find(payloads, 'AUTH')];
  if (IDi === undefined || AUTH === undefined) {
    return failed(ikeSa, { rule: 'requiredPayloads', detail: 'nobody to authenticate' });
  }
  const [done, negotiated] = [first.intermediate?.exchanges ?? 0, exchanged.chosen.additional?.length ?? 0];
  if (!surroundings.rules.keyExchangesComplete(done, negotiated)) {
    return failed(ikeSa, { rule: 'keyExchangesComplete', detail: `${done} of ${negotiated}` });
  }
  // Section 2.23: an initiator may move to port 4500 with IKE_AUTH whether or not there is a NAT.
  const moves = ikeSa.nat.detected || sameAddresses(request.path, ikeSa.path);
  ikeSa.path = surroundings.rules.requestPath(request.path, ikeSa.path, moves);
  const connection = padEntry(ikeSa, IDi, find(payloads, 'IDr'), request);
  if (connection === undefined) {
    return failed(ikeSa, { rule: 'padEntry', detail: `${identityText(IDi)} is in no PAD entry` });
  }
  const proof = proofOfInitiator(ikeSa, connection, AUTH, { keyed: exchanged, first }, payloads);
  if ('rule' in proof) return failed(ikeSa, proof);
  const { authentication, keyed, confirms } = proof;
  const refusal = refusalOfPeer(ikeSa, connection, { identification: IDi, authentication, payloads }, keyed, first);
  if (refusal !== undefined) return failed(ikeSa, refusal);
  const identity = identityOctets(connection.local.identity);
  ikeSa.become('authenticates the peer', { name: 'established', connection, keyed, peer: IDi });
  const configuration = answerConfiguration(ikeSa, connection, payloads);
  agreeOnMobike(ikeSa, connection, payloads);
  const child = answerOffer(ikeSa, connection, payloads, 'none');
  return {
    payloads: [
      { type: 'IDr', ...identity },
      ...certificatePayloads(connection),
      BLANK_AUTH,
      ...configuration,
      ...(ikeSa.mobike ? mobikeNotifies(connection) : []),
      ...confirms,
      ...childPayloads(child),
    ],
    complete: (message) => withAuthentication(ikeSa, connection, message, 'IDr', keyed, first),
    afterwards: () => establish(ikeSa, connection, keyed, payloads, child),
  };
}

/** RFC 4301 section 4.4.3: the first entry that fits; an IDr that is the local identity of some entry leaves only such. */
function padEntry(
  ikeSa: IkeSa,
  peer: PeerIdentity,
  asked: PeerIdentity | undefined,
  { path }: ReceivedMessage,
): IkeConnection | undefined {
  const { rules, connections } = ikeSa.surroundings;
  const candidates = connections.filter((connection) => rules.pathMatchesConnection(path, connection));
  const isAsked = ({ local }: IkeConnection) => asked !== undefined && identityEquals(asked, local.identity);
  const answering = candidates.some(isAsked) ? candidates.filter(isAsked) : candidates;
  return rules.padEntry(answering, peer, ({ remote }) => rules.identityMatchesPad(peer, remote.identity));
}

function sameAddresses(one: Path, other: Path): boolean {
  return one.localAddress === other.localAddress && one.remoteAddress === other.remoteAddress;
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
  endPredecessors(ikeSa, findNotify(payloads, 'INITIAL_CONTACT') !== undefined);
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
function failed(ikeSa: IkeSa, refusal: Refusal): Answer {
  const { surroundings } = ikeSa;
  tellRefusal(surroundings, refusal.rule, refusal.detail);
  const answer = surroundings.rules.failedAuthenticationAnswer();
  return {
    payloads: answer === 'silence' ? [] : [notify(notifyTypes[answer])],
    afterwards: () => {
      if (surroundings.rules.ikeSaAfterFailedAuthentication() === 'kept') return;
      ikeSa.end('failed', `AUTHENTICATION_FAILED: ${refusal.rule}: ${refusal.detail}`);
    },
  };
}
