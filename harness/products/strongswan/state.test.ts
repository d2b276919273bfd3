import { expect } from 'chai';
import { childOf, ikeSaOf } from './state.ts';

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

  it('names the child of an SPI of either direction', () => {
    expect([0xc0ffee01, 0x1002, 0x1003].map((spi) => childOf(spi, [sa]).child)).to.deep.equal([
      'peer/all',
      'peer/all',
      undefined,
    ]);
  });
});
