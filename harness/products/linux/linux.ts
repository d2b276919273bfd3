/**
 * The product `linux`: the kernel's own IPsec with manual SAs and policies, as RFC 4301 4.5.1 has them, driven through
 * ip-xfrm(8). It has no IKE; `strongswan/` adds that on the same kernel.
 */
import type { CommandReply, NodeCommand, NodeConfiguration, NodeState } from '../../lab/node.ts';
import { type Boot, GuestHost, refusal } from '../guest-host.ts';
import type { QuestionedNode } from '../honesty.ts';
import { printed, type Rendering } from '../network.ts';
import { linuxDefects } from './defects.ts';
import { render, unsupported } from './render.ts';

/** Boots a guest. `defect` names one of `linuxDefects`, planted in every configuration. */
export async function linux(boot: Boot, defect?: string): Promise<QuestionedNode> {
  const host = await GuestHost.booted(boot);
  const { output } = await host.console.exec(['ip', '-V']);
  return new LinuxNode(host, output.trim(), defect);
}

export function renderedForLinux(configuration: NodeConfiguration, defect?: string): string {
  return printed(defective(configuration, defect));
}

class LinuxNode implements QuestionedNode {
  readonly product = 'linux';
  readonly version: string;
  readonly kernel: string;
  readonly #host: GuestHost;
  readonly #defect: string | undefined;

  constructor(host: GuestHost, version: string, defect: string | undefined) {
    this.#host = host;
    this.version = version;
    this.kernel = host.kernel;
    this.#defect = defect;
  }

  unsupported(configuration: NodeConfiguration): string | undefined {
    return unsupported(configuration);
  }

  rendered(configuration: NodeConfiguration): string {
    return renderedForLinux(configuration, this.#defect);
  }

  configure(configuration: NodeConfiguration): Promise<void> {
    return this.#host.configure(configuration, defective(configuration, this.#defect));
  }

  async perform(command: NodeCommand): Promise<CommandReply> {
    const isTraffic = command.kind === 'echo' || command.kind === 'udp' || command.kind === 'tcp-syn';
    return isTraffic ? this.#host.emit(command) : refusal('the kernel has no IKE');
  }

  state(): Promise<NodeState> {
    return this.#host.state();
  }

  async log(): Promise<string> {
    return this.#host.lastConsoleLines().join('\n');
  }

  askedNonsense() {
    return this.#host.askedNonsense();
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }
}

const defective = (configuration: NodeConfiguration, defect: string | undefined): Rendering => {
  const rendering = render(configuration);
  return defect === undefined ? rendering : linuxDefects[defect]!.plant(rendering);
};
