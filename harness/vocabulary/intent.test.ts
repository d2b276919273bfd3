/** Intents: what the tester is told mirrors what the node under test is told. */

import { expect } from 'chai';
import type { PolicyIntent } from '../capture/transcript.ts';
import type { ManualEsp } from '../lab/node.ts';
import { inner, innerPrefixes, nutAddresses, places } from '../lab/topologies.ts';
import { mirroredChild, negotiated } from './ike-intent.ts';
import { host, mirroredEntry, mirroredSa } from './intent.ts';
import { keyedGateways, keyedHosts, keyings, protect } from './keying.ts';
import { correspondent, homeAddressPair, mobile } from './mobile-intent.ts';
import { entryOf, manualSas, transportPair, tunnelPair } from './pairs.ts';
import { espSuites } from './transforms.ts';

const four = { inner: 'ipv4', outer: 'ipv4' } as const;
const selective = transportPair('some', 'ipv6', {
  selector: { protocol: 17, localPort: 7, remotePort: { from: 1, to: 9 } as never },
});

describe('mirroring', () => {
  it('turns an entry around: selectors, ports, direction and tunnel ends', () => {
    const entry = entryOf(tunnelPair('pair', four));
    const mirrored = mirroredEntry({ ...entry, direction: 'in' });
    expect(mirrored.direction).to.equal('out');
    expect(mirrored.selector).to.include({ local: innerPrefixes.tn.ipv4, remote: innerPrefixes.nut.ipv4 });
    expect(mirrored.action).to.have.nested.property('tunnel.local', places.home.ipv4);
    expect(mirrored.action).to.have.nested.property('tunnel.remote', nutAddresses.ipv4);
    const { selector } = mirroredEntry(entryOf(selective));
    expect(selector).to.deep.include({ protocol: 17, localPort: { from: 1, to: 9 }, remotePort: 7 });
  });

  it('leaves out the ports that were left out', () => {
    const { selector } = mirroredEntry(entryOf(transportPair('all', 'ipv4')));
    expect(selector).to.have.all.keys('local', 'remote');
    const entry = entryOf(transportPair('one', 'ipv4', { selector: { protocol: 6, remotePort: 80 } }));
    expect(mirroredEntry(entry).selector).to.include({ localPort: 80 }).and.not.to.have.property('remotePort');
  });

  it('leaves an SA its addresses, SPI and keys, and turns its direction', () => {
    const [inbound] = manualSas(selective) as [ManualEsp, ManualEsp];
    const mirrored = mirroredSa(inbound) as ManualEsp;
    expect(mirrored).to.include({ direction: 'out', source: inbound.source, spi: inbound.spi, name: inbound.name });
    expect(mirrored.encryption).to.deep.equal(inbound.encryption);
    expect(mirrored.selector).to.deep.include({ local: inbound.selector!.remote, remote: inbound.selector!.local });
  });

  it('twice is not at all', () => {
    for (const pair of [selective, tunnelPair('pair', four)]) {
      expect(mirroredEntry(mirroredEntry(entryOf(pair)))).to.deep.equal(entryOf(pair));
      for (const sa of manualSas(pair)) expect(mirroredSa(mirroredSa(sa))).to.deep.equal(sa);
    }
    const child = negotiated({ mode: 'tunnel' }).parties.nut!.ike[0]!.children[0]!;
    expect(mirroredChild(mirroredChild(child))).to.deep.equal(child);
  });
});

describe('an intent', () => {
  it('tells both sides the same SAs, and each its own half of the policy', () => {
    const { parties, ends } = keyedHosts('manual', 'ipv4', [transportPair('pair', 'ipv4')]);
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
      const [inbound, outbound] = manualSas(transportPair('pair', 'ipv4', { suite })) as [ManualEsp, ManualEsp];
      expect(inbound.integrity ?? inbound.encryption).not.to.deep.equal(outbound.integrity ?? outbound.encryption);
    }
  });

  it('keeps the order of a policy, whoever keys its pairs', () => {
    const pair = transportPair('pair', 'ipv4');
    const bypass = { ...entryOf(pair), name: 'bypass', action: 'BYPASS' } as const;
    for (const keying of keyings) {
      const { parties } = keyedHosts(keying, 'ipv4', [pair], { policy: [bypass, protect(pair)], unmatched: 'DISCARD' });
      expect(parties.tn!.spd.map(({ name }) => name)).to.deep.equal(['bypass', 'pair']);
      expect(parties.nut!.unmatched).to.equal('DISCARD');
    }
  });

  it('describes a pair once and keys it by hand or as a child', () => {
    const selector = { protocol: 17, remotePort: 7 } as const;
    const pair = transportPair('pair', 'ipv4', { selector, extendedSequenceNumbers: true, replayWindow: 128 });
    const byHand = keyedHosts('manual', 'ipv4', [pair]).parties;
    const byIke = keyedHosts('ikev2', 'ipv4', [pair]).parties;
    expect(byHand.nut!.ike).to.deep.equal([]);
    expect(byIke.nut!.manual).to.deep.equal([]);
    const [child] = byIke.nut!.ike[0]!.children;
    expect(child).to.deep.include({
      name: 'pair',
      mode: 'transport',
      replayWindow: 128,
      local: [{ addresses: host(nutAddresses.ipv4), protocol: 17 }],
      remote: [{ addresses: host(places.home.ipv4), protocol: 17, ports: 7 }],
    });
    expect(child!.proposals[0]).to.deep.include({ extendedSequenceNumbers: [true] });
    const actions = [byHand, byIke].map(({ nut }) => nut!.spd[0]!.action);
    expect(actions[0]).to.deep.include({ securityAssociations: ['pair-in', 'pair-out'] });
    expect(actions[1]).to.deep.include({ securityAssociations: ['peer/pair'] });
  });

  it('runs IKE over the care-of address for the pairs of a home address', () => {
    for (const keying of keyings) {
      const { ends, parties } = correspondent({}, [homeAddressPair('pair')], { keying });
      const { nut, tn } = both(parties);
      expect(ends.tn).to.equal(mobile.homeAddress);
      expect(tn.innerAddresses).to.deep.equal([`${mobile.homeAddress}/64`]);
      const [selector] = nut.spd.map((entry) => entry.selector.remote);
      expect(selector).to.equal(host(mobile.homeAddress));
      expect(nut.ike.map(({ remoteAddresses }) => remoteAddresses[0])).to.deep.equal(
        keying === 'manual' ? [] : [mobile.careOfAddress],
      );
      expect(tn.ike.flatMap(({ localAddresses, children }) => [...localAddresses, children[0]!.local])).to.deep.equal(
        keying === 'manual' ? [] : [mobile.careOfAddress, [{ addresses: host(mobile.homeAddress) }]],
      );
    }
  });

  it('leaves to the product what a pair does not say', () => {
    const pair = transportPair('pair', 'ipv4', { replayWindow: undefined });
    expect(keyedHosts('ikev2', 'ipv4', [pair]).parties.nut!.ike[0]!.children[0]).not.to.have.property('replayWindow');
  });

  it('puts last what IKE brings and no ruling names', () => {
    const [one, other] = [transportPair('one', 'ipv4'), transportPair('other', 'ipv4', { spi: 0x2000 })];
    const named = (keying: (typeof keyings)[number]) =>
      keyedHosts(keying, 'ipv4', [one, other], { policy: [protect(other, 'any')] }).parties.nut!.spd;
    expect(named('manual').map(({ name }) => name)).to.deep.equal(['other']);
    expect(named('ikev2').map(({ name }) => name)).to.deep.equal(['other', 'one']);
    expect(named('ikev2')[0]!.action).not.to.have.property('securityAssociations');
  });

  it('speaks between the inner addresses in tunnel mode', () => {
    expect(keyedGateways('manual', { inner: 'ipv6', outer: 'ipv4' }, []).ends).to.deep.equal({
      tn: inner.tn.ipv6,
      nut: inner.nut.ipv6,
    });
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
