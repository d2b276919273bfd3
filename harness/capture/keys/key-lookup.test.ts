/** Which keys are tried on a packet, and in which order. */
import { expect } from 'chai';
import { KeyLookup } from './key-lookup.ts';
import type { StrangersEsp } from './strangers-key.ts';

const key = (name: string, change: Partial<StrangersEsp>) => ({
  key: { kind: 'esp', encryption: { id: 12, keyLength: 128, key: '00'.repeat(16) }, ...change } as StrangersEsp,
  file: name,
});

const names = (lookup: KeyLookup, spi: number, destination: string) =>
  lookup.keysFor(spi, destination, 'ESP').map(({ file }) => file);

describe('keys for a packet', () => {
  it('are tried from the most specific to the least', () => {
    const lookup = new KeyLookup([
      key('any', {}),
      key('any to it', { destination: '192.0.2.2' }),
      key('stars', { spi: '0x0000100*' }),
      key('its SPI', { spi: 0x1001 }),
      key('its SPI to a net', { spi: 0x1001, destination: '192.0.2.*' }),
      key('exact', { spi: 0x1001, destination: '192.0.2.2' }),
      key('another SPI', { spi: 0x1002, destination: '192.0.2.2' }),
      key('another destination', { spi: 0x1001, destination: '192.0.2.3' }),
      key('another family', { spi: 0x1001, family: 6 }),
    ]);
    expect(names(lookup, 0x1001, '192.0.2.2')).to.deep.equal([
      'exact',
      'its SPI to a net',
      'its SPI',
      'stars',
      'any to it',
      'any',
    ]);
    expect(lookup.keysElsewhere(0x1001, '192.0.2.2', 'ESP').map(({ file }) => file)).to.deep.equal([
      'another destination',
      'another family',
    ]);
  });

  it('of one SPI in turn are both tried, in the order that they were found', () => {
    const both = [key('first', { spi: 1, destination: '::1' }), key('second', { spi: 1, destination: '::1' })];
    expect(names(new KeyLookup(both), 1, '::1')).to.deep.equal(['first', 'second']);
  });

  it('fit by stars in IPv6, too', () => {
    const lookup = new KeyLookup([
      key('group', { spi: 1, destination: '2001:db8::*' }),
      key('middle', { spi: 1, destination: '2001:db8:*::1' }),
    ]);
    expect(names(lookup, 1, '2001:db8::7')).to.deep.equal(['group']);
    expect(names(lookup, 1, '2001:db8:5::1')).to.deep.equal(['middle']);
    expect(names(lookup, 1, '192.0.2.1')).to.deep.equal([]);
  });

  it('are those of a file that is learnt later, too', () => {
    const lookup = new KeyLookup();
    expect(names(lookup, 7, '192.0.2.2')).to.deep.equal([]);
    lookup.learn(key('late', { spi: 7 }));
    expect(names(lookup, 7, '192.0.2.2')).to.deep.equal(['late']);
  });

  it('are bounded for each name, and many for one SPI', () => {
    const lookup = new KeyLookup();
    const learnt = Array.from({ length: 100 }, (_, i) => lookup.learn(key(`${i}`, { spi: 1, destination: '::1' })));
    expect(learnt.filter(Boolean)).to.have.lengthOf(64);
    for (let i = 0; i < 5_000; i++) lookup.learn(key(`to ${i}`, { spi: 1, destination: `::2:${i.toString(16)}` }));
    expect(names(lookup, 1, '::2:1000')).to.deep.equal(['to 4096']);
  });
});
