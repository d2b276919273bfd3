/** A flood of first requests of IKE, each of somebody else and none that is meant (RFC 7296 2.6). */
import { ikeProposal } from '../../harness/vocabulary/transforms.ts';
import { ikeMessage } from '../../reference/wire/ike/message.ts';
import { exchangeTypes, protocolIds } from '../../reference/wire/ike/registry.ts';
import { keyExchangeMethods, transformTypes } from '../../reference/wire/ike/transform-types.ts';

/** Seconds: a node may reckon the age of a cookie from before its machine began, and takes none for that long (FINDINGS.md). It is asked what it does when it has run. */
export const GROWN = 40;

/** More than a node bears without asking who is there. */
export const FLOOD = 80;

/** Somebody's, with a nonce and a key share of nobody. */
export function firstRequest(place: number): Uint8Array {
  const [encryption, prf, integrity] = [
    ikeProposal.encryption[0]!,
    ikeProposal.pseudorandomFunctions![0]!,
    ikeProposal.integrity[0]!,
  ];
  const transforms = [
    { type: transformTypes['Encryption Algorithm'], ...encryption },
    { type: transformTypes['Pseudorandom Function'], id: prf },
    { type: transformTypes['Integrity Algorithm'], id: integrity },
    { type: transformTypes['Key Exchange Method'], id: Curve25519 },
    { type: transformTypes['Key Exchange Method'], id: P256 },
  ];
  return ikeMessage.encode({
    header: {
      initiatorSPI: Uint8Array.of(0xf1, 0, 0, 0, 0, 0, 1, place),
      responderSPI: new Uint8Array(8),
      exchangeType: exchangeTypes.IKE_SA_INIT,
      flags: { initiator: true, response: false, version: false },
      messageId: 0,
    },
    payloads: [
      { type: 'SA', proposals: [{ number: 1, protocolId: protocolIds.IKE, spi: new Uint8Array(), transforms }] },
      { type: 'KE', group: Curve25519, keyExchangeData: new Uint8Array(32).fill(9) },
      { type: 'Nonce', data: new Uint8Array(32).fill(place) },
    ],
  });
}

const { Curve25519, '256-bit random ECP group': P256 } = keyExchangeMethods;
