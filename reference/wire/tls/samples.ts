/** Good buffers for the decoders of TLS, as `../samples.ts` has them for all. */
import { fromText } from '../octets.ts';
import {
  certificateMessage,
  certificateRequest,
  certificateVerify,
  clientKeyExchange,
  handshakeMessage,
  serverKeyExchange,
} from './handshake.ts';
import { clientHello, numberList, pointFormats, renegotiationInfo, serverHello } from './hello.ts';
import { tlsAlert, tlsRecord } from './record.ts';
import {
  cipherSuites,
  contentTypes,
  extensionTypes,
  handshakeTypes,
  signatureSchemes,
  supportedGroups,
} from './registry.ts';

const random = new Uint8Array(32).fill(7);
const head = { version: 0x0303, random, sessionId: Uint8Array.of(1, 2, 3) };
const extensions = [
  { extensionType: extensionTypes.extended_master_secret, data: new Uint8Array() },
  { extensionType: extensionTypes.renegotiation_info, data: Uint8Array.of(0) },
];
const asked = clientHello.encode({
  ...head,
  cipherSuites: [cipherSuites.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 0xff],
  compressionMethods: [0],
  extensions,
});
const signed = { signatureScheme: signatureSchemes.ecdsa_secp256r1_sha256, signature: new Uint8Array(70).fill(9) };
const said = handshakeMessage.encode({ handshakeType: handshakeTypes.client_hello, body: asked });

export const tlsInputs: readonly (readonly [string, Uint8Array])[] = [
  ['tls record', tlsRecord.encode({ contentType: contentTypes.handshake, version: 0x0303, fragment: said })],
  ['tls alert', tlsAlert.encode({ level: 2, description: 40 })],
  ['tls handshake', said],
  ['tls client hello', asked],
  ['tls server hello', serverHello.encode({ ...head, cipherSuite: 0xc02b, compressionMethod: 0, extensions })],
  ['tls server hello', serverHello.encode({ ...head, cipherSuite: 0xc02b, compressionMethod: 0 })],
  ['tls number list', numberList.encode({ numbers: Object.values(supportedGroups) })],
  ['tls point formats', pointFormats.encode({ formats: [0] })],
  ['tls renegotiation info', renegotiationInfo.encode({ renegotiatedConnection: new Uint8Array() })],
  [
    'tls certificate',
    certificateMessage.encode({ certificates: [{ der: fromText('one') }, { der: fromText('another') }] }),
  ],
  [
    'tls server key exchange',
    serverKeyExchange.encode({ curveType: 3, namedCurve: supportedGroups.x25519, publicValue: random, ...signed }),
  ],
  [
    'tls certificate request',
    certificateRequest.encode({
      certificateTypes: [1, 64],
      signatureSchemes: Object.values(signatureSchemes),
      authorities: [{ name: fromText('an authority') }],
    }),
  ],
  ['tls certificate verify', certificateVerify.encode(signed)],
  ['tls client key exchange', clientKeyExchange.encode({ publicValue: random })],
];
