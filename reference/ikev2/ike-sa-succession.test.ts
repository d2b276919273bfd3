/** Who has the children when IKE SAs are replaced by one side while the other wants to as well (RFC 7296 sections 2.8.2 and 2.18). */
import { expect } from 'chai';
import { Conversation, connection, fastIke } from './conversation.test-support.ts';
import { liveness, rekeyIke, rekeyNet } from './rule-conversation.test-support.ts';

const rekeys = 'HDR, SK {SA, Ni, KEi}';

/** Both have one IKE SA and one child, and it is the same. */
function expectOne(talk: Conversation): void {
  for (const each of ['initiator', 'responder'] as const) {
    expect(talk.machines[each].summaries()).to.have.length(1);
    expect(talk.installed[each].size).to.equal(2);
  }
  expect(talk.childrenAgree()).to.equal(true);
}

describe('IKE SAs that replace one another', () => {
  it('hand on what is still on the first, when the one in the middle is gone before the first is given up', () => {
    const talk = new Conversation().initiate();
    const lost = new Set([`initiator ${rekeys}`, 'responder HDR, SK {D}']);
    talk.wire = ({ from, notation, octets }) => (lost.delete(`${from} ${notation}`) ? [] : [octets]);
    talk.commands(rekeyIke, rekeyIke);
    expect(talk.installed.initiator.size).to.equal(2);
    talk.command('initiator', rekeyIke).pass(20_000);
    expectOne(talk);
  });

  it('take the children at once from a node that has yet to ask for the same', () => {
    const talk = new Conversation().initiate();
    const firsts = new Set(['initiator HDR, SK {}', 'responder HDR, SK {D}']);
    talk.wire = ({ from, notation, octets }) => {
      if (!firsts.delete(`${from} ${notation}`)) return [octets];
      if (from === 'responder') return [];
      talk.command('initiator', rekeyIke).command('responder', rekeyIke).command('responder', rekeyNet);
      return [octets];
    };
    talk.command('initiator', liveness).pass(20_000);
    expect(talk.transcript.filter((line) => line.endsWith(rekeys))).to.deep.equal([`R: ${rekeys}`]);
    expect(talk.childEvents('responder')).to.deep.equal(['net established', 'net rekeyed', 'net closed']);
    expectOne(talk);
  });

  it('take the children from a node that is told to ask otherwise, before it goes on with what waits', () => {
    const groups = (...keyExchangeMethods: number[]) => ({ proposals: [{ ...fastIke, keyExchangeMethods }] });
    const talk = new Conversation(
      { connections: [connection('initiator', groups(P256, X25519))] },
      { connections: [connection('responder', groups(X25519))] },
    ).initiate();
    const firsts = new Set([`initiator ${rekeys}`]);
    talk.wire = ({ from, notation, octets }) => {
      if (firsts.delete(`${from} ${notation}`)) talk.command('initiator', closeNet);
      return [octets];
    };
    talk.commands(rekeyIke, rekeyIke).pass(20_000);
    for (const each of ['initiator', 'responder'] as const) {
      expect(talk.machines[each].summaries()).to.have.length(1);
      expect(talk.installed[each].size).to.equal(0);
    }
  });
});

const closeNet = { kind: 'close-child', connection: 'peer', child: 'net' } as const;

const [P256, X25519] = [19, 31];
