/** A node that answers first and installs afterwards is waited for before anything is sent; one that never does is not waited for long. */
import { expect } from 'chai';
import type { MarkEntry } from '../capture/transcript.ts';
import { Lab } from '../lab/lab.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import { ReferenceNode } from '../lab/reference-node.ts';
import { TestingNode } from '../peers/testing-node.ts';
import { twoParties } from './cast.ts';
import { keyedGateways } from './keying.ts';
import { tunnelPair } from './pairs.ts';
import { stage } from './stage.ts';

const labs: Lab[] = [];
afterEach(() => {
  for (const lab of labs.splice(0)) lab.close();
});

const families = { inner: 'ipv4', outer: 'ipv4' } as const;
const intent = keyedGateways('ikev2', families, [tunnelPair('pair', families)]);

/** One that installs what it has agreed to only when it was asked so often. */
async function slow(askings: number, how: 'installed' | 'state') {
  const lab = new Lab({ clock: 'virtual', seed: 3 });
  labs.push(lab);
  const reference = new ReferenceNode(lab, { version: 'test' });
  await reference.configure(intent.parties.nut!);
  let asked = 0;
  const state = async () => {
    asked += 1;
    const { sad, ...rest } = await reference.state();
    return { ...rest, sad: asked > askings ? sad : [] };
  };
  const installed = async () => (await state()).sad.map(({ spi }) => spi);
  const node: NodeUnderTest = {
    product: 'slow',
    version: 'test',
    unsupported: () => undefined,
    rendered: () => '',
    configure: (configuration) => reference.configure(configuration),
    perform: (command) => reference.perform(command),
    log: async () => '',
    stop: async () => {},
    state,
    ...(how === 'installed' && { installed }),
  };
  const { tn, nut } = stage({
    lab,
    intent,
    players: {
      nut: { part: 'tested', node, plug: () => {} },
      tn: { part: 'tester', node: new TestingNode(lab, intent.parties.tn!) },
    },
    scenario: { scenario: 'slow', variant: '', dimensions: {}, cast: twoParties },
  });
  const markedAt = (name: string) =>
    lab.entries.find((entry): entry is MarkEntry => entry.kind === 'mark' && entry.name === name)!.time;
  return { lab, tn, nut, asked: () => asked, markedAt };
}

describe('what was agreed on', () => {
  for (const how of ['installed', 'state'] as const)
    it(`is there before anything is sent, by ${how}`, async () => {
      const { lab, tn, nut, asked, markedAt } = await slow(3, how);
      await tn.initiates('establish');
      expect(asked()).to.equal(0);
      const agreed = lab.now();
      await nut.echo('from the node');
      expect(asked()).to.equal(4);
      expect(markedAt('from the node') - agreed).to.equal(30);
      await tn.echo('again');
      expect(asked(), 'of what is known to be there').to.equal(4);
      await tn.rekeysChild('rekey');
      await tn.echo('afterwards');
      expect(asked()).to.equal(5);
    });

  it('is not waited for long where it never comes', async () => {
    const { lab, tn, asked, markedAt } = await slow(Number.POSITIVE_INFINITY, 'installed');
    await tn.initiates('establish');
    const agreed = lab.now();
    await tn.echo('echo');
    expect(markedAt('echo') - agreed).to.be.within(500, 520);
    const before = asked();
    await tn.echo('again');
    expect(asked()).to.equal(before);
    const notes = lab.entries.filter((entry) => entry.kind === 'note').map(({ says }) => says);
    expect(notes.filter((text) => /^does not hold 0x[0-9a-f]{8}, 500 ms/.test(text))).to.have.length(1);
  });
});
