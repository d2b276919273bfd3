/** Between two products nobody knows keys but them: they are asked when they were asked for SAs, before anything is sent, while an answer does not show, and with their state. */
import { expect } from 'chai';
import { Lab } from '../lab/lab.ts';
import type { CommandReply, KeyRecord, NodeCommand, NodeUnderTest } from '../lab/node.ts';
import { ReferenceNode } from '../lab/reference-node.ts';
import { meeting, twoProducts } from './meeting.ts';
import { stage } from './stage.ts';

const labs: Lab[] = [];
afterEach(() => {
  for (const lab of labs.splice(0)) lab.close();
});

const intent = meeting();

/** Two references, each of which takes note of what it is asked, and tells keys as a product does. */
async function two() {
  const lab = new Lab({ clock: 'virtual', seed: 5 });
  labs.push(lab);
  const asked: string[] = [];
  const told: KeyRecord[] = [];
  const wrapped = async (party: 'nut' | 'peer') => {
    const reference = new ReferenceNode(lab, { version: 'test' });
    await reference.configure(intent.parties[party]!);
    const node: NodeUnderTest = {
      product: party,
      version: 'test',
      unsupported: () => undefined,
      rendered: () => '',
      configure: (configuration) => reference.configure(configuration),
      perform: (command: NodeCommand): Promise<CommandReply> => {
        asked.push(`${party} ${command.kind}`);
        return reference.perform(command);
      },
      state: () => {
        asked.push(`${party} state`);
        return reference.state();
      },
      keys: async () => {
        asked.push(`${party} keys`);
        return told;
      },
      installed: async () => (await reference.state()).sad.map(({ spi }) => spi),
      log: async () => '',
      stop: async () => {},
    };
    return { part: 'tested', node, plug: () => {} } as const;
  };
  const players = { nut: await wrapped('nut'), peer: await wrapped('peer') };
  const scenario = { scenario: 'two', variant: '', dimensions: {}, cast: twoProducts };
  return { asked, told, ...stage<typeof twoProducts>({ lab, intent, players, scenario }) };
}

describe('the keys of two products', () => {
  it('are asked for after SAs were, and before anything is sent', async () => {
    const { nut, asked } = await two();
    await nut.initiates('establish');
    expect(asked).to.deep.equal(['nut initiate', 'nut keys', 'peer keys']);
    asked.splice(0);
    await nut.echo('there');
    expect(asked.indexOf('peer keys')).to.be.within(0, asked.indexOf('nut echo') - 1);
  });

  it('are asked for with the state of either', async () => {
    const { peer, asked } = await two();
    await peer.reports('state');
    expect(asked).to.deep.equal(['peer state', 'nut keys', 'peer keys']);
  });

  it('are asked for again while an answer does not show, and no longer', async () => {
    const { nut, asked } = await two();
    const unanswered = { from: '10.1.0.1', to: '10.2.0.1' } as const;
    await nut.echo('without SAs', unanswered);
    expect(asked.filter((each) => each === 'nut keys').length).to.be.above(5);
    asked.splice(0);
    await nut.echo('in clear', { from: '192.0.2.1', to: '192.0.2.2' });
    expect(asked.filter((each) => each === 'nut keys')).to.have.lengthOf(1);
  });
});
