/** A first request of IKE that a tester writes by hand, octet by octet as a node of the lab accepts it (RFC 7296 1.2): whoever sends it need not go on. */
import { ikeProposal } from '../harness/vocabulary/transforms.ts';
import { ikeMessage } from '../reference/wire/ike/message.ts';
import { exchangeTypes, protocolIds } from '../reference/wire/ike/registry.ts';
import { keyExchangeMethods, transformTypes } from '../reference/wire/ike/transform-types.ts';

export interface FirstRequest {
  /** 8 octets. */
  readonly initiatorSPI: Uint8Array;
  /** Offered beside Curve25519, of which the public value is. */
  readonly otherGroups?: readonly number[];
  /** 32 octets. */
  readonly publicValue: Uint8Array;
  readonly nonce: Uint8Array;
}

export function firstRequest({ initiatorSPI, otherGroups = [], publicValue, nonce }: FirstRequest): Uint8Array {
  const { encryption, pseudorandomFunctions = [], integrity } = ikeProposal;
  const ids = (type: number, offered: readonly number[]) => offered.map((id) => ({ type, id }));
  const transforms = [
    ...encryption.map((each) => ({ type: transformTypes['Encryption Algorithm'], ...each })),
    ...ids(transformTypes['Pseudorandom Function'], pseudorandomFunctions),
    ...ids(transformTypes['Integrity Algorithm'], integrity),
    ...ids(transformTypes['Key Exchange Method'], [Curve25519, ...otherGroups]),
  ];
  return ikeMessage.encode({
    header: {
      initiatorSPI,
      responderSPI: new Uint8Array(8),
      exchangeType: exchangeTypes.IKE_SA_INIT,
      flags: { initiator: true, response: false, version: false },
      messageId: 0,
    },
    payloads: [
      { type: 'SA', proposals: [{ number: 1, protocolId: protocolIds.IKE, spi: new Uint8Array(), transforms }] },
      { type: 'KE', group: Curve25519, keyExchangeData: publicValue },
      { type: 'Nonce', data: nonce },
    ],
  });
}

const { Curve25519 } = keyExchangeMethods;
