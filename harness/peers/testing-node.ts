/**
 * The testing node: a reference host in the lab that does as the scenario says, where the node under test does as it likes. It is
 * honest unless it was given seams or entropy of another kind; what it is told under a name becomes a mark in the lab's log.
 */
import type { NodeConfiguration } from '../../reference/host/configuration.ts';
import { Host, type HostOptions, type NodeRules, type NodeSeams } from '../../reference/host/host.ts';
import type { HostEvent, NodeState } from '../../reference/host/interface.ts';
import type { Env } from '../../reference/machine.ts';
import type { OrderedCommand } from '../capture/transcript.ts';
import { seededEnv } from '../lab/entropy.ts';
import { HostStation, type PlacedEvent } from '../lab/host-station.ts';
import { jsonOf, type Lab } from '../lab/lab.ts';
import { providerIn } from '../lab/provider.ts';
import { ONLY_INTERFACE, type PlaceName, places, stationedAt } from '../lab/topologies.ts';

export type { NodeSeams };

export interface TestingNodeOptions {
  /** Where it misbehaves; honest without. */
  readonly seams?: NodeSeams;
  /** What RFC 7296 leaves open to it, such as whether it feigns a NAT. It says nothing of SPIs that it does not know. */
  readonly ikeChoices?: HostOptions['ikeChoices'];
  /** A reused nonce, a predictable IV; the lab's seed without. */
  readonly env?: Env;
  /** Only a peer other than the tn (another node of the topology) may need rules of its own. */
  readonly rules?: NodeRules;
}

export class TestingNode {
  readonly name: string;
  readonly station: HostStation;
  readonly #lab: Lab;
  #place: PlaceName = 'home';

  constructor(lab: Lab, configuration: NodeConfiguration, options: TestingNodeOptions = {}) {
    const env = seededEnv(lab.seed, configuration.name);
    const provider = providerIn(lab);
    const ikeChoices = { tellsOfUnknownSpis: false, ...options.ikeChoices };
    this.#lab = lab;
    this.name = configuration.name;
    this.station = new HostStation(
      lab,
      configuration,
      new Host({ env, ...options, ikeChoices, configuration, provider }),
    );
  }

  /** Where it is now. */
  get place(): PlaceName {
    return this.#place;
  }

  get events(): readonly PlacedEvent[] {
    return this.station.events;
  }

  /** Does it now; under a name it is a moment of the transcript, and the mark comes before the frames. */
  perform(command: OrderedCommand, mark?: string): void {
    if (mark !== undefined) this.#lab.mark(mark, this.name, { kind: 'command', command: jsonOf(command) });
    this.station.perform(command);
  }

  /** Everything anew: policies, SAs, counters, IKE, and the place of the configuration. */
  configure(configuration: NodeConfiguration): void {
    this.#place = 'home';
    this.station.perform({ kind: 'configure', configuration });
  }

  /** Takes the addresses and routes of another place; SAs, counters and IKE stay as they are. */
  movesTo(place: PlaceName, mark = `moves to ${place}`): void {
    this.#lab.mark(mark, this.name, { kind: 'moves', to: place });
    this.#place = place;
    this.station.perform({
      kind: 'move',
      interface: ONLY_INTERFACE,
      link: places[place].link,
      ...stationedAt(places[place]),
    });
  }

  /** Whether anything became of an IKE SA or a child since this place in the log. */
  heardOfIke(since: number): boolean {
    return this.station.lastIkeEvent > since;
  }

  /** Whether it took a mobility message since this place in the log. */
  heardOfMobility(since: number): boolean {
    return this.station.lastMobilityEvent > since;
  }

  /** Waits for an event of this node, from `since` (a place in the log) on: the first that fits, or undefined when none came in time. */
  async hears<Kind extends HostEvent['kind']>(
    kind: Kind,
    fits: (event: Extract<HostEvent, { kind: Kind }>) => boolean,
    { since = 0, within }: { readonly since?: number; readonly within: number },
  ): Promise<PlacedEvent | undefined> {
    const find = (): PlacedEvent | undefined =>
      this.events.find(
        ({ event, place }) =>
          place >= since && event.kind === kind && fits(event as Extract<HostEvent, { kind: Kind }>),
      );
    await this.#lab.until(() => find() !== undefined, { within });
    return find();
  }

  state(): NodeState {
    return this.station.state();
  }
}
