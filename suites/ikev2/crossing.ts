/**
 * Two requests that cross (RFC 7296 2.8.1, 2.25): each side has asked before it hears what the other asks, since the lab holds both requests until both are
 * there. Which of them arrives first, and what is lost on the way, is the scenario's to say.
 */
import type { Account, Exchange, Finding, FoundMessage, IkeSaConversation } from '../../harness/vocabulary/judging.ts';
import { both } from '../../harness/vocabulary/judging.ts';
import type { Keying } from '../../harness/vocabulary/keying.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { protocolIds } from '../../reference/wire/ike/registry.ts';
import { hex } from '../../reference/wire/octets.ts';

/** Who began the IKE SA, by the role of the node under test. */
export const keyingOf = (role: 'responder' | 'initiator'): Keying =>
  role === 'responder' ? 'ikev2' : 'ikev2-nut-initiates';

export const sides = ['nut', 'tn'] as const;
export type Side = (typeof sides)[number];

export const other = (side: Side): Side => (side === 'nut' ? 'tn' : 'nut');

/** Whose request arrives first. */
export const firsts = ['nut-first', 'tn-first'] as const;
/** What is lost once on its way. */
export const losses = [
  '',
  'request-of-nut-lost',
  'request-of-tn-lost',
  'answer-of-nut-lost',
  'answer-of-tn-lost',
] as const;

export interface Crossing {
  readonly first: (typeof firsts)[number];
  readonly loss?: (typeof losses)[number];
}

/** What each side asks, and what it answers the other, in the RFC's notation. */
export type Crossed = Readonly<Record<Side, { readonly asks: string; readonly answers: string }>>;

/** Both ask, and then both are heard. */
export async function cross(
  { lab }: Stage,
  crossed: Crossed,
  begins: (side: Side) => Promise<void>,
  { first, loss = '' }: Crossing,
): Promise<void> {
  for (const side of sides) await lab.holds(asking(side), crossed[side].asks, { from: side, response: false });
  for (const side of sides) await begins(side);
  for (const side of sides) await lab.catches(asking(side));
  const unheard = sides.find((side) => loss === `answer-of-${side}-lost`);
  if (unheard) await lab.holds(answering(unheard), crossed[unheard].answers, { from: unheard, response: true });
  for (const side of first === 'nut-first' ? sides : sides.toReversed()) {
    if (loss === `request-of-${side}-lost`) await lab.loses(asking(side));
    else await lab.releases(asking(side));
  }
  if (unheard) {
    await lab.catches(answering(unheard));
    await lab.loses(answering(unheard));
  }
  // An answer that was lost comes again.
  const answers = (side: Side) => (side === unheard ? 2 : 1);
  await lab.shows((t) =>
    sides.every((side) => {
      const exchange = exchangeOf(t, crossed, side);
      return answersTo(exchange) >= answers(other(side)) || isOnClosed(t, exchange);
    }),
  );
}

/**
 * What follows from the two is over, too: who answered for its life has been sent all that came before, what it asked then is answered, and an echo is, which is asked again
 * while what the node sends under may still change: the SA that it receives under is there by then (`AgreedChildren`), the one that it sends under follows. A last sign of life
 * shows that its silence is one. Names `life`, `after` and `later life`.
 */
export async function settle({ tn, lab }: Stage): Promise<void> {
  await tn.asksForLife('life');
  await lab.shows(isQuiet);
  await tn.echo('after', { untilAnswered: true });
  await tn.asksForLife('later life');
}

/** Every request so far is answered, but those on an IKE SA that is closed. */
export function isQuiet(t: Account): boolean {
  return t.conversations.ike.ikeSas().every((ikeSa) => isClosed(ikeSa) || ikeSa.exchanges.every(isOver));
}

/** Nobody answers on an IKE SA any more that somebody has closed. */
function isClosed({ exchanges }: IkeSaConversation): boolean {
  return exchanges.some(({ requests, responses }) => responses.length > 0 && requests.some(deletesIke));
}

function isOnClosed(t: Account, exchange: Exchange | undefined): boolean {
  const spi = exchange?.requests[0]?.ike.message.header.initiatorSPI;
  return t.conversations.ike.ikeSas().some((ikeSa) => spi && ikeSa.initiatorSPI === hex(spi) && isClosed(ikeSa));
}

const deletesIke = ({ ike }: FoundMessage): boolean =>
  ike.payloads?.some((payload) => payload.type === 'D' && payload.protocolId === protocolIds.IKE) ?? false;

/** What nobody has a key for was asked before all this, by an IKE SA that is gone. */
function isOver({ requests, responses }: Exchange): boolean {
  return responses.length > 0 || requests.every(({ ike }) => ike.payloads === undefined);
}

/** The exchange that a side began. */
export function exchangeOf(t: Account, crossed: Crossed, side: Side): Exchange | undefined {
  return t.ike.exchange(crossed[side].asks, { by: side, after: asking(side) });
}

const answersTo = (exchange: Exchange | undefined): number => exchange?.responses.length ?? 0;

/** The moment from which on a side's request is held. */
export const asking = (side: Side): string => `${side} asks`;
const answering = (side: Side): string => `${side} answers`;

/** Both requests stood still together before either went on. */
export function haveCrossed(t: Account, crossed: Crossed): Finding | undefined {
  const [released] = sides
    .flatMap((side) => ['releases', 'loses'].map((kind) => t.mark(`${asking(side)}: ${kind}`)))
    .filter((mark) => mark !== undefined)
    .sort((one, other) => one.place - other.place);
  const asked = (side: Side) =>
    t.ike.heard(crossed[side].asks, { by: side, after: asking(side), before: released?.name ?? '' });
  return both(...sides.map(asked));
}
