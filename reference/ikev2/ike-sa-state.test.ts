/** The table of transitions: complete, unambiguous, and obeyed. */
import { expect } from 'chai';
import { defaultSettings } from './configuration.ts';
import { Conversation, pathAt, seededEnv } from './conversation.test-support.ts';
import type { Surroundings } from './ike-sa.ts';
import { type StateName, transitions } from './ike-sa-state.ts';
import { LivingIkeSa } from './living-ike-sa.ts';

describe('transitions of an IKE SA', () => {
  it('lead to one state for each occasion', () => {
    const occasions = transitions.map(({ from, on }) => `${from} ${on}`);
    expect(new Set(occasions).size).to.equal(occasions.length);
  });

  it('reach every state from idle, and the end from every state', () => {
    const reached = new Set<StateName>(['idle']);
    for (const { from, to } of transitions) if (reached.has(from)) reached.add(to);
    const states = new Set(transitions.flatMap(({ from, to }) => [from, to]));
    expect([...reached].sort()).to.deep.equal([...states].sort());
    for (const state of states) {
      expect(state === 'closed' || transitions.some(({ from, to }) => from === state && to === 'closed')).to.equal(
        true,
      );
    }
  });

  it('tell a story with a section each', () => {
    for (const { story } of transitions.filter(({ from }) => from !== 'idle')) expect(story).to.match(/\(\d/);
  });

  it('are the only ones', () => {
    const surroundings = { settings: defaultSettings, env: seededEnv('x') } as unknown as Surroundings;
    const spis = { initiatorSPI: new Uint8Array(8), responderSPI: new Uint8Array(8) };
    const ikeSa = new LivingIkeSa(surroundings, 'initiator', spis, pathAt('initiator'));
    expect(() => ikeSa.become('is replaced', { name: 'closed' })).to.throw('does not become closed');
  });

  it('are told when asked for the state', () => {
    const talk = new Conversation();
    talk.wire = () => [];
    talk.initiate();
    expect(talk.machines.initiator.summaries().map(({ state }) => state)).to.deep.equal(['connecting']);
  });
});
