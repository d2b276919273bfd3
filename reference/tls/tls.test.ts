/** Whole handshakes of TLS: with ourselves, and with the TLS of node, which is OpenSSL's, on either side. */
import { EventEmitter, once } from 'node:events';
import { Duplex } from 'node:stream';
import { connect, createSecureContext, TLSSocket as Socket, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { certificateFromRecipe } from '../certificates/issuing.ts';
import { type LabKeyName, labKey } from '../certificates/lab-keys.ts';
import type { CertificateRecipe } from '../certificates/recipe.ts';
import { concat, hex } from '../wire/octets.ts';
import { handshakeTypes } from '../wire/tls/registry.ts';
import type { TlsEndpoint } from './endpoint.ts';
import { authority, certificateFor, clientEndpoint, converse, serverEndpoint } from './endpoints.test-support.ts';
import { exportedKey, tlsPrf } from './key-schedule.ts';
import { TlsConnection, type TlsStep } from './tls.ts';

const LABEL = 'client EAP encryption';

describe('TLS 1.2', () => {
  it('has both ends share what they export', () => {
    const { client, server } = converse(clientEndpoint(), serverEndpoint());
    expect(hex(exportedKey(client.secrets!, LABEL, 64))).to.equal(hex(exportedKey(server.secrets!, LABEL, 64)));
  });

  it('says the same octets each time, and takes them one by one', () => {
    const said = () => {
      const octets: string[] = [];
      converse(clientEndpoint(), serverEndpoint(), (each) => {
        octets.push(hex(each));
        return each;
      });
      return octets;
    };
    expect(said()).to.deep.equal(said());
    const server = new TlsConnection('server', serverEndpoint());
    const hello = new TlsConnection('client', clientEndpoint()).receives(new Uint8Array()).octets;
    const steps = Array.from(hello, (octet) => server.receives(Uint8Array.of(octet)).octets.length);
    expect(steps.slice(0, -1).every((length) => length === 0)).to.equal(true);
    expect(steps.at(-1)).to.be.greaterThan(500);
  });

  it('lets a hello request go by that comes between other messages', () => {
    const asked = (octets: Uint8Array, from: string) =>
      from === 'server' && octets[5] === handshakeTypes.server_hello
        ? concat(Uint8Array.of(22, 3, 3, 0, 4, 0, 0, 0, 0), octets)
        : octets;
    const { client, server } = converse(clientEndpoint(), serverEndpoint(), asked);
    expect([client.refusal, server.refusal]).to.deep.equal([undefined, undefined]);
  });

  it('reads any number of records, and a message in as many', () => {
    const hello = new TlsConnection('client', clientEndpoint()).receives(new Uint8Array()).octets.subarray(5);
    const warnings = Array.from({ length: 5000 }, () => [21, 3, 3, 0, 2, 1, 90]).flat();
    const pieces = Array.from(hello, (octet) => [22, 3, 3, 0, 1, octet]).flat();
    const server = new TlsConnection('server', serverEndpoint());
    const step = server.receives(Uint8Array.from([...warnings, ...pieces]));
    expect(step.refusal).to.equal(undefined);
    expect(step.octets.length).to.be.greaterThan(500);
  });

  it('stretches a secret as everybody does', () => {
    // The vector that is handed around for P_SHA256 of TLS 1.2.
    const secret = Buffer.from('9bbe436ba940f017b17652849a71db35', 'hex');
    const seed = Buffer.from('a0ba9f936cda311827a6f796ffd5198c', 'hex');
    expect(hex(tlsPrf(secret, 'test label', seed, 100))).to.equal(
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66',
    );
  });
});

describe('TLS 1.2 with the TLS of node', () => {
  for (const [own, theirs] of [
    ['rsaOne', 'p256Two'],
    ['p256One', 'rsaTwo'],
  ] as const satisfies readonly (readonly [LabKeyName, LabKeyName])[]) {
    // OpenSSL verifies ECDSA on no curve that it is not told of here.
    for (const curve of ['X25519:P-256', 'P-256']) {
      it(`is a client (${own}) of its server (${theirs}) on ${curve}`, async () => {
        const options = { ...secure('server.example', theirs), ecdhCurve: curve, isServer: true } as const;
        const { socket, step } = await handshake(
          (wire) => new Socket(wire, { ...options, secureContext: createSecureContext(options) }),
          'client',
          clientEndpoint({}, own),
        );
        expect(step.refusal).to.equal(undefined);
        expect(hex(exportedKey(step.secrets!, LABEL, 64))).to.equal(exportedBy(socket));
      });

      it(`is a server (${own}) of its client (${theirs}) on ${curve}`, async () => {
        const options = { ...secure('client.example', theirs), ecdhCurve: curve, servername: 'server.example' };
        const { socket, step } = await handshake(
          (wire) => connect({ ...options, socket: wire }),
          'server',
          serverEndpoint({}, own),
        );
        expect(step.refusal).to.equal(undefined);
        expect(hex(exportedKey(step.secrets!, LABEL, 64))).to.equal(exportedBy(socket));
      });
    }
  }
});

function secure(name: string, key: LabKeyName) {
  const certificate = certificateFor(name, key);
  return {
    cert: pem(certificate),
    key: Buffer.from(labKey(key).pkcs8)
      .toString('base64')
      .replace(/^/, '-----BEGIN PRIVATE KEY-----\n')
      .concat('\n-----END PRIVATE KEY-----\n'),
    ca: pem(authority),
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
  } as const;
}

function pem(recipe: CertificateRecipe): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificateFromRecipe(recipe)).toString('base64')}\n-----END CERTIFICATE-----\n`;
}

const exportedBy = (socket: TLSSocket): string => socket.exportKeyingMaterial(64, LABEL, NO_CONTEXT).toString('hex');

/** The types of node want one, and an empty one is not none (RFC 5705 section 4). */
const NO_CONTEXT = undefined as unknown as Buffer;

/** Between a socket of node and one of our ends, over a stream in memory, until both are done or ours refuses. */
async function handshake(
  socketOn: (wire: Duplex) => TLSSocket,
  side: 'client' | 'server',
  endpoint: TlsEndpoint,
): Promise<{ socket: TLSSocket; step: TlsStep }> {
  const own = new TlsConnection(side, endpoint);
  const ended = new EventEmitter();
  const receives = (octets: Uint8Array) => {
    const step = own.receives(octets);
    if (step.octets.length > 0) wire.push(step.octets);
    if (step.secrets || step.refusal) ended.emit('ended', step);
  };
  const wire: Duplex = new Duplex({
    read() {},
    write(octets: Buffer, _encoding, done) {
      receives(Uint8Array.from(octets));
      done();
    },
  });
  const socket = socketOn(wire);
  socket.on('error', () => {});
  const secure = once(socket, 'secure');
  const end = once(ended, 'ended') as Promise<[TlsStep]>;
  receives(new Uint8Array());
  const [step] = await end;
  if (step.secrets) await secure;
  return { socket, step };
}
