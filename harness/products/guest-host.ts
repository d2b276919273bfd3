/**
 * A guest as the host under a product: booted, taken back to its baseline and audited before every configuration, given
 * its network, told to send, and asked what its kernel knows. A guest that does not come back to the baseline, or that
 * has died, is replaced. Every product on a Linux guest is this and a daemon, or this alone.
 */
import { HarnessFault } from '../lab/harness-fault.ts';
import type { CommandReply, KeyRecord, NodeCommand, NodeConfiguration, NodeState } from '../lab/node.ts';
import { type ConsoleChannel, ConsoleRefusal } from '../runtime/console.ts';
import type { Guest } from '../runtime/runtime.ts';
import { countersIn, refusalsIn } from './linux/counters.ts';
import { bindingsOf, installedOf, keysOf, sadOf, spdOf } from './linux/kernel-state.ts';
import { policiesIn, statesIn, type XfrmPolicy, type XfrmState, xfrmMessageTypes } from './linux/xfrm-messages.ts';
import { auditLines, ownAddresses, type Rendering, resetLines } from './network.ts';

/** Boots a guest with the product's image and the wires of the lab. */
export type Boot = () => Promise<Guest>;

/** Starts what a product runs in a guest, and resolves when it is ready. */
export type DaemonStarts = (console: ConsoleChannel) => Promise<void>;

export class GuestHost {
  readonly #boot: Boot;
  readonly #daemonStarts: DaemonStarts;
  #guest: Guest;
  #baseline: readonly string[] = [];
  #counters: Readonly<Record<string, number>> = {};
  #own: readonly string[] = [];
  #isMobile = false;

  private constructor(boot: Boot, daemonStarts: DaemonStarts, guest: Guest) {
    this.#boot = boot;
    this.#daemonStarts = daemonStarts;
    this.#guest = guest;
  }

  /** `daemonStarts` runs in every guest that is booted; what is there when it is done is the baseline. */
  static async booted(boot: Boot, daemonStarts: DaemonStarts = async () => {}): Promise<GuestHost> {
    const host = new GuestHost(boot, daemonStarts, await boot());
    await host.#settle();
    return host;
  }

  get console(): ConsoleChannel {
    return this.#guest.console;
  }

  get alive(): boolean {
    return this.#guest.alive;
  }

  get kernel(): string {
    return this.#guest.kernel;
  }

  /**
   * Back to the baseline, then configured; a dirty guest or a dead one is replaced first. Throws HarnessFault
   * `configuration-refused` with the line that the guest refused.
   */
  async configure(configuration: NodeConfiguration, rendering: Rendering): Promise<void> {
    if (!(await this.#isReset())) await this.#replace();
    this.#own = ownAddresses(configuration);
    this.#isMobile = configuration.mobility !== undefined;
    const asked = [
      ...rendering.settings.map(({ path, value }) => this.console.write(path, value)),
      ...(['udp', 'tcp'] as const).map((protocol) => this.console.sink(protocol, portsOf(configuration, protocol))),
      this.console.decapsulate(encapsulatedPorts(configuration)),
      this.console.forgetDeliveries(),
    ];
    const [replies, statistics] = await Promise.all([this.console.batch(rendering.lines), this.#counted(), ...asked]);
    const refused = replies.find(({ done }) => !done);
    if (refused) throw new HarnessFault('configuration-refused', `ip ${refused.line}: ${refused.printed.trim()}`);
    this.#counters = statistics;
  }

  /** Echo, UDP and TCP; what the kernel objected to is what the reply says. */
  async emit(command: NodeCommand): Promise<CommandReply> {
    if ('inClear' in command && command.inClear)
      return refusal('a product cannot be told to send around its own policy');
    try {
      return await this.#emit(command);
    } catch (fault) {
      // A port that is taken, an address that is not the guest's: the product did not send, which is an answer.
      if (fault instanceof ConsoleRefusal) return refusal(fault.message);
      throw fault;
    }
  }

  async #emit(command: NodeCommand): Promise<CommandReply> {
    switch (command.kind) {
      case 'echo':
        return reply(
          await this.console.emitEcho(command.from, command.to, command.identifier, command.sequence, command.payload),
        );
      case 'udp':
        return reply(
          await this.console.emitUdp(
            command.from,
            command.sourcePort,
            command.to,
            command.destinationPort,
            command.payload,
          ),
        );
      case 'tcp-syn':
        return reply(await this.console.emitTcp(command.from, command.sourcePort, command.to, command.destinationPort));
      default:
        return refusal(`nothing here takes \`${command.kind}\``);
    }
  }

  /** The agent takes a datagram at a time, so what a socket still holds is there only when asking again brings nothing new. */
  async #drained(): ReturnType<ConsoleChannel['deliveries']> {
    let earlier = await this.console.deliveries();
    for (;;) {
      const deliveries = await this.console.deliveries();
      if (deliveries.length === earlier.length) return deliveries;
      earlier = deliveries;
    }
  }

  /** What IPsec counts, and what IPv6 refuses before IPsec is asked, bad options and routing headers among it. */
  async #counted(): Promise<Readonly<Record<string, number>>> {
    const [ipsec, ipv6] = await Promise.all(
      ['/proc/net/xfrm_stat', '/proc/net/snmp6'].map((path) => this.console.read(path)),
    );
    return { ...countersIn(ipsec!), ...refusalsIn(ipv6!) };
  }

  /**
   * What the kernel knows; IKE is for others to fill in. Deliveries first: from 6.12 on what IPsec took in transport mode waits for a kernel worker, so that an
   * answer to what came after it proves nothing yet; asking for deliveries until none is new gives way to that worker, and what it counts is asked afterwards.
   */
  async state(): Promise<NodeState> {
    const deliveries = await this.#drained();
    const [states, policies, counters] = await Promise.all([this.#states(), this.#policies(), this.#counted()]);
    return {
      ikeSas: [],
      sad: sadOf(states, this.#own),
      spd: spdOf(policies),
      counters: Object.fromEntries(
        Object.entries(counters).map(([name, value]) => [name, value - (this.#counters[name] ?? 0)]),
      ),
      delivered: deliveries.map(({ protocol, source, destination, sourcePort, destinationPort, octets }) => ({
        protocol,
        source,
        destination,
        sourcePort,
        destinationPort,
        payload: Buffer.from(octets).toString('hex'),
      })),
      ...(this.#isMobile && { bindings: bindingsOf(states, this.#own) }),
    };
  }

  /** As `NodeUnderTest` has it, of the kernel. */
  async installed(): Promise<readonly number[]> {
    const [states, policies] = await Promise.all([this.#states(), this.#policies()]);
    return installedOf(states, policies, this.#own);
  }

  /** As `NodeUnderTest` has it. */
  async uptime(): Promise<number> {
    return Number.parseFloat(await this.console.read('/proc/uptime'));
  }

  /** Of the kernel's SAs. */
  async keys(): Promise<readonly KeyRecord[]> {
    return keysOf(await this.#states());
  }

  async #states(): Promise<XfrmState[]> {
    return statesIn(await this.console.dump(xfrmMessageTypes.getSa));
  }

  async #policies(): Promise<XfrmPolicy[]> {
    return policiesIn(await this.console.dump(xfrmMessageTypes.getPolicy));
  }

  /** What the agent and `ip` say to what neither knows. */
  async askedNonsense() {
    const verb = await this.console.request('no-such-verb').catch((refused: unknown) => refused);
    const [line] = await this.console.batch(['no-such-object']);
    const refused = verb instanceof ConsoleRefusal;
    return [
      { channel: 'console', refused, says: refused ? verb.message : 'the agent took it' },
      { channel: 'ip', refused: !line!.done, says: line!.printed.trim() },
    ];
  }

  /** What the guest printed on its kernel's console, newest last. */
  lastConsoleLines(): string[] {
    return this.#guest.lastConsoleLines();
  }

  /** Ends the guest. A configuration that comes after it gets another one. */
  stop(): Promise<void> {
    return this.#guest.stop();
  }

  async #isReset(): Promise<boolean> {
    if (!this.#guest.alive) return false;
    const names = this.#guest.wires.map(({ name }) => name);
    await this.console.batch(resetLines(names)); // awaited: `ip` and `ip -6` are two processes, in no order
    const found = await audit(this.console);
    return found.every((printed, place) => printed === this.#baseline[place]);
  }

  async #replace(): Promise<void> {
    await this.#guest.stop();
    this.#guest = await this.#boot();
    await this.#settle();
  }

  async #settle(): Promise<void> {
    await this.#daemonStarts(this.console);
    this.#baseline = await audit(this.console);
  }
}

/**
 * What the guest says of each thing that a configuration touches. A link-local address that is still being probed counts as there; its anycast
 * twin (RFC 4291 2.6.1) comes and goes with forwarding.
 */
async function audit(console: ConsoleChannel): Promise<string[]> {
  const replies = await console.batch(auditLines);
  return replies.map(({ printed }) =>
    printed.replaceAll(' tentative', '').replace(/^(local|anycast) fe80::.*\n/gm, ''),
  );
}

const portsOf = ({ sinks }: NodeConfiguration, protocol: 'udp' | 'tcp'): number[] =>
  sinks.filter((sink) => sink.protocol === protocol).map(({ port }) => port);

/** Where the kernel must look for manual SAs in UDP; a daemon opens its own ports. */
const encapsulatedPorts = ({ manual }: NodeConfiguration): number[] =>
  manual.flatMap((sa) =>
    sa.direction === 'in' && sa.protocol !== 'AH' && sa.encapsulation ? [sa.encapsulation.destinationPort] : [],
  );

const reply = (said: string): CommandReply => ({ accepted: said === 'sent', says: said });

export const refusal = (says: string): CommandReply => ({ accepted: false, says });
