/**
 * What a testing node does to its message of IKE_AUTH under one connection, which it sends in fragments (RFC 7383): before they are sealed, so that
 * each has a good ICV, or when they go out. A message that goes out again is treated likewise.
 */
import type { Datagram, Fragment, IkeSeams } from '../../reference/ikev2/interface.ts';
import { concat } from '../../reference/wire/octets.ts';
import type { NodeSeams } from './testing-node.ts';

type Set = readonly Fragment[];

/** Sealed as they are; what is added or changed comes from a sender that has the keys. */
const beforeSealing = {
  'number-zero': (set: Set) => [{ ...set[0]!, fragmentNumber: 0 }, ...set],
  'beyond-total': (set: Set) => [{ ...set[0]!, fragmentNumber: set.length + 1 }, ...set],
  'older-set': ([first, ...rest]: Set) => [
    first!,
    { ...rest[0]!, ...ofTotal(rest.length), content: tail(rest[0]!) },
    ...rest,
  ],
  'newer-set': (set: Set) => [...set.slice(0, -1), ...splitAnew(set)],
  'later-next-payload': ([first, ...rest]: Set) => [
    first!,
    ...rest.map((each) => ({ ...each, innerNextPayload: NOTIFY })),
  ],
  'one-alone': (set: Set) => [{ ...set[0]!, totalFragments: 1, content: wholeOf(set) }],
} as const satisfies Record<string, (set: Set) => Set>;

/** `sendings` counts those before. */
const whenSent = {
  'in-order': (datagrams) => datagrams,
  reversed: (datagrams) => datagrams.toReversed(),
  'each-twice': (datagrams) => datagrams.flatMap((each) => [each, each]),
  'last-lost': (datagrams, sendings) => (sendings === 0 ? datagrams.slice(0, -1) : datagrams),
  forged: ([first, second, ...rest]) => [first!, forged(second!, (octets) => flipped(octets, -48)), second!, ...rest],
  'forged-zero': (datagrams) => [forged(datagrams[0]!, (octets) => octets.with(FRAGMENT_NUMBER, 0)), ...datagrams],
  'forged-newer': (datagrams) =>
    datagrams.flatMap((each) => [each, forged(each, (octets) => octets.with(TOTAL_FRAGMENTS, 9))]),
} as const satisfies Record<string, (datagrams: readonly Datagram[], sendings: number) => readonly Datagram[]>;

export type FragmentLie = keyof typeof beforeSealing | keyof typeof whenSent;

/** Its fragments of IKE_AUTH under this connection are not what an honest sender sends, or not how. */
export function liesInFragments(connection: string, lie: FragmentLie): NodeSeams {
  const isMeant: Meant = (context) => context.exchange === 'IKE_AUTH' && context.connection === connection;
  const seams: Partial<IkeSeams> =
    lie in beforeSealing
      ? {
          fragments: (set, context) => (isMeant(context) ? beforeSealing[lie as keyof typeof beforeSealing](set) : set),
        }
      : {
          sends: (datagrams, context, sendings) =>
            isMeant(context) ? whenSent[lie as keyof typeof whenSent](datagrams, sendings) : datagrams,
        };
  return { ikev2: seams };
}

/**
 * It does not hear the answer to IKE_AUTH under this connection before it has sent its request so often again, first only these of its fragments
 * (`which`: by place), and all of them the last time.
 */
export function asksAgain(connection: string, times: number, which: readonly number[]): NodeSeams {
  let sent = 0;
  const isMeant: Meant = (context) => context.exchange === 'IKE_AUTH' && context.connection === connection;
  return {
    ikev2: {
      sends(datagrams, context, sendings) {
        if (!isMeant(context)) return datagrams;
        sent = sendings;
        return sendings === 0 || sendings >= times ? datagrams : which.map((place) => datagrams[place]!);
      },
      hears: (_octets, context) => !isMeant(context) || sent >= times,
    },
  };
}

type Meant = (context: Parameters<IkeSeams['sends']>[1]) => boolean;

const ofTotal = (totalFragments: number) => ({ fragmentNumber: totalFragments, totalFragments });
const wholeOf = (set: Set): Uint8Array => concat(...set.map(({ content }) => content));
const tail = ({ content }: Fragment): Uint8Array => content.subarray(1);

/** The same message in one fragment more (section 2.5.2). */
function splitAnew(set: Set): Set {
  const content = wholeOf(set);
  const totalFragments = set.length + 1;
  const chunk = Math.ceil(content.length / totalFragments);
  return Array.from({ length: totalFragments }, (_, i) => ({
    fragmentNumber: i + 1,
    totalFragments,
    innerNextPayload: i === 0 ? set[0]!.innerNextPayload : 0,
    content: content.subarray(i * chunk, (i + 1) * chunk),
  }));
}

function forged({ octets, tampers }: Datagram, change: (octets: Uint8Array) => Uint8Array): Datagram {
  const note = { name: 'forged fragment', complaint: 'IKEv2 Integrity Checksum Data is incorrect' };
  return { octets: change(octets), tampers: [...tampers, note] };
}

const flipped = (octets: Uint8Array, at: number): Uint8Array => octets.with(at, octets.at(at)! ^ 1);

/** The last octets of Fragment Number and Total Fragments, where SKF is the first payload. */
const FRAGMENT_NUMBER = 33;
const TOTAL_FRAGMENTS = 35;
const NOTIFY = 41;
