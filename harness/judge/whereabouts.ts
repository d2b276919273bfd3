/**
 * Who is on which link and when, and whose an address is: for those who look at a run in which somebody moves (RFC 6275). It rests on what the parties were told,
 * on the moments at which one moved, on the frames that it sent after that, and on the bindings that it asked for; no question is judged by it.
 */
import { type Address, inPrefix, isLinkLocal, parsePrefix } from '../../reference/wire/address.ts';
import { type Icmpv6Message, icmpv6Message } from '../../reference/wire/icmpv6.ts';
import { homeAddressesIn } from '../../reference/wire/ip/home-addresses.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { mobilityMessage } from '../../reference/wire/mobility/message.ts';
import type { FrameEntry, PolicyIntent, Transcript } from '../capture/transcript.ts';
import type { OpenedFrame } from './opened-frame.ts';
import { readable } from './readable.ts';

export interface Whereabouts {
  /** Of each station with one interface, the link that it is on at first. */
  readonly links: Readonly<Record<string, string>>;
  readonly moves: readonly Move[];
  /** What an address is to the parties: `nut at home`, `nut on away`, `home agent`. Empty where nobody is mobile. */
  readonly names: Readonly<Record<Address, string>>;
  /** Frames by which a station comes to know a new link. */
  readonly noticed: readonly Noticed[];
}

export interface Noticed {
  readonly frame: number;
  /** The first router advertisement there, or the test whether an address that it made is another's. */
  readonly what: 'link' | 'address';
}

export interface Move {
  /** Of the moment in the log. */
  readonly place: number;
  readonly station: string;
  /** Absent where it sent nothing there. */
  readonly from?: string;
  readonly to?: string;
}

export function whereabouts(
  { intent, entries }: Pick<Transcript, 'intent' | 'entries'>,
  opened: (frame: FrameEntry) => OpenedFrame | undefined,
): Whereabouts {
  const frames = entries.filter((entry) => entry.kind === 'frame');
  const links = firstLinks(intent);
  const moves = movesIn(entries, links);
  const read = (frame: FrameEntry) => readable(() => opened(frame));
  return {
    links,
    moves,
    names: isMobile(intent) ? namesIn(intent, links, frames, read) : {},
    noticed: moves.flatMap((move) => noticedAfter(move, moves, frames, read)),
  };
}

/** The link of a station at a place of the log. */
export function linkAt({ links, moves }: Pick<Whereabouts, 'links' | 'moves'>, station: string, place: number) {
  const last = moves.findLast((move) => move.station === station && move.place < place);
  return last ? last.to : links[station];
}

function firstLinks(intent: PolicyIntent): Readonly<Record<string, string>> {
  const single = nodesOf(intent).filter(([, { interfaces }]) => interfaces.length === 1);
  return Object.fromEntries(single.map(([name, { interfaces }]) => [name, interfaces[0]!.link]));
}

function movesIn(entries: Transcript['entries'], links: Whereabouts['links']): readonly Move[] {
  const at = new Map(Object.entries(links));
  return entries.flatMap((entry): Move[] => {
    if (entry.kind !== 'mark' || entry.act.kind !== 'moves') return [];
    const { by: station, place } = entry;
    const from = at.get(station);
    const to = nextLink(entries, station, place);
    if (to === undefined) at.delete(station);
    else at.set(station, to);
    return [{ place, station, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
}

/** Of the first frame that it sent after this, before it moved again. */
function nextLink(entries: Transcript['entries'], station: string, place: number): string | undefined {
  const next = entries
    .slice(place + 1)
    .find((entry) =>
      entry.kind === 'frame'
        ? entry.from === station
        : entry.kind === 'mark' && entry.by === station && entry.act.kind === 'moves',
    );
  return next?.kind === 'frame' ? next.link : undefined;
}

function noticedAfter(
  { station, place, to }: Move,
  moves: readonly Move[],
  frames: readonly FrameEntry[],
  read: (frame: FrameEntry) => OpenedFrame | undefined,
): readonly Noticed[] {
  const end = moves.find((move) => move.station === station && move.place > place)?.place ?? Infinity;
  const there = frames.filter((frame) => frame.link === to && frame.place > place && frame.place < end);
  const advertisement = there.find((frame) => frame.from !== station && icmpIn(read(frame))?.kind === ROUTER);
  const tests = there.filter((frame) => frame.from === station && isAddressTest(read(frame)));
  return [
    ...(advertisement ? [{ frame: advertisement.number, what: 'link' } as const] : []),
    ...tests.map(({ number: frame }) => ({ frame, what: 'address' }) as const),
  ];
}

/** Duplicate address detection (RFC 4862 5.4.2) of an address that is known beyond the link. */
function isAddressTest(frame: OpenedFrame | undefined): boolean {
  const message = icmpIn(frame);
  const isTest = message?.kind === 'neighborSolicitation' && frame!.packets[0]!.packet.source === '::';
  return isTest && !isLinkLocal(message.targetAddress);
}

function icmpIn(frame: OpenedFrame | undefined): Icmpv6Message | undefined {
  const packet = frame?.packets[0]?.packet;
  if (packet?.protocol !== protocols['IPv6-ICMP']) return undefined;
  return readable(() => icmpv6Message.decode(packet.payload).value);
}

function namesIn(
  intent: PolicyIntent,
  links: Whereabouts['links'],
  frames: readonly FrameEntry[],
  read: (frame: FrameEntry) => OpenedFrame | undefined,
): Readonly<Record<Address, string>> {
  const names = new Map(namesToldIn(intent));
  const owners = homesIn(intent);
  const careOf = (homeAddress: Address | undefined, careOfAddress: Address, link: string | undefined): void => {
    const owner = homeAddress === undefined ? undefined : owners.get(homeAddress);
    const isNews = owner !== undefined && (names.get(careOfAddress) ?? owner) === owner;
    if (isNews && careOfAddress !== homeAddress)
      names.set(careOfAddress, link ? `${owner} on ${link}` : `${owner} away`);
  };
  for (const [name, { mobility }] of nodesOf(intent)) {
    const { mobileNode, correspondentNode } = mobility ?? {};
    if (mobileNode?.byHand) careOf(addressOf(mobileNode.homeAddress), mobileNode.byHand.careOfAddress, links[name]);
    for (const { homeAddress, careOfAddress } of correspondentNode?.bindings ?? []) {
      careOf(homeAddress, careOfAddress, links[owners.get(homeAddress) ?? '']);
    }
  }
  for (const frame of frames) {
    const asked = registrationIn(read(frame));
    if (!asked || owners.get(asked.homeAddress) !== frame.from) continue;
    careOf(asked.homeAddress, asked.careOfAddress, linkOfPrefix(intent, asked.careOfAddress) ?? frame.link);
  }
  return Object.fromEntries(names);
}

/** What the intent says of addresses; a home address and a home agent before whatever else has them. */
function namesToldIn(intent: PolicyIntent): readonly (readonly [Address, string])[] {
  const own = nodesOf(intent).flatMap(([name, { interfaces }]) =>
    interfaces.flatMap(({ addresses }) => addresses.map((prefix) => [addressOf(prefix), name] as const)),
  );
  const homes = [...homesIn(intent)].map(([address, name]) => [address, `${name} at home`] as const);
  const served = agentsIn(intent);
  const isOnly = served.size === 1;
  const agents = [...served].map(
    ([address, of]) => [address, isOnly ? 'home agent' : `home agent of ${[...of].join(' and ')}`] as const,
  );
  return [...own, ...homes, ...agents];
}

/** Whose a home address is. */
function homesIn(intent: PolicyIntent): ReadonlyMap<Address, string> {
  return new Map(
    nodesOf(intent).flatMap(([name, { mobility }]) =>
      mobility?.mobileNode ? [[addressOf(mobility.mobileNode.homeAddress), name] as const] : [],
    ),
  );
}

/** Of each home agent, whom it serves: those who were told of it, and those whom it was told of. */
function agentsIn(intent: PolicyIntent): ReadonlyMap<Address, ReadonlySet<string>> {
  const homes = homesIn(intent);
  const agents = new Map<Address, Set<string>>();
  const serves = (agent: Address, of: readonly string[]): void => {
    agents.set(agent, new Set([...(agents.get(agent) ?? []), ...of]));
  };
  for (const [name, { mobility }] of nodesOf(intent)) {
    if (mobility?.mobileNode?.homeAgent !== undefined) serves(mobility.mobileNode.homeAgent, [name]);
    if (!mobility?.homeAgent) continue;
    const { address, homeAddresses } = mobility.homeAgent;
    serves(
      address,
      homeAddresses.flatMap((home) => homes.get(home) ?? []),
    );
  }
  return agents;
}

/** The link whose prefix an address has, as somebody there was told it: a node may ask from one link for an address of another. */
function linkOfPrefix(intent: PolicyIntent, address: Address): string | undefined {
  const interfaces = nodesOf(intent).flatMap(([, node]) => node.interfaces);
  return interfaces.find(({ addresses }) =>
    addresses.some((prefix) => readable(() => inPrefix(address, parsePrefix(prefix))) === true),
  )?.link;
}

/** The binding that a frame asks for. */
function registrationIn(
  frame: OpenedFrame | undefined,
): { readonly homeAddress: Address; readonly careOfAddress: Address } | undefined {
  for (const { packet } of frame?.packets ?? []) {
    if (packet.version !== 6 || packet.protocol !== protocols['Mobility Header']) continue;
    const message = readable(() => mobilityMessage.decode(packet.payload).value);
    const [homeAddress] = homeAddressesIn(packet);
    if (message?.kind !== 'bindingUpdate' || homeAddress === undefined) continue;
    const alternate = message.options.find((option) => option.type === 'alternateCareOfAddress');
    return { homeAddress, careOfAddress: alternate?.alternateCareOfAddress ?? packet.source };
  }
  return undefined;
}

const isMobile = (intent: PolicyIntent): boolean => nodesOf(intent).some(([, { mobility }]) => mobility !== undefined);

function nodesOf({ parties, others = [] }: PolicyIntent) {
  return [...Object.entries(parties), ...others.map((node) => [node.name, node] as const)];
}

const addressOf = (prefix: string): Address => prefix.split('/')[0]!;

const ROUTER = 'routerAdvertisement';
