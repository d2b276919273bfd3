/**
 * The product `strongswan`: Debian's charon on the guest's own kernel, IKEv2 by swanctl.conf(5) over VICI. The kernel's side of its
 * state is read as for `linux/`, the rest from `list-sas`.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import type { Material } from '../../lab/material.ts';
import type { CommandReply, NodeCommand, NodeConfiguration, NodeState } from '../../lab/node.ts';
import { type Boot, GuestHost } from '../guest-host.ts';
import type { QuestionedNode } from '../honesty.ts';
import { printed, renderNetwork } from '../network.ts';
import { Charon } from './charon.ts';
import { strongswanDefects } from './defects.ts';
import { swanctlConf } from './print.ts';
import { render, type StrongswanRendering, unsupported } from './render.ts';
import { childOf, ikeSaOf } from './state.ts';
import type { ViciCommand } from './vici.ts';

/** Boots a guest and starts charon. `defect` names one of `strongswanDefects`, planted in every configuration. */
export async function strongswan(boot: Boot, material: Material, defect?: string): Promise<QuestionedNode> {
  let charon: Charon | undefined;
  const host = await GuestHost.booted(boot, async (console) => {
    charon = await Charon.started(console);
  });
  return new StrongswanNode(host, () => charon!, material, defect);
}

export function renderedForStrongswan(configuration: NodeConfiguration, defect?: string): string {
  return `${printed(renderNetwork(configuration))}\n${swanctlConf(defective(configuration, defect))}`;
}

class StrongswanNode implements QuestionedNode {
  readonly product = 'strongswan';
  readonly version: string;
  readonly kernel: string;
  readonly #host: GuestHost;
  readonly #material: Material;
  readonly #defect: string | undefined;
  /** The one in the guest of the moment. */
  readonly #charon: () => Charon;

  constructor(host: GuestHost, charon: () => Charon, material: Material, defect: string | undefined) {
    this.#host = host;
    this.#charon = charon;
    this.#material = material;
    this.#defect = defect;
    this.version = charon().version;
    this.kernel = host.kernel;
  }

  unsupported(configuration: NodeConfiguration): string | undefined {
    return unsupported(configuration);
  }

  rendered(configuration: NodeConfiguration): string {
    return renderedForStrongswan(configuration, this.#defect);
  }

  async configure(configuration: NodeConfiguration): Promise<void> {
    if (this.#host.alive && !(await this.#charon().empties())) await this.#host.stop();
    await this.#host.configure(configuration, renderNetwork(configuration));
    const refused = await this.#charon().loads(defective(configuration, this.#defect), this.#material);
    if (refused.length > 0) throw new HarnessFault('configuration-refused', `charon: ${refused.join('; ')}`);
  }

  async perform(command: NodeCommand): Promise<CommandReply> {
    const vici = viciCommand(command);
    if (!vici) return this.#host.emit(command);
    const { success, errmsg } = await this.#charon().command(vici.name, vici.message);
    return { accepted: success === 'yes', says: String(errmsg ?? `${vici.name}: done`) };
  }

  async state(): Promise<NodeState> {
    const [kernel, sas] = await Promise.all([this.#host.state(), this.#charon().sas()]);
    return {
      ...kernel,
      ikeSas: sas.map(ikeSaOf),
      sad: kernel.sad.map((entry) => ({ ...entry, ...childOf(entry.spi, sas) })),
    };
  }

  log(): Promise<string> {
    return this.#charon().log();
  }

  async askedNonsense() {
    return [...(await this.#host.askedNonsense()), await this.#charon().askedNonsense()];
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }
}

/**
 * Undefined for what is no command to charon. An initiation is awaited, so that the SAs are installed before the peer uses them; what
 * else follows is seen on the wire.
 */
function viciCommand(command: NodeCommand): ViciCommand | undefined {
  const now = { timeout: '-1' };
  switch (command.kind) {
    case 'initiate':
      return { name: 'initiate', message: { ike: command.connection, child: command.child, timeout: INITIATION } };
    case 'rekey-child':
      return { name: 'rekey', message: { ike: command.connection, child: command.child } };
    case 'rekey-ike':
      return { name: 'rekey', message: { ike: command.connection } };
    case 'close-child':
      return { name: 'terminate', message: { ike: command.connection, child: command.child, ...now } };
    case 'close':
      return { name: 'terminate', message: { ike: command.connection, ...now } };
    default:
      return undefined;
  }
}

const defective = (configuration: NodeConfiguration, defect: string | undefined): StrongswanRendering => {
  const rendering = render(configuration);
  return defect === undefined ? rendering : strongswanDefects[defect]!.plant(rendering);
};

/** Milliseconds that charon may take to bring up a child or to give it up. */
const INITIATION = '4000';
