/**
 * A real mip6d on a real kernel, in each of its roles: what the adapter renders makes it answer, and what its terminal prints of bindings is what
 * happened. The test is the rest of the world. It needs a folder with a built mip6d, which nobody ships, named by TOUCHSTONE_UMIP.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Address } from '../../../reference/wire/address.ts';
import { ethernetFrame, etherTypes } from '../../../reference/wire/ethernet.ts';
import { decodeFrame } from '../../../reference/wire/frame.ts';
import { encodeIcmpv6, type Icmpv6Message } from '../../../reference/wire/icmpv6.ts';
import { homeAddressHeader } from '../../../reference/wire/ip/extension-headers.ts';
import { type Ipv6Packet, ipv6Packet } from '../../../reference/wire/ip/ipv6.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { aligned, encodeMobility, type MobilityMessage } from '../../../reference/wire/mobility/message.ts';
import type { MobilityConfiguration, NodeConfiguration } from '../../lab/node.ts';
import { guestProductNamed } from '../catalogue.ts';
import { type GuestOnWire, guestOnWire, skipWithoutGuests, until } from '../guest-pair.test-support.ts';
import { honestyProbes, type QuestionedNode } from '../honesty.ts';

describe('umip on a real kernel', function () {
  this.timeout(120_000);
  let guest: GuestOnWire;
  let world: World;
  let node: QuestionedNode;

  before(async function () {
    const folder = process.env.TOUCHSTONE_UMIP;
    if (folder === undefined) {
      console.error('skipped: no mip6d (TOUCHSTONE_UMIP names a folder that holds a built one)');
      this.skip();
    }
    await skipWithoutGuests(this);
    guest = await guestOnWire('umip', guestMac);
    world = worldAt(guest);
    node = await guestProductNamed('umip')!.brings!.from(folder).create(guest.boot);
  });

  after(async () => {
    await node?.stop();
    await guest?.close();
  });

  it('is a correspondent: it answers a Home Test Init with a Home Test', async () => {
    await node.configure(at(correspondentAddress, { correspondentNode: { signalling: {} } }));
    const homeInitCookie = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    world.sends(homeAddress, correspondentAddress, { kind: 'homeTestInit', homeInitCookie, options: [] });
    const { message } = await world.hears('homeTest');
    expect(message).to.deep.include({ homeInitCookie });
    expect((await node.state()).bindings).to.deep.equal([]);
  });

  it('is a home agent: it acknowledges a registration, tells the binding, and serves nobody else', async () => {
    const { configuration } = agent(false);
    await node.configure(configuration);
    world.registers({ homeAddress: otherHomeAddress, sequenceNumber: 1 });
    expect((await world.hears('bindingAcknowledgement')).message).to.deep.include({ status: 129 }); // prohibited
    world.registers({ homeAddress, sequenceNumber: 1 });
    const { message, packet } = await world.hears('bindingAcknowledgement');
    expect(message).to.deep.include({ status: 0, sequenceNumber: 1, lifetime: 10 }); // 40 s, as it was told
    expect(packet.destination).to.equal(careOfAddress);
    const { bindings } = await node.state();
    expect(bindings).to.deep.equal([{ homeAddress, careOfAddress, homeRegistration: true }]);
    expect(await node.log()).to.contain('Binding Update accepted');
  });

  it('is a home agent that wants ESP, and hears nothing without', async () => {
    await node.configure(agent(true).configuration);
    world.registers({ homeAddress, sequenceNumber: 1 });
    await until(async () => ((await node.state()).counters.XfrmInTmplMismatch ?? 0) > 0);
    expect((await node.state()).bindings).to.deep.equal([]);
  });

  it('is a mobile node: where a router of another link speaks, it registers from there', async () => {
    await node.configure({ ...at(undefined, { mobileNode }), forwarding: false });
    expect((await node.state()).bindingUpdates).to.deep.equal([]);
    world.advertises(foreignPrefix);
    const { message, packet } = await world.hears('bindingUpdate');
    expect(message).to.include({ homeRegistration: true, acknowledge: true, lifetime: 15 });
    const here = packet.source;
    expect(here).to.match(/^2001:db8:f1:/);
    const update = { homeAddress, careOfAddress: here, peer: agentAddress, homeRegistration: true };
    expect((await node.state()).bindingUpdates).to.deep.equal([{ ...update, settled: false }]);
    // One that it sends again bears another number, and only that one is acknowledged then.
    for (let sent: MobilityMessage | undefined = message; sent; sent = world.heard('bindingUpdate')?.message) {
      if (sent.kind === 'bindingUpdate') world.acknowledges(here, sent.sequenceNumber);
      await until(
        async () => (await node.state()).bindingUpdates?.[0]?.settled === true || world.waits('bindingUpdate'),
        10_000,
      );
    }
    expect((await node.state()).bindingUpdates).to.deep.equal([{ ...update, settled: true }]);
  });

  it('goes from one role to another with nothing left behind', async () => {
    await node.configure(agent(false).configuration);
    const { bindings, bindingUpdates, sad } = await node.state();
    expect({ bindings, bindingUpdates, sad }).to.deep.equal({ bindings: [], bindingUpdates: undefined, sad: [] });
  });

  it('answers honestly', async () => {
    const probes = await honestyProbes({ node, empty: at(correspondentAddress, {}) });
    expect(probes.filter(({ held }) => !held)).to.deep.equal([]);
  });

  it('is said to be unfit where it does not run in the guest', async () => {
    const script = mkdtempSync(join(tmpdir(), 'touchstone-umip-'));
    try {
      writeFileSync(`${script}/mip6d`, '#!/bin/sh\necho error while loading shared libraries: libnone.so.1\n', {
        mode: 0o755,
      });
      await node.stop();
      const fault: unknown = await guestProductNamed('umip')!
        .brings!.from(script)
        .create(guest.boot)
        .catch((reason: unknown) => reason);
      expect(fault).to.have.property('code', 'mip6d-unfit');
      expect(String(fault)).to.contain(script);
    } finally {
      rmSync(script, { recursive: true });
    }
  });
});

const guestMac = '02:00:00:00:00:01';
const ourMac = '02:00:00:00:00:ff';

const agentAddress = '2001:db8:a::1';
const correspondentAddress = '2001:db8:c::1';
const homeAddress = '2001:db8:a::100';
const otherHomeAddress = '2001:db8:a::101';
const foreignPrefix = '2001:db8:f1::';
const careOfAddress = '2001:db8:f1::10';
const router = 'fe80::ff';

const mobileNode = {
  interface: 'eth0',
  homeAddress: `${homeAddress}/64`,
  homeAgent: agentAddress,
  signalling: { lifetime: 60, routeOptimization: false },
} as const;

function at(address: Address | undefined, mobility: MobilityConfiguration): NodeConfiguration {
  return {
    name: 'nut',
    interfaces: [{ name: 'eth0', link: 'link', addresses: address === undefined ? [] : [`${address}/64`] }],
    innerAddresses: [],
    routes: address === undefined ? [] : [{ destination: 'default6', via: router, interface: 'eth0' }],
    forwarding: true,
    sinks: [{ protocol: 'tcp', port: 7777 }], // where mip6d would listen by itself
    spd: [],
    manual: [],
    ike: [],
    ...(Object.keys(mobility).length > 0 && { mobility }),
  };
}

function agent(requiresIpsec: boolean) {
  const homeAgent = {
    interface: 'eth0',
    address: agentAddress,
    homeAddresses: [homeAddress],
    requiresIpsec,
    longestBinding: 40,
  };
  return { configuration: at(agentAddress, { homeAgent }) };
}

interface Heard {
  readonly message: MobilityMessage;
  readonly packet: Ipv6Packet;
}

type World = ReturnType<typeof worldAt>;

/** A router, and all that lies behind it. It answers for every address that is asked for, but not while one is being probed. */
function worldAt({ send, onFrame }: GuestOnWire) {
  const heard: Heard[] = [];
  const frame = (packet: Omit<Ipv6Packet, 'version'>, destination: string = guestMac) =>
    send(
      ethernetFrame.encode({
        destination,
        source: ourMac,
        etherType: etherTypes.IPv6,
        payload: ipv6Packet.encode({ version: 6, ...packet } as Ipv6Packet),
      }),
    );
  const icmp = (source: Address, destination: Address, message: Icmpv6Message, mac?: string) => {
    const payload = encodeIcmpv6(message, { source, destination });
    frame({ source, destination, hopLimit: 255, extensions: [], protocol: protocols['IPv6-ICMP'], payload }, mac);
  };
  onFrame((octets) => {
    const layers = decodeFrame(octets).layers;
    const ip = layers.find(({ layer }) => layer === 'ip')?.value as Ipv6Packet | undefined;
    for (const { layer, value } of layers) {
      if (layer === 'mobility') heard.push({ message: value, packet: ip! });
      if (layer !== 'icmpv6' || value.kind !== 'neighborSolicitation' || ip!.source === '::') continue;
      const { targetAddress } = value;
      const options = [{ type: 'targetLinkLayerAddress', linkLayerAddress: ourMac }] as const;
      const flags = { router: true, solicited: true, override: true };
      icmp(targetAddress, ip!.source, {
        kind: 'neighborAdvertisement',
        type: 136,
        code: 0,
        ...flags,
        targetAddress,
        options,
      });
    }
  });
  const place = (kind: MobilityMessage['kind']) => heard.findIndex(({ message }) => message.kind === kind);
  const taken = (kind: MobilityMessage['kind']): Heard | undefined => heard.splice(0, place(kind) + 1).at(-1);
  const sends = (source: Address, destination: Address, message: MobilityMessage, from?: Address) => {
    const payload = encodeMobility(aligned(message), { source, destination });
    const extensions = from === undefined ? [] : [homeAddressHeader(source)];
    frame({ source: from ?? source, destination, extensions, protocol: protocols['Mobility Header'], payload });
  };
  return {
    sends,
    registers: ({ homeAddress: home, sequenceNumber }: { homeAddress: Address; sequenceNumber: number }) =>
      sends(
        home,
        agentAddress,
        {
          kind: 'bindingUpdate',
          sequenceNumber,
          acknowledge: true,
          homeRegistration: true,
          lifetime: 100,
          options: [{ type: 'alternateCareOfAddress', alternateCareOfAddress: careOfAddress }],
        },
        careOfAddress,
      ),
    acknowledges: (to: Address, sequenceNumber: number) => {
      const acknowledgement = {
        kind: 'bindingAcknowledgement',
        status: 0,
        sequenceNumber,
        lifetime: 15,
        options: [],
      } as const;
      const payload = encodeMobility(aligned(acknowledgement), { source: agentAddress, destination: homeAddress });
      const segments = { type: 'routing', routingType: 2, segmentsLeft: 1, addresses: [homeAddress] } as const;
      const protocol = protocols['Mobility Header'];
      frame({ source: agentAddress, destination: to, extensions: [segments], protocol, payload });
    },
    advertises: (prefix: Address) =>
      icmp(
        router,
        'ff02::1',
        {
          kind: 'routerAdvertisement',
          type: 134,
          code: 0,
          routerLifetime: 1800,
          options: [
            { type: 'sourceLinkLayerAddress', linkLayerAddress: ourMac },
            {
              type: 'prefixInformation',
              prefixLength: 64,
              onLink: true,
              autonomous: true,
              validLifetime: 3600,
              preferredLifetime: 1800,
              prefix,
            },
          ],
        },
        '33:33:00:00:00:01',
      ),
    /** The first of this kind that nobody has asked for yet. */
    hears: async (kind: MobilityMessage['kind']): Promise<Heard> => {
      await until(() => place(kind) >= 0, 10_000);
      return taken(kind)!;
    },
    heard: taken,
    waits: (kind: MobilityMessage['kind']): boolean => place(kind) >= 0,
  };
}
