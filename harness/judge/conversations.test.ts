/** What passed between stations, as anybody on the link could tell: no moment, mark or command of a scenario is looked at. */
import { expect } from 'chai';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import type { Entry, Transcript } from '../capture/transcript.ts';
import { nutAddresses, places } from '../lab/topologies.ts';
import { negotiated } from '../vocabulary/ike-intent.ts';
import { keyedHosts } from '../vocabulary/keying.ts';
import { transportPair } from '../vocabulary/pairs.ts';
import { Conversations } from './conversations.ts';
import { childOf } from './ike-conversations.ts';
import { changed, framesOf, played } from './played.test-support.ts';

/** As a stranger has it: frames, and such keys as somebody handed over. */
const overheard = (transcript: Transcript, withKeys = true): Transcript =>
  changed(transcript, (entry) => (entry.kind === 'frame' || (withKeys && entry.kind === 'keys') ? entry : undefined));

describe('the conversations of IKE', () => {
  let transcript: Transcript;
  before(async () => {
    transcript = await played(negotiated({ mode: 'tunnel' }), async ({ tn }) => {
      await tn.initiates('establish');
      await tn.echo('echo');
      await tn.rekeysChild('rekey');
      await tn.echo('again');
      await tn.movesTo('other-prefix');
      await tn.asksForLife('life');
      await tn.movesTo('home');
      await tn.closes('close');
    });
  });

  it('are one IKE SA with its exchanges, by who asked and Message ID, and who it joined', () => {
    const [sa, ...others] = new Conversations(overheard(transcript)).ike.ikeSas();
    expect(others).to.deep.equal([]);
    expect(sa!.initiatorSPI).to.match(/^[0-9a-f]{16}$/);
    expect(sa!.responderSPI).to.match(/^[0-9a-f]{16}$/);
    expect(sa!.exchanges.map(({ exchangeType, by, messageId }) => [exchangeType, by, messageId])).to.deep.equal([
      [exchangeTypes.IKE_SA_INIT, 'initiator', 0],
      [exchangeTypes.IKE_AUTH, 'initiator', 1],
      [exchangeTypes.CREATE_CHILD_SA, 'initiator', 2],
      [exchangeTypes.INFORMATIONAL, 'initiator', 3],
      [exchangeTypes.INFORMATIONAL, 'initiator', 4],
      [exchangeTypes.INFORMATIONAL, 'initiator', 5],
    ]);
    const said = sa!.exchanges.map(({ requests, responses }) =>
      [requests, responses].map((messages) => [...new Set(messages.map(({ frame }) => frame.entry.from))]),
    );
    expect(said.slice(0, 3)).to.deep.equal([1, 2, 3].map(() => [['tn'], ['nut']]));
    // What the router passes on, it says too.
    expect(new Set(sa!.ends.responder.map(({ address }) => address))).to.deep.equal(new Set([nutAddresses.ipv4]));
    const { initiator } = sa!.ends;
    expect(initiator[0]).to.include({ station: 'tn', address: places.home.ipv4 });
    expect(
      initiator.filter(({ address }) => address === places['other-prefix'].ipv4).map(({ station }) => station),
    ).to.include('tn');
    expect(initiator.at(-1)).to.include({ station: 'tn', address: places.home.ipv4 });
  });

  it('agree on children, each with an SPI a side, and the one that a rekeying replaces', () => {
    const conversations = new Conversations(overheard(transcript));
    const [sa] = conversations.ike.ikeSas();
    const [first, second, ...others] = sa!.exchanges.flatMap((exchange) => childOf(exchange) ?? []);
    expect(others).to.deep.equal([]);
    expect([first!.mode, second!.mode]).to.deep.equal(['tunnel', 'tunnel']);
    expect(first!.rekeys).to.equal(undefined);
    expect(second!.rekeys).to.equal(first!.spis.initiator);
    const received = [first!.spis.responder, second!.spis.responder];
    const fromTn = conversations.flows().filter(({ station }) => station === 'tn');
    expect(fromTn.map(({ spi }) => spi)).to.deep.equal(received);
  });

  it('keep their exchanges without any key, but nothing of what was said in them', () => {
    const [sa] = new Conversations(overheard(transcript, false)).ike.ikeSas();
    expect(sa!.exchanges).to.have.lengthOf(6);
    expect(sa!.exchanges.flatMap((exchange) => childOf(exchange) ?? [])).to.deep.equal([]);
  });

  it('are the same when the keys come last', () => {
    const frames = overheard(transcript, false).entries;
    const keys = transcript.entries.filter(({ kind }) => kind === 'keys');
    const growing: Entry[] = [...frames];
    const conversations = new Conversations({ ...transcript, entries: growing });
    expect(conversations.ike.agreement(-1)).to.equal(undefined);
    growing.push(...keys.map((entry) => ({ ...entry, place: 1_000_000 })));
    const late = summary(conversations);
    expect(late).to.deep.equal(summary(new Conversations(overheard(transcript))));
    expect(late.opened).to.be.above(8);
  });
});

describe('the flows of ESP', () => {
  it('have their packets in order and the paths they took', async () => {
    const transcript = await played(keyedHosts('manual', 'ipv4', [transportPair('pair', 'ipv4')]), async ({ tn }) => {
      await tn.echo('home 1');
      await tn.echo('home 2');
      await tn.movesTo('same-prefix');
      await tn.echo('elsewhere', { from: places['same-prefix'].ipv4, awaited: false });
    });
    const [toNut] = new Conversations(overheard(transcript)).flows().filter(({ station }) => station === 'tn');
    expect(toNut).to.include({ spi: 0x1001 });
    expect(toNut!.packets.map(({ header }) => header.sequenceNumber).slice(0, 2)).to.deep.equal([1, 2]);
    expect(toNut!.paths[0]).to.deep.equal({
      source: places.home.ipv4,
      destination: nutAddresses.ipv4,
      encapsulated: false,
      since: toNut!.packets[0]!.frame.entry.number,
    });
  });
});

/** Everything that could be looked up, in brief. */
function summary(conversations: Conversations) {
  return {
    opened: ['tn', 'nut'].flatMap((station) => conversations.packetsFrom(station, -1)).length,
    packets: ['tn', 'nut'].map((station) =>
      conversations.packetsFrom(station, -1).map(({ frame, packet }) => `${frame.entry.number} ${packet.range.buffer}`),
    ),
    messages: conversations.ike.messages(-1).map(({ frame, ike }) => `${frame.entry.number} ${ike.state}`),
    agreed: conversations.ike.agreement(-1)?.frame.entry.number,
    informed: conversations.ike.information(-1)?.frame.entry.number,
    exchanges: conversations.ike.ikeSas().map(({ exchanges }) => exchanges.length),
    ends: conversations.ike.ikeSas().map(({ ends }) => ends),
    flows: conversations.flows().map(({ station, spi, packets }) => [station, spi, packets.length]),
  };
}

describe('a log that is read in one pass', () => {
  it('opens each frame once, and again only what a later key can open', async () => {
    const transcript = await played(negotiated(), async ({ tn }) => {
      await tn.initiates('establish');
      await tn.echo('echo');
    });
    const growing: Entry[] = [];
    const conversations = new Conversations({ ...transcript, entries: growing });
    const seen = new Set<unknown>();
    for (const entry of transcript.entries) {
      growing.push(entry);
      for (const frame of framesOf({ ...transcript, entries: growing })) seen.add(conversations.frame(frame));
    }
    // Keys stand before what they open, so no frame is ever opened a second time.
    expect(seen.size).to.equal(framesOf(transcript).length);
  });
});
