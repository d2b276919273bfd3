/**
 * The commands behind the verbs. What a scenario leaves out is filled in from its intent, and every probe of a run is another one in the
 * packet itself, so that no answer is ever taken for that of an earlier question.
 */
import { aligned, mobilityMessage } from '../../reference/wire/mobility/message.ts';
import type { PolicyIntent, Transcript } from '../capture/transcript.ts';
import type { HostCommand, IkeConnection, NodeCommand } from '../lab/node.ts';
import { counterpartOf } from './cast.ts';
import { echoPacket, fromCareOfAddress, udpPacket } from './packets.ts';
import { sinkPort } from './places.ts';
import type { Bulk, ChildName, Ends, EspByHand, MobilityByHand, Ports } from './verbs.ts';

interface Given {
  readonly intent: PolicyIntent;
  readonly scenario: Pick<Transcript, 'scenario' | 'cast'>;
  readonly lab: { readonly seed: number };
}

/** A guest may have left over what a case before it has opened: the next has other ports. */
const PORTS_OF_A_RUN = 64;
const RUNS_APART = 300;

type Probing<Kind> = Extract<NodeCommand, { kind: Kind }>;

export class Orders {
  readonly #intent: PolicyIntent;
  readonly #scenario: Pick<Transcript, 'scenario' | 'cast'>;
  readonly #firstTcpPort: number;
  #sequence = 0;

  constructor({ intent, scenario, lab }: Given) {
    this.#intent = intent;
    this.#scenario = scenario;
    this.#firstTcpPort = 41_000 + PORTS_OF_A_RUN * (lab.seed % RUNS_APART);
  }

  echo(by: string, name: string, options: Ends, inClear = false): Probing<'echo'> {
    const identified = { identifier: echoIdentifier, sequence: this.#next(), payload: this.#payload(name) };
    return { kind: 'echo', ...this.#ends(by, options), ...identified, inClear };
  }

  udp(by: string, name: string, options: Ends & Ports & Bulk, inClear = false): Probing<'udp'> {
    const payload = lengthened(this.#payload(name), options.octets ?? 0);
    return { kind: 'udp', ...this.#ends(by, options), ...this.#ports(40_000, options), payload, inClear };
  }

  syn(by: string, options: Ends & Ports, inClear = false): Probing<'tcp-syn'> {
    return { kind: 'tcp-syn', ...this.#ends(by, options), ...this.#ports(this.#firstTcpPort, options), inClear };
  }

  esp(by: string, name: string, order: EspByHand): Extract<HostCommand, { kind: 'esp' }> {
    const { from, to, carries = 'echo', sourcePort, destinationPort, under, reversed, announcedAs, ...more } = order;
    const { careOfAddress, ...rest } = more;
    const atHome = typeof carries === 'string' ? this.#innerPacket(by, name, carries, order) : carries;
    const packet = careOfAddress === undefined ? atHome : fromCareOfAddress(atHome, careOfAddress);
    return {
      kind: 'esp',
      packet: {
        securityAssociation: this.securityAssociation(by, under, reversed),
        ...(reversed && { direction: 'in' }),
        ...(announcedAs !== undefined && { announcedAs: this.securityAssociation(by, announcedAs) }),
        packet,
        ...rest,
      },
    };
  }

  mobility(by: string, order: MobilityByHand): Extract<HostCommand, { kind: 'mobility' }> {
    const { from: _from, to: _to, message, inClear, tamper, ...rest } = order;
    const { from: source, to: destination } = this.#ends(by, order);
    const octets = message instanceof Uint8Array ? message : mobilityMessage.encode(aligned(message));
    return {
      kind: 'mobility',
      order: { source, destination, message: octets, ...rest },
      ...(inClear !== undefined && { inClear }),
      ...(tamper && { tamper }),
    };
  }

  /** What the SA of a pair is called that a party sends under (or, reversed, receives under); its first one where no pair is named. */
  securityAssociation(by: string, pair?: string, reversed = false): string {
    const { manual, ike } = this.#intent.parties[by]!;
    const direction = reversed ? 'in' : 'out';
    const byHand = manual.find(
      (sa) => sa.direction === direction && (pair === undefined || pairOf(sa.name) === pair || sa.name === pair),
    );
    if (byHand) return byHand.name;
    const { connection, child } = pair === undefined ? this.firstChild(by) : childNamed(pair, ike);
    return `${connection}/${child}`;
  }

  /** That the SA of this pair comes from IKE, so that it may be missing. */
  isNegotiated(by: string, pair?: string): boolean {
    const { manual } = this.#intent.parties[by]!;
    return manual.every(({ name }) => name !== this.securityAssociation(by, pair));
  }

  /** The first child of the first connection, as this party was told. */
  firstChild(by: string): ChildName {
    const connection = this.#intent.parties[by]!.ike[0];
    const child = connection?.children[0];
    if (!connection || !child)
      throw new Error(`${this.#scenario.scenario}: the intent of ${by} has no child to speak of`);
    return { connection: connection.name, child: child.name };
  }

  #innerPacket(by: string, name: string, carries: 'echo' | 'udp', order: EspByHand): Uint8Array {
    const ends = this.#ends(by, order);
    const payload = this.#payload(name);
    return carries === 'echo'
      ? echoPacket({ ...ends, identifier: echoIdentifier, sequence: this.#next(), payload })
      : udpPacket({ ...ends, ...this.#ports(40_000, order), payload });
  }

  #ends(by: string, { from, to }: Ends) {
    const { ends } = this.#intent;
    return { from: from ?? ends[by]!, to: to ?? ends[counterpartOf(by, this.#scenario.cast)]! };
  }

  #ports(first: number, { sourcePort, destinationPort }: Ports) {
    return { sourcePort: sourcePort ?? first + this.#next(), destinationPort: destinationPort ?? sinkPort };
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #payload(name: string): Uint8Array {
    return new TextEncoder().encode(`touchstone ${this.#scenario.scenario} ${name}`);
  }
}

/** The child that `connection/child` names, or the first of this name; of the first connection where none has it. */
function childNamed(name: string, connections: readonly IkeConnection[]): ChildName {
  const [child = '', connection] = name.split('/').reverse();
  if (connection !== undefined) return { connection, child };
  const having = connections.find(({ children }) => children.some(({ name }) => name === child));
  return { connection: (having ?? connections[0])?.name ?? '', child };
}

const pairOf = (securityAssociation: string): string => securityAssociation.replace(/-(in|out)$/, '');

function lengthened(octets: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(Math.max(octets.length, length));
  longer.set(octets);
  return longer;
}

/** `TS`: marks our echoes on any wire. */
const echoIdentifier = 0x5453;
