/** The verbs themselves, as scenarios read them: what each part can be asked to do, and what may be said about how. What they do is in `*-verbs.ts`. */
import type { Address } from '../../reference/wire/address.ts';
import type { MobilityMessage } from '../../reference/wire/mobility/message.ts';
import type { Icmpv6Kind, Listening, MobilityKind } from '../capture/transcript.ts';
import type { Account } from '../judge/account.ts';
import type { Heard } from '../judge/listening.ts';
import type { EspOrder, MobilityOrder, NodeState, OctetTamper } from '../lab/node.ts';
import type { PlaceName } from '../lab/topologies.ts';

/** Between whom, when it is not the intent's own ends. */
export interface Ends {
  readonly from?: Address;
  readonly to?: Address;
}

export interface Patience {
  /** False for a stimulus that may go unanswered: the next answered act ends the wait for it. Default true. */
  readonly awaited?: boolean;
  /** The party by whose way the answer comes back: it is waited for until that one has passed it on. */
  readonly passedOnBy?: string;
  /** Asked again and again while no answer comes: of a node that is on its way to where it will be. */
  readonly untilAnswered?: boolean;
  /** The packet sets off IKE: what is waited for is how that ends, not an answer. */
  readonly setsOffIke?: boolean;
  /** The name of an IKE moment: if the node under test refused that one, no answer is waited for. */
  readonly unlessRefused?: string;
}

export type Begun = Pick<Patience, 'awaited'>;

export interface Ports {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

export interface Bulk {
  /** Octets of the payload, where they are to be more than the moment's name has. */
  readonly octets?: number;
}

/** The verbs of a tester. */
export interface Tester {
  /** An ICMP echo from one end to the other, as the tester's own policy has it (through the tunnel, or not). */
  echo(name: string, options?: Ends & Patience): Promise<void>;
  /** The same past the tester's own policy, in clear. */
  pingInClear(name: string, options?: Ends & Patience): Promise<void>;
  /** A datagram to a sink of the node under test. Seen by `nut.reports`. */
  udp(name: string, options?: Ends & Ports & Bulk & { readonly inClear?: boolean }): Promise<void>;
  /** A connection request to a TCP sink. */
  syn(name: string, options?: Ends & Ports & Patience & { readonly inClear?: boolean }): Promise<void>;
  /** One ESP packet by hand, carrying an echo unless told otherwise. Where IKE brought no SA about there is none. */
  esp(name: string, order?: EspByHand & Patience): Promise<void>;
  /** An IP packet by hand, past every policy. */
  packet(name: string, octets: Uint8Array, options?: Patience & { readonly tamper?: OctetTamper }): Promise<void>;
  /** A mobility message by hand; an answer is waited for where its kind has one. */
  sends(name: string, order: MobilityByHand & Patience): Promise<void>;
  /** Waits until a message of this kind, of Mobile IPv6 or ICMPv6, is seen that another party sent. */
  hears(name: string, kind: MobilityKind | Icmpv6Kind, what?: HeardFrom): Promise<void>;
  /** A message by hand that answers what was heard at a moment, or a packet made of it, past every policy; nothing where nothing was heard. */
  answers(name: string, moment: string, answer: (heard: Heard) => MobilityByHand | Uint8Array): Promise<void>;
  /** As a router on the way would, that the ESP packet which carried the answer to a moment's probe was too long for a link; nothing where there was none. */
  tellsTooBig(name: string, moment: string, link: NarrowLink): Promise<void>;
  /** As a home agent that defends an address: says that it has it, as soon as somebody asks from nobody (RFC 6275 11.5.5); that is waited for. */
  claims(name: string, address: Address): Promise<void>;
  /**
   * The first request of IKE that it made at a moment once more, as it was or as its octets are changed, past its own IKE: nothing is kept of it or of what comes back.
   * Nothing where it made none.
   */
  repeatsRequest(name: string, moment: string, change?: OctetTamper): Promise<void>;
  movesTo(place: PlaceName): Promise<void>;
  /**
   * So many seconds of lab time pass, and nothing is done: for what a node does because time has passed, and nothing else. A scenario says how much it
   * lets pass (`lasts`).
   */
  letsPass(name: string, seconds: number): Promise<void>;
  /** Forgets every SA and from now on answers as this one of its connections. */
  presents(connection: string): Promise<void>;
  /** IKE up to a child, or its refusal. Without a child: the first of the first connection. */
  initiates(name: string, child?: ChildName, options?: Begun): Promise<void>;
  /** An empty INFORMATIONAL request: a node under test that initiated answers it when its own SAs stand. */
  asksForLife(name: string, child?: ChildName, options?: Patience): Promise<void>;
  /** Until the exchange is over, unless it is only begun (`awaited: false`): the next exchange may overlap it then. */
  rekeysChild(name: string, child?: ChildName, options?: Begun): Promise<void>;
  rekeysIke(name: string, child?: ChildName, options?: Begun): Promise<void>;
  /** `only`: of several by that name the oldest, even one that has a successor already. */
  closesChild(name: string, child?: ChildName, options?: Begun & { readonly only?: 'oldest' }): Promise<void>;
  closes(name: string, child?: ChildName, options?: Begun): Promise<void>;
  /** Its IKE SA is gone without a word, and what it needs to resume it stays (RFC 5723 3). */
  suspends(name: string, child?: ChildName): Promise<void>;
}

/** The verbs of a tested party: what a product can be asked to do, and what it says of itself. */
export interface Tested {
  /** Its cable is pulled out, and plugged in elsewhere. It is told nothing; whoever moves often names the moment. */
  movesTo(place: PlaceName, name?: string): Promise<void>;
  echo(name: string, options?: Ends & Patience): Promise<void>;
  udp(name: string, options?: Ends & Ports & Bulk & Patience): Promise<void>;
  syn(name: string, options?: Ends & Ports & Patience): Promise<void>;
  initiates(name: string, child?: ChildName, options?: Begun): Promise<void>;
  /** Until the exchange is over, unless it is only begun (`awaited: false`): the next exchange may overlap it then. */
  rekeysChild(name: string, child?: ChildName, options?: Begun): Promise<void>;
  rekeysIke(name: string, child?: ChildName, options?: Begun): Promise<void>;
  closesChild(name: string, child?: ChildName, options?: Begun): Promise<void>;
  closes(name: string, child?: ChildName, options?: Begun): Promise<void>;
  /** Its IKE SA is gone without a word, and what it needs to resume it stays (RFC 5723 3). */
  suspends(name: string, child?: ChildName): Promise<void>;
  /** Begins anew as it was told in the beginning, without what it had agreed on; what it says as it ends is on the wire, unless that is cut. */
  restarts(name: string): Promise<void>;
  /** So many seconds of lab time pass, and nothing is done; a scenario says how much it lets pass (`lasts`). */
  letsPass(name: string, seconds: number): Promise<void>;
  /** Waits until the machine that it runs on began so many seconds ago; a node in memory has always been there. */
  hasRun(seconds: number): Promise<void>;
  /** Its state, counters and delivered probes, into the log under this name; asked again for a while (lab milliseconds) until it is as said, where that is said. */
  reports(
    name: string,
    options?: { readonly until?: (state: NodeState, t: Account) => boolean; readonly within?: number },
  ): Promise<void>;
}

/** The verbs of a stranger, who is on the link and nobody's peer. */
export interface Stranger {
  pingInClear(name: string, options?: Ends & Patience): Promise<void>;
  udp(name: string, options?: Ends & Ports & Bulk): Promise<void>;
  packet(name: string, octets: Uint8Array, options?: { readonly tamper?: OctetTamper }): Promise<void>;
  /** Says that it has an address, as soon as somebody tests whether this one is in use (RFC 4862 5.4.4); the test is waited for. */
  claims(name: string, address: Address, options?: { readonly whenTested?: Address }): Promise<void>;
  /** Asks on its link who has an address (RFC 4861 7.2.2); an advertisement is waited for. */
  solicits(name: string, asking: Soliciting & Patience): Promise<void>;
  /** The ESP packet that carried the probe of a moment, again, as it was overheard, from elsewhere, or with its octets changed. */
  repeats(
    name: string,
    moment: string,
    change?: { readonly from?: Address; readonly tamper?: OctetTamper },
  ): Promise<void>;
}

/** What a router says of a link, and how much it quotes of the packet. Octets. */
export interface NarrowLink {
  readonly from: Address;
  readonly mtu: number;
  readonly quotes: number;
  /** Another SPI than that of the packet. */
  readonly spi?: number;
}

/** A neighbor solicitation. */
export interface Soliciting {
  readonly target: Address;
  /** The asker's own address; `::` for duplicate address detection (RFC 4862 5.4.2). */
  readonly from: Address;
  /** The solicited-node group of the target, unless it is the target itself (RFC 4861 7.3.3). */
  readonly to?: Address;
  /** Its address of the link layer is named in an option; absent: unless it is duplicate address detection. */
  readonly namesLinkLayer?: boolean;
}

/** A mobility order with its message described instead of encoded; addresses are as at home. */
export interface MobilityByHand extends Ends, Omit<MobilityOrder, 'source' | 'destination' | 'message'> {
  /** Every field that is given is obeyed; options are aligned unless padding is given. */
  readonly message: MobilityMessage | Uint8Array;
  /** Past the sender's own policy. */
  readonly inClear?: boolean;
  /** On the whole packet as it leaves, in clear. */
  readonly tamper?: OctetTamper;
}

/** Which message is listened for; the node under test's, to whomever, from now on, unless said otherwise. */
export interface HeardFrom extends Partial<Omit<Listening, 'message'>> {
  /** Lab milliseconds that are waited: far more than an answer takes where a timer has to run out first. */
  readonly within?: number;
}

export interface ChildName {
  readonly connection: string;
  readonly child: string;
}

/** An ESP order with an inner packet described instead of encoded. */
export interface EspByHand
  extends Ends,
    Ports,
    Omit<EspOrder, 'packet' | 'securityAssociation' | 'direction' | 'announcedAs'> {
  /** The pair whose SA it is sealed under; the tester's first one unless named. */
  readonly under?: string;
  /** Under the SA of the other direction. */
  readonly reversed?: boolean;
  /** After sealing, under the SPI of this pair's SA. */
  readonly announcedAs?: string;
  readonly carries?: 'echo' | 'udp' | Uint8Array;
  /** It leaves from here, with the source of what it carries in a home address option. */
  readonly careOfAddress?: Address;
}
