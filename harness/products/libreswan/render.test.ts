import { expect } from 'chai';
import type { Credential, IdentityPattern, IkeConnection, NodeConfiguration } from '../../lab/node.ts';
import { certifiedConnection } from '../certified-connection.test-support.ts';
import { libreswanDefects } from './defects.ts';
import { identityText } from './identities.ts';
import { ipsecConf, ipsecSecrets, printedFiles } from './print.ts';
import { proposalText, proposalUnsupported } from './proposals.ts';
import { render } from './render.ts';
import { unsupported } from './unsupported.ts';

const connection = certifiedConnection({
  name: 'all',
  mode: 'transport',
  local: [{ addresses: '192.0.2.1/32', protocol: 17, ports: 7 }],
  remote: [{ addresses: '192.0.2.2/32' }],
  proposals: [{ encryption: [{ id: 20, keyLength: 128 }], integrity: [] }],
  start: 'trap',
  replayWindow: 64,
});

const configuration: NodeConfiguration = {
  name: 'nut',
  interfaces: [{ name: 'eth0', link: 'home', addresses: ['192.0.2.1/24', '2001:db8:1::1/64'] }],
  innerAddresses: [],
  routes: [],
  forwarding: false,
  sinks: [],
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

const withConnection = (change: Partial<IkeConnection>): NodeConfiguration => ({
  ...configuration,
  ike: [{ ...connection, ...change }],
});

const parametersOf = (given: NodeConfiguration, name: string) =>
  render(given).connections.find((each) => each.name === name)?.parameters;

describe('a configuration as ipsec.conf', () => {
  it('reads as a person would write it', () => {
    expect(ipsecConf({ connections: render(configuration).connections.slice(0, 1) })).to.equal(expected);
    expect(printedFiles(render(configuration))).to.contain('# NSS: own-0, CN=nut, with its key p256Two');
  });

  it('is a second connection where peers come from anywhere', () => {
    const { connections } = render(configuration);
    expect(connections.map(({ name, parameters }) => [name, parameters.right])).to.deep.equal([
      ['peer/all', '192.0.2.2'],
      ['peer/all/any', '%any'],
      ['ping', '%any'],
    ]);
  });

  it('asks for life where that is said, and gives up after as long as any request', () => {
    const asking = parametersOf(withConnection({ livenessAfter: 2 }), 'peer/all');
    expect(asking).to.include({ dpddelay: '2s', dpdtimeout: '4s', dpdaction: 'clear' });
    expect(parametersOf(configuration, 'peer/all')).not.to.have.any.keys('dpddelay', 'dpdtimeout', 'dpdaction');
  });

  it('lets two children of one peer have the same selectors', () => {
    const [child] = connection.children;
    const twins = withConnection({ children: [child!, { ...child!, name: 'twin' }] });
    expect(parametersOf(twins, 'peer/twin')).to.include({ overlapip: 'yes' });
    expect(parametersOf(configuration, 'peer/all')).not.to.have.property('overlapip');
  });

  it('is a shunt in the place of its entry', () => {
    expect(parametersOf(configuration, 'ping')).to.include({
      type: 'passthrough',
      authby: 'never',
      leftprotoport: '1/2048',
      priority: '1000',
      auto: 'ondemand',
    });
    const discarding = { ...configuration, unmatched: 'DISCARD' as const };
    expect(parametersOf(discarding, 'unmatched-ipv6')).to.include({
      left: '2001:db8:1::1',
      leftsubnet: '::/0',
      type: 'drop',
      priority: '1002',
    });
  });

  it('has shared keys with their owners', () => {
    const keyed = withConnection({
      local: { ...connection.local, authentication: { kind: 'shared-key', key: 'aabb' } },
      remote: {
        identity: { type: 'ID_FQDN', value: 'tn.example' },
        authentication: 'shared-key',
        trustAnchors: [],
        sharedKeys: [
          { identity: { type: 'ID_FQDN', value: 'tn.example' }, key: 'aabb' },
          { identity: 'any', key: 'cc' },
        ],
      },
    });
    expect(ipsecSecrets(render(keyed).secrets)).to.equal('@nut.example @tn.example : PSK 0xaabb\n: PSK 0xcc\n');
    expect(parametersOf(keyed, 'peer/all')).to.include({ authby: 'secret', rightid: '@tn.example' });
  });

  it('signs, and has the peer sign, as its own key can', () => {
    const withKey = (key: string) => {
      const { local } = connection;
      const [own] = 'chain' in local.authentication ? local.authentication.chain : [];
      return withConnection({
        local: { ...local, authentication: { kind: 'certificate', chain: [{ ...own!, key }], key } },
      });
    };
    expect(parametersOf(withKey('rsaTwo'), 'peer/all')).to.include({ authby: 'rsa-sha2' });
    expect(parametersOf(withKey('p256Two'), 'peer/all')).to.include({ authby: 'ecdsa' });
  });

  it('gives out an address of a pool, or asks for one', () => {
    const gives = withConnection({
      internalAddresses: { pools: [['10.2.0.1', '10.2.0.9']], nameServers: ['10.1.0.1', '10.1.0.2'] },
    });
    expect(parametersOf(gives, 'peer/all')).to.include({
      rightaddresspool: '10.2.0.1-10.2.0.9',
      rightmodecfgclient: 'yes',
      modecfgdns: '10.1.0.1, 10.1.0.2',
      leftupdown: '',
    });
    expect(parametersOf(gives, 'peer/all')).not.to.have.property('rightsubnet');
    const asks = parametersOf(withConnection({ internalAddresses: { asksFor: ['0.0.0.0'] } }), 'peer/all');
    expect(asks).to.include({ leftmodecfgclient: 'yes', rightsubnet: '192.0.2.2/32' });
    expect(asks, 'its own script sets the address').not.to.have.property('leftupdown');
  });

  it('has a postquantum preshared key, by its name', () => {
    const ppk = { identity: 'ours', key: '0011', mandatory: true };
    const given = withConnection({
      ppk,
      remote: { ...connection.remote, identity: { type: 'ID_FQDN', value: 'tn.example' } },
    });
    expect(parametersOf(given, 'peer/all')).to.include({ ppk: 'insist' });
    expect(ipsecSecrets(render(given).secrets)).to.equal('@nut.example @tn.example : PPKS "ours" 0x0011\n');
  });

  it('lets in a client by EAP-TLS, and signs itself or proves itself by that as well', () => {
    const eap = { method: 'EAP-TLS', passwords: [] } as const;
    const byTls = { remote: { ...connection.remote, authentication: 'eap', eap } } as const;
    const tls = { leftautheap: 'tls', rightautheap: 'tls', rightauth: 'eaponly', leftcert: 'own-0' };
    expect(parametersOf(withConnection(byTls), 'peer/all')).to.include({ ...tls, leftauth: 'ecdsa' });
    const { chain, key } = connection.local.authentication as Extract<Credential, { kind: 'certificate' }>;
    const alone = { kind: 'eap', method: 'EAP-TLS', name: 'nut', chain, key } as const;
    const both = { ...byTls, local: { ...connection.local, authentication: alone } };
    expect(parametersOf(withConnection(both), 'peer/all')).to.include({ ...tls, leftauth: 'eaponly' });
    expect(unsupported(withConnection(both))).to.equal(undefined);
    const asksNobody = { ...both, remote: { ...both.remote, eap: undefined } };
    expect(unsupported(withConnection(asksNobody as Partial<IkeConnection>))).to.match(/as initiator/);
    const passwords = { ...byTls.remote, eap: { method: 'MD5-Challenge', passwords: [] } } as const;
    expect(unsupported(withConnection({ remote: passwords }))).to.match(/none or tls/);
  });

  it('names transforms and identities in its own words', () => {
    const proposals = connection.proposals.map(proposalText);
    expect(proposals).to.deep.equal(['aes256-sha2_256_128-sha2_256-dh19']);
    expect(proposalText({ encryption: [], integrity: [12] })).to.equal('sha2_256_128');
    expect(proposalUnsupported({ encryption: [{ id: 12 }], integrity: [] })).to.match(/NONE/);
    expect(proposalUnsupported({ encryption: [{ id: 12 }], integrity: [9] })).to.match(/integrity 9/);
    const names: [IdentityPattern, string][] = [
      [{ type: 'ID_RFC822_ADDR', value: 'a@b.example' }, 'a@b.example'],
      [{ type: 'ID_KEY_ID', value: '0a0b' }, '@#0a0b'],
      [{ type: 'ID_IPV6_ADDR', value: '2001:db8::1' }, '2001:db8::1'],
      [{ type: 'ID_DER_ASN1_DN', value: 'CN=a, O=b' }, 'O=b, CN=a'],
    ];
    expect(names.map(([identity]) => identityText(identity))).to.deep.equal(names.map(([, text]) => text));
  });

  it('says what it cannot say', () => {
    const subTree = { type: 'ID_FQDN', value: '.example', match: 'sub-tree' } as const;
    const [child] = connection.children;
    const cases: [NodeConfiguration, RegExp | undefined][] = [
      [configuration, undefined],
      [{ ...configuration, mobility: {} }, /Mobile IPv6/],
      [{ ...configuration, ike: [] }, /negotiated/],
      [withConnection({ remote: { ...connection.remote, identity: subTree } }), /one identity/],
      [withConnection({ remote: { ...connection.remote, certificateAddresses: 'required' } }), /addresses/],
      [withConnection({ children: [{ ...child!, local: [{ addresses: ['192.0.2.1', '192.0.2.3'] }] }] }), /netmask/],
      [withConnection({ children: [{ ...child!, local: [...child!.local, ...child!.local] }] }), /each pair/],
      [
        withConnection({ children: [{ ...child!, local: [{ addresses: '::/0', protocol: 17, ports: [1, 2] }] }] }),
        /no range/,
      ],
      [
        withConnection({ children: [{ ...child!, local: [{ addresses: '::/0', protocol: 1, icmp: { type: 0 } }] }] }),
        /not type 0/,
      ],
    ];
    for (const [given, reason] of cases) {
      if (reason) expect(unsupported(given)).to.match(reason);
      else expect(unsupported(given)).to.equal(undefined);
    }
  });

  it('is misled by a defect, and by nothing else', () => {
    const rendering = render(configuration);
    const discarding = render({ ...configuration, unmatched: 'DISCARD' });
    for (const [name, { plant }] of Object.entries(libreswanDefects)) {
      if (name === 'open-identity' || name === 'open-secret') continue;
      expect(plant(discarding), name).not.to.deep.equal(discarding);
    }
    const pinned = render(
      withConnection({ remote: { ...connection.remote, identity: { type: 'ID_FQDN', value: 'tn.example' } } }),
    );
    expect(libreswanDefects['open-identity']!.plant(pinned)).to.deep.equal(rendering);
  });
});

const expected = `conn peer/all
	left=192.0.2.1
	right=192.0.2.2
	leftid=@nut.example
	rightid=%fromcert
	leftcert=own-0
	leftsendcert=always
	rightca="O=Lab, CN=CA"
	authby=ecdsa
	ike=aes256-sha2_256_128-sha2_256-dh19
	phase2=esp
	esp=aes_gcm_c128-none
	pfs=no
	esn=no
	type=transport
	leftsubnet=192.0.2.1/32
	rightsubnet=192.0.2.2/32
	leftprotoport=17/7
	rightprotoport=17/0
	narrowing=no
	mobike=no
	rekey=no
	keyingtries=1
	retransmit-timeout=4s
	replay-window=64
	priority=1001
	leftupdown=""
	connalias=peer
	auto=ondemand
`;
