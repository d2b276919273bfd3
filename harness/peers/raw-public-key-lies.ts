/** What a testing node sends as CERT payloads in the place of its own public key (RFC 7670), which AUTH does not cover; or that it asks for such a key. */
import { labKey } from '../../reference/certificates/lab-keys.ts';
import type { Payload, PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { certificateEncodings } from '../../reference/wire/ike/registry.ts';
import type { NodeSeams } from './testing-node.ts';

export type RawPublicKeyLie = 'key-that-is-known' | 'another' | 'another-first' | 'cut' | 'unknown-encoding' | 'asks';

/** By their names among the lab keys. */
export interface KeysToSend {
  readonly own: string;
  readonly another: string;
}

/** Under this connection. */
export function liesInRawPublicKey(connection: string, lie: RawPublicKeyLie, keys: KeysToSend): NodeSeams {
  return {
    ikev2: {
      message(message, context) {
        if (context.connection !== connection || message.payloads.every(({ type }) => type !== 'CERT')) return message;
        context.note({ name: `raw public key: ${lie}` });
        const payloads = message.payloads.flatMap((payload): readonly Payload[] =>
          payload.type === 'CERT' ? inPlaceOf(payload, lie, keys) : [payload],
        );
        return { ...message, payloads };
      },
    },
  };
}

function inPlaceOf(sent: PayloadOf<'CERT'>, lie: RawPublicKeyLie, { own, another }: KeysToSend): readonly Payload[] {
  switch (lie) {
    case 'key-that-is-known':
      return [{ ...sent, data: labKey(own).publicKey.spki }];
    case 'another':
      return [{ ...sent, data: labKey(another).publicKey.spki }];
    case 'another-first':
      return [{ ...sent, data: labKey(another).publicKey.spki }, sent];
    case 'cut':
      return [{ ...sent, data: sent.data.subarray(0, -1) }];
    case 'unknown-encoding':
      return [{ ...sent, encoding: OF_PRIVATE_USE, data: labKey(another).publicKey.spki }];
    case 'asks':
      return [sent, { type: 'CERTREQ', encoding: certificateEncodings['Raw Public Key'], data: new Uint8Array() }];
  }
}

const OF_PRIVATE_USE = 250;
