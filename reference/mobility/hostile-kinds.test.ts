/** What once ended a node, had it ask without end, or was believed, each kind by its shortest input. Found by conversations among hostile people, or by reading beside them. */
import { expect } from 'chai';
import { Cable, echoRequest, own6, packetsOf, peer6 } from '../host/cable.test-support.ts';
import { fragmented } from '../host/fragments.ts';
import type { HostEffect } from '../host/interface.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { mobilityBounds } from './bounds.ts';
import {
  careOfAddress,
  homeAddress,
  homeAgentOnCable,
  linkLocal,
  otherCareOfAddress,
  registered,
  said,
  update,
} from './home-agent.test-support.ts';
import { foreign, otherForeign, World } from './mobile-node.test-support.ts';

/** In pieces, as it is too long for a frame. */
function inPieces(cable: Cable, packet: Ipv6Packet): readonly HostEffect[] {
  return fragmented(packet, 1_400, 9).flatMap((piece) => cable.receive(piece));
}

const discarded = (cable: Cable, rule: string): unknown => cable.host.state().counters[`discarded:${rule}`];

describe('a packet that has no room for what it needs', () => {
  const longest = (source: string): Ipv6Packet => echoRequest(source, own6, new Uint8Array(65_520)) as Ipv6Packet;

  it('is not answered by way of a binding', () => {
    const bindings = [{ homeAddress, careOfAddress }];
    const routes = [{ destination: 'default6', via: peer6, interface: 'eth0' }];
    const cable = new Cable({}, { mobility: { correspondentNode: { bindings } }, routes });
    expect(packetsOf(inPieces(cable, longest(homeAddress)))).to.deep.equal([]);
    expect(discarded(cable, 'packetOctets')).to.equal(1);
  });

  it('is not put under an SA', () => {
    const selector = { local: '::/0', remote: '::/0' };
    const name = 'out';
    const sa = {
      name,
      direction: 'out',
      spi: 0x1001,
      source: own6,
      destination: peer6,
      mode: 'transport',
      encryption: { id: 11, key: '' },
      integrity: { id: 12, key: '11'.repeat(32) },
      replayWindow: 0,
      extendedSequenceNumbers: false,
    } as const;
    const action = { kind: 'PROTECT', protocol: 'ESP', mode: 'transport' } as const;
    const cable = new Cable({}, { manual: [sa], spd: [{ name, direction: 'out', selector, action }] });
    expect(packetsOf(inPieces(cable, longest(peer6)))).to.deep.equal([]);
    expect(cable.answers(echoRequest(peer6, own6))).to.have.length(1);
  });
});

describe('a packet in more tunnels than there are', () => {
  it('is let out of so many, and goes no further', () => {
    const [home, agent] = ['2001:db8:9::9', '2001:db8:9::1'];
    const byHand = { careOfAddress: own6, correspondents: [] };
    const mobileNode = { interface: 'eth0', homeAddress: `${home}/64`, homeAgent: agent, byHand };
    const cable = new Cable({}, { mobility: { mobileNode }, innerAddresses: [`${home}/128`] });
    let packet = echoRequest(agent, home) as Ipv6Packet;
    for (let depth = 0; depth < 1_500; depth++) {
      const ends = { source: agent, destination: home };
      packet = { version: 6, ...ends, extensions: [], protocol: protocols.IPv6, payload: ipPacket.encode(packet) };
    }
    inPieces(cable, packet);
    expect(discarded(cable, 'nestedTunnels')).to.equal(1);
    expect(mobilityBounds.nestedTunnels).to.be.below(10);
  });
});

describe('a router that tells what no router tells', () => {
  const deedsOf = (world: World, word: string) => world.deeds.filter((deed) => deed.startsWith(word));

  it('has no prefix where it tells one of 192 bits', () => {
    const world = new World().advertised(foreign, { prefixLength: 192 }).passes(1_000);
    expect(deedsOf(world, 'tests')).to.deep.equal([]);
  });

  it('is not asked without end where its interval is none', () => {
    const world = new World().advertised(foreign, { interval: 0, retransTimer: 1 });
    // While the address is tested nobody is asked, and time goes on.
    world.passes(5_000);
    world.unique('2001:db8:2::ff:fe00:1').passes(1_000);
    expect(deedsOf(world, 'probes').length).to.be.within(1, 10);
  });
});

describe('an acknowledgement of what was asked before', () => {
  it('settles nothing while the next update waits for its turn', () => {
    const world = new World().registered();
    const hurried = () => world.advertised(otherForeign).passes(1).node.receive(world.now, bindingErrorOfHomeAgent());
    for (let times = 0; times < 3; times++) hurried();
    const last = world.updates.at(-1)!.message.sequenceNumber;
    hurried();
    world.acknowledged({ sequenceNumber: last }).passes(5_000);
    expect(world.updates.at(-1)!.message.sequenceNumber).to.not.equal(last);
  });
});

describe('a home agent', () => {
  const answered = (fields: Parameters<typeof update>[0], told: Parameters<typeof homeAgentOnCable>[0] = {}) =>
    said(homeAgentOnCable(told).receive(update(fields)));

  it('binds nobody to an address that nothing can be sent to (section 6.1.7)', () => {
    for (const alternateCareOfAddress of ['ff0e::1', '::', '::1', linkLocal]) {
      expect(answered({ options: [{ type: 'alternateCareOfAddress', alternateCareOfAddress }] })).to.deep.equal([]);
    }
  });

  it('refuses a home address whose prefix is valid no longer, or for less than a lifetime can tell', () => {
    for (const valid of [0, 3]) {
      const told = { homeAgent: { prefixLifetimes: { valid, preferred: 0 } } };
      expect(answered({}, told)).to.deep.equal([['acknowledged', 132, 1, 0, careOfAddress, homeAddress]]);
    }
  });

  it('answers no update from a group or from nobody, and goes on', () => {
    const cable = registered(homeAgentOnCable());
    for (const from of ['ff0e::1', '::']) {
      expect(cable.answers(update({ from, sequenceNumber: 2, homeRegistration: false }))).to.deep.equal([]);
    }
    expect(cable.answers(update({ from: otherCareOfAddress, sequenceNumber: 2 }))).to.have.length(1);
  });
});

function bindingErrorOfHomeAgent() {
  const message = { kind: 'bindingError', status: 1, homeAddress: '::', options: [] } as const;
  const ends = { source: '2001:db8:1::1', destination: '2001:db8:1::2' };
  return { message, octets: new Uint8Array(0), ...ends, through: [] };
}
