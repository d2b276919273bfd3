/** What the tests of renderings tell a daemon that speaks IKE: a connection by certificates, with a peer at one address or at any. */
import type { ChildConfiguration, IkeConnection } from '../lab/node.ts';

export const authority = { subject: 'CN=CA, O=Lab', key: 'ecdsaAuthority', authority: {} };
export const own = { subject: 'CN=nut', key: 'p256Two', issuer: authority };

export const certifiedConnection = (child: ChildConfiguration): IkeConnection => ({
  name: 'peer',
  localAddresses: ['192.0.2.1'],
  remoteAddresses: ['192.0.2.2', 'any'],
  local: {
    identity: { type: 'ID_FQDN', value: 'nut.example' },
    authentication: { kind: 'certificate', chain: [own], key: 'p256Two' },
  },
  remote: { identity: 'any', authentication: 'signature', trustAnchors: [authority] },
  proposals: [
    { encryption: [{ id: 12, keyLength: 256 }], integrity: [12], pseudorandomFunctions: [5], keyExchangeMethods: [19] },
  ],
  children: [child],
});
