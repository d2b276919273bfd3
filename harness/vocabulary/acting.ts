/**
 * How a verb acts: the mark comes before the deed, so that whatever follows from it stands after it in the log; then it waits for what a
 * question will later look for, with the same account that will answer it. A wait looks up what it waits for, so that a flood of other
 * frames costs each wait nothing but being looked at.
 */
import type { Address } from '../../reference/wire/address.ts';
import type { OrderedCommand } from '../capture/transcript.ts';
import { Account } from '../judge/account.ts';
import { ownersOf } from '../judge/parties.ts';
import { jsonOf } from '../lab/lab.ts';
import type { NodeCommand } from '../lab/node.ts';
import { Unsupported } from '../lab/unsupported.ts';
import type { TestingNode } from '../peers/testing-node.ts';
import { AgreedChildren } from './agreed-children.ts';
import { type Ensemble, hasTester, type Player, patience } from './ensemble.ts';
import { neighborAdvertisementPacket } from './packets.ts';
import type { Patience } from './verbs.ts';

/** What is waited for, and for how many milliseconds of lab time; nothing where a stimulus may go unanswered. What is done `afterwards` needs no time of the lab. */
export type Wait =
  | { readonly until: () => boolean; readonly within: number; readonly afterwards?: () => Promise<void> }
  | undefined;

export class Acting {
  readonly account: Account;
  readonly #ensemble: Ensemble;
  readonly #owners: (address: Address) => readonly string[];
  readonly #agreed: AgreedChildren;

  constructor(ensemble: Ensemble) {
    this.#ensemble = ensemble;
    this.#owners = ownersOf(ensemble.intent);
    this.#agreed = new AgreedChildren(ensemble, this.#owners);
    this.account = new Account({ ...ensemble.scenario, intent: ensemble.intent, entries: ensemble.lab.entries });
  }

  /** A reference host does at once as it is told. */
  async does(by: string, name: string, command: OrderedCommand, wait?: Wait): Promise<void> {
    const { lab, players } = this.#ensemble;
    const { node, part } = players[by] as Extract<Player, { part: 'tester' | 'stranger' }>;
    // A stranger has no SA, and floods.
    if (isTraffic(command) && part === 'tester') await this.#agreed.areInstalled();
    lab.mark(name, by, { kind: 'command', command: jsonOf(command) });
    node.perform(command);
    await this.#waits(wait);
  }

  /** Does the same again, a few times at most, whenever the wait was in vain. */
  async insists(by: string, name: string, command: OrderedCommand, wait: Wait): Promise<void> {
    await this.does(by, name, command, wait);
    const { lab, players } = this.#ensemble;
    const { node } = players[by] as Extract<Player, { part: 'tester' | 'stranger' }>;
    for (let left = ATTEMPTS - 1; left > 0 && wait && !wait.until(); left -= 1) {
      node.perform(command);
      await lab.until(wait.until, wait);
    }
  }

  async #waits(wait: Wait): Promise<void> {
    if (!wait) return;
    await this.#ensemble.lab.until(wait.until, wait);
    await wait.afterwards?.();
  }

  /** A product is asked; what it refuses to do is not waited for, and what it has no command for ends the play with `Unsupported`. */
  async asks(by: string, name: string, command: NodeCommand, wait?: Wait): Promise<void> {
    if (isTraffic(command)) {
      await this.#agreed.areInstalled();
      await this.learnsKeys();
    }
    const { lab, players } = this.#ensemble;
    const { node } = players[by] as Extract<Player, { part: 'tested' }>;
    lab.mark(name, by, { kind: 'command', command: jsonOf(command) });
    const { accepted, says, unsupported } = await node.perform(command);
    if (unsupported) throw new Unsupported(says);
    lab.note(by, `${command.kind}: ${accepted ? 'accepted' : 'refused'}${says ? `: ${says}` : ''}`);
    if (asksForSas(command)) await this.learnsKeys();
    if (accepted) await this.#waitsLearning(wait);
  }

  /** What is waited for may be there, under keys that nobody has told yet: they are asked for again while it does not show. */
  async #waitsLearning(wait: Wait): Promise<void> {
    if (!wait || !this.#asksForKeys()) return this.#waits(wait);
    const { lab } = this.#ensemble;
    const end = lab.now() + wait.within;
    while (!(await lab.until(wait.until, { within: Math.min(BETWEEN_ASKINGS, end - lab.now()) })) && lab.now() < end)
      await this.learnsKeys();
    await wait.afterwards?.();
  }

  /** Nobody else knows the keys, and somebody can be asked. */
  #asksForKeys(): boolean {
    const players = Object.values(this.#ensemble.players);
    return !hasTester(this.#ensemble) && players.some(({ part, node }) => part === 'tested' && node.keys !== undefined);
  }

  /**
   * Where no tester knows the keys, the products are asked for theirs: when they were asked for SAs, before anything is sent, and when they are asked for their state, since a product
   * may rekey by itself, or later than it is told to.
   */
  async learnsKeys(): Promise<void> {
    const { lab, players } = this.#ensemble;
    if (hasTester(this.#ensemble)) return;
    for (const player of Object.values(players)) {
      if (player.part !== 'tested' || !player.node.keys) continue;
      for (const record of await player.node.keys()) lab.recordKeys(record);
    }
  }

  /** The answer to the probe of this moment, from whom it was for. */
  answered(name: string, options: Patience): Wait {
    const { passedOnBy: by } = options;
    const shown = () =>
      by === undefined ? this.account.answered(name) : this.account.passedOn(name, { by, what: 'answer' });
    return this.#unlessRefused(options, () => shown() !== undefined);
  }

  /** The answer to the packet of this moment, or the Binding Error that refuses it. */
  answeredOrRefused(name: string, options: Patience): Wait {
    const shown = () => this.account.answered(name) ?? this.account.mobility.bindingError(name);
    return this.#unlessRefused(options, () => shown() !== undefined);
  }

  /** The answer to the mobility message of this moment; where it is to be heard, too, it has reached whoever asked. */
  answeredMobility(name: string, { heardBy, ...options }: Patience & { readonly heardBy?: TestingNode }): Wait {
    const hasHeard = () => heardBy?.heardOfMobility(this.account.mark(name)!.place) ?? true;
    const wait = this.#unlessRefused(options, () => hasHeard() && this.account.mobility.answer(name) !== undefined);
    return wait && { ...wait, within: patience.registration };
  }

  /** The advertisement that answers the solicitation of this moment. */
  answeredNeighbor(name: string, options: Patience): Wait {
    return this.#unlessRefused(options, () => this.account.neighbors.answer(name) !== undefined);
  }

  /** The message that is listened for. */
  heard(name: string, within: number = patience.packet): NonNullable<Wait> {
    return { until: () => this.account.heardAt(name) !== undefined, within };
  }

  /** Says that it has an address, once somebody has tested whether `whenTested` is in use. */
  async claims(by: string, name: string, address: Address, whenTested: Address): Promise<void> {
    await this.#tested(by, name, whenTested);
    await this.does(by, name, { kind: 'packet', octets: neighborAdvertisementPacket(by, address) });
  }

  /** Somebody tests whether this address is in use, after the last moment before this one. */
  async #tested(by: string, name: string, address: Address): Promise<void> {
    const { lab } = this.#ensemble;
    const waiting = `${name}: waits for a test of ${address}`;
    lab.mark(waiting, by);
    const since = this.account.mark(waiting)!.place;
    await lab.until(() => this.account.neighbors.isTested(address, since), { within: patience.registration });
  }

  /** The probe on the wire. */
  sent(name: string, options: Patience): Wait {
    return this.#unlessRefused(options, () => this.account.sent(name) !== undefined);
  }

  /** The probe on the wire where a tester is to answer it; between tested parties its answer, which nobody else waits for. */
  crossed(name: string, to: Address, options: Patience): Wait {
    if (this.#isForTester(to)) return this.sent(name, options);
    const wait = this.answered(name, options);
    // What two products do not answer each other counts against one of them: no slow machine may be mistaken for that.
    return wait && { ...wait, within: patience.ike };
  }

  /** The answer to a question for life. */
  informed(name: string, options: Patience): Wait {
    return this.#unlessRefused(options, () => this.account.ike.informed(name) !== undefined);
  }

  /**
   * The exchange is over on the wire, the tester has heard of it, and the tested have caught up: its SAs stand, or are gone. Between tested parties it is whoever tells; where
   * none does, each was done when its command was, and there is nothing to wait for.
   */
  settled(name: string, { awaited }: Pick<Patience, 'awaited'> = {}, within: number = patience.ike): Wait {
    const hearing = this.#hearing();
    if (awaited === false || hearing.length === 0) return undefined;
    const until = () => {
      const end = this.account.ike.settled(name);
      if (!end) return false;
      const { from, place } = end.frame.entry;
      // Who says the last word of an exchange knows its end before that is on the wire.
      return hearing.every(({ parties, hears }) =>
        hears(parties.includes(from) ? this.account.mark(name)!.place : place),
      );
    };
    return { until, within, afterwards: () => this.#testedCatchUp() };
  }

  async #testedCatchUp(): Promise<void> {
    const players = Object.values(this.#ensemble.players);
    await Promise.all(players.map(({ part, node }) => part === 'tested' && node.caughtUp?.()));
  }

  #isForTester(to: Address): boolean {
    const owners = this.#owners(to);
    return owners.length > 0
      ? owners.some((party) => this.#ensemble.players[party]?.part === 'tester')
      : hasTester(this.#ensemble);
  }

  /** Testers, any of whom may be the one that an exchange is with; between tested parties each that tells what it hears. */
  #hearing(): readonly Hearing[] {
    const players = Object.entries(this.#ensemble.players);
    const testers = players.flatMap(([name, player]) =>
      player.part === 'tester' ? [{ name, node: player.node }] : [],
    );
    if (testers.length > 0) {
      const parties = testers.map(({ name }) => name);
      return [{ parties, hears: (since) => testers.some(({ node }) => node.heardOfIke(since)) }];
    }
    return players.flatMap(([name, { part, node }]) =>
      part === 'tested' && node.heardOfIke ? [{ parties: [name], hears: (since) => node.heardOfIke!(since) }] : [],
    );
  }

  #unlessRefused({ awaited, unlessRefused }: Patience, shown: () => boolean): Wait {
    if (awaited === false) return undefined;
    const isRefused = () =>
      unlessRefused !== undefined && this.account.ike.refusedByTested(unlessRefused) !== undefined;
    return { until: () => shown() || isRefused(), within: patience.packet };
  }
}

/** Whether these have heard of IKE since a place in the log. */
interface Hearing {
  readonly parties: readonly string[];
  readonly hears: (since: number) => boolean;
}

/** What an SA may carry. */
const isTraffic = ({ kind }: OrderedCommand): boolean => TRAFFIC.has(kind);

const TRAFFIC: ReadonlySet<OrderedCommand['kind']> = new Set(['echo', 'udp', 'tcp-syn', 'packet', 'esp', 'mobility']);

function asksForSas({ kind }: NodeCommand): boolean {
  return kind === 'initiate' || kind === 'rekey-child' || kind === 'rekey-ike';
}

/** Lab milliseconds between two askings for keys. */
const BETWEEN_ASKINGS = 250;

/** A node that comes to a link has tested its addresses there, and uses them, after less than as many waits for a packet. */
const ATTEMPTS = 4;
