import { expect } from 'chai';
import { childOf, ikeSasOf, installedOf, parseStatus, serialsOf } from './state.ts';

describe("what pluto's status says", () => {
  for (const [release, text] of Object.entries({ '4.10': of4, '5.2': of5 })) {
    it(`is read of ${release}`, () => {
      const status = parseStatus(text());
      expect(status.version).to.equal(release);
      expect(status.connections.map(({ name, instance }) => name + instance)).to.deep.equal([
        'peer/all',
        'peer/all[1]',
        'unmatched-ipv4',
      ]);
      expect(status.listens).to.equal(true);
      expect(status.connections[0]?.routing).to.equal('unrouted');
      expect(ikeSasOf(status)).to.deep.equal([
        {
          connection: 'peer',
          initiatorSPI: '',
          responderSPI: '',
          state: 'established',
          remoteIdentity: 'CN=tn.example, O=Touchstone',
          localAddress: '192.0.2.1',
          remoteAddress: '192.0.2.2',
        },
      ]);
      expect([0x387ca546, 0x9ec1733b, 1].map((spi) => childOf(spi, status).child)).to.deep.equal([
        'peer/all',
        'peer/all',
        undefined,
      ]);
      expect(serialsOf('peer/all', status)).to.deep.equal([3]);
      expect(installedOf(status)).to.deep.equal([0x387ca546, 0x9ec1733b]);
    });
  }

  it('names SPIs with another mark before an address of IPv6', () => {
    const status = parseStatus(of4().replaceAll('esp.', 'esp:').replaceAll('@192.0.2.', '@2001:db8:1::'));
    expect(installedOf(status)).to.deep.equal([0x387ca546, 0x9ec1733b]);
  });

  it('is nothing where there is none', () => {
    expect(parseStatus('no status at all\n#1: "')).to.deep.equal({
      version: '',
      listens: false,
      connections: [],
      states: [],
    });
  });
});

function of4(): string {
  return `000 pluto_version=4.10, pluto_vendorid=OE-Libreswan-4.10, audit-log=no
000 interface eth0 UDP 192.0.2.1:500
000 "peer/all": 192.0.2.1[@nut.example]...192.0.2.2[%fromcert]; unrouted; eroute owner: #0
000 "peer/all":   policy: IKEv2+ECDSA+ENCRYPT;
000 "peer/all"[1]: 192.0.2.1[@nut.example]...192.0.2.2[O=Touchstone, CN=tn.example]; erouted; eroute owner: #3
000 "unmatched-ipv4": 0.0.0.0/0===192.0.2.1...%any===0.0.0.0/0; prospective erouted; eroute owner: #0
000 #2: "peer/all"[1] 192.0.2.2:500 STATE_V2_ESTABLISHED_IKE_SA (established IKE SA); REKEY in 28s; newest; idle;
000 #3: "peer/all"[1] 192.0.2.2:500 STATE_V2_ESTABLISHED_CHILD_SA (established Child SA); newest; eroute owner; IKE SA #2; idle;
000 #3: "peer/all"[1] 192.0.2.2 esp.387ca546@192.0.2.2 esp.9ec1733b@192.0.2.1 Traffic: ESPin=54B ESPout=54B
`;
}

function of5(): string {
  return of4()
    .replace(/^000 /gm, '')
    .replaceAll('4.10', '5.2')
    .replace('STATE_V2_ESTABLISHED_IKE_SA', 'ESTABLISHED_IKE_SA')
    .replace('STATE_V2_ESTABLISHED_CHILD_SA', 'ESTABLISHED_CHILD_SA');
}
