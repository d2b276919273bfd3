import { expect } from 'chai';
import { Lab } from '../lab/lab.ts';
import type { HostCommand, NodeConfiguration } from '../lab/node.ts';
import { ReferenceNode } from '../lab/reference-node.ts';
import { gateway, hostToHost, inner, nutAddresses, type PlaceName, places, type Topology } from '../lab/topologies.ts';
import { router } from './router.ts';
import { TestingNode } from './testing-node.ts';

const AES_CBC = 12;
const HMAC_SHA2_256_128 = 12;

const opened: Lab[] = [];
afterEach(() => {
  for (const lab of opened.splice(0)) lab.close();
});

interface Scene {
  readonly lab: Lab;
  readonly tn: TestingNode;
  readonly nut: ReferenceNode;
}

/** A topology in a lab of its own, with what `nut` and `tn` add to their configurations. */
async function scene(
  topology: Topology,
  add: { readonly nut?: Partial<NodeConfiguration>; readonly tn?: Partial<NodeConfiguration> } = {},
  clock: 'virtual' | 'real' = 'virtual',
): Promise<Scene> {
  const lab = new Lab({ clock, seed: 7 });
  opened.push(lab);
  const nut = new ReferenceNode(lab, { version: 'test' });
  await nut.configure({ ...topology.nut, ...add.nut });
  const tn = new TestingNode(lab, { ...topology.tn, ...add.tn });
  router(lab, topology.router);
  return { lab, tn, nut };
}

/** A manual tunnel between the gateways' inner networks. */
function tunnel(): { nut: Partial<NodeConfiguration>; tn: Partial<NodeConfiguration> } {
  const keys = {
    encryption: { id: AES_CBC, keyLength: 128, key: '11'.repeat(16) },
    integrity: { id: HMAC_SHA2_256_128, key: '22'.repeat(32) },
  };
  const sa = (name: string, direction: 'in' | 'out', spi: number, source: string, destination: string) =>
    ({
      name,
      direction,
      spi,
      source,
      destination,
      mode: 'tunnel',
      ...keys,
      replayWindow: 64,
      extendedSequenceNumbers: false,
    }) as const;
  const end = (self: 'nut' | 'tn', peer: 'nut' | 'tn', local: string, remote: string): Partial<NodeConfiguration> => ({
    spd: (['ipv4', 'ipv6'] as const).map((family) => ({
      name: family,
      direction: 'both',
      selector: { local: `${inner[self][family]}`, remote: `${inner[peer][family]}` },
      action: {
        kind: 'PROTECT',
        protocol: 'ESP',
        mode: 'tunnel',
        tunnel: { local, remote },
        securityAssociations: ['out', 'in'],
      },
    })),
    manual:
      self === 'tn'
        ? [sa('out', 'out', 0x1001, local, remote), sa('in', 'in', 0x1002, remote, local)]
        : [sa('in', 'in', 0x1001, remote, local), sa('out', 'out', 0x1002, local, remote)],
  });
  return {
    nut: end('nut', 'tn', nutAddresses.ipv4, places.home.ipv4),
    tn: end('tn', 'nut', places.home.ipv4, nutAddresses.ipv4),
  };
}

function echo(from: string, to: string, sequence = 1): Extract<HostCommand, { kind: 'echo' }> {
  return { kind: 'echo', from, to, identifier: 7, sequence, payload: new Uint8Array(32) };
}

/** Whether the tn's echo is answered. */
async function answered({ tn }: Scene, command: Extract<HostCommand, { kind: 'echo' }>): Promise<boolean> {
  tn.perform(command, 'echo');
  const fits = ({ sequence }: { sequence: number }): boolean => sequence === command.sequence;
  return (await tn.hears('echo-reply', fits, { within: 500 })) !== undefined;
}

function protocolsOf({ lab }: Scene): string[] {
  return lab.entries.flatMap((entry) => {
    if (entry.kind !== 'frame') return [];
    const etherType = (entry.octets[12]! << 8) | entry.octets[13]!;
    const protocol =
      etherType === 0x0800 ? `ipv4/${entry.octets[23]}` : etherType === 0x86dd ? `ipv6/${entry.octets[20]}` : 'arp';
    return [`${entry.from} ${protocol}`];
  });
}

describe('two hosts in a lab', () => {
  it('ping each other in clear over both families', async () => {
    const stage = await scene(hostToHost);
    expect(await answered(stage, echo(places.home.ipv4, nutAddresses.ipv4, 1))).to.equal(true);
    expect(await answered(stage, echo(places.home.ipv6, nutAddresses.ipv6, 2))).to.equal(true);
    expect(protocolsOf(stage)).to.deep.equal([
      'tn arp',
      'nut arp',
      'tn ipv4/1',
      'nut ipv4/1',
      'tn ipv6/58',
      'nut ipv6/58',
      'tn ipv6/58',
      'nut ipv6/58',
    ]);
  });

  it('do the same on the real clock', async () => {
    const stage = await scene(hostToHost, {}, 'real');
    expect(await answered(stage, echo(places.home.ipv4, nutAddresses.ipv4))).to.equal(true);
  });

  for (const place of ['same-prefix', 'other-prefix'] satisfies PlaceName[]) {
    it(`reach each other from ${place}, and from home again`, async () => {
      const stage = await scene(hostToHost);
      stage.tn.movesTo(place);
      expect(await answered(stage, echo(places[place].ipv4, nutAddresses.ipv4, 1))).to.equal(true);
      expect(await answered(stage, echo(places[place].ipv6, nutAddresses.ipv6, 2))).to.equal(true);
      stage.tn.movesTo('home');
      expect(await answered(stage, echo(places.home.ipv4, nutAddresses.ipv4, 3))).to.equal(true);
    });
  }

  it('do the same thing again from the same seed', async () => {
    const logs = [];
    for (let time = 0; time < 2; time++) {
      const stage = await scene(gateway, tunnel());
      await answered(stage, echo(inner.tn.ipv4, inner.nut.ipv4));
      logs.push(stage.lab.entries);
    }
    expect(logs[0]).to.deep.equal(logs[1]);
  });
});

describe('two gateways with manual SAs', () => {
  it('carry both families through one tunnel', async () => {
    const stage = await scene(gateway, tunnel());
    expect(await answered(stage, echo(inner.tn.ipv4, inner.nut.ipv4, 1))).to.equal(true);
    expect(await answered(stage, echo(inner.tn.ipv6, inner.nut.ipv6, 2))).to.equal(true);
    expect(protocolsOf(stage).filter((frame) => !frame.endsWith('arp'))).to.deep.equal([
      'tn ipv4/50',
      'nut ipv4/50',
      'tn ipv4/50',
      'nut ipv4/50',
    ]);
    const { sad } = await stage.nut.state();
    expect(sad.map(({ spi, direction, packets }) => [spi, direction, packets])).to.deep.equal([
      [0x1001, 'in', 2],
      [0x1002, 'out', 2],
    ]);
  });

  it('go on when the outer source changes, and answer to the old place', async () => {
    const stage = await scene(gateway, tunnel());
    stage.tn.movesTo('other-prefix');
    stage.tn.perform(echo(inner.tn.ipv4, inner.nut.ipv4, 1), 'stimulus');
    expect(await answered(stage, echo(places['other-prefix'].ipv4, nutAddresses.ipv4, 2))).to.equal(true);
    const { sad } = await stage.nut.state();
    expect(sad[0]!.packets).to.equal(1);
  });

  it('drop in clear what the policy wants protected, with the rule that did it', async () => {
    const stage = await scene(gateway, tunnel());
    expect(await answered(stage, { ...echo(inner.tn.ipv4, inner.nut.ipv4, 1), inClear: true })).to.equal(false);
    expect((await stage.nut.state()).counters['discarded:unprotectedAcceptable']).to.equal(1);
  });

  it('take ESP made by hand, and drop its replay', async () => {
    const stage = await scene(gateway, {
      ...tunnel(),
      nut: { ...tunnel().nut, sinks: [{ protocol: 'udp', port: 9 }] },
    });
    const packet = Uint8Array.from([
      0x45, 0, 0, 29, 0, 0, 0, 0, 64, 17, 0x65, 0xcd, 10, 2, 0, 1, 10, 1, 0, 1, 0, 7, 0, 9, 0, 9, 0, 0, 42,
    ]);
    const order = { securityAssociation: 'out', packet, sequenceNumber: 5n };
    for (let time = 0; time < 2; time++) {
      stage.tn.perform({ kind: 'esp', packet: { ...order, counts: time === 0 } }, `order ${time}`);
      expect(await answered(stage, echo(inner.tn.ipv4, inner.nut.ipv4, time))).to.equal(true);
    }
    const state = await stage.nut.state();
    expect(state.delivered).to.deep.equal([
      {
        protocol: 'udp',
        source: inner.tn.ipv4,
        destination: inner.nut.ipv4,
        sourcePort: 7,
        destinationPort: 9,
        payload: '2a',
      },
    ]);
    expect(state.sad[0]!.replayFailures).to.equal(1);
    const mark = stage.lab.entries.find((entry) => entry.kind === 'mark');
    expect(mark).to.deep.nested.include({ 'act.command.packet.sequenceNumber': '5' });
  });
});
