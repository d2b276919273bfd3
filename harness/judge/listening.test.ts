/** What an account finds of messages that were listened for, and of ICMPv6, in a transcript that a mobile node and two testers played. */
import { expect } from 'chai';
import type { Transcript } from '../capture/transcript.ts';
import { execute } from '../run/execution.ts';
import { runOf } from '../run/plan.ts';
import { memorySite } from '../run/site.ts';
import { mobileCast, moving } from '../vocabulary/moving-intent.ts';
import { icmpv6Packet } from '../vocabulary/packets.ts';
import { mobileIpv6 } from '../vocabulary/places.ts';
import { scenario } from '../vocabulary/scenario.ts';
import { Account } from './account.ts';
import { changed, framesOf, withFlipped } from './played.test-support.ts';

const { homeAgent, homeAddress, correspondent, prefixes } = mobileIpv6;
const REQUEST = 'homeAgentAddressDiscoveryRequest';

const discovering = scenario({
  name: 'listening',
  title: 'Played for a test',
  cast: mobileCast,
  dimensions: {},
  given: () => moving({ discoversHomeAgent: true }),
  async play({ nut, ha, cn }) {
    await nut.movesTo('foreign-1');
    await ha.hears('from home', REQUEST, { from: prefixes.home, within: 10_000 });
    await ha.hears('request', REQUEST, { from: prefixes['foreign-1'], after: 'moves to foreign-1', within: 10_000 });
    await ha.hears('again', REQUEST, { after: 'request', within: 10_000 });
    await ha.answers('reply', 'again', (heard) =>
      icmpv6Packet(
        { from: homeAgent, to: heard.source },
        {
          kind: 'homeAgentAddressDiscoveryReply',
          type: 145,
          code: 0,
          identifier: heard.message.kind === REQUEST ? heard.message.identifier : 0,
          homeAgentAddresses: [homeAgent],
        },
      ),
    );
    await ha.hears('update', 'bindingUpdate', { after: 'again', within: 10_000 });
    await ha.hears('after nothing', 'bindingUpdate', { after: 'from home', within: 10 });
    await cn.hears('of another', 'homeAgentAddressDiscoveryReply', { of: 'ha', to: correspondent, within: 10 });
    await cn.answers('nothing to answer', 'of another', () => {
      throw new Error('there is nothing to answer');
    });
    await cn.hears('of the home agent', 'homeAgentAddressDiscoveryReply', { of: 'ha', after: 'reply', within: 10 });
  },
  questions: {},
});

describe('an account of what was listened for', () => {
  let transcript: Transcript;
  let account: Account;
  before(async () => {
    ({ transcript } = await execute(runOf('test', discovering, {}), memorySite(), 'test'));
    account = new Account(transcript);
  });

  it('finds a message of ICMPv6 by its kind and by where it comes from, with its frame as evidence', () => {
    const request = account.icmpv6.heardAt('request');
    expect(request?.message.kind).to.equal(REQUEST);
    expect(request).to.include({ destination: ANYCAST, ultimately: ANYCAST, isProtected: false });
    expect(request?.source.startsWith('2001:db8:2:')).to.equal(true);
    expect(account.icmpv6.heardWas('request', ({ source }) => source)?.says).to.equal(`request: ${request?.source}`);
    expect(account.icmpv6.heardWas('request')?.evidence[0]).to.include({ frame: request?.found.frame.entry.number });
    expect(account.icmpv6.heardAt('from home')).to.equal(undefined);
  });

  it('looks after a moment, or after the message that was heard at it', () => {
    const [first, second] = ['request', 'again'].map((name) => account.heardAt(name)!.found.frame.entry);
    expect(second!.place).to.be.greaterThan(first!.place);
    expect(second!.time - first!.time).to.equal(3_000);
    expect(account.heardAt('after nothing')).to.equal(undefined);
    expect(account.heardAt('never named')).to.equal(undefined);
  });

  it('tells messages of ICMPv6 from those of Mobile IPv6, whatever the moment listened for', () => {
    expect(account.heardAt('update')?.message.kind).to.equal('bindingUpdate');
    expect(account.mobility.heardAt('update')?.homeAddress).to.equal(homeAddress);
    expect(account.icmpv6.heardAt('update')).to.equal(undefined);
    expect(account.mobility.heardAt('request')).to.equal(undefined);
    expect(account.mobility.heardWas('request')).to.equal(undefined);
  });

  it('finds what a party sent, by whom and to whom it was said', () => {
    expect(account.heardAt('of another')).to.equal(undefined);
    expect(account.heardAt('of the home agent')?.source).to.equal(homeAgent);
  });

  it('finds messages between moments without anybody listening', () => {
    const after = 'moves to foreign-1';
    const first = account.icmpv6.heard(REQUEST, { after });
    expect(first?.found.frame.entry.number).to.equal(account.heardAt('request')?.found.frame.entry.number);
    expect(account.icmpv6.heard(REQUEST, { after, before: 'from home' })).to.equal(undefined);
    expect(account.icmpv6.heard(REQUEST, { after, where: ({ message }) => message.code === 1 })).to.equal(undefined);
    expect(account.icmpv6.heard(REQUEST, { by: 'ha', after })).to.equal(undefined);
    expect(account.icmpv6.heard('routerAdvertisement', { by: 'router' })?.message.routerLifetime).to.equal(30);
    expect(account.icmpv6.heard('homeAgentAddressDiscoveryReply', { by: 'ha', after: 'reply' })).not.to.equal(
      undefined,
    );
  });

  it('answers what was heard, and nothing where nothing was', () => {
    const marks = transcript.entries.flatMap((entry) => (entry.kind === 'mark' ? [entry] : []));
    expect(marks.find(({ name }) => name === 'reply')?.act.kind).to.equal('command');
    expect(marks.find(({ name }) => name === 'nothing to answer')?.act.kind).to.equal('moment');
  });

  it('waits until what it listens for is seen, and no longer', () => {
    const heard = account.heardAt('update')!.found.frame.entry;
    const next = account.mark('after nothing')!;
    expect(next.time).to.equal(heard.time);
    expect(account.mark('of another')!.time - next.time).to.equal(10);
  });

  it('finds no message of which an octet was altered', () => {
    const request = account.heardAt('request')!.found.frame.entry;
    const altered = new Account(withFlipped(transcript, request, -1));
    expect(altered.heardAt('request')?.found.frame.entry.number).not.to.equal(request.number);
    const unheard = changed(transcript, (entry) =>
      framesOf(transcript, 'nut').includes(entry as never) ? undefined : entry,
    );
    expect(new Account(unheard).heardAt('request')).to.equal(undefined);
  });
});

const ANYCAST = '2001:db8:1:0:fdff:ffff:ffff:fffe';
