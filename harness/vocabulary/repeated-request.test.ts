/** A request of IKE that a tester has made, once more by hand: as it was, changed, or none where there was none. */
import { expect } from 'chai';
import { hex } from '../../reference/wire/octets.ts';
import { Account } from '../judge/account.ts';
import { Lab } from '../lab/lab.ts';
import { ReferenceNode } from '../lab/reference-node.ts';
import { TestingNode } from '../peers/testing-node.ts';
import { twoParties } from './cast.ts';
import type { Player } from './ensemble.ts';
import { negotiated, saying } from './ike-intent.ts';
import { stage } from './stage.ts';

const labs: Lab[] = [];
afterEach(() => {
  for (const lab of labs.splice(0)) lab.close();
});

/** Two that have spoken, `encapsulated` in UDP of port 4500. */
async function spoken({ encapsulated }: { readonly encapsulated: boolean }) {
  const plain = negotiated({ mode: 'tunnel' });
  const intent = encapsulated ? saying(plain, { tn: { encapsulation: 'forced' } }) : plain;
  const lab = new Lab({ clock: 'virtual', seed: 3 });
  labs.push(lab);
  const node = new ReferenceNode(lab, { version: 'test' });
  await node.configure(intent.parties.nut!);
  const players: Readonly<Record<string, Player>> = {
    nut: { part: 'tested', node, plug: (link) => node.plug(link) },
    tn: { part: 'tester', node: new TestingNode(lab, intent.parties.tn!) },
  };
  const scenario = { scenario: 'staged', variant: '', dimensions: {}, cast: twoParties };
  const { tn } = stage({ lab, intent, players, scenario });
  const account = new Account({ ...scenario, intent, entries: lab.entries });
  await tn.initiates('establish');
  await tn.asksForLife('life');
  return {
    tn,
    lab,
    account,
    sent: () => account.ike.messages('again').filter(({ frame }) => frame.entry.from === 'tn'),
  };
}

describe('a request once more', () => {
  for (const encapsulated of [false, true]) {
    it(`is what it was, and is answered as it was, ${encapsulated ? 'behind a marker' : 'from port 500'}`, async () => {
      const { tn, account, sent } = await spoken({ encapsulated });
      await tn.repeatsRequest('again', 'life');
      await tn.asksForLife('later life');
      const asked = account.ike.messages('life').find(({ frame }) => frame.entry.from === 'tn')!;
      expect(hex(sent()[0]!.ike.octets)).to.equal(hex(asked.ike.octets));
      expect(account.ike.exchange('HDR, SK {}', { by: 'tn', after: 'life' })?.responses).to.have.lengthOf(2);
    });
  }

  it('is told as tampered with where it is changed', async () => {
    const { tn, sent } = await spoken({ encapsulated: false });
    const apply = (octets: Uint8Array) => octets.with(-1, octets.at(-1)! ^ 1);
    await tn.repeatsRequest('again', 'life', { name: 'another octet', apply });
    await tn.asksForLife('later life');
    expect(sent()[0]!.frame.entry.tampers.map(({ name }) => name)).to.deep.equal(['another octet']);
    expect(sent()[0]!.ike.state).to.equal('bad-icv');
  });

  it('is nothing where none was made', async () => {
    const { tn, lab, sent } = await spoken({ encapsulated: false });
    await tn.echo('echo');
    await tn.repeatsRequest('again', 'echo');
    expect(sent()).to.deep.equal([]);
    expect(lab.entries.some((entry) => entry.kind === 'mark' && entry.name === 'again')).to.equal(true);
  });
});
