/** The SPIs that children are given, of a range with few (RFC 4301 4.4.2.1). */
import { expect } from 'chai';
import { Conversation, connection } from './conversation.test-support.ts';
import { freshChildSpi } from './surroundings.ts';

const one = { settings: { childSpis: [300, 300] } } as const;
const other = { ...connection('initiator'), name: 'other' };

describe('SPIs of children', () => {
  it('are all that the range has, and no more', () => {
    const env = { octets: (_purpose: string, count: number) => new Uint8Array(count).fill(0xff) };
    const given = new Set<number | undefined>();
    for (let time = 0; time < 4; time++) given.add(freshChildSpi(env, [1000, 1002], (spi) => !given.has(spi)));
    expect([...given].sort()).to.have.members([1000, 1001, 1002, undefined]);
  });

  it('are missed by an initiator before it asks', () => {
    const talk = new Conversation(one).initiate();
    const before = talk.transcript.length;
    talk.initiate();
    expect(talk.transcript).to.have.lengthOf(before);
    expect(talk.refusals('initiator')).to.deep.equal(['inboundSpiFree']);
  });

  it('are missed before IKE_AUTH, and the IKE SA that is to have no child ends', () => {
    const talk = new Conversation({ ...one, connections: [connection('initiator'), other] }).initiate();
    talk.command('initiator', { kind: 'initiate', connection: 'other', child: 'net' });
    expect(talk.ikeEvents('initiator')).to.deep.equal(['established', 'failed']);
    expect(talk.installed.initiator.size).to.equal(2);
  });
});
