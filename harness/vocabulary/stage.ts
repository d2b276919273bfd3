/**
 * The verbs a scenario is written in. Each names its moment (a mark in the log), acts, and waits in lab time until what it asked for is
 * seen or a deadline has passed; whether it was seen is not returned, because only the questions judge. In `play` nothing else may be
 * awaited.
 */

import type { Address } from '../../reference/wire/address.ts';
import type { PolicyIntent, Transcript } from '../capture/transcript.ts';
import { Account } from '../judge/account.ts';
import { jsonOf, type Lab } from '../lab/lab.ts';
import type { EspOrder, HostCommand, NodeCommand, NodeUnderTest, OctetTamper } from '../lab/node.ts';
import type { PlaceName } from '../lab/topologies.ts';
import type { TestingNode } from '../peers/testing-node.ts';
import { echoPacket, udpPacket } from './packets.ts';

/** Between whom, when it is not the intent's own ends. */
export interface Ends {
  readonly from?: Address;
  readonly to?: Address;
}

export interface Patience {
  /** False for a stimulus that may go unanswered: the next answered act ends the wait for it. Default true. */
  readonly awaited?: boolean;
  /** The packet sets off IKE: what is waited for is how that ends, not an answer. */
  readonly setsOffIke?: boolean;
  /** The name of an IKE moment: if the node under test refused that one, no answer is waited for. */
  readonly unlessRefused?: string;
}

export interface Ports {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

export interface Bulk {
  /** Octets of the payload, where they are to be more than the moment's name has. */
  readonly octets?: number;
}

/** The testing node's verbs. */
export interface Tester {
  /** An ICMP echo from one end to the other, as the tester's own policy has it (through the tunnel, or not). */
  echo(name: string, options?: Ends & Patience): Promise<void>;
  /** The same past the tester's own policy, in clear. */
  pingInClear(name: string, options?: Ends & Patience): Promise<void>;
  /** A datagram to a sink of the node under test. Seen by `nut.reports`. */
  udp(name: string, options?: Ends & Ports & Bulk & { readonly inClear?: boolean }): Promise<void>;
  /** A connection request to a TCP sink. */
  syn(name: string, options?: Ends & Ports & Patience & { readonly inClear?: boolean }): Promise<void>;
  /** One ESP packet by hand, carrying an echo unless told otherwise. Without an SA (`unlessRefused`) there is none. */
  esp(name: string, order?: EspByHand & Patience): Promise<void>;
  /** An IP packet by hand, past every policy. */
  packet(name: string, octets: Uint8Array, options?: Patience & { readonly tamper?: OctetTamper }): Promise<void>;
  movesTo(place: PlaceName): Promise<void>;
  /** Forgets every SA and from now on answers as this one of its connections. */
  presents(connection: string): Promise<void>;
  /** IKE up to a child, or its refusal. Without a child: the first of the first connection. */
  initiates(name: string, child?: ChildName): Promise<void>;
  /** An empty INFORMATIONAL request: a node under test that initiated answers it when its own SAs stand. */
  asksForLife(name: string, child?: ChildName, options?: Patience): Promise<void>;
  rekeysChild(name: string, child?: ChildName): Promise<void>;
  rekeysIke(name: string, child?: ChildName): Promise<void>;
  closesChild(name: string, child?: ChildName): Promise<void>;
  closes(name: string, child?: ChildName): Promise<void>;
}

/** The verbs of the node under test: what a product can be asked to do, and what it says of itself. */
export interface Tested {
  echo(name: string, options?: Ends & Patience): Promise<void>;
  udp(name: string, options?: Ends & Ports & Bulk & Patience): Promise<void>;
  syn(name: string, options?: Ends & Ports & Patience): Promise<void>;
  initiates(name: string, child?: ChildName): Promise<void>;
  rekeysChild(name: string, child?: ChildName): Promise<void>;
  rekeysIke(name: string, child?: ChildName): Promise<void>;
  closesChild(name: string, child?: ChildName): Promise<void>;
  closes(name: string, child?: ChildName): Promise<void>;
  /** Its state, counters and delivered probes, into the log under this name. */
  reports(name: string): Promise<void>;
}

export interface ChildName {
  readonly connection: string;
  readonly child: string;
}

/** An ESP order with an inner packet described instead of encoded. The SA is the tester's first outbound one unless named. */
export interface EspByHand extends Ends, Ports, Partial<Omit<EspOrder, 'packet'>> {
  readonly carries?: 'echo' | 'udp' | Uint8Array;
}

export interface Stage {
  readonly tn: Tester;
  readonly nut: Tested;
}

/** Lab milliseconds that a wait for an expected answer may take: far above every round trip seen, far below a person's patience. */
export const patience = { packet: 1_500, ike: 10_000, settle: 500 } as const;

export interface Cast {
  readonly lab: Lab;
  readonly intent: PolicyIntent;
  readonly testingNode: TestingNode;
  readonly nodeUnderTest: NodeUnderTest;
  readonly scenario: Pick<Transcript, 'scenario' | 'variant' | 'dimensions'>;
}

export function stage(cast: Cast): Stage {
  const { lab, intent, testingNode, nodeUnderTest } = cast;
  const account = new Account({ ...cast.scenario, intent, entries: lab.entries });
  let sequence = 0;

  /** Distinguishes every probe of a run, in the packet itself. */
  const next = (): number => ++sequence;
  const ends = (options: Ends, by: 'tn' | 'nut') => ({
    from: options.from ?? intent.ends[by],
    to: options.to ?? intent.ends[by === 'tn' ? 'nut' : 'tn'],
  });
  const firstChild = (by: 'tn' | 'nut'): ChildName => {
    const connection = intent[by].ike[0];
    const child = connection?.children[0];
    if (!connection || !child)
      throw new Error(`${cast.scenario.scenario}: the intent of ${by} has no child to speak of`);
    return { connection: connection.name, child: child.name };
  };
  const firstOutbound = (): string => {
    const manual = intent.tn.manual.find((sa) => sa.direction === 'out');
    if (manual) return manual.name;
    const { connection, child } = firstChild('tn');
    return `${connection}/${child}`;
  };

  const hasSa = (name: string) => testingNode.state().sad.some(({ child }) => child === name);

  const tnDoes = async (
    name: string,
    command: HostCommand,
    until?: () => boolean,
    within: number = patience.packet,
  ) => {
    lab.mark(name, 'tn', { kind: 'command', command: jsonOf(command) });
    testingNode.perform(command);
    if (until) await lab.until(until, { within });
  };
  const nutDoes = async (
    name: string,
    command: NodeCommand,
    until?: () => boolean,
    within: number = patience.packet,
  ) => {
    lab.mark(name, 'nut', { kind: 'command', command: jsonOf(command) });
    const reply = await nodeUnderTest.perform(command);
    lab.note(
      'nut',
      `${command.kind}: ${reply.accepted ? 'accepted' : 'refused'}${reply.says ? `: ${reply.says}` : ''}`,
    );
    if (until && reply.accepted) await lab.until(until, { within });
  };
  const wait = ({ awaited, unlessRefused }: Patience, condition: () => boolean) => {
    if (awaited === false) return undefined;
    if (unlessRefused === undefined) return condition;
    return () => condition() || account.ikeRefused(unlessRefused, 'nut') !== undefined;
  };
  const probe = (name: string) => new TextEncoder().encode(`touchstone ${cast.scenario.scenario} ${name}`);
  const echo = (name: string, options: Ends, by: 'tn' | 'nut', inClear: boolean) =>
    ({
      kind: 'echo',
      ...ends(options, by),
      identifier: echoIdentifier,
      sequence: next(),
      payload: probe(name),
      inClear,
    }) as const;
  const udp = (name: string, options: Ends & Ports & Bulk, by: 'tn' | 'nut', inClear: boolean) =>
    ({
      kind: 'udp',
      ...ends(options, by),
      sourcePort: options.sourcePort ?? 40_000 + next(),
      destinationPort: options.destinationPort ?? sinkPort,
      payload: lengthened(probe(name), options.octets ?? 0),
      inClear,
    }) as const;
  const syn = (options: Ends & Ports, by: 'tn' | 'nut', inClear: boolean) =>
    ({
      kind: 'tcp-syn',
      ...ends(options, by),
      sourcePort: options.sourcePort ?? 41_000 + next(),
      destinationPort: options.destinationPort ?? sinkPort,
      inClear,
    }) as const;

  /** The exchange is over on the wire, and the tester has heard of it: its SAs stand, or are gone. */
  const settled = (name: string) => () => {
    const since = account.mark(name)!.place;
    const heard = testingNode.events.some(
      ({ place, event }) => place > since && (event.kind === 'child' || event.kind === 'ike'),
    );
    return heard && account.ikeSettled(name) !== undefined;
  };

  const tn: Tester = {
    echo: (name, options = {}) =>
      tnDoes(
        name,
        echo(name, options, 'tn', false),
        wait(options, () => account.answered(name) !== undefined),
      ),
    pingInClear: (name, options = {}) =>
      tnDoes(
        name,
        echo(name, options, 'tn', true),
        wait(options, () => account.answered(name) !== undefined),
      ),
    udp: (name, options = {}) => tnDoes(name, udp(name, options, 'tn', options.inClear ?? false)),
    syn: (name, options = {}) =>
      tnDoes(
        name,
        syn(options, 'tn', options.inClear ?? false),
        wait(options, () => account.answered(name) !== undefined),
      ),
    esp: (name, order = {}) => {
      const { from, to, carries = 'echo', sourcePort, destinationPort, awaited, unlessRefused, ...given } = order;
      const { securityAssociation, ...rest } = given;
      if (unlessRefused !== undefined && !hasSa(securityAssociation ?? firstOutbound())) {
        lab.mark(name, 'tn');
        return Promise.resolve();
      }
      const between = ends({ ...(from && { from }), ...(to && { to }) }, 'tn');
      const packet =
        carries === 'echo'
          ? echoPacket({ ...between, identifier: echoIdentifier, sequence: next(), payload: probe(name) })
          : carries === 'udp'
            ? udpPacket({
                ...between,
                sourcePort: sourcePort ?? 40_000 + next(),
                destinationPort: destinationPort ?? sinkPort,
                payload: probe(name),
              })
            : carries;
      const command = {
        kind: 'esp',
        packet: { securityAssociation: securityAssociation ?? firstOutbound(), packet, ...rest },
      } as const;
      return tnDoes(
        name,
        command,
        wait({ awaited: awaited ?? carries === 'echo' }, () => account.answered(name) !== undefined),
      );
    },
    packet: (name, octets, options = {}) =>
      tnDoes(
        name,
        { kind: 'packet', octets, ...(options.tamper && { tamper: options.tamper }) },
        wait({ awaited: options.awaited ?? false }, () => account.answered(name) !== undefined),
      ),
    movesTo: async (place) => {
      testingNode.movesTo(place);
    },
    presents: async (connection) => {
      const ike = intent.tn.ike.filter((each) => each.name === connection);
      lab.mark(`presents ${connection}`, 'tn');
      testingNode.configure({ ...intent.tn, ike });
    },
    initiates: (name, child = firstChild('tn')) =>
      tnDoes(name, { kind: 'initiate', ...child }, settled(name), patience.ike),
    asksForLife: (name, child = firstChild('tn'), options = {}) =>
      tnDoes(
        name,
        { kind: 'liveness', connection: child.connection },
        wait(options, () => account.informed(name) !== undefined),
      ),
    rekeysChild: (name, child = firstChild('tn')) =>
      tnDoes(name, { kind: 'rekey-child', ...child }, settled(name), patience.ike),
    rekeysIke: (name, child = firstChild('tn')) =>
      tnDoes(name, { kind: 'rekey-ike', connection: child.connection }, settled(name), patience.ike),
    closesChild: (name, child = firstChild('tn')) =>
      tnDoes(name, { kind: 'close-child', ...child }, settled(name), patience.ike),
    closes: (name, child = firstChild('tn')) =>
      tnDoes(name, { kind: 'close', connection: child.connection }, settled(name), patience.ike),
  };

  const nut: Tested = {
    echo: (name, options = {}) =>
      nutDoes(
        name,
        echo(name, options, 'nut', false),
        wait(options, () => account.sent(name) !== undefined),
      ),
    udp: (name, options = {}) =>
      options.setsOffIke
        ? nutDoes(name, udp(name, options, 'nut', false), settled(name), patience.ike)
        : nutDoes(
            name,
            udp(name, options, 'nut', false),
            wait(options, () => account.sent(name) !== undefined),
          ),
    syn: (name, options = {}) =>
      nutDoes(
        name,
        syn(options, 'nut', false),
        wait(options, () => account.sent(name) !== undefined),
      ),
    initiates: (name, child = firstChild('nut')) =>
      nutDoes(name, { kind: 'initiate', ...child }, settled(name), patience.ike),
    rekeysChild: (name, child = firstChild('nut')) =>
      nutDoes(name, { kind: 'rekey-child', ...child }, settled(name), patience.ike),
    rekeysIke: (name, child = firstChild('nut')) =>
      nutDoes(name, { kind: 'rekey-ike', connection: child.connection }, settled(name), patience.ike),
    closesChild: (name, child = firstChild('nut')) =>
      nutDoes(name, { kind: 'close-child', ...child }, settled(name), patience.ike),
    closes: (name, child = firstChild('nut')) =>
      nutDoes(name, { kind: 'close', connection: child.connection }, settled(name), patience.settle),
    reports: async (name) => {
      lab.recordState(name, 'nut', await nodeUnderTest.state());
    },
  };
  return { tn, nut };
}

/** `TS`: marks our echoes on any wire. */
const echoIdentifier = 0x5453;
/** Where a node's sink listens unless the scenario says otherwise. */
export const sinkPort = 7_777;

function lengthened(octets: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(Math.max(octets.length, length));
  longer.set(octets);
  return longer;
}
