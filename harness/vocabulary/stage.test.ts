/** The verbs against two references in memory: what each leaves in the log, and how long it waits. */
import { expect } from 'chai';
import type { MobilityMessage } from '../../reference/wire/mobility/message.ts';
import type { MarkEntry, PolicyIntent } from '../capture/transcript.ts';
import { Account } from '../judge/account.ts';
import { Lab } from '../lab/lab.ts';
import type { NodeConfiguration, NodeUnderTest } from '../lab/node.ts';
import { ReferenceNode } from '../lab/reference-node.ts';
import { hostToHost, inner, nutAddresses, places } from '../lab/topologies.ts';
import { router } from '../peers/router.ts';
import { flippedAt } from '../peers/tampers.ts';
import { TestingNode } from '../peers/testing-node.ts';
import { twoParties } from './cast.ts';
import type { Player } from './ensemble.ts';
import { negotiated, peering } from './ike-intent.ts';
import { childName, keyedGateways, keyedHosts } from './keying.ts';
import { correspondent, mobile } from './mobile-intent.ts';
import { echoPacket, fromCareOfAddress } from './packets.ts';
import { transportPair, tunnelPair } from './pairs.ts';
import { type MobilityByHand, stage } from './stage.ts';

const labs: Lab[] = [];
afterEach(() => {
  for (const lab of labs.splice(0)) lab.close();
});

async function staged(intent: PolicyIntent, twist: (nut: NodeUnderTest) => NodeUnderTest = (nut) => nut) {
  const lab = new Lab({ clock: 'virtual', seed: 3 });
  labs.push(lab);
  const nodeUnderTest = twist(new ReferenceNode(lab, { version: 'test' }));
  await nodeUnderTest.configure(intent.parties.nut!);
  const players: Readonly<Record<string, Player>> = {
    nut: { part: 'tested', node: nodeUnderTest, plug: (link) => nodeUnderTest.plug?.(link) },
    tn: { part: 'tester', node: new TestingNode(lab, intent.parties.tn!) },
  };
  const scenario = { scenario: 'staged', variant: '', dimensions: {}, cast: twoParties };
  const { lab: way, ...verbs } = stage({ lab, intent, players, scenario });
  return {
    lab,
    way,
    ...verbs,
    account: new Account({ ...scenario, intent, entries: lab.entries }),
    marks: () => lab.entries.filter((entry): entry is MarkEntry => entry.kind === 'mark'),
  };
}

const hosts = keyedHosts('manual', 'ipv4', [transportPair('pair', 'ipv4')]);
const gateways = keyedGateways('manual', { inner: 'ipv4', outer: 'ipv4' }, [
  tunnelPair('pair', { inner: 'ipv4', outer: 'ipv4' }),
]);

describe('the verbs of a stage', () => {
  it('mark the moment before anything follows from it', async () => {
    const { tn, lab, marks } = await staged(hosts);
    await tn.echo('echo');
    expect(marks().map(({ name, by, act }) => [name, by, act.kind])).to.deep.equal([['echo', 'tn', 'command']]);
    const [mark] = marks();
    expect(lab.entries.filter(({ kind }) => kind === 'frame').every(({ place }) => place > mark!.place)).to.equal(true);
    expect(() => JSON.stringify(mark)).not.to.throw();
  });

  it('wait until the answer is there, and no longer', async () => {
    const { tn, lab, account } = await staged(hosts);
    await tn.echo('answered');
    expect(account.answered('answered')).not.to.equal(undefined);
    expect(lab.now()).to.be.below(50);
  });

  it('give up after a while where nothing answers, or at once where nothing was awaited', async () => {
    const { tn, lab, account } = await staged(hosts);
    await tn.esp('forged', { afterSealing: flippedAt(-1) });
    expect(lab.now()).to.be.within(1_499, 1_600);
    await tn.esp('again', { afterSealing: flippedAt(-1), awaited: false });
    expect(lab.now()).to.be.below(1_600);
    expect(account.answered('forged')).to.equal(undefined);
    await tn.echo('alive');
    expect(account.silent('forged', 'alive')).not.to.equal(undefined);
    expect(account.silent('again', 'alive')).not.to.equal(undefined);
  });

  it('send probes of which no two are alike', async () => {
    const { tn, nut, marks } = await staged(hosts);
    for (const n of [1, 2]) {
      await tn.echo(`tn ${n}`);
      await nut.echo(`nut ${n}`);
      await tn.esp(`esp ${n}`);
      await tn.udp(`udp ${n}`);
      await nut.udp(`nut udp ${n}`);
    }
    const commands = marks().map(({ act }) => (act.kind === 'command' ? JSON.stringify(act.command) : act.kind));
    expect(new Set(commands).size).to.equal(10);
  });

  it('go between the ends of the intent unless told otherwise', async () => {
    const { tn, nut, account } = await staged(gateways);
    await tn.echo('inside');
    await tn.pingInClear('outside', { from: places.home.ipv6, to: nutAddresses.ipv6 });
    await nut.echo('back');
    expect(account.answer('inside')?.packet.packet).to.include({ source: inner.nut.ipv4, destination: inner.tn.ipv4 });
    expect(account.answer('outside')?.packet.packet.source).to.equal(nutAddresses.ipv6);
    expect(account.sentUnder('inside', 'esp')).not.to.equal(undefined);
    expect(account.sentUnder('outside', 'clear')).not.to.equal(undefined);
    expect(account.sentUnder('back', 'esp')).not.to.equal(undefined);
  });

  it('put datagrams into sinks, and their report into the log', async () => {
    const { tn, nut, account } = await staged(hosts);
    await tn.udp('datagram', { octets: 300 });
    await tn.esp('by hand', { carries: 'udp' });
    await tn.udp('elsewhere', { destinationPort: 9 });
    await tn.syn('connection');
    await nut.reports('report');
    expect(account.delivered('datagram', 'report')).not.to.equal(undefined);
    expect(account.delivered('by hand', 'report')).not.to.equal(undefined);
    expect(account.delivered('elsewhere', 'report')).to.equal(undefined);
    expect(account.answered('connection')).not.to.equal(undefined);
  });

  it('send a packet by hand past every policy', async () => {
    const { tn, account } = await staged(hosts);
    const ends = { from: places.home.ipv4, to: nutAddresses.ipv4 };
    const packet = echoPacket({ ...ends, identifier: 9, sequence: 9, payload: new Uint8Array(4) });
    await tn.packet('in clear', packet, { awaited: true });
    expect(account.sentUnder('in clear', 'clear')).not.to.equal(undefined);
  });

  it('move the tester and bring it back', async () => {
    const { tn, marks } = await staged(gateways);
    await tn.movesTo('other-prefix');
    await tn.movesTo('home');
    expect(marks().map(({ act }) => (act.kind === 'moves' ? act.to : act.kind))).to.deep.equal([
      'other-prefix',
      'home',
    ]);
  });

  it('do not wait for what the node refuses to do', async () => {
    const { nut, lab } = await staged(hosts, (node) =>
      Object.assign(Object.create(node) as NodeUnderTest, {
        configure: node.configure.bind(node),
        perform: async () => ({ accepted: false, says: 'no such thing' }),
      }),
    );
    await nut.echo('refused');
    expect(lab.now()).to.equal(0);
    expect(
      lab.entries.some((entry) => entry.kind === 'note' && entry.says === 'echo: refused: no such thing'),
    ).to.equal(true);
  });
});

describe('a stage of more than two', () => {
  /** `far` is a second node under test, `stranger` is on the link and nobody's peer. */
  async function three() {
    const { parties, ends } = hosts;
    const stranger: NodeConfiguration = {
      ...hostToHost.tn,
      name: 'stranger',
      interfaces: [{ name: 'eth0', link: 'home', addresses: ['192.0.2.66/24'] }],
    };
    const intent = { ends: { ...ends, stranger: '192.0.2.66' }, parties: { ...parties, stranger } };
    const cast = { nut: 'tested', tn: 'tester', stranger: 'stranger' } as const;
    const lab = new Lab({ clock: 'virtual', seed: 3 });
    labs.push(lab);
    const node = new ReferenceNode(lab, { version: 'test' });
    await node.configure(parties.nut!);
    const players: Readonly<Record<string, Player>> = {
      nut: { part: 'tested', node, plug: () => {} },
      tn: { part: 'tester', node: new TestingNode(lab, parties.tn!) },
      stranger: { part: 'stranger', node: new TestingNode(lab, stranger) },
    };
    const scenario = { scenario: 'staged', variant: '', dimensions: {}, cast };
    const account = new Account({ ...scenario, intent, entries: lab.entries });
    return { account, ...stage<typeof cast>({ lab, intent, players, scenario }), lab };
  }

  it('has an answer come from whom a probe was for, whoever else is there', async () => {
    const { tn, nut, stranger, account } = await three();
    await stranger.pingInClear('to nut');
    await tn.pingInClear('to stranger', { to: '192.0.2.66' });
    await tn.echo('through the SA');
    await nut.reports('report');
    expect(account.sent('to nut')).not.to.equal(undefined);
    expect(account.answer('to nut')?.frame.entry.from).to.equal('nut');
    expect(account.answer('to stranger')?.frame.entry.from).to.equal('stranger');
    expect(account.answer('through the SA')?.frame.entry.from).to.equal('nut');
  });

  it('lets a stranger say again what it has overheard, and nothing it has not', async () => {
    const { tn, stranger, account } = await three();
    await stranger.pingInClear('path');
    await tn.echo('overheard');
    await stranger.repeats('again', 'overheard', { tamper: flippedAt(-1) });
    await tn.echo('after');
    const again = account.packets('stranger', 'again').at(-1);
    expect(again?.packet.packet).to.include({ source: places.home.ipv4, destination: nutAddresses.ipv4, protocol: 50 });
    expect(again?.frame.esp.map(({ state }) => state)).to.deep.equal(['bad-icv']);
    expect(account.silent('again', 'after')).not.to.equal(undefined);
    const nothing = await stranger.repeats('nothing', 'never').catch((error: unknown) => error);
    expect(nothing).to.match(/stranger has overheard no ESP packet at never/);
  });
});

describe('the verbs of IKE', () => {
  for (const by of ['tn', 'nut'] as const) {
    it(`come from an exchange to its end (${by})`, async () => {
      const { account, lab, ...sides } = await staged(negotiated());
      const side = sides[by];
      await side.initiates('begin');
      await sides.tn.echo('echo');
      await side.rekeysChild('rekeyed child');
      await sides.tn.echo('echo under the new child');
      await side.rekeysIke('rekeyed IKE SA');
      await side.closesChild('closed child');
      await side.closes('closed');
      expect(account.established('begin', 'echo')).not.to.equal(undefined);
      expect(account.answered('echo under the new child')).not.to.equal(undefined);
      for (const name of ['rekeyed child', 'rekeyed IKE SA', 'closed child', 'closed'])
        expect(account.ike.settled(name), name).not.to.equal(undefined);
      expect(lab.now()).to.be.below(1_000);
    });
  }

  it('let a node catch up that answers first and installs then', async () => {
    const agreed: boolean[] = [];
    const { tn } = await staged(negotiated(), (node) =>
      Object.assign(Object.create(node) as NodeUnderTest, {
        configure: node.configure.bind(node),
        caughtUp: async () => agreed.push((await node.state()).sad.length === 2),
      }),
    );
    await tn.initiates('begin');
    await tn.echo('echo');
    expect(agreed).to.deep.equal([true]);
  });

  it('send no ESP where there is no SA, and wait for no answer after a refusal', async () => {
    const intent = negotiated({ tn: { identity: { type: 'ID_FQDN', value: 'somebody.else' } } });
    const { tn, lab, account, marks } = await staged(intent);
    await tn.initiates('begin');
    expect(account.ike.refused('begin', 'nut')).not.to.equal(undefined);
    const before = lab.now();
    await tn.esp('esp', { unlessRefused: 'begin' });
    await tn.echo('echo', { unlessRefused: 'begin' });
    expect(lab.now() - before).to.be.below(10);
    expect(marks().map(({ name, act }) => [name, act.kind])).to.deep.include(['esp', 'moment']);
  });

  it('say what is wrong with an intent that has no child', async () => {
    const { tn } = await staged(hosts);
    expect(() => tn.initiates('begin')).to.throw(/staged: the intent of tn has no child/);
  });

  it('present another of the tester’s connections', async () => {
    const intent = negotiated();
    const { tn: tester } = intent.parties;
    const [honest] = tester!.ike;
    const ike = [{ ...honest!, name: 'other' }, honest!];
    const both = { ...intent, parties: { ...intent.parties, tn: { ...tester!, ike } } };
    const { tn, account, marks } = await staged(both);
    await tn.presents('other');
    await tn.initiates('begin', { ...peering, connection: 'other' });
    expect(marks()[0]?.name).to.equal('presents other');
    expect(account.ike.childAgreed('begin')).not.to.equal(undefined);
  });
});

describe('the verbs of a mobile node by hand', () => {
  /** What goes to the home address passes the router. */
  const routed = async () => {
    const setting = await staged(correspondent({ signalling: {} }, []));
    router(setting.lab, hostToHost.router);
    return setting;
  };
  const away = (sequence: number) =>
    fromCareOfAddress(
      echoPacket({
        from: mobile.homeAddress,
        to: nutAddresses.ipv6,
        identifier: 9,
        sequence,
        payload: new Uint8Array(4),
      }),
      mobile.careOfAddress,
    );
  const test = (kind: 'homeTestInit' | 'careOfTestInit', from: string): MobilityByHand => {
    const cookie = new Uint8Array(8).fill(from.length);
    const message: MobilityMessage =
      kind === 'homeTestInit'
        ? { kind, homeInitCookie: cookie, options: [] }
        : { kind, careOfInitCookie: cookie, options: [] };
    return { from, message };
  };
  const registers: MobilityByHand = {
    careOfAddress: mobile.careOfAddress,
    authorization: { careOfAddress: mobile.careOfAddress },
    message: { kind: 'bindingUpdate', sequenceNumber: 1, acknowledge: true, lifetime: 4, options: [] },
  };

  it('have a token when a test is over, use it, and wait for a Binding Error as for an answer', async () => {
    const { tn, account, lab } = await routed();
    await tn.sends('home test', test('homeTestInit', mobile.homeAddress));
    await tn.sends('care-of test', test('careOfTestInit', mobile.careOfAddress));
    await tn.packet('before', away(1), { awaited: true });
    await tn.sends('update', registers);
    await tn.packet('bound', away(2), { awaited: true });
    expect(lab.now()).to.be.below(100);
    expect(account.mobility.refusedByError('before', 1)).not.to.equal(undefined);
    expect(account.mobility.acknowledged('update', 0)).not.to.equal(undefined);
    expect(account.answered('bound')).not.to.equal(undefined);
    expect(account.mobility.answer('update')).to.include({
      destination: mobile.careOfAddress,
      routedTo: mobile.homeAddress,
    });
    await tn.letsPass('its lifetime', 17);
    expect(lab.now()).to.be.within(17_000, 17_100);
    await tn.packet('beyond', away(3), { awaited: true });
    expect(account.mobility.refusedByError('beyond', 1)).not.to.equal(undefined);
    expect(account.mobility.refusedByError('bound', 1)).to.equal(undefined);
  });

  it('send nothing that tests would have to authorise, where there were none', async () => {
    const { tn, account, marks } = await routed();
    await tn.sends('update', { ...registers, awaited: false });
    expect(marks().map(({ name }) => name)).to.deep.equal(['update']);
    expect(account.packets('tn').filter(({ packet }) => packet.packet.protocol === 135)).to.deep.equal([]);
    expect(account.mobility.sent('update')).to.equal(undefined);
  });

  it('prove silence by a later message that is answered, and tell whose the answer is', async () => {
    const { tn, account } = await routed();
    await tn.sends('home test', test('homeTestInit', mobile.homeAddress));
    await tn.sends('care-of test', test('careOfTestInit', mobile.careOfAddress));
    const authorization = { ...registers.authorization!, homeKeygenToken: new Uint8Array(8) };
    await tn.sends('forged', { ...registers, authorization, awaited: false });
    await tn.sends('badly summed', {
      ...test('homeTestInit', mobile.secondCareOfAddress),
      checksum: 1,
      awaited: false,
    });
    await tn.sends('update', registers);
    expect(account.mobility.silent('forged', 'update')).not.to.equal(undefined);
    expect(account.mobility.silent('badly summed', 'update')).not.to.equal(undefined);
    expect(account.mobility.answer('forged')).to.equal(undefined);
    expect(account.mobility.silent('update', 'forged')).to.equal(undefined);
  });
});

describe('the verbs of the lab', () => {
  /** A question for life is under way, and held. */
  const held = async () => {
    const setting = await staged(keyedHosts('ikev2', 'ipv4', [transportPair('pair', 'ipv4')]));
    await setting.tn.initiates('establish', childName('pair'));
    await setting.way.holds('held', 'HDR, SK {}', { from: 'tn', response: false });
    await setting.tn.asksForLife('life', undefined, { awaited: false });
    await setting.way.catches('held');
    const of = (by: string) =>
      setting.account.ike.messages('held').filter(({ frame, ike }) => frame.entry.from === by && ike.payloads);
    return { ...setting, of };
  };

  it('hold a message, and let it go once however often its sender has repeated it', async () => {
    const { lab, way, account, of, marks } = await held();
    await lab.until(() => of('tn').length > 2, { within: 5_000 });
    expect([of('tn').length, of('nut').length]).to.deep.equal([3, 0]);
    await way.releases('held');
    await way.shows((t) => t.ike.informed('life') !== undefined);
    await lab.until(() => false, { within: 100 });
    expect(of('nut')).to.have.lengthOf(1);
    expect(account.ike.exchange('HDR, SK {}', { by: 'tn', after: 'held' })?.requests).to.have.lengthOf(3);
    const told = marks().slice(-3);
    expect(told.map(({ name, by, act }) => [name, by, act.kind])).to.deep.equal([
      ['held', 'lab', 'holds'],
      ['life', 'tn', 'command'],
      ['held: releases', 'lab', 'releases'],
    ]);
  });

  it('lose it, and not what its sender repeats afterwards', async () => {
    const { way, of } = await held();
    await way.loses('held');
    await way.shows((t) => t.ike.informed('life') !== undefined);
    expect([of('tn').length, of('nut').length]).to.deep.equal([2, 1]);
  });

  it('repeat it, which is sent by the link then', async () => {
    const { lab, way, of } = await held();
    await way.repeats('held');
    await lab.until(() => of('nut').length === 2, { within: 100 });
    const [first, second] = of('nut').map(({ ike }) => ike.octets);
    expect(second).to.deep.equal(first);
    expect(of('home (link)')).to.have.lengthOf(1);
  });

  it('let nothing go that nobody holds', async () => {
    const { way } = await held();
    const fault = await way.releases('another').catch((thrown: unknown) => thrown);
    expect(fault).to.be.instanceOf(RangeError).with.property('message', 'nothing is held under another');
  });
});
