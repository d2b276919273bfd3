import { expect } from 'chai';
import type { FrameEntry, Transcript } from '../capture/transcript.ts';
import { execute } from '../run/execution.ts';
import { runOf } from '../run/plan.ts';
import { memorySite } from '../run/site.ts';
import { bothMobile, bothMoving } from '../vocabulary/both-moving-intent.ts';
import { hostToHost } from '../vocabulary/places.ts';
import { scenario } from '../vocabulary/scenario.ts';
import { OpenedLog } from './opened-log.ts';
import { linkAt, whereabouts } from './whereabouts.ts';

/** Both leave their homes and register, and one goes on to where the other is. */
async function wandering(): Promise<Transcript> {
  const acted = scenario({
    name: 'wandering',
    title: 'Two wander',
    cast: bothMobile,
    dimensions: {},
    given: () => bothMoving({ agents: 'a-home-agent-each', routeOptimization: false, underEsp: false }),
    async play({ nut, peer, ha }) {
      await ha.echo('at home');
      await nut.movesTo('foreign-1', 'leaves');
      await peer.movesTo('foreign-2', 'the peer leaves');
      await ha.hears('update', 'bindingUpdate', { of: 'nut', after: 'leaves', within: 20_000 });
      await ha.hears('update of the peer', 'bindingUpdate', { of: 'peer', after: 'leaves', within: 20_000 });
      await nut.movesTo('foreign-2', 'goes on');
      await ha.hears('update again', 'bindingUpdate', {
        of: 'nut',
        from: '2001:db8:3::/64',
        after: 'goes on',
        within: 20_000,
      });
    },
    questions: {},
  });
  const run = runOf('test', acted as never, {}, { peer: 'reference' });
  return (await execute(run, memorySite(), 'test')).transcript;
}

describe('the whereabouts of a run', () => {
  let transcript: Transcript;
  let found: ReturnType<typeof whereabouts>;
  before(async () => {
    transcript = await wandering();
    const log = new OpenedLog(transcript);
    found = whereabouts(transcript, (frame) => log.frame(frame));
  });

  it('knows on which link each station is, and since when', () => {
    expect(found.links).to.deep.equal({
      nut: 'home',
      peer: 'correspondent',
      ha: 'home',
      'ha-of-peer': 'correspondent',
    });
    expect(found.moves.map(({ station, from, to }) => [station, from, to])).to.deep.equal([
      ['nut', 'home', 'away'],
      ['peer', 'correspondent', 'far'],
      ['nut', 'away', 'far'],
    ]);
    const [first, , last] = found.moves;
    expect([first!.place, last!.place, Infinity].map((place) => linkAt(found, 'nut', place))).to.deep.equal([
      'home',
      'away',
      'far',
    ]);
    expect(linkAt(found, 'router', Infinity)).to.equal(undefined);
  });

  it('names home addresses, home agents and care-of addresses by what was told and asked', () => {
    const named = Object.entries(found.names);
    const of = (name: string) => named.filter(([, each]) => each === name).map(([address]) => address);
    expect(of('nut at home')).to.deep.equal(['2001:db8:1::2']);
    expect(of('peer at home')).to.deep.equal(['2001:db8:c::1']);
    expect(of('home agent of nut')).to.deep.equal(['2001:db8:1::1']);
    expect(of('home agent of peer')).to.deep.equal(['2001:db8:c::2']);
    expect(of('router')).to.have.lengthOf(4);
    for (const [name, prefix] of [
      ['nut on away', '2001:db8:2:'],
      ['nut on far', '2001:db8:3:'],
      ['peer on far', '2001:db8:3:'],
    ] as const) {
      expect(of(name), name).to.have.lengthOf(1);
      expect(of(name)[0], name).to.match(new RegExp(`^${prefix}`));
    }
  });

  it('notices what a node notices: an advertisement of the new link, and the test of its address there', () => {
    const frames = transcript.entries.filter((entry): entry is FrameEntry => entry.kind === 'frame');
    const noticed = found.noticed.map(({ frame, what }) => [frames[frame - 1]!.from, frames[frame - 1]!.link, what]);
    expect(noticed).to.deep.equal([
      ['router', 'away', 'link'],
      ['nut', 'away', 'address'],
      ['router', 'far', 'link'],
      ['peer', 'far', 'address'],
      ['router', 'far', 'link'],
      ['nut', 'far', 'address'],
    ]);
  });

  it('names nobody where nobody is mobile', () => {
    const { nut, tn } = hostToHost;
    const intent = { parties: { nut, tn }, ends: {} };
    expect(whereabouts({ intent, entries: [] }, () => undefined)).to.deep.equal({
      links: { nut: 'home', tn: 'home' },
      moves: [],
      names: {},
      noticed: [],
    });
  });
});
