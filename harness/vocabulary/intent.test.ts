/** Intents: what the tester is told mirrors what the node under test is told. */
import { expect } from 'chai';
import type { PolicyIntent } from '../capture/transcript.ts';
import { inner, innerPrefixes, nutAddresses, places } from '../lab/topologies.ts';
import { mirroredChild, negotiated } from './ike-intent.ts';
import {
  host,
  manualGateways,
  manualHosts,
  mirroredEntry,
  mirroredSa,
  orderedHosts,
  servedByAny,
  transportPair,
  tunnelPair,
} from './intent.ts';
import { espSuites } from './transforms.ts';

const four = { inner: 'ipv4', outer: 'ipv4' } as const;
const selective = transportPair('some', 'ipv6', {
  selector: { protocol: 17, localPort: 7, remotePort: { from: 1, to: 9 } as never },
});

describe('mirroring', () => {
  it('turns an entry around: selectors, ports, direction and tunnel ends', () => {
    const { entry } = tunnelPair('pair', four);
    const mirrored = mirroredEntry({ ...entry, direction: 'in' });
    expect(mirrored.direction).to.equal('out');
    expect(mirrored.selector).to.include({ local: innerPrefixes.tn.ipv4, remote: innerPrefixes.nut.ipv4 });
    expect(mirrored.action).to.have.nested.property('tunnel.local', places.home.ipv4);
    expect(mirrored.action).to.have.nested.property('tunnel.remote', nutAddresses.ipv4);
    const { selector } = mirroredEntry(selective.entry);
    expect(selector).to.deep.include({ protocol: 17, localPort: { from: 1, to: 9 }, remotePort: 7 });
  });

  it('leaves out the ports that were left out', () => {
    const { selector } = mirroredEntry(transportPair('all', 'ipv4').entry);
    expect(selector).to.have.all.keys('local', 'remote');
    const { entry } = transportPair('one', 'ipv4', { selector: { protocol: 6, remotePort: 80 } });
    expect(mirroredEntry(entry).selector).to.include({ localPort: 80 }).and.not.to.have.property('remotePort');
  });

  it('leaves an SA its addresses, SPI and keys, and turns its direction', () => {
    const [inbound] = selective.securityAssociations;
    const mirrored = mirroredSa(inbound);
    expect(mirrored).to.include({ direction: 'out', source: inbound.source, spi: inbound.spi, name: inbound.name });
    expect(mirrored.encryption).to.deep.equal(inbound.encryption);
    expect(mirrored.selector).to.deep.include({ local: inbound.selector!.remote, remote: inbound.selector!.local });
  });

  it('twice is not at all', () => {
    for (const { entry, securityAssociations } of [selective, tunnelPair('pair', four)]) {
      expect(mirroredEntry(mirroredEntry(entry))).to.deep.equal(entry);
      for (const sa of securityAssociations) expect(mirroredSa(mirroredSa(sa))).to.deep.equal(sa);
    }
    const child = negotiated({ mode: 'tunnel' }).parties.nut!.ike[0]!.children[0]!;
    expect(mirroredChild(mirroredChild(child))).to.deep.equal(child);
  });
});

describe('an intent', () => {
  it('tells both sides the same SAs, and each its own half of the policy', () => {
    const { parties, ends } = manualHosts('ipv4', [transportPair('pair', 'ipv4')]);
    const { nut, tn } = both(parties);
    expect(tn.manual.map(({ spi, direction }) => [spi, direction])).to.deep.equal([
      [0x1001, 'out'],
      [0x1002, 'in'],
    ]);
    expect(nut.manual.map(({ spi, direction }) => [spi, direction])).to.deep.equal([
      [0x1001, 'in'],
      [0x1002, 'out'],
    ]);
    expect(nut.spd[0]?.selector.local).to.equal(tn.spd[0]?.selector.remote);
    expect(ends).to.deep.equal({ tn: places.home.ipv4, nut: nutAddresses.ipv4 });
    expect(nut.sinks).to.have.lengthOf(2);
  });

  it('gives each direction keys of its own', () => {
    for (const suite of Object.values(espSuites)) {
      const [inbound, outbound] = transportPair('pair', 'ipv4', { suite }).securityAssociations;
      expect(inbound.integrity ?? inbound.encryption).not.to.deep.equal(outbound.integrity ?? outbound.encryption);
    }
  });

  it('keeps the order of an SPD, pairs before the rest', () => {
    const { entry, securityAssociations } = transportPair('pair', 'ipv4');
    const bypass = { ...entry, name: 'bypass', action: 'BYPASS' } as const;
    const names = manualHosts('ipv4', [{ entry, securityAssociations }], [bypass]).parties.nut!.spd.map(
      ({ name }) => name,
    );
    expect(names).to.deep.equal(['pair', 'bypass']);
    const ordered = orderedHosts('ipv4', [bypass, entry], securityAssociations, 'DISCARD');
    expect(ordered.parties.tn!.spd.map(({ name }) => name)).to.deep.equal(['bypass', 'pair']);
    expect(ordered.parties.nut!.unmatched).to.equal('DISCARD');
  });

  it('speaks between the inner addresses in tunnel mode', () => {
    expect(manualGateways('ipv6', []).ends).to.deep.equal({ tn: inner.tn.ipv6, nut: inner.nut.ipv6 });
    const { ends, parties } = negotiated({ mode: 'tunnel', family: 'ipv4', innerFamily: 'ipv6' });
    const { nut, tn } = both(parties);
    expect(ends).to.deep.equal({ tn: inner.tn.ipv6, nut: inner.nut.ipv6 });
    expect(nut.ike[0]?.children[0]?.local).to.deep.equal([{ addresses: innerPrefixes.nut.ipv6 }]);
    expect(tn.ike[0]?.children[0]?.local).to.deep.equal([{ addresses: innerPrefixes.tn.ipv6 }]);
    expect(nut.spd[0]?.action).to.have.nested.property('tunnel.local', nutAddresses.ipv4);
  });

  it('lets the tester say something else of itself, and the node under test only expects', () => {
    const identity = { type: 'ID_FQDN', value: 'somebody.else' } as const;
    const { nut, tn } = both(negotiated({ tn: { identity } }).parties);
    expect(tn.ike[0]?.local.identity).to.deep.equal(identity);
    expect(JSON.stringify(nut)).not.to.include('somebody.else');
  });

  it('may let an entry take any SA that fits', () => {
    const pair = transportPair('pair', 'ipv4');
    expect(pair.entry.action).to.have.property('securityAssociations');
    expect(servedByAny(pair).entry.action).not.to.have.property('securityAssociations');
  });
});

describe('a single address as a prefix', () => {
  for (const [address, prefix] of [
    ['192.0.2.1', '192.0.2.1/32'],
    ['2001:db8::1', '2001:db8::1/128'],
  ] as const) {
    it(prefix, () => expect(host(address)).to.equal(prefix));
  }
});

/** The two that every intent here has. */
function both({ nut, tn }: PolicyIntent['parties']) {
  return { nut: nut!, tn: tn! };
}
