import { expect } from 'chai';
import { discardedOf, sadOf } from './state.ts';

/** As `list-sas` of strongSwan 5.9.8 streamed it, but for what is not looked at. */
const sa = {
  name: 'peer',
  'local-host': '192.0.2.1',
  'remote-host': '192.0.2.2',
  'child-sas': {
    'all-1': {
      name: 'all',
      state: 'INSTALLED',
      mode: 'TUNNEL',
      'spi-in': 'c0ffee01',
      'spi-out': '00001002',
      'packets-in': '3',
      'bytes-in': '180',
      'packets-out': '2',
      'bytes-out': '120',
    },
    'all-2': { name: 'all', state: 'INSTALLING', 'spi-in': 'c0ffee03', 'spi-out': '00001003' },
    'all-3': { name: 'all', state: 'CREATED' },
  },
};

describe('the SAs of libipsec', () => {
  const sad = sadOf([sa]);

  it('are two for a child that has any, each from where its packets come', () => {
    expect(sad).to.have.length(4);
    expect(sad[0]).to.deep.equal({
      spi: 0xc0ffee01,
      source: '192.0.2.2',
      destination: '192.0.2.1',
      mode: 'tunnel',
      direction: 'in',
      packets: 3,
      octets: 180,
      replayWindow: 128,
      replayFailures: 0,
      integrityFailures: 0,
      child: 'peer/all',
    });
    expect(sad[1]).to.include({ spi: 0x1002, source: '192.0.2.1', direction: 'out', packets: 2 });
  });

  it('have let in what came out of the TUN device, and discarded the rest', () => {
    expect(discardedOf({ sad }, 1)).to.deep.equal({ 'discarded:inboundPolicy': 2 });
    expect(discardedOf({ sad: [] }, 1), 'after a child is gone').to.deep.equal({ 'discarded:inboundPolicy': 0 });
  });
});
