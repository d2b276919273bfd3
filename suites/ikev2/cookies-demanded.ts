/**
 * Somebody floods a responder with first requests (RFC 7296 2.6): it asks for cookies then, takes none but its own, and neither its cookies nor another group
 * in the way of who returns them.
 */
import {
  type Account,
  type FoundMessage,
  type Judgement,
  notificationsIn,
  post,
  pre,
  seen,
} from '../../harness/vocabulary/judging.ts';
import { tells } from '../../harness/vocabulary/lies.ts';
import { messageMutants } from '../../harness/vocabulary/mutants.ts';
import { udpPacket } from '../../harness/vocabulary/packets.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ikeProposal } from '../../harness/vocabulary/transforms.ts';
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { FLOOD, GROWN, requestOfNobody } from './flood.ts';
import { between, nodes, olderIds } from './nodes.ts';

const { Curve25519, '256-bit random ECP group': P256 } = keyExchangeMethods;
const bothGroups = [{ ...ikeProposal, keyExchangeMethods: [P256, Curve25519] }];
const secondGroup = [{ ...ikeProposal, keyExchangeMethods: [Curve25519] }];

/** What the tester makes of the cookie that it is given: its next request has it, or another, or the one after it has none any more. */
const ways = {
  returned: { number: '1.1.5.1', groups: false },
  another: { number: '1.1.5.2', groups: false },
  'then-group': { number: '1.1.5.3', groups: true },
  'then-group-given-once': { number: '1.1.5.4', groups: true },
} as const;
type Way = keyof typeof ways;

const isCookie = (payload: Payload): boolean => payload.type === 'N' && payload.notifyType === notifyTypes.COOKIE;

/** In its own first requests: as often as they held a cookie before, this one counts from 0. */
const lies: Readonly<Partial<Record<Way, (message: IkeMessage, cookiesBefore: number) => IkeMessage>>> = {
  another: (message, before) =>
    before > 0 ? message : changed(message, (data) => data.with(-1 + data.length, data.at(-1)! ^ 1)),
  'then-group-given-once': (message, before) =>
    before === 1 ? { ...message, payloads: message.payloads.filter((each) => !isCookie(each)) } : message,
};

function changed(message: IkeMessage, change: (data: Uint8Array) => Uint8Array): IkeMessage {
  const payloads = message.payloads.map(
    (payload): Payload =>
      payload.type === 'N' && isCookie(payload) ? { ...payload, data: change(payload.data) } : payload,
  );
  return { ...message, payloads };
}

export const cookiesDemanded = scenario({
  name: 'cookies-demanded',
  title: 'A flood of first requests comes, and among them one that is meant',
  dimensions: { way: Object.keys(ways) as Way[], node: nodes },
  given: ({ node, way }) =>
    ways[way as Way].groups ? between(node, { proposals: { nut: secondGroup, tn: bothGroups } }) : between(node),
  misbehaves: ({ way }) => {
    let cookies = 0;
    const lie = lies[way as Way];
    return {
      tn: tells('its cookie', { exchange: 'IKE_SA_INIT', kind: 'request' }, (message) =>
        lie && message.payloads.some(isCookie) ? lie(message, cookies++) : message,
      ),
    };
  },
  async play({ tn, nut }) {
    await nut.hasRun(GROWN);
    const from = places.home.ipv6;
    const to = nutAddresses.ipv6;
    // The link layer knows the node by its answer, or by what it did to answer.
    await tn.pingInClear('neighbour', { from, to });
    for (let place = 0; place < FLOOD; place++)
      await tn.packet(
        `flood ${place}`,
        udpPacket({ from, to, sourcePort: 500, destinationPort: 500, payload: requestOfNobody(place) }),
      );
    await tn.pingInClear('path', elsewhere);
    await tn.initiates('asked');
    await tn.echo('asked echo', { unlessRefused: 'asked' });
    await tn.pingInClear('path later', elsewhere);
  },
  questions: {
    'RFC7296-2.6-FLOOD': question('Are cookies asked for, and is none taken but its own?', {
      outcomes: ['asked-and-agreed', 'another-taken', 'never-asked', 'failed'],
      controls: (t) => [
        pre('the node is there', t.answered('path')),
        seen('it was flooded', floodAnswered(t)),
        post('and still is', t.answered('path later')),
      ],
      judge: (t, { way }) => judged(t, way as Way),
      plays: ['responder'],
      reads: ({ way }) => [
        reads(RFC7296, way === 'returned' || way === 'another' ? '2.6' : '2.6.1', 'SHOULD', 'implementation', {
          'asked-and-agreed': pass,
          'another-taken': fail,
          'never-asked': observed('no cookie is asked for'),
          failed: fail,
        }),
      ],
      lawful: 'asked-and-agreed',
      turnedBy: ({ way }) => [
        [messageMutants.asksForNoCookie, 'never-asked'],
        ...(way === 'another' ? [[messageMutants.takesForeignCookies, 'another-taken'] as const] : []),
      ],
      alsoKnownAs: ({ way, node }) =>
        olderIds({ node: node!, role: 'responder' }, { responder: [ways[way as Way].number] }),
    }),
  },
});

/** The other family, which no policy of the two is about. */
const elsewhere = { from: places.home.ipv4, to: nutAddresses.ipv4 };

function floodAnswered(t: Account) {
  const answered = t.ike.messages('flood 0').find(({ frame }) => frame.entry.from === 'nut');
  return answered && t.ike.said(answered, 'the first answer to the flood');
}

function judged(t: Account, way: Way): Judgement | undefined {
  const inFirst = ({ ike }: FoundMessage) => ike.message.header.exchangeType === exchangeTypes.IKE_SA_INIT;
  const since = t.ike.messages('asked').filter(inFirst);
  const spi = since.find(({ frame }) => frame.entry.from === 'tn')?.ike.message.header.initiatorSPI;
  const own = since.filter(({ ike }) => spi?.every((octet, at) => octet === ike.message.header.initiatorSPI[at]));
  const answers = own.filter(({ frame }) => frame.entry.from === 'nut');
  const cookies = answers.filter(({ ike }) => notificationsIn(ike).includes('COOKIE'));
  const agreed = t.established('asked', 'asked echo');
  if (cookies.length === 0) return agreed?.as('never-asked');
  if (way === 'another' && cookies.length < 2 && answers.length > 1)
    return t.ike.said(answers[1]!, 'it takes a cookie that it has not given').as('another-taken');
  return agreed?.as('asked-and-agreed') ?? t.answered('path later')?.as('failed');
}
