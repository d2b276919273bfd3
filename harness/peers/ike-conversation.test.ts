import { expect } from 'chai';
import { Lab } from '../lab/lab.ts';
import type { ChildConfiguration, IkeConnection, NodeConfiguration } from '../lab/node.ts';
import { ReferenceNode } from '../lab/reference-node.ts';
import { gateway, inner, innerPrefixes, nutAddresses, places } from '../lab/topologies.ts';
import { router } from './router.ts';
import { TestingNode, type TestingNodeOptions } from './testing-node.ts';

const AES_GCM_16 = 20;
const AES_CBC = 12;
const HMAC_SHA2_256_128 = 12;
const PRF_HMAC_SHA2_256 = 5;
const CURVE25519 = 31;

const opened: Lab[] = [];
afterEach(() => {
  for (const lab of opened.splice(0)) lab.close();
});

/** One end of the connection `peer` with a child `net`, by shared key. */
function connection(self: 'nut' | 'tn', start: ChildConfiguration['start'], key = '736563726574'): IkeConnection {
  const peer = self === 'nut' ? 'tn' : 'nut';
  const addresses = { nut: nutAddresses.ipv4, tn: places.home.ipv4 };
  return {
    name: 'peer',
    localAddresses: [addresses[self]],
    remoteAddresses: [addresses[peer]],
    local: {
      identity: { type: 'ID_FQDN', value: `${self}.example` },
      authentication: { kind: 'shared-key', key },
    },
    remote: {
      identity: { type: 'ID_FQDN', value: `${peer}.example` },
      authentication: 'shared-key',
      trustAnchors: [],
      sharedKeys: [{ identity: 'any', key }],
    },
    proposals: [
      {
        encryption: [{ id: AES_CBC, keyLength: 128 }],
        integrity: [HMAC_SHA2_256_128],
        pseudorandomFunctions: [PRF_HMAC_SHA2_256],
        keyExchangeMethods: [CURVE25519],
      },
    ],
    children: [
      {
        name: 'net',
        mode: 'tunnel',
        local: [{ addresses: innerPrefixes[self].ipv4 }],
        remote: [{ addresses: innerPrefixes[peer].ipv4 }],
        proposals: [{ encryption: [{ id: AES_GCM_16, keyLength: 128 }], integrity: [] }],
        start,
      },
    ],
  };
}

interface Twist {
  readonly start?: ChildConfiguration['start'];
  readonly nutKey?: string;
  readonly child?: Partial<ChildConfiguration>;
  readonly tn?: TestingNodeOptions;
}

async function scene({ start = 'none', nutKey, child, tn: options }: Twist = {}) {
  const lab = new Lab({ clock: 'virtual', seed: 11 });
  opened.push(lab);
  const nut = new ReferenceNode(lab, { version: 'test' });
  const end = (self: 'nut' | 'tn', key?: string): NodeConfiguration => {
    const ike = connection(self, start, key);
    return { ...gateway[self], ike: [{ ...ike, children: ike.children.map((one) => ({ ...one, ...child })) }] };
  };
  await nut.configure(end('nut', nutKey));
  const tn = new TestingNode(lab, end('tn'), options);
  router(lab, gateway.router);
  return { lab, nut, tn };
}

type Scene = Awaited<ReturnType<typeof scene>>;

async function answered({ tn }: Scene, sequence: number): Promise<boolean> {
  const [from, to] = [inner.tn.ipv4, inner.nut.ipv4];
  tn.perform({ kind: 'echo', from, to, identifier: 1, sequence, payload: new Uint8Array(8) });
  return (await tn.hears('echo-reply', (reply) => reply.sequence === sequence, { within: 200 })) !== undefined;
}

async function childIsUp({ tn, lab }: Scene, state: 'established' | 'rekeyed' = 'established'): Promise<boolean> {
  return (
    (await tn.hears('child', (event) => event.state === state, { within: 5000, since: lab.entries.length - 1 })) !==
    undefined
  );
}

describe('two gateways with IKE', () => {
  it('bring up a child, and its traffic is protected', async () => {
    const stage = await scene();
    stage.tn.perform({ kind: 'initiate', connection: 'peer', child: 'net' }, 'initiate');
    expect(await childIsUp(stage)).to.equal(true);
    expect(await answered(stage, 1)).to.equal(true);
    const state = await stage.nut.state();
    expect(state.ikeSas.map((sa) => [sa.connection, sa.state])).to.deep.equal([['peer', 'established']]);
    expect(state.sad.map(({ direction, packets, child }) => [direction, packets, child])).to.deep.equal([
      ['in', 1, 'peer/net'],
      ['out', 1, 'peer/net'],
    ]);
    expect(stage.lab.entries.filter(({ kind }) => kind === 'keys')).to.have.length(3);
  });

  it('start by a packet that has no SA, and ask once', async () => {
    const stage = await scene({ start: 'trap' });
    for (let sequence = 1; sequence < 4; sequence++) {
      stage.tn.perform({
        kind: 'echo',
        from: inner.tn.ipv4,
        to: inner.nut.ipv4,
        identifier: 1,
        sequence,
        payload: new Uint8Array(8),
      });
    }
    expect(await childIsUp(stage)).to.equal(true);
    expect(await answered(stage, 4)).to.equal(true);
    expect(stage.tn.state().sad).to.have.length(2);
  });

  it('rekey the child and the IKE SA, and the traffic goes on', async () => {
    const stage = await scene();
    stage.tn.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    await childIsUp(stage);
    const before = stage.tn.state().sad.map(({ spi }) => spi);
    stage.tn.perform({ kind: 'rekey-child', connection: 'peer', child: 'net' });
    expect(await childIsUp(stage, 'rekeyed')).to.equal(true);
    await stage.lab.until(() => stage.tn.state().sad.length === 2, { within: 1000 });
    expect(stage.tn.state().sad.map(({ spi }) => spi)).to.not.include.members(before);
    expect(await answered(stage, 1)).to.equal(true);
    stage.tn.perform({ kind: 'rekey-ike', connection: 'peer' });
    await stage.tn.hears('ike', ({ state }) => state === 'rekeyed', { within: 1000 });
    expect(await answered(stage, 2)).to.equal(true);
  });

  it('close the child: its entries go with it', async () => {
    const stage = await scene();
    stage.tn.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    await childIsUp(stage);
    expect(stage.tn.state().spd).to.have.length(2);
    stage.tn.perform({ kind: 'close-child', connection: 'peer', child: 'net' });
    await stage.lab.until(() => stage.tn.state().sad.length === 0, { within: 1000 });
    expect(stage.tn.state()).to.deep.include({ sad: [], spd: [] });
    expect((await stage.nut.state()).spd).to.deep.equal([]);
  });

  it('come to nothing with a wrong key', async () => {
    const stage = await scene({ nutKey: '77726f6e67' });
    stage.tn.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    expect(await stage.tn.hears('ike', ({ state }) => state === 'failed', { within: 5000 })).to.not.equal(undefined);
    expect((await stage.nut.state()).sad).to.deep.equal([]);
  });

  it('go on after lost and repeated datagrams', async () => {
    const stage = await scene();
    let sent = 0;
    stage.lab.intercept(({ goesOn }) => {
      sent++;
      if (sent % 3 === 0) return;
      goesOn();
      goesOn({ delay: 30 });
    });
    stage.tn.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    expect(await childIsUp(stage)).to.equal(true);
    stage.lab.intercept();
    expect(await answered(stage, 1)).to.equal(true);
  });

  it('carry ESP in UDP when one of them feigns a NAT', async () => {
    const stage = await scene({ tn: { ikeChoices: { forceEncapsulation: true } } });
    stage.tn.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    await childIsUp(stage);
    const since = stage.lab.entries.length;
    expect(await answered(stage, 1)).to.equal(true);
    const frames = stage.lab.entries.slice(since).flatMap((entry) => (entry.kind === 'frame' ? [entry.octets] : []));
    expect(frames.map((octets) => [octets[23], (octets[36]! << 8) | octets[37]!])).to.deep.equal([
      [17, 4500],
      [17, 4500],
    ]);
  });

  it('let a child go when its lifetime is over, and tell each other', async () => {
    const stage = await scene({ child: { lifetime: { seconds: 3 } } });
    stage.tn.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    await childIsUp(stage);
    expect(await answered(stage, 1)).to.equal(true);
    await stage.lab.until(() => stage.tn.state().sad.length === 0, { within: 5000 });
    expect(stage.lab.now()).to.be.within(3000, 3100);
    await stage.lab.until(() => false, { within: 500 });
    expect((await stage.nut.state()).sad).to.deep.equal([]);
    expect(stage.tn.events.some(({ event }) => event.kind === 'child' && event.state === 'closed')).to.equal(true);
  });

  it('refuse to speak of a connection that is not configured', async () => {
    const stage = await scene();
    stage.tn.perform({ kind: 'close', connection: 'nobody' });
    const failed = await stage.lab.until(() => true, { within: 1 }).catch((fault) => fault);
    expect(failed).to.include({ code: 'machine-fault' });
  });
});
