/** What three daemons are told of a peer that has a key and no certificate (RFC 7670), and of one that proves nothing (RFC 7619). */
import { expect } from 'chai';
import type { IkeConnection, NodeConfiguration } from '../lab/node.ts';
import { bareNode } from './bare-node.test-support.ts';
import { certifiedConnection } from './certified-connection.test-support.ts';
import { ipsecConf } from './libreswan/print.ts';
import { render as libreswan } from './libreswan/render.ts';
import { unsupported as libreswanUnsupported } from './libreswan/unsupported.ts';
import { render as openiked } from './openiked/render.ts';
import { unsupported as openikedUnsupported } from './openiked/unsupported.ts';
import { swanctlConf } from './strongswan/print.ts';
import { render as strongswan, unsupported as strongswanUnsupported } from './strongswan/render.ts';

const certified = certifiedConnection({
  name: 'all',
  mode: 'transport',
  local: [{ addresses: '192.0.2.1/32' }],
  remote: [{ addresses: '192.0.2.2/32' }],
  proposals: [{ encryption: [{ id: 20, keyLength: 128 }], integrity: [] }],
  start: 'none',
});
const tn = { type: 'ID_FQDN', value: 'tn.example' } as const;

const told = (change: Partial<Pick<IkeConnection, 'local' | 'remote'>>): NodeConfiguration => ({
  ...bareNode,
  ike: [{ ...certified, ...change }],
});

const byKeys = (own: string, peers: string) =>
  told({
    local: { ...certified.local, authentication: { kind: 'public-key', key: own } },
    remote: { identity: tn, authentication: 'signature', trustAnchors: [], publicKeys: [peers] },
  });

const byNobody = told({
  remote: { identity: { type: 'ID_NULL', value: '' }, authentication: 'null', trustAnchors: [] },
});

describe('peers without certificates', () => {
  it('swanctl.conf names the keys of both ends', () => {
    const rendering = strongswan(byKeys('ed448Two', 'ed448One'));
    expect(rendering.privateKeys).to.deep.equal(['ed448Two']);
    const text = swanctlConf(rendering);
    expect(text).to.match(/local \{\s+auth = pubkey\s+id = fqdn:nut\.example\s+pubkeys = ed448Two\.pem/);
    expect(text).to.match(/remote \{\s+auth = pubkey\s+id = fqdn:tn\.example\s+pubkeys = ed448One\.pem/);
  });

  it('ipsec.conf has them in base64, and the method of their kind', () => {
    const text = ipsecConf(libreswan(byKeys('rsaTwo', 'rsaOne')));
    expect(text).to.match(/\tleftpubkey=MIIBIjAN/);
    expect(text).to.match(/\trightpubkey=MIIBIjAN/);
    expect(text).to.include('\tauthby=rsa-sha2\n');
    expect(ipsecConf(libreswan(byKeys('p256Two', 'p256One')))).to.include('\tauthby=ecdsa\n');
  });

  it('iked looks for the key of a peer in a file of its name', () => {
    expect(openiked(byKeys('p256Two', 'p256One')).store).to.deep.include({
      own: [],
      key: 'p256Two',
      publicKeys: [{ file: 'fqdn/tn.example', key: 'p256One' }],
    });
  });

  it('EdDSA is for strongSwan alone', () => {
    const configuration = byKeys('ed25519Two', 'ed25519One');
    expect(strongswanUnsupported(configuration)).to.equal(undefined);
    expect(libreswanUnsupported(configuration)).to.match(/rsasig and ecdsa/);
    expect(openikedUnsupported(configuration)).to.match(/RSA or ECDSA/);
  });

  it('NULL Authentication is for Libreswan alone', () => {
    const text = ipsecConf(libreswan(byNobody));
    expect(text).to.include('\trightid=%null\n');
    expect(text).to.include('\tleftauth=ecdsa\n\trightauth=null\n');
    expect(strongswanUnsupported(byNobody)).to.match(/NULL Authentication/);
    expect(openikedUnsupported(byNobody)).to.match(/NULL Authentication/);
  });
});
