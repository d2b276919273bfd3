/**
 * A product may answer first and install afterwards what it has agreed to, in threads of its own: no answer tells when, one about life neither. So before anything is
 * sent, whoever is tested is asked whether it holds its side of what the testers have agreed on with it; where all are tested, of what the others hold. One that never comes to hold
 * it goes on without: what it does then is what is judged.
 */
import type { Address } from '../../reference/wire/address.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import { type Ensemble, hasTester, patience } from './ensemble.ts';

export class AgreedChildren {
  readonly #ensemble: Ensemble;
  readonly #owners: (address: Address) => readonly string[];
  /** SPIs that were asked for. */
  readonly #known = new Set<number>();

  constructor(ensemble: Ensemble, owners: (address: Address) => readonly string[]) {
    this.#ensemble = ensemble;
    this.#owners = owners;
  }

  /** Resolves when everybody who is tested holds them, or has had its time. */
  async areInstalled(): Promise<void> {
    for (const [name, player] of Object.entries(this.#ensemble.players)) {
      // A node that lives in the lab has done what it has agreed to when it says so.
      if (player.part !== 'tested' || player.node.heardOfIke || player.node.holdsUnseen) continue;
      const agreed = (await this.#agreedWith(name)).filter((spi) => !this.#known.has(spi));
      for (const spi of agreed) this.#known.add(spi);
      if (agreed.length > 0) await this.#installs(name, player.node, agreed);
    }
  }

  /** Of the SAs under which the others send to this party; where a NAT stands before it, its address is nobody's. A tester's SAs are those that it has negotiated. */
  async #agreedWith(name: string): Promise<number[]> {
    const players = Object.entries(this.#ensemble.players);
    const others = players.filter(
      ([other, { part }]) => part === 'tester' || (part === 'tested' && other !== name && !hasTester(this.#ensemble)),
    );
    const states = await Promise.all(
      others.map(async ([, { part, node }]) => ({ part, sad: (await node.state()).sad })),
    );
    return states.flatMap(({ part, sad }) =>
      sad.flatMap(({ direction, child, destination, spi }) => {
        const owners = this.#owners(destination);
        const isWith = owners.length === 0 || owners.includes(name);
        return direction === 'out' && (child !== undefined || part === 'tested') && isWith ? [spi] : [];
      }),
    );
  }

  async #installs(name: string, node: NodeUnderTest, agreed: readonly number[]): Promise<void> {
    const { lab } = this.#ensemble;
    const end = lab.now() + patience.settle;
    for (;;) {
      const held = await inboundOf(node);
      const missing = agreed.filter((spi) => !held.includes(spi));
      if (missing.length === 0) return;
      if (lab.now() >= end) {
        const spis = missing.map((spi) => `0x${spi.toString(16).padStart(8, '0')}`).join(', ');
        lab.note(name, `does not hold ${spis}, ${patience.settle} ms after it was agreed on`);
        return;
      }
      await lab.until(() => false, { within: BETWEEN_ASKINGS });
    }
  }
}

/** SPIs. */
async function inboundOf(node: NodeUnderTest): Promise<readonly number[]> {
  if (node.installed) return await node.installed();
  const { sad } = await node.state();
  return sad.flatMap(({ direction, spi }) => (direction === 'in' ? [spi] : []));
}

/** Lab milliseconds between two askings. */
const BETWEEN_ASKINGS = 10;
