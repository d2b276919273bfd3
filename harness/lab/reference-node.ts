/**
 * The reference in the product's place: the same host the testing node is, told what to be as any product is told, with rules
 * that a mutant may have replaced. What it cannot be told is nothing; what it says of itself is the host's own state.
 */
import type { NodeConfiguration } from '../../reference/host/configuration.ts';
import { Host, type NodeRules } from '../../reference/host/host.ts';
import type { NodeState } from '../../reference/host/interface.ts';
import { seededEnv } from './entropy.ts';
import { HostStation, type PlacedEvent } from './host-station.ts';
import type { Lab } from './lab.ts';
import type { CommandReply, NodeCommand, NodeUnderTest } from './node.ts';
import { providerIn } from './provider.ts';
import { ONLY_INTERFACE } from './topologies.ts';

export type { NodeRules };

export class ReferenceNode implements NodeUnderTest {
  readonly product: string;
  readonly version: string;
  readonly #lab: Lab;
  readonly #rules: NodeRules | undefined;
  #station: HostStation | undefined;

  /** `rules` of an honest reference unless given; a mutant is an honest set with one rule replaced. */
  constructor(lab: Lab, options: { readonly product?: string; readonly version: string; readonly rules?: NodeRules }) {
    this.#lab = lab;
    this.product = options.product ?? 'reference';
    this.version = options.version;
    this.#rules = options.rules;
  }

  get events(): readonly PlacedEvent[] {
    return this.#station?.events ?? [];
  }

  unsupported(): undefined {
    return undefined;
  }

  rendered(configuration: NodeConfiguration): string {
    return JSON.stringify(configuration, undefined, 2);
  }

  async configure(configuration: NodeConfiguration): Promise<void> {
    if (this.#station) {
      this.#station.perform({ kind: 'configure', configuration });
      return;
    }
    const env = seededEnv(this.#lab.seed, configuration.name);
    const provider = providerIn(this.#lab);
    const host = new Host({ configuration, env, provider, ...(this.#rules && { rules: this.#rules }) });
    this.#station = new HostStation(this.#lab, configuration, host);
  }

  async perform(command: NodeCommand): Promise<CommandReply> {
    this.#configured().perform(command);
    return { accepted: true, says: '' };
  }

  async state(): Promise<NodeState> {
    return this.#configured().state();
  }

  heardOfIke(since: number): boolean {
    return this.#configured().lastIkeEvent > since;
  }

  plug(link: string): void {
    this.#configured().plug(ONLY_INTERFACE, link);
  }

  async log(): Promise<string> {
    const notes = this.#lab.entries.filter((entry) => entry.kind === 'note' && entry.node === this.#station?.name);
    return notes.map((entry) => `${entry.time.toFixed(1)} ${entry.kind === 'note' ? entry.says : ''}\n`).join('');
  }

  async stop(): Promise<void> {}

  #configured(): HostStation {
    if (!this.#station) throw new RangeError('a node acts after it was configured');
    return this.#station;
  }
}
