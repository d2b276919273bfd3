/**
 * A mobile node that does not know its home agent finds one (RFC 6275 11.4.1): it asks all of its home link at once, takes the answer to its question and no
 * other, and registers with those that are listed, in their order.
 */
import { type Heard, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import { discoveryMutants as mutants } from '../../../harness/vocabulary/mutants.ts';
import { icmpv6Packet } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { acknowledging, fromLink, type MobileStage } from './acts.ts';
import { repeated, repetitionOutcomes } from './times.ts';

const REQUEST = 'homeAgentAddressDiscoveryRequest';
/** Of all home agents of the home link (RFC 2526 4). */
const ANYCAST = '2001:db8:1:0:fdff:ffff:ffff:fffe';
const { homeAgent, correspondent, prefixes } = mobileIpv6;
const otherHomeAgent = '2001:db8:1::9';

async function asksForHomeAgents({ nut, ha, cn }: MobileStage): Promise<void> {
  await cn.echo('at home', { untilAnswered: true });
  await nut.movesTo('foreign-1');
  await ha.hears('request', REQUEST, fromLink('foreign-1'));
}

interface Reply {
  readonly listed: readonly string[];
  readonly reservedBits?: number;
  /** Added to the identifier of the request. */
  readonly ahead?: number;
}

const replying =
  ({ listed, reservedBits, ahead = 0 }: Reply) =>
  ({ message, source }: Heard): Uint8Array => {
    if (message.kind !== REQUEST) throw new TypeError(`a reply to a ${message.kind}`);
    return icmpv6Packet(
      { from: homeAgent, to: source },
      {
        kind: 'homeAgentAddressDiscoveryReply',
        type: 145,
        code: 0,
        identifier: (message.identifier + ahead) & 0xffff,
        ...(reservedBits !== undefined && { reservedBits }),
        homeAgentAddresses: listed,
      },
    );
  };

export const discoveryRequests = scenario({
  name: 'discovery-requests',
  title: 'A mobile node asks for home agents, and nobody answers',
  cast: mobileCast,
  dimensions: { reply: ['none'] },
  given: () => moving({ discoversHomeAgent: true }),
  async play(stage) {
    const { ha } = stage;
    await asksForHomeAgents(stage);
    await ha.hears('second', REQUEST, { after: 'request', within: 5_000 });
    await ha.hears('third', REQUEST, { after: 'second', within: 8_000 });
  },
  questions: {
    'RFC6275-11.4.1': question('Are the home agents of the home link asked, all of them at once?', {
      outcomes: ['all of the home link', 'somebody else'],
      controls: (t) => [pre('the node is at home', t.answered('at home'))],
      judge: (t) => {
        const request = t.icmpv6.heardAt('request');
        return t.icmpv6
          .heardWas('request', ({ source, destination }) => `from ${source} to ${destination}`)
          ?.as(request?.destination === ANYCAST ? 'all of the home link' : 'somebody else');
      },
      plays: 'sender',
      reads: [reads(RFC6275, '11.4.1', 'MUST', 'sender', { 'all of the home link': pass, 'somebody else': fail })],
      lawful: 'all of the home link',
      turnedBy: [[mutants.asksAnyRouter, 'somebody else']],
      alsoKnownAs: ['MN-5-1-1-1-005'],
    }),
    'RFC6275-11.4.1-REPEATED': question('Is the question repeated after three seconds, and after twice that?', {
      outcomes: repetitionOutcomes,
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it asks', t.icmpv6.heardWas('request')),
      ],
      judge: (t) => repeated(t, ['request', 'second', 'third'], INITIAL_DHAAD_TIMEOUT),
      plays: 'sender',
      reads: [reads(RFC6275, '11.4.1', 'MUST', 'sender', { doubled: pass, 'too soon': fail, 'not doubled': fail })],
      lawful: 'doubled',
      turnedBy: [[mutants.asksSteadily, 'not doubled']],
      alsoKnownAs: ['MN-5-1-1-1-006'],
    }),
  },
});

const BOTH = [homeAgent, otherHomeAgent];
const replies: Readonly<Record<string, Reply & { readonly ids: readonly string[] }>> = {
  'its-sender-first': { listed: BOTH, ids: ['MN-5-1-2-1-016', 'MN-5-1-2-1-026'] },
  'another-first': { listed: BOTH.toReversed(), ids: ['MN-5-1-2-1-027'] },
  'reserved-set': { listed: BOTH, reservedBits: 0x7fff, ids: ['MN-5-1-2-1-021'] },
  'another-identifier': { listed: BOTH, ahead: 1, ids: [] },
};

export const discoveryReplies = scenario({
  name: 'discovery-replies',
  title: 'A mobile node is told of home agents',
  cast: mobileCast,
  dimensions: { reply: Object.keys(replies) },
  given: () => moving({ discoversHomeAgent: true }),
  async play(stage, { reply }) {
    const { ha } = stage;
    await asksForHomeAgents(stage);
    await ha.answers('reply', 'request', replying(replies[reply]!));
    await ha.hears('update', 'bindingUpdate', { from: prefixes['foreign-1'], after: 'request', within: 2_500 });
    await ha.hears('asks again', REQUEST, { after: 'request', within: 5_000 });
  },
  questions: {
    'RFC6275-11.4.1': question('With which of the home agents that are listed does it register?', {
      outcomes: ['the first', 'another', 'none'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it asks', t.icmpv6.heardWas('request')),
      ],
      judge: (t, { reply }) => {
        const update = t.mobility.heardAt('update');
        if (!update) return t.icmpv6.heardWas('asks again')?.as('none');
        const isFirst = update.destination === replies[reply]!.listed[0];
        return t.mobility.shown(update, `with ${update.destination}`)?.as(isFirst ? 'the first' : 'another');
      },
      plays: 'receiver',
      reads: ({ reply }) => [
        reply === 'another-identifier'
          ? reads(RFC6275, '6.6', 'MUST', 'receiver', { 'the first': fail, another: fail, none: pass })
          : reads(RFC6275, '11.4.1', 'SHOULD', 'receiver', { 'the first': pass, another: fail, none: fail }),
      ],
      lawful: ({ reply }) => (reply === 'another-identifier' ? 'none' : 'the first'),
      turnedBy: ({ reply }) =>
        reply === 'another-identifier'
          ? [[mutants.believesEveryReply, 'the first']]
          : [[mutants.prefersTheLast, 'another']],
      alsoKnownAs: ({ reply }) => replies[reply]!.ids,
    }),
  },
});

const ids: Readonly<Record<string, readonly string[]>> = {
  refused: ['MN-5-1-2-1-029'],
  silent: ['MN-5-1-2-1-028'],
};
/** Seconds, of a silence that has doubled up to MAX_BINDACK_TIMEOUT and passed. */
const LONGEST_SILENCE = 85;

export const nextHomeAgent = scenario({
  name: 'next-home-agent',
  title: 'A home agent that was discovered takes no registration',
  cast: mobileCast,
  dimensions: { first: Object.keys(ids) },
  given: () => moving({ discoversHomeAgent: true }),
  lasts: ({ first }) => (first === 'silent' ? LONGEST_SILENCE : 0),
  async play(stage, { first }) {
    const { nut, ha } = stage;
    await asksForHomeAgents(stage);
    await ha.answers('reply', 'request', replying({ listed: BOTH }));
    await ha.hears('update', 'bindingUpdate', { to: homeAgent, after: 'request' });
    if (first === 'refused') await ha.answers('refusal', 'update', (heard) => acknowledging(heard, { status: 130 }));
    const within = first === 'refused' ? 3_000 : 1_000 * LONGEST_SILENCE;
    await ha.hears('next', 'bindingUpdate', { to: otherHomeAgent, after: 'update', within });
    await nut.echo('life', { to: correspondent, awaited: false });
  },
  questions: {
    'RFC6275-11.4.1': question('Does it try the next one that was listed?', {
      outcomes: ['the next', 'none'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it registers with the first', t.mobility.heardWas('update')),
        seen('it speaks', t.mobility.heardWas('next') ?? t.sent('life')),
      ],
      judge: (t) => t.mobility.heardWas('next')?.as('the next') ?? t.sent('life')?.as('none'),
      plays: 'sender',
      reads: [reads(RFC6275, '11.4.1', 'MAY', 'sender', { 'the next': pass, none: observed('it keeps to the first') })],
      lawful: 'the next',
      turnedBy: [[mutants.triesOneHomeAgent, 'none']],
      alsoKnownAs: ({ first }) => ids[first]!,
    }),
  },
});

/** Milliseconds (RFC 6275 12). */
const INITIAL_DHAAD_TIMEOUT = 3_000;
