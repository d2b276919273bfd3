/**
 * IntAuth (RFC 9242 section 3.3.2): what AUTH covers of the messages between IKE_SA_INIT and IKE_AUTH. Each is taken whole and as if SK held its content
 * unencrypted, whatever fragments it came in, and added under the SK_p that was valid when its exchange began.
 */
import type { IkeHeader } from '../wire/ike/header.ts';
import { type IkeMessage, ikeMessage } from '../wire/ike/message.ts';
import { encodePayloads } from '../wire/ike/payload-chain.ts';
import { concat, u32 } from '../wire/octets.ts';
import type { ReceivedMessage } from './exchange.ts';
import type { FirstMessages, IntermediateAuthentication, Keyed } from './ike-sa-state.ts';
import type { Ikev2Rules } from './rules.ts';

/** What the next exchange adds. */
export function withExchange(
  before: IntermediateAuthentication | undefined,
  { prf, keys }: Keyed,
  request: Uint8Array,
  response: Uint8Array,
  rules: Ikev2Rules,
): IntermediateAuthentication {
  const { exchanges, i, r } = before ?? { exchanges: 0, i: new Uint8Array(), r: new Uint8Array() };
  return {
    exchanges: exchanges + 1,
    i: prf.prf(keys.SK_pi, concat(rules.intermediateBefore(i), request)),
    r: prf.prf(keys.SK_pr, concat(rules.intermediateBefore(r), response)),
  };
}

/** IntAuth_iN | IntAuth_rN | IKE_AUTH_MID, where there was any such exchange. */
export function intermediateOctets({ intermediate }: FirstMessages, rules: Ikev2Rules): Uint8Array {
  if (intermediate === undefined) return new Uint8Array();
  const { i, r, exchanges } = intermediate;
  return rules.intermediateInAuthentication(concat(i, r, u32(exchanges + 1)));
}

/** A message of this node's own. */
export function contentSent({ header, payloads }: IkeMessage): Uint8Array {
  const { firstPayload, octets } = encodePayloads(payloads);
  return unencrypted(header, firstPayload, octets);
}

/** A message of the peer's. */
export function contentReceived({ message, payloads, chain }: ReceivedMessage, rules: Ikev2Rules): Uint8Array {
  const asRead = () => contentSent({ header: message.header, payloads: payloads.map(withoutReserved) });
  if (chain === undefined) return asRead();
  return rules.intermediateContent(unencrypted(message.header, chain.innerNextPayload, chain.content), asRead);
}

/** Header, generic header of SK, and the chain, with the lengths that they have so. */
function unencrypted(
  { nextPayload: _next, length: _length, ...header }: IkeHeader,
  innerNextPayload: number,
  content: Uint8Array,
): Uint8Array {
  return ikeMessage.encode({ header, payloads: [{ type: 'SK', innerNextPayload, body: content }] });
}

function withoutReserved<Payload extends object>(payload: Payload): Payload {
  return { ...payload, reservedBits: 0 };
}
