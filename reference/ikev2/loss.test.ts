/** A wire that loses, repeats and reorders (RFC 7296 sections 2.1 to 2.4), and one that makes things up. */
import { expect } from 'chai';
import { Conversation, type Datagram, seededEnv } from './conversation.test-support.ts';

const rekey = { kind: 'rekey-child', connection: 'peer', child: 'net' } as const;

describe('IKEv2 on a bad wire', () => {
  it('comes up though every datagram is lost once', () => {
    const talk = new Conversation();
    const seen = new Set<string>();
    talk.wire = ({ octets }) => {
      const key = octets.join();
      if (seen.has(key)) return [octets];
      seen.add(key);
      return [];
    };
    talk.initiate().pass(60_000);
    expect(talk.established).to.equal(true);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('comes up once though every datagram arrives twice', () => {
    const talk = new Conversation();
    talk.wire = ({ octets }) => [octets, octets];
    talk.initiate().command('initiator', rekey).pass(60_000);
    expect(talk.machines.responder.summaries()).to.have.length(1);
    expect(talk.installed.responder.size).to.equal(2);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('is not disturbed by old datagrams that come again later', () => {
    const talk = new Conversation().initiate().command('initiator', rekey);
    const before = talk.transcript.length;
    for (const { from, octets } of [...talk.datagrams])
      talk.forge(from === 'initiator' ? 'responder' : 'initiator', octets);
    expect(talk.established).to.equal(true);
    expect(talk.childrenAgree()).to.equal(true);
    // Only what answers the last request of each side is said again, and the first one makes a half-open IKE SA.
    expect(talk.transcript.length - before).to.be.lessThan(4);
  });

  it('retransmits ever more slowly, then gives up', () => {
    const talk = new Conversation();
    talk.wire = () => [];
    talk.initiate();
    const times: number[] = [];
    for (let step = 0; step < 400; step++) {
      const before = talk.transcript.length;
      talk.pass(100);
      if (talk.transcript.length > before) times.push(talk.now);
    }
    expect(times).to.deep.equal([500, 1500, 3500, 7500]);
    expect(talk.ikeEvents('initiator')).to.deep.equal(['failed']);
    expect(talk.machines.initiator.summaries()).to.deep.equal([]);
    expect(talk.machines.initiator.deadline()).to.equal(undefined);
  });

  it('forgets a half-open IKE SA that nobody comes to authenticate', () => {
    const talk = new Conversation();
    talk.wire = ({ from }: Datagram) => (from === 'initiator' ? [talk.datagrams.at(-1)!.octets] : []);
    talk.initiate();
    expect(talk.machines.responder.summaries()).to.have.length(1);
    talk.wire = () => [];
    talk.pass(31_000);
    expect(talk.machines.responder.summaries()).to.have.length(0);
  });

  it('closes an IKE SA that was replaced, where whoever replaced it is gone', () => {
    const talk = new Conversation().initiate();
    talk.wire = ({ from, notation }) =>
      from === 'initiator' && notation.includes('{D}') ? [] : [talk.datagrams.at(-1)!.octets];
    talk.command('initiator', { kind: 'rekey-ike', connection: 'peer' });
    talk.restart();
    expect(talk.machines.responder.summaries()).to.have.length(2);
    talk.pass(29_000);
    expect(talk.machines.responder.summaries()).to.have.length(2);
    talk.pass(60_000);
    expect(talk.machines.responder.summaries().map(({ state }) => state)).to.deep.equal(['established']);
    expect(talk.machines.responder.deadline()).to.equal(undefined);
  });

  it('asks of a successor what was to be asked when the IKE SA was replaced', () => {
    const talk = new Conversation().initiate();
    const { wire } = talk;
    talk.wire = () => [];
    talk.command('initiator', { kind: 'rekey-ike', connection: 'peer' }).initiate().command('initiator', rekey);
    talk.wire = wire;
    talk.pass(5_000);
    expect(talk.ikeEvents('initiator')).to.deep.equal(['established', 'rekeyed', 'closed']);
    expect(talk.childEvents('initiator')).to.deep.equal([
      'net established',
      'net established',
      'net rekeyed',
      'net closed',
    ]);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('has two successors of a child where the peer rekeyed it twice', () => {
    const talk = new Conversation().initiate();
    const { wire } = talk;
    talk.wire = () => [];
    talk.command('initiator', rekey).command('initiator', rekey);
    talk.wire = wire;
    talk.pass(5_000);
    expect(talk.installed.responder.size).to.equal(4);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('finds out that the peer is dead', () => {
    const talk = new Conversation().initiate();
    talk.wire = () => [];
    talk.command('initiator', { kind: 'liveness', connection: 'peer' }).pass(60_000);
    expect(talk.ikeEvents('initiator')).to.deep.equal(['established', 'failed']);
    expect(talk.installed.initiator.size).to.equal(0);
  });

  it('never throws at octets that are nothing, and never loses what is established by them', () => {
    const talk = new Conversation().initiate();
    const noise = seededEnv('noise');
    const known = talk.datagrams.map(({ octets }) => octets);
    for (let round = 0; round < 1500; round++) {
      const [choice, place, bit] = [...noise.octets('identifier', 3)] as [number, number, number];
      const whole = known[choice % known.length]!;
      const octets = choice < 40 ? noise.octets('padding', place) : Uint8Array.from(whole);
      if (choice >= 40 && choice < 150) octets[(place * 7 + round) % octets.length]! ^= 1 << (bit & 7);
      const hostile = choice >= 150 ? octets.subarray(0, (place * 3) % octets.length) : octets;
      talk.forge(round % 2 === 0 ? 'responder' : 'initiator', hostile);
    }
    talk.command('initiator', rekey);
    expect(talk.installed.initiator.size).to.equal(2);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('never throws at payloads that a peer with the keys has bent', () => {
    const noise = seededEnv('bent');
    for (let round = 0; round < 120; round++) {
      const [place, bit, which] = [...noise.octets('identifier', 3)] as [number, number, number];
      const bend = (octets: Uint8Array) => {
        const bent = Uint8Array.from(octets);
        if (bent.length > 0) bent[(place * 5 + round) % bent.length]! ^= 1 << (bit & 7);
        return bent;
      };
      const seams = { [which % 3 === 0 ? 'datagram' : 'plaintext']: bend };
      const talk = new Conversation({ seams }, {}, `bent ${round}`);
      talk.initiate().command('initiator', rekey).command('initiator', { kind: 'close', connection: 'peer' });
      expect(talk.transcript.length).to.be.greaterThan(0);
    }
  });
});
