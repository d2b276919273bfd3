/** The keys of a child SA that two messages agreed on (RFC 7296 2.17), one for each direction, with the ends that those messages had. */
import { type ChildSecrets, childKeyring } from '../../../reference/ikev2/keymat.ts';
import { type ChosenProposal, chosenOf } from '../../../reference/ikev2/proposal-selection.ts';
import type { PseudorandomFunction } from '../../../reference/transforms/prf.ts';
import type { Address } from '../../../reference/wire/address.ts';
import type { Payload } from '../../../reference/wire/ike/payload-chain.ts';
import { protocolIds } from '../../../reference/wire/ike/registry.ts';
import { hex, readU32 } from '../../../reference/wire/octets.ts';
import type { StrangersKey } from '../../capture/keys/strangers-key.ts';

/** Of the exchange that makes the child: who asked, and who answered. */
export interface Agreement {
  readonly chosen: ChosenProposal;
  /** What each chose for what it receives. */
  readonly spis: { readonly initiator: Uint8Array; readonly responder: Uint8Array };
  readonly ends: { readonly initiator: Address; readonly responder: Address };
}

/** Undefined where the answer has no SA, or chose what was not offered. */
export function agreementIn(
  request: readonly Payload[],
  response: readonly Payload[],
  ends: Agreement['ends'],
): Agreement | undefined {
  const answer = response.find((payload) => payload.type === 'SA')?.proposals[0];
  const offered = request.find((payload) => payload.type === 'SA')?.proposals;
  const proposal = offered?.find(
    ({ number, protocolId }) => number === answer?.number && protocolId === answer.protocolId,
  );
  const chosen = answer && chosenOf(answer);
  return chosen && proposal && { chosen, spis: { initiator: proposal.spi, responder: answer.spi }, ends };
}

/** Throws `RangeError` for transforms that the reference lacks. */
export function childKeys(
  { chosen, spis, ends }: Agreement,
  prf: PseudorandomFunction,
  SK_d: Uint8Array,
  secrets: ChildSecrets,
): readonly StrangersKey[] {
  const { fromInitiator, fromResponder } = childKeyring(prf, SK_d, secrets, chosen);
  return [
    keyOf(chosen, spis.responder, { source: ends.initiator, destination: ends.responder }, fromInitiator),
    keyOf(chosen, spis.initiator, { source: ends.responder, destination: ends.initiator }, fromResponder),
  ];
}

function keyOf(
  { protocolId, encryption, integrity, extendedSequenceNumbers = false }: ChosenProposal,
  spi: Uint8Array,
  ends: { readonly source: Address; readonly destination: Address },
  keys: { readonly encryption: Uint8Array; readonly integrity: Uint8Array },
): StrangersKey {
  const common = { ...ends, spi: readU32(spi), extendedSequenceNumbers };
  const authenticator = integrity === undefined ? undefined : { id: integrity, key: hex(keys.integrity) };
  if (protocolId === protocolIds.AH) {
    if (!authenticator) throw new RangeError('AH without an integrity algorithm');
    return { kind: 'ah', ...common, integrity: authenticator };
  }
  if (!encryption) throw new RangeError('ESP without an encryption algorithm');
  return {
    kind: 'esp',
    ...common,
    encryption: { ...encryption, key: hex(keys.encryption) },
    ...(authenticator && { integrity: authenticator }),
  };
}
