import { expect } from 'chai';
import { childOf, ikeSaOf, installedOf } from './state.ts';

/** As `list-sas` of strongSwan 5.9.8 streamed it, but for what is not looked at. */
const sa = {
  name: 'peer',
  'initiator-spi': '337b1dd7f28f0523',
  'responder-spi': '2958f633a010de83',
  state: 'ESTABLISHED',
  'remote-id': 'O=Touchstone, CN=l.example',
  'local-host': '192.0.2.2',
  'remote-host': '192.0.2.1',
  'child-sas': { 'all-1': { name: 'all', 'spi-in': 'c0ffee01', 'spi-out': '00001002' } },
};

describe('what list-sas says', () => {
  it('is an IKE SA in the words of NodeState, its DN as RFC 4514 writes one', () => {
    expect(ikeSaOf(sa)).to.deep.equal({
      connection: 'peer',
      initiatorSPI: '337b1dd7f28f0523',
      responderSPI: '2958f633a010de83',
      state: 'established',
      remoteIdentity: 'CN=l.example, O=Touchstone',
      localAddress: '192.0.2.2',
      remoteAddress: '192.0.2.1',
    });
    expect(ikeSaOf({ ...sa, state: 'CONNECTING', 'remote-id': '%any' }))
      .to.include({ state: 'connecting' })
      .and.not.have.property('remoteIdentity');
  });

  it('has the children that stand with their policies, and none that is on its way', () => {
    const children = {
      'all-1': { state: 'INSTALLED', 'spi-in': 'c0ffee01', 'spi-out': '00001002' },
      'all-2': { state: 'INSTALLING', 'spi-in': 'c0ffee03', 'spi-out': '00001003' },
      'all-3': { state: 'CREATED' },
      'all-4': { state: 'REKEYED', 'spi-in': 'c0ffee04', 'spi-out': '00001004' },
    };
    expect(installedOf([{ ...sa, 'child-sas': children }])).to.deep.equal([0xc0ffee01, 0xc0ffee04]);
  });

  it('names the child of an SPI of either direction', () => {
    expect([0xc0ffee01, 0x1002, 0x1003].map((spi) => childOf(spi, [sa]).child)).to.deep.equal([
      'peer/all',
      'peer/all',
      undefined,
    ]);
  });
});
