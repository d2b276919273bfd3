/** Two gateways on one link, `left` and `right`, for the tests of daemons that speak IKE: how they prove who they are, and what they are told. */
import type { Credential, IkeConnection, NodeConfiguration, RemoteIdentity } from '../lab/node.ts';

export interface Keying {
  credential(name: string): Credential;
  remote(peer: string): RemoteIdentity;
}

const keys: Readonly<Record<string, string>> = { left: 'p256One', right: 'p256Two' };

const authority = { subject: 'CN=Lab Authority', key: 'ecdsaAuthority', authority: {} };

export const byCertificate: Keying = {
  credential: (name) => ({
    kind: 'certificate',
    chain: [{ subject: `CN=${name}`, key: keys[name]!, issuer: authority, altNames: [{ dNSName: `${name}.example` }] }],
    key: keys[name]!,
  }),
  remote: () => ({ identity: 'any', authentication: 'signature', trustAnchors: [authority] }),
};

/** Each has this key for the other, and shows the same. */
export const bySharedKey = (key: string): Keying => ({
  credential: () => ({ kind: 'shared-key', key }),
  remote(peer) {
    const identity = { type: 'ID_FQDN', value: `${peer}.example` } as const;
    return { identity, authentication: 'shared-key', trustAnchors: [], sharedKeys: [{ identity, key }] };
  },
});

/** One of the two ends, with a network behind it. */
export function node(
  name: 'left' | 'right',
  keying: Keying,
  { routed = false }: { readonly routed?: boolean } = {},
): NodeConfiguration {
  const [own, other, peer] = name === 'left' ? ([1, 2, 'right'] as const) : ([2, 1, 'left'] as const);
  const connection: IkeConnection = {
    name: 'peer',
    localAddresses: [`192.0.2.${own}`],
    remoteAddresses: ['any'],
    local: { identity: { type: 'ID_FQDN', value: `${name}.example` }, authentication: keying.credential(name) },
    remote: keying.remote(peer),
    proposals: [
      {
        encryption: [{ id: 12, keyLength: 128 }],
        integrity: [12],
        pseudorandomFunctions: [5],
        keyExchangeMethods: [31],
      },
    ],
    children: [
      {
        name: 'net',
        mode: 'tunnel',
        local: [{ addresses: `10.0.${own}.0/24` }],
        remote: [{ addresses: `10.0.${other}.0/24` }],
        proposals: [{ encryption: [{ id: 20, keyLength: 128 }], integrity: [] }],
        start: 'none',
      },
    ],
  };
  return {
    name,
    interfaces: [{ name: 'eth0', link: 'link', addresses: [`192.0.2.${own}/24`] }],
    innerAddresses: [`10.0.${own}.1/32`],
    routes: routed ? [{ destination: `10.0.${other}.0/24`, via: `192.0.2.${other}`, interface: 'eth0' }] : [],
    forwarding: false,
    sinks: [{ protocol: 'udp', port: 7777 }],
    spd: [],
    manual: [],
    ike: [{ ...connection, remoteAddresses: [`192.0.2.${other}`] }],
  };
}

/** From the network behind the left one to that behind the right one. */
export const datagram = {
  kind: 'udp',
  from: '10.0.1.1',
  to: '10.0.2.1',
  sourcePort: 1234,
  destinationPort: 7777,
  payload: Uint8Array.of(1, 2, 3),
} as const;
