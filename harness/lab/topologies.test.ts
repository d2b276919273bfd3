import { expect } from 'chai';
import { inPrefix, isAddress, parsePrefix } from '../../reference/wire/address.ts';
import { gateway, hostToHost, inner, innerPrefixes, nutAddresses, places } from './topologies.ts';

describe('topologies', () => {
  it('put every place on the prefix of its router, and no two nodes on one address', () => {
    for (const place of Object.values(places)) {
      expect(inPrefix(place.ipv4, parsePrefix(`${place.router.ipv4}/${place.prefixLengths.ipv4}`))).to.equal(true);
      expect(inPrefix(place.ipv6, parsePrefix(`${place.router.ipv6}/${place.prefixLengths.ipv6}`))).to.equal(true);
    }
    const all = [...new Set(Object.values(places)), nutAddresses, ...Object.values(inner)].flatMap(({ ipv4, ipv6 }) => [
      ipv4,
      ipv6,
    ]);
    expect(all.every(isAddress)).to.equal(true);
    expect(new Set(all).size).to.equal(all.length);
  });

  it('keep inner addresses inside their prefixes', () => {
    for (const who of ['nut', 'tn', 'outsider'] as const) {
      expect(inPrefix(inner[who].ipv4, parsePrefix(innerPrefixes[who].ipv4))).to.equal(true);
      expect(inPrefix(inner[who].ipv6, parsePrefix(innerPrefixes[who].ipv6))).to.equal(true);
    }
  });

  it('are pure data', () => {
    for (const topology of [hostToHost, gateway]) expect(JSON.parse(JSON.stringify(topology))).to.deep.equal(topology);
  });
});
