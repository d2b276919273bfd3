/**
 * A responder asks for a cookie (RFC 7296 2.6), and also for another group (2.6.1): the initiator returns the cookie before anything else in a request that
 * says the same as before, and does not fail over a responder that asks for it once more.
 */
import {
  type Account,
  both,
  type Finding,
  type FoundMessage,
  type Judgement,
  seen,
} from '../../harness/vocabulary/judging.ts';
import { tells } from '../../harness/vocabulary/lies.ts';
import { messageMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ikeProposal } from '../../harness/vocabulary/transforms.ts';
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import { equal } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { aroundControls, between, CLAIM, nodes, olderIds, playAround } from './nodes.ts';

/** What the tester answers one after the other: a cookie, or what it has to say otherwise. */
const ways = {
  cookie: ['cookie'],
  'cookie-then-group': ['cookie', 'own'],
  'cookie-then-group-then-cookie': ['cookie', 'own', 'cookie'],
} as const satisfies Record<string, readonly ('cookie' | 'own')[]>;
type Way = keyof typeof ways;

const { Curve25519, '256-bit random ECP group': P256 } = keyExchangeMethods;
const offered = [{ ...ikeProposal, keyExchangeMethods: [Curve25519, P256] }];
const accepted = [{ ...ikeProposal, keyExchangeMethods: [P256] }];

/** Another one each time, as of a responder whose cookies are about the key share too. */
const cookie = (before: number): Uint8Array => new Uint8Array(24).fill(before + 1);

function asksForCookie({ header }: IkeMessage, before: number): IkeMessage {
  const demand: Payload = {
    type: 'N',
    protocolId: 0,
    spi: new Uint8Array(),
    notifyType: notifyTypes.COOKIE,
    data: cookie(before),
  };
  return { header: { ...header, responderSPI: new Uint8Array(8) }, payloads: [demand] };
}

export const cookiesReturned = scenario({
  name: 'cookies-returned',
  title: 'The responder asks for a cookie',
  dimensions: { way: Object.keys(ways) as Way[], node: nodes },
  given: ({ node, way }) =>
    way === 'cookie' ? between(node) : between(node, { proposals: { nut: offered, tn: accepted } }),
  misbehaves: ({ way }) => ({
    tn: tells('asks for a cookie', { exchange: 'IKE_SA_INIT', kind: 'response', ikeSa: CLAIM }, (message, before) =>
      ways[way as Way][before] === 'cookie' ? asksForCookie(message, before) : message,
    ),
  }),
  play: (stage) => playAround(stage, 'initiator'),
  questions: {
    'RFC7296-2.6': question('Is a cookie returned, with everything else as it was?', {
      outcomes: ['returned', 'changed', 'not-returned'],
      controls: (t) => [...aroundControls(t), seen('a cookie was asked for', askedForCookie(t))],
      judge: (t) => returned(t),
      plays: ['initiator'],
      reads: [reads(RFC7296, '2.6', 'MUST', 'initiator', { returned: pass, changed: fail, 'not-returned': fail })],
      lawful: 'returned',
      turnedBy: [
        [messageMutants.returnsNoCookie, 'not-returned'],
        [messageMutants.returnsAnotherCookie, 'changed'],
      ],
      alsoKnownAs: ({ way, node }) =>
        way === 'cookie' ? olderIds({ node: node!, role: 'initiator' }, { initiator: ['1.1.5.1'] }) : [],
    }),
    'RFC7296-2.6.1': question('Do the two agree though a cookie and another group are asked for?', {
      asks: ({ way }) => way !== 'cookie',
      outcomes: ['kept', 'given-once', 'failed'],
      controls: (t) => [...aroundControls(t), seen('a cookie was asked for', askedForCookie(t))],
      judge: (t) => {
        const third = requests(t)[2];
        const agreed = t.established('claim', 'claim echo');
        if (!agreed || !third) return t.established('after', 'after echo')?.as('failed');
        const isKept = hasCookie(third);
        return both(t.ike.said(third, `the third request has ${isKept ? 'the' : 'no'} cookie`), agreed)?.as(
          isKept ? 'kept' : 'given-once',
        );
      },
      plays: ['initiator'],
      reads: [
        reads(RFC7296, '2.6.1', 'SHOULD', 'implementation', {
          kept: pass,
          'given-once': observed('the cookie goes into the next request only'),
          failed: fail,
        }),
        reads(RFC7296, '2.6.1', 'MUST NOT', 'implementation', { kept: pass, 'given-once': pass, failed: fail }),
      ],
      lawful: 'kept',
      turnedBy: ({ way }) => [
        [messageMutants.forgetsCookie, 'given-once'],
        ...(way === 'cookie-then-group-then-cookie' ? [[messageMutants.returnsOneCookie, 'failed'] as const] : []),
      ],
      alsoKnownAs: ({ way, node }) =>
        olderIds(
          { node: node!, role: 'initiator' },
          { initiator: [way === 'cookie-then-group' ? '1.1.5.2' : '1.1.5.3'] },
        ),
    }),
  },
});

function firstMessages(t: Account, from: string): readonly FoundMessage[] {
  const end = t.mark('after')?.place ?? Number.POSITIVE_INFINITY;
  return t.ike
    .messages('claim')
    .filter(
      ({ frame, ike }) =>
        frame.entry.from === from &&
        frame.entry.place < end &&
        ike.message.header.exchangeType === exchangeTypes.IKE_SA_INIT,
    );
}

/** Those of the node in the conversation that is asked about, each as often as it says something else. */
function requests(t: Account): readonly FoundMessage[] {
  const all = firstMessages(t, 'nut');
  return all.filter(({ ike }, place) => place === 0 || !equal(ike.octets, all[place - 1]!.ike.octets));
}

function askedForCookie(t: Account): Finding | undefined {
  const asked = firstMessages(t, 'tn').find(hasCookie);
  return asked && t.ike.said(asked, 'N(COOKIE)');
}

function cookieIn({ ike }: FoundMessage): Uint8Array | undefined {
  const [first] = ike.message.payloads;
  return first?.type === 'N' && first.notifyType === notifyTypes.COOKIE ? first.data : undefined;
}

const hasCookie = (message: FoundMessage): boolean => cookieIn(message) !== undefined;

function returned(t: Account): Judgement | undefined {
  const [first, second] = requests(t);
  if (!first) return undefined;
  const given = second && cookieIn(second);
  if (!second || !given)
    return (second ? t.ike.said(second, 'no cookie') : t.established('after', 'after echo'))?.as('not-returned');
  const rest = second.ike.octets.subarray(second.ike.octets.length - (first.ike.octets.length - HEADER));
  const isSame = equal(given, cookie(0)) && equal(rest, first.ike.octets.subarray(HEADER));
  return t.ike
    .said(second, isSame ? 'the cookie, and all as before' : 'something else')
    .as(isSame ? 'returned' : 'changed');
}

const HEADER = 28;
