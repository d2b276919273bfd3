import { expect } from 'chai';
import type { IdentityPattern, IkeConnection, NodeConfiguration, ProposalConfiguration } from '../../lab/node.ts';
import { bareNode } from '../bare-node.test-support.ts';
import { strongswanDefects } from './defects.ts';
import { identityText } from './identities.ts';
import { swanctlConf } from './print.ts';
import { proposalKeyword, proposalUnsupported } from './proposals.ts';
import { render, unsupported } from './render.ts';

const authority = { subject: 'CN=CA', key: 'ecdsaAuthority', authority: {} };
const own = { subject: 'CN=nut', key: 'p256Two', issuer: authority };

const connection: IkeConnection = {
  name: 'peer',
  localAddresses: ['192.0.2.1'],
  remoteAddresses: ['any'],
  local: {
    identity: { type: 'ID_FQDN', value: 'nut.example' },
    authentication: { kind: 'certificate', chain: [own], key: 'p256Two' },
  },
  remote: {
    identity: { type: 'ID_FQDN', value: 'tn.example' },
    authentication: 'signature',
    trustAnchors: [authority],
  },
  proposals: [
    { encryption: [{ id: 12, keyLength: 256 }], integrity: [12], pseudorandomFunctions: [5], keyExchangeMethods: [19] },
  ],
  children: [
    {
      name: 'all',
      mode: 'transport',
      local: [{ addresses: '192.0.2.1/32', protocol: 17, ports: 7 }],
      remote: [{ addresses: ['192.0.2.2', '192.0.2.2'] }, { addresses: '192.0.2.2/32' }],
      proposals: [{ encryption: [{ id: 20, keyLength: 128 }], integrity: [] }],
      start: 'trap',
      replayWindow: 64,
    },
  ],
};

const configuration: NodeConfiguration = {
  ...bareNode,
  spd: [
    {
      name: 'ping',
      direction: 'both',
      selector: { local: '192.0.2.1/32', remote: '0.0.0.0/0', protocol: 1, icmp: { type: 8, code: 0 } },
      action: 'BYPASS',
    },
    {
      name: 'all',
      direction: 'both',
      selector: { local: '192.0.2.1/32', remote: '192.0.2.2/32' },
      action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport' },
    },
  ],
  manual: [],
  ike: [connection],
};

const correspondent = { correspondentNode: { verifiesByIpsec: true } } as const;
const [all] = configuration.spd.filter(({ name }) => name === 'all');
const mobilePeer: Pick<NodeConfiguration, 'spd'> = {
  spd: [
    {
      ...all!,
      selector: { local: '2001:db8:1::1/128', remote: '2001:db8:a2::1/128' },
      action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport', securityAssociations: ['peer/all'] },
    },
  ],
};

describe('a configuration as swanctl.conf', () => {
  it('reads as a person would write it', () => {
    expect(swanctlConf(render(configuration))).to.equal(expected);
    const asking = { ...configuration, ike: [{ ...connection, livenessAfter: 2 }] };
    expect(swanctlConf(render(asking))).to.include('dpd_delay = 2s');
  });

  it('proposes AH for a child under AH, but nothing that the kernel has for ESP only', () => {
    const under = (integrity: number) => {
      const proposals = [{ encryption: [], integrity: [integrity], extendedSequenceNumbers: [true] }];
      const children = connection.children.map((child) => ({ ...child, protocol: 'AH' as const, proposals }));
      return { ...configuration, ike: [{ ...connection, children }] };
    };
    const { peer } = render(under(8)).connections as { peer: { children: { all: Record<string, unknown> } } };
    expect(peer.children.all).to.deep.include({ ah_proposals: ['aescmac-esn'] });
    expect(peer.children.all).not.to.have.property('esp_proposals');
    expect(unsupported(under(8))).to.equal(undefined);
    expect(unsupported(under(9))).to.match(/AES-GMAC/);
  });

  it('orders a final discard after every entry, and lets neighbour discovery past it', () => {
    const { connections } = render({ ...configuration, unmatched: 'DISCARD' });
    const shunts = connections.shunts as { children: Record<string, { mode: string; priority: string }> };
    expect(
      Object.entries(shunts.children).map(([name, { mode, priority }]) => `${name} ${mode} ${priority}`),
    ).to.deep.equal([
      'neighbour-discovery-135 pass 1',
      'neighbour-discovery-136 pass 1',
      'ping pass 1000',
      'unmatched-ipv4 drop 1002',
      'unmatched-ipv6 drop 1002',
    ]);
  });

  it('says where transport mode is for others than the hosts that IKE runs between', () => {
    const [child] = connection.children;
    const modes: [remote: string, local: string, named: IkeConnection['remoteAddresses'], mode: string][] = [
      ['192.0.2.2/32', '192.0.2.1/32', ['192.0.2.2', 'any'], 'transport'],
      ['10.2.0.1/32', '192.0.2.1/32', ['192.0.2.2', 'any'], 'transport_proxy'],
      ['192.0.2.2/32', '10.1.0.1/32', ['192.0.2.2'], 'transport_proxy'],
      ['192.0.2.0/24', '192.0.2.0/24', ['192.0.2.2'], 'transport'],
      ['10.2.0.1/32', '192.0.2.1/32', ['any'], 'transport'],
    ];
    for (const [remote, local, remoteAddresses, mode] of modes) {
      const children = [{ ...child!, local: [{ addresses: local }], remote: [{ addresses: remote }] }];
      const { connections } = render({ ...configuration, ike: [{ ...connection, remoteAddresses, children }] });
      expect(connections, remote).to.have.nested.property('peer.children.all.mode', mode);
    }
  });

  it('leaves policies to the kernel where a home address option may stand before IPsec', () => {
    const told = { ...configuration, ...mobilePeer, mobility: correspondent };
    expect(unsupported(told)).to.equal(undefined);
    const { connections, kernel } = render(told);
    expect(Object.keys(connections)).to.deep.equal(['peer']);
    expect(connections).to.have.nested.property('peer.children.all.policies', 'no');
    expect(connections).to.have.nested.property('peer.children.all.reqid', '1');
    expect(kernel[0]).to.match(/^xfrm state add .* proto hao .*wildrecv$/);
    expect(
      kernel.filter((line) => /^xfrm policy add .*dir in .*proto esp .*reqid 1 .*proto hao/.test(line)),
    ).to.have.lengthOf(1);
    expect(swanctlConf(render(told))).to.include(kernel[0]!);
    expect(render(configuration).kernel).to.deep.equal([]);
  });

  it('gives a secret to the peer it belongs to, and to nobody else', () => {
    const key = 'aabb';
    const keyed: IkeConnection = {
      ...connection,
      local: { ...connection.local, authentication: { kind: 'shared-key', key } },
      remote: {
        identity: 'any',
        authentication: 'shared-key',
        trustAnchors: [],
        sharedKeys: [{ identity: { type: 'ID_FQDN', value: 'tn.example' }, key }],
      },
    };
    expect(render({ ...configuration, ike: [keyed] }).secrets).to.deep.equal([
      { name: 'peer-0', owners: ['fqdn:tn.example'], key },
    ]);
  });

  const mobileNode = { interface: 'eth0', homeAddress: '2001:db8:9::9/64' };

  it('a mobile node by hand leaves its tunnel to the kernel', () => {
    const byHand = { careOfAddress: '2001:db8:2::2', correspondents: [] };
    const mobility = { mobileNode: { ...mobileNode, homeAgent: '2001:db8:1::1', byHand } };
    expect(render({ ...configuration, ...mobilePeer, mobility }).kernel[0]).to.match(/^link add name home-agent/);
  });

  const refused: [string, Partial<NodeConfiguration>, RegExp][] = [
    ['manual SAs', { manual: [{}] as never }, /no manual SAs/],
    ['an SA beside mobility that no entry names', { mobility: correspondent }, /policies = no/],
    [
      'a mobile node that registers',
      {
        ...mobilePeer,
        mobility: { mobileNode: { ...mobileNode, signalling: { lifetime: 60, routeOptimization: false } } },
      },
      /no Mobile IPv6 signalling/,
    ],
    ['signalling', { ...mobilePeer, mobility: { correspondentNode: { signalling: {} } } }, /no Mobile IPv6 signalling/],
    [
      'an unknown transform',
      { ike: [{ ...connection, proposals: [{ encryption: [{ id: 99 }], integrity: [] }] }] },
      /encryption 99/,
    ],
    [
      'a tree of DNs',
      {
        ike: [
          {
            ...connection,
            remote: { ...connection.remote, identity: { type: 'ID_DER_ASN1_DN', value: 'O=T', match: 'sub-tree' } },
          },
        ],
      },
      /rdn_matching/,
    ],
  ];
  for (const [name, change, reason] of refused) {
    it(`says why not: ${name}`, () => expect(unsupported({ ...configuration, ...change })).to.match(reason));
  }
  it('supports the rest', () => expect(unsupported(configuration)).to.equal(undefined));
});

describe('identities in swanctl.conf', () => {
  const table: [IdentityPattern | 'any', string][] = [
    ['any', '%any'],
    [{ type: 'ID_FQDN', value: 'a.example' }, 'fqdn:a.example'],
    [{ type: 'ID_FQDN', value: 'example', match: 'sub-tree' }, 'fqdn:*.example'],
    [{ type: 'ID_RFC822_ADDR', value: '@example.com', match: 'sub-tree' }, 'email:*@example.com'],
    [{ type: 'ID_IPV4_ADDR', value: '192.0.2.0/24', match: 'range' }, '192.0.2.0/24'],
    [{ type: 'ID_DER_ASN1_DN', value: 'CN=a\\, b, O=Touchstone' }, 'O=Touchstone, CN=a\\, b'],
    [{ type: 'ID_KEY_ID', value: '0aff' }, 'keyid:#0aff'],
  ];
  for (const [identity, text] of table) it(text, () => expect(identityText(identity)).to.equal(text));
});

describe('proposals in swanctl.conf', () => {
  const table: [ProposalConfiguration, string][] = [
    [
      { encryption: [{ id: 3 }], integrity: [2], pseudorandomFunctions: [2], keyExchangeMethods: [14] },
      '3des-sha1-prfsha1-modp2048',
    ],
    [
      { encryption: [{ id: 28 }], integrity: [0], extendedSequenceNumbers: [true, false] },
      'chacha20poly1305-esn-noesn',
    ],
    [
      {
        encryption: [
          { id: 12, keyLength: 128 },
          { id: 12, keyLength: 256 },
        ],
        integrity: [12, 14],
      },
      'aes128-aes256-sha256-sha512',
    ],
    [
      { encryption: [{ id: 20, keyLength: 256 }], integrity: [], pseudorandomFunctions: [6], keyExchangeMethods: [31] },
      'aes256gcm16-prfsha384-x25519',
    ],
  ];
  for (const [proposal, keyword] of table) it(keyword, () => expect(proposalKeyword(proposal)).to.equal(keyword));
  it('names every transform it has no keyword for', () => {
    expect(proposalUnsupported({ encryption: [{ id: 99 }], integrity: [98], keyExchangeMethods: [97] })).to.match(
      /99.*98.*97/,
    );
  });
});

describe('defects planted in charon', () => {
  const rendering = render({
    ...configuration,
    ike: [
      {
        ...connection,
        remote: { ...connection.remote, sharedKeys: [{ identity: { type: 'ID_FQDN', value: 'x' }, key: '00' }] },
        children: [
          ...connection.children,
          { ...connection.children[0]!, name: 'at-home', local: [{ addresses: '10.1.0.1/32' }] },
        ],
      },
    ],
  });
  for (const [name, defect] of Object.entries(strongswanDefects)) {
    it(`${name} changes what is told, and only when planted`, () => {
      const before = JSON.stringify(rendering);
      expect(JSON.stringify(defect.plant(rendering))).not.to.equal(before);
      expect(JSON.stringify(rendering)).to.equal(before);
    });
  }
});

const expected = `# private/p256Two.pem
# x509ca/CN=CA.der
connections {
  peer {
    version = 2
    local_addrs = 192.0.2.1
    remote_addrs = 192.0.2.2, %any
    proposals = aes256-sha256-prfsha256-ecp256
    mobike = no
    send_cert = always
    rekey_time = 0
    reauth_time = 0
    dpd_delay = 0
    keyingtries = 1
    local {
      auth = pubkey
      id = fqdn:nut.example
      certs = CN=nut.der
    }
    remote {
      auth = pubkey
      id = fqdn:tn.example
      cacerts = CN=CA.der
    }
    children {
      all {
        mode = transport
        local_ts = 192.0.2.1/32[17/7]
        remote_ts = 192.0.2.2-192.0.2.2, 192.0.2.2/32
        esp_proposals = aes128gcm16
        start_action = trap
        rekey_time = 0
        rekey_bytes = 0
        replay_window = 64
        priority = 1001
      }
    }
  }
  shunts {
    version = 2
    remote_addrs = 127.0.0.1
    local {
      auth = psk
    }
    remote {
      auth = psk
    }
    children {
      ping {
        mode = pass
        local_ts = 192.0.2.1/32[1/2048]
        remote_ts = 0.0.0.0/0[1/2048]
        start_action = trap
        priority = 1000
      }
    }
  }
}
`;
