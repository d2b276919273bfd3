import { expect } from 'chai';
import type { ChildConfiguration, IdentityPattern, IkeConnection, NodeConfiguration } from '../../lab/node.ts';
import { bareNode } from '../bare-node.test-support.ts';
import { certifiedConnection, own } from '../certified-connection.test-support.ts';
import { openikedDefects } from './defects.ts';
import { identityText, identityUnsupported } from './identities.ts';
import { ikedConf, printed } from './print.ts';
import { childText, childUnsupported, ikeText, ikeUnsupported } from './proposals.ts';
import { connectionOf, render } from './render.ts';
import { unsupported } from './unsupported.ts';

const gcm = { encryption: [{ id: 20, keyLength: 128 }], integrity: [] };
const cbc = { encryption: [{ id: 12, keyLength: 128 }], integrity: [14] };

const child: ChildConfiguration = {
  name: 'all',
  mode: 'transport',
  local: [{ addresses: '192.0.2.1/32', protocol: 17, ports: 7 }],
  remote: [{ addresses: '192.0.2.0/24', protocol: 17 }],
  proposals: [gcm, cbc],
  start: 'none',
  replayWindow: 64,
};

const connection = certifiedConnection(child);

const entry = (name: string, action: 'BYPASS' | 'DISCARD', protocol: number) =>
  ({
    name,
    direction: 'both',
    selector: { local: '192.0.2.1/32', remote: '0.0.0.0/0', protocol },
    action,
  }) as const;

const configuration: NodeConfiguration = {
  ...bareNode,
  spd: [
    entry('ping', 'BYPASS', 1),
    {
      name: 'all',
      direction: 'both',
      selector: { local: '192.0.2.1/32', remote: '192.0.2.0/24' },
      action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport' },
    },
    entry('rest', 'DISCARD', 6),
  ],
  manual: [],
  ike: [connection],
};

const withConnection = (change: Partial<IkeConnection>): NodeConfiguration => ({
  ...configuration,
  ike: [{ ...connection, ...change }],
});

const withChild = (change: Partial<ChildConfiguration>) => withConnection({ children: [{ ...child, ...change }] });

const keyed = withConnection({
  local: { ...connection.local, authentication: { kind: 'shared-key', key: 'aabb' } },
  remote: {
    identity: 'any',
    authentication: 'shared-key',
    trustAnchors: [],
    sharedKeys: [
      { identity: { type: 'ID_FQDN', value: 'tn.example' }, key: 'aabb' },
      { identity: 'any', key: 'cc' },
    ],
  },
});

/** With which no peer shows itself. */
const ofOwnKey: IkeConnection['local'] = { ...connection.local, authentication: { kind: 'shared-key', key: 'dd' } };

describe('a configuration as iked.conf', () => {
  it('reads as a person would write it', () => {
    expect(ikedConf(render(configuration)).split('\n\n')[1]).to.equal(expected);
    expect(ikedConf(render(withConnection({ livenessAfter: 2 })))).to.contain('\nset dpd_check_interval 2\n');
    expect(ikedConf(render(configuration), 'peer')).to.contain('ikev2 "peer" quick active transport esp');
    expect(printed(render(configuration))).to.contain('# /etc/iked/certs: CN=nut, with its key p256Two');
  });

  it('is a second policy where peers come from anywhere, and further ones for further keys', () => {
    const summary = (given: NodeConfiguration) =>
      render(given).policies.map(({ name, peer, dstid, sharedKey }) => [name, peer, dstid, sharedKey]);
    expect(summary(configuration)).to.deep.equal([
      ['peer', '192.0.2.2', undefined, undefined],
      ['peer/1', 'any', undefined, undefined],
    ]);
    expect(summary(keyed).slice(1, 3)).to.deep.equal([
      ['peer/1', 'any', 'tn.example', 'aabb'],
      ['peer/2', '192.0.2.2', undefined, 'cc'],
    ]);
    expect(connectionOf('peer/2')).to.equal('peer');
  });

  it('has a policy for each child', () => {
    const [local] = child.local;
    const twin = { ...child, name: 'twin', local: [{ ...local!, ports: 8 }] };
    const wide = { ...child, name: 'wide', local: [local!, { ...local!, ports: 8 }] };
    const { policies } = render(withConnection({ remoteAddresses: ['192.0.2.2'], children: [child, twin, wide] }));
    expect(policies.map(({ flows }) => flows.length)).to.deep.equal([1, 1, 2]);
  });

  it('leaves entries that need no SA to the kernel, in their places around what iked brings', () => {
    const { kernel } = render(configuration);
    expect(kernel.filter((line) => line.includes('dir out'))).to.deep.equal([
      'xfrm policy add dir out src 192.0.2.1/32 dst 0.0.0.0/0 proto 1 priority 0 action allow',
      'xfrm policy add dir out src 192.0.2.1/32 dst 0.0.0.0/0 proto 6 priority 1000 action block',
    ]);
  });

  it('gives out an address of a pool, or asks for one', () => {
    const policyWith = (internalAddresses: IkeConnection['internalAddresses']) =>
      ikedConf(render(withConnection({ internalAddresses }))).split('\n\n')[1]!;
    const gives = policyWith({ pools: [['10.2.0.1', '10.2.0.2']], nameServers: ['10.1.0.1'] });
    expect(gives).to.contain('from 192.0.2.1 port 7 to dynamic');
    expect(gives).to.contain('config address 10.2.0.1/30 \\\n\tconfig name-server 10.1.0.1');
    expect(policyWith({ pools: [['2001:db8::1', '2001:db8::1']] })).to.contain('config address 2001:db8::1/128');
    expect(policyWith({ pools: [['2001:db8::1', '2001:db8::e']] })).to.contain('config address 2001:db8::1/124');
    expect(policyWith({ asksFor: ['0.0.0.0'] })).to.contain('request address any \\\n\tiface lo');
    expect(policyWith({ asksFor: ['10.2.0.9'] })).to.contain('request address 10.2.0.9 ');
    for (const pool of [
      ['10.2.0.1', '10.2.0.3'],
      ['10.2.0.0', '10.2.0.2'],
      ['10.2.0.1', '10.3.0.1'],
    ] as const)
      expect(unsupported(withConnection({ internalAddresses: { pools: [pool] } }))).to.match(/address\/prefix/);
    expect(unsupported(withConnection({ internalAddresses: { asksFor: ['::'] } }))).to.match(/IPv4/);
  });

  it('lets a client in by EAP, whom it knows by name', () => {
    const eap = { method: 'EAP-MSCHAP-V2', passwords: [{ name: 'carol', password: 'secret' }] } as const;
    const byPassword = { ...connection.remote, authentication: 'eap', eap } as const;
    const text = ikedConf(render(withConnection({ remote: byPassword })));
    expect(text).to.contain('\nuser "carol" "secret"\n').and.to.contain('eap "mschap-v2"\n');
    expect(unsupported(withConnection({ remote: byPassword }))).to.equal(undefined);
    const md5 = { ...byPassword, eap: { ...eap, method: 'MD5-Challenge' } } as const;
    expect(unsupported(withConnection({ remote: md5 }))).to.match(/MSCHAP-V2/);
    const alone = { identity: 'any', authentication: 'eap', trustAnchors: [] } as const;
    expect(unsupported(withConnection({ remote: alone }))).to.match(/no initiator/);
  });

  it('has MOBIKE for all policies, or for none', () => {
    expect(ikedConf(render(withConnection({ mobike: {} })))).to.match(/^set mobike\n/);
    const mixed = { ...configuration, ike: [connection, { ...connection, name: 'other', mobike: {} }] };
    expect(unsupported(mixed)).to.match(/one for all policies/);
  });

  it('lets neighbours be found, above what iked brings', () => {
    const everything = { local: '2001:db8::1/128', remote: '2001:db8::/64' };
    const action = configuration.spd[1]!.action;
    const { kernel } = render({
      ...configuration,
      spd: [{ name: 'all', direction: 'both', selector: everything, action }],
    });
    expect(kernel).to.have.lengthOf(4);
    for (const line of kernel) expect(line).to.match(/proto 58 type 13[56] priority 0 action allow$/);
  });

  it('lets a packet start a child, by a policy that iked takes the place of', () => {
    const trap = 'xfrm policy add dir out src 192.0.2.1/32 dst 192.0.2.0/24';
    expect(render(configuration).kernel.filter((line) => line.startsWith(trap))).to.deep.equal([]);
    expect(render(withChild({ start: 'trap' })).kernel.filter((line) => line.startsWith(trap))).to.deep.equal([
      `${trap} priority 1000 tmpl proto esp mode transport reqid 0 level required`,
    ]);
  });

  it('names transforms and identities in its own words', () => {
    expect(connection.proposals.map(ikeText)).to.deep.equal([
      'enc aes-256 auth hmac-sha2-256 prf hmac-sha2-256 group ecp256',
    ]);
    expect(childText({ ...cbc, keyExchangeMethods: [31] })).to.equal(
      'enc aes-128 auth hmac-sha2-512 group curve25519 noesn',
    );
    expect(ikeUnsupported({ encryption: [{ id: 20, keyLength: 192 }], integrity: [5] })).to.match(/20, integrity 5/);
    const names: [IdentityPattern, string][] = [
      [{ type: 'ID_RFC822_ADDR', value: 'a@b.example' }, 'a@b.example'],
      [{ type: 'ID_IPV6_ADDR', value: '2001:db8::1' }, '2001:db8::1'],
      [{ type: 'ID_DER_ASN1_DN', value: 'CN=a, O=b' }, '/O=b/CN=a'],
    ];
    expect(names.map(([identity]) => identityText(identity))).to.deep.equal(names.map(([, text]) => text));
    expect(identityUnsupported({ type: 'ID_KEY_ID', value: '0a' })).to.match(/FQDN/);
  });

  it('leaves out what a Linux kernel takes no SA of, if there is something else', () => {
    const table: [ChildConfiguration['proposals'][number], RegExp | undefined][] = [
      [cbc, undefined],
      [{ ...cbc, integrity: [12] }, /unsupported integrity algorithm/],
      [gcm, /pfkey/],
      [{ ...cbc, extendedSequenceNumbers: [true] }, /ESN/],
      [{ ...cbc, encryption: [{ id: 23 }] }, /encryption 23/],
    ];
    for (const [proposal, reason] of table)
      if (reason) expect(childUnsupported(proposal)).to.match(reason);
      else expect(childUnsupported(proposal)).to.equal(undefined);
    expect(render(configuration).policies[0]!.childsa).to.deep.equal(['enc aes-128 auth hmac-sha2-512 noesn']);
    expect(unsupported(withChild({ proposals: [gcm] }))).to.match(/pfkey/);
  });

  it('says what it cannot say', () => {
    const subTree = { type: 'ID_FQDN', value: '.example', match: 'sub-tree' } as const;
    const foreign = { ...connection, name: 'other', remote: { ...connection.remote, trustAnchors: [own] } };
    const protecting = configuration.spd[1]!;
    const cases: [NodeConfiguration, RegExp | undefined][] = [
      [configuration, undefined],
      [keyed, undefined],
      [withConnection({ ...keyed.ike[0]!, local: ofOwnKey }), /both directions/],
      [{ ...configuration, mobility: {} }, /Mobile IPv6/],
      [{ ...configuration, ike: [] }, /negotiated/],
      [{ ...configuration, ike: [connection, foreign] }, /for all policies/],
      [{ ...configuration, spd: [protecting, entry('between', 'BYPASS', 1), protecting] }, /priority/],
      [withConnection({ remote: { ...connection.remote, identity: subTree } }), /no pattern/],
      [withConnection({ remote: { ...connection.remote, certificateAddresses: 'required' } }), /addresses/],
      [withConnection({ remote: { ...connection.remote, authentication: 'shared-key' } }), /both ends/],
      [withConnection({ fragmentation: { datagramOctets: 600 } }), /no size/],
      [withConnection({ livenessAfter: 2 }), undefined],
      [{ ...configuration, ike: [connection, { ...connection, livenessAfter: 2 }] }, /dpd_check_interval is one/],
      [withConnection({ proposals: [{ ...connection.proposals[0]!, additionalKeyExchanges: [[35]] }] }), /one group/],
      [withChild({ replayWindow: 32 }), /replay window/],
      [withChild({ local: [] }), /one or more/],
      [withChild({ local: [{ addresses: ['192.0.2.1', '192.0.2.9'] }] }), /CIDR/],
      [withChild({ local: [{ addresses: '192.0.2.1/32', protocol: 17, ports: [1, 9] }] }), /one port/],
      [withChild({ local: [{ addresses: '192.0.2.1/32', protocol: 1, icmp: { type: 8 } }] }), /only valid/],
    ];
    for (const [given, reason] of cases)
      if (reason) expect(unsupported(given)).to.match(reason);
      else expect(unsupported(given)).to.equal(undefined);
  });

  it('has defects that mislead iked alone', () => {
    const pinned = withConnection({ remote: { ...connection.remote, identity: { type: 'ID_FQDN', value: 'a' } } });
    const planted = (defect: string, given: NodeConfiguration) => openikedDefects[defect]!.plant(render(given));
    expect(planted('open-identity', pinned).policies.map(({ dstid }) => dstid)).to.deep.equal([undefined, undefined]);
    expect(planted('open-secret', pinned).policies[0]).to.include({ dstid: 'a' });
    expect(planted('open-secret', keyed).policies[0]).not.to.have.property('dstid');
    expect(planted('wrong-authority', configuration).store.authorities).to.deep.include({
      subject: 'CN=Nobody',
      key: 'foreignAuthority',
      authority: {},
    });
    const kernelOf = (defect: string) => planted(defect, withChild({ start: 'trap' })).kernel;
    expect(kernelOf('no-shunts')).to.have.lengthOf.above(0);
    for (const line of kernelOf('no-shunts')) expect(line).to.contain(' tmpl ');
    expect(kernelOf('no-trap')).to.have.lengthOf(4);
    for (const line of kernelOf('no-trap')) expect(line).not.to.contain(' tmpl ');
  });
});

const expected = `\
ikev2 "peer" quick passive transport esp \\
	proto 17 \\
	from 192.0.2.1 port 7 to 192.0.2.0/24 \\
	local 192.0.2.1 peer 192.0.2.2 \\
	ikesa enc aes-256 auth hmac-sha2-256 prf hmac-sha2-256 group ecp256 \\
	childsa enc aes-128 auth hmac-sha2-512 noesn \\
	srcid "nut.example" \\
	ikelifetime 0 lifetime 0 bytes 0`;
