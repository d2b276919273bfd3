import { expect } from 'chai';
import { ikeSasOf, inboundSpis, outboundSas, peerIdentities } from './state.ts';

describe('the state of iked', () => {
  it('has each IKE SA once, under the connection that it can only be of', () => {
    expect(ikeSasOf(shown, ['peer'])).to.deep.equal([
      {
        connection: 'peer',
        initiatorSPI: '05fa46caedaee1b3',
        responderSPI: 'bf6c60d842cea933',
        state: 'established',
        remoteIdentity: 'right.example',
        localAddress: '192.0.2.1',
        remoteAddress: '192.0.2.2',
      },
      {
        connection: 'peer',
        initiatorSPI: '0000000000000001',
        responderSPI: '0000000000000002',
        state: 'connecting',
        remoteIdentity: 'CN=a, O=Lab',
        localAddress: '2001:db8::1',
        remoteAddress: '2001:db8::2',
      },
    ]);
    expect(ikeSasOf(shown, ['peer', 'other']).map(({ connection }) => connection)).to.deep.equal(['', '']);
  });

  it('knows the peers by the names that ikectl takes', () => {
    expect(peerIdentities(shown)).to.deep.equal(['FQDN/right.example', 'ASN1_DN//O=Lab/CN=a']);
  });

  it('has the SAs that are installed and not replaced', () => {
    expect(outboundSas(shown)).to.deep.equal([
      { encapsulation: 'esp', spi: 0x69ae2931, destination: '192.0.2.2' },
      { encapsulation: 'ah', spi: 0x11, destination: '2001:db8::2' },
    ]);
  });

  it('has the inbound SAs that are installed', () => {
    expect(inboundSpis(shown)).to.deep.equal([0xb04c0dad]);
    expect(inboundSpis(shown.replaceAll('(LA)', '(A)'))).to.deep.equal([]);
  });

  it('is nothing where nothing can be read', () => {
    for (const text of ['', 'iked_sas:', 'ikectl: connect: /run/iked.sock: No such file or directory'])
      expect([ikeSasOf(text, []), outboundSas(text), peerIdentities(text)]).to.deep.equal([[], [], []]);
  });
});

const shown = `\
iked_sas: 0x552ab8a0c0 rspi 0xbf6c60d842cea933 ispi 0x05fa46caedaee1b3 192.0.2.1:500->192.0.2.2:500<FQDN/right.example>[] ESTABLISHED i nexti (nil) pol 0x552ab8bec0
  sa_childsas: 0x552abdaae0 ESP 0xb937512e out 192.0.2.1:500 -> 192.0.2.2:500 (LR) B=(nil) P=0x552abdae90 @0x552ab8a0c0
  sa_childsas: 0x552abdc390 ESP 0x69ae2931 out 192.0.2.1:500 -> 192.0.2.2:500 (L) B=(nil) P=0x552abdc440 @0x552ab8a0c0
  sa_childsas: 0x552abdc440 ESP 0xb04c0dad in 192.0.2.2:500 -> 192.0.2.1:500 (LA) B=(nil) P=0x552abdc390 @0x552ab8a0c0
  sa_flows: 0x552abda660 ESP out 10.0.1.0/24 -> 10.0.2.0/24 [0]@-1 (L) @0x552ab8a0c0
iked_sas: 0x552ab8a0c1 rspi 0x0000000000000002 ispi 0x0000000000000001 [2001:db8::1]:500->[2001:db8::2]:500<ASN1_DN//O=Lab/CN=a>[] AUTH_REQUEST r nexti (nil) pol 0x552ab8bec0
  sa_childsas: 0x552abdc390 AH 0x00000011 out [2001:db8::1]:500 -> [2001:db8::2]:500 (L) B=(nil) P=0x552abdc440 @0x552ab8a0c1
iked_activesas: 0x552abdc440 ESP 0xb04c0dad in 192.0.2.2:500 -> 192.0.2.1:500 (LA) B=(nil) P=0x552abdc390 @0x552ab8a0c0
iked_dstid_sas: 0x552ab8a0c0 rspi 0xbf6c60d842cea933 ispi 0x05fa46caedaee1b3 192.0.2.1:500->192.0.2.2:500<FQDN/right.example>[] ESTABLISHED i nexti (nil) pol 0x552ab8bec0
`;
