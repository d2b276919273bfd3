/**
 * CREATE_CHILD_SA (RFC 7296 sections 1.3, 2.8, 2.17 and 2.25), the side that is asked: tells by the payloads what is wanted, and answers with
 * terms or with the reason why not.
 */
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { u16 } from '../../wire/octets.ts';
import { installChild, mayCome } from '../child-installation.ts';
import { answerOffer, payloadsOfTerms } from '../child-negotiation.ts';
import { type ChildSa, outboundName, spiNumber } from '../child-sa.ts';
import type { Answer, ReceivedMessage } from '../exchange.ts';
import type { IkeSa } from '../ike-sa.ts';
import { refusalOfNonce } from '../key-agreement.ts';
import { freshNonce, freshPrivateValue, keyExchangePayload } from '../key-share.ts';
import { isAboutIkeSa } from '../message-forms.ts';
import { find, findNotify, nonceIn } from '../payloads.ts';
import { answerOfRefusal, isRefusal, type NotifiedRefusal } from '../refusal.ts';
import { noRoomForChild } from '../room.ts';
import { secretOf } from './create-child-sa.ts';
import { answerThen, refusalOfMethods } from './ike-followup-ke.ts';
import { respondToIkeRekeying } from './ike-sa-rekeying.ts';

export function respondToCreateChildSa(ikeSa: IkeSa, request: ReceivedMessage): Answer {
  const { rules } = ikeSa.surroundings;
  if (isAboutIkeSa(request.payloads)) return respondToIkeRekeying(ikeSa, request);
  if (rules.childrenRefusedWhile(ikeSa.activity)) {
    return answerOfRefusal(ikeSa, {
      rule: 'childrenRefusedWhile',
      notify: rules.collisionAnswer(),
      detail: ikeSa.activity,
    });
  }
  const old = rekeyedChildOf(ikeSa, request.payloads);
  if (isRefusal(old)) return answerOfRefusal(ikeSa, old, findNotify(request.payloads, 'REKEY_SA'));
  if (old.child === undefined && !rules.additionalChild(ikeSa.children.length)) {
    return answerOfRefusal(ikeSa, {
      rule: 'additionalChild',
      notify: 'NO_ADDITIONAL_SAS',
      detail: `${ikeSa.children.length} already`,
    });
  }
  const full = noRoomForChild(ikeSa);
  if (full) return answerOfRefusal(ikeSa, { ...full, notify: 'NO_ADDITIONAL_SAS' });
  return answerChild(ikeSa, request.payloads, old.child);
}

/** Section 2.25.1: the child that REKEY_SA names by the SPI its sender receives on. */
function rekeyedChildOf(
  ikeSa: IkeSa,
  payloads: readonly Payload[],
): { readonly child: ChildSa | undefined } | NotifiedRefusal {
  const { rules } = ikeSa.surroundings;
  const rekey = findNotify(payloads, 'REKEY_SA');
  if (rekey === undefined) return { child: undefined };
  const named = { protocolId: rekey.protocolId, spi: spiNumber(rekey.spi) ?? 0 };
  const child = ikeSa.children.find((one) => rules.rekeyedChild(outboundName(one), named));
  if (child === undefined) {
    const detail = `no child sends with SPI ${named.spi}`;
    return mayCome(ikeSa)
      ? { rule: 'unknownChildMayCome', notify: rules.collisionAnswer(), detail: `${detail} yet` }
      : { rule: 'rekeyedChild', notify: 'CHILD_SA_NOT_FOUND', detail };
  }
  // Section 2.25.2: what is being deleted here is not rekeyed any more.
  if (child.deleting && rules.childrenRefusedWhile('deleting'))
    return { rule: 'childrenRefusedWhile', notify: rules.collisionAnswer(), detail: 'it is being deleted' };
  return { child };
}

function answerChild(ikeSa: IkeSa, payloads: readonly Payload[], old: ChildSa | undefined): Answer {
  const { rules } = ikeSa.surroundings;
  const keyed = ikeSa.keyed!;
  const Ni = nonceIn(payloads);
  const nonce = refusalOfNonce(ikeSa, Ni, keyed.chosen);
  if (nonce !== undefined) return answerOfRefusal(ikeSa, { ...nonce, notify: 'INVALID_SYNTAX' });
  const terms = answerOffer(ikeSa, ikeSa.connection!, payloads, 'offered', old?.configuration);
  if (isRefusal(terms)) return answerOfRefusal(ikeSa, terms);
  const twice = refusalOfMethods(ikeSa.surroundings, terms.chosen);
  if (twice !== undefined) return answerOfRefusal(ikeSa, twice);
  const { group } = terms.chosen;
  const privateValue = group === undefined ? new Uint8Array() : freshPrivateValue(ikeSa, group);
  const secret = secretOf(ikeSa, payloads, privateValue, group);
  if ('rule' in secret)
    return answerOfRefusal(ikeSa, secret.notify === 'INVALID_KE_PAYLOAD' ? { ...secret, data: u16(group!) } : secret);
  let Nr = freshNonce(ikeSa);
  const between: Payload[] = [{ type: 'Nonce', data: Nr }];
  if (group !== undefined) between.push(keyExchangePayload(ikeSa, group, privateValue));
  const make = (furtherSecrets: readonly Uint8Array[]) => {
    const sharedSecret = rules.perfectForwardSecrecy(secret.g);
    const agreement = { ...terms, exchangeRole: 'responder', Ni, Nr, sharedSecret, furtherSecrets } as const;
    if (old === undefined) {
      installChild(ikeSa, keyed, agreement, 'established');
      return;
    }
    // While keys were exchanged it may have been deleted, and then nothing is to be waited for.
    const outbound = ikeSa.children.includes(old) ? rules.outboundOfSuccessor() : 'now';
    const successor = installChild(ikeSa, keyed, agreement, 'rekeyed', outbound);
    const earlier = old.replacedByPeer?.successors ?? [];
    old.replacedByPeer = { successors: [...earlier, successor], nonces: [Ni, Nr] };
  };
  return {
    ...answerThen(ikeSa, payloadsOfTerms(terms, between), terms.chosen, { rekeysIkeSa: false, make }),
    sent(message) {
      Nr = find(message.payloads, 'Nonce')?.data ?? Nr;
    },
  };
}
