/**
 * The daemon iked in a guest, from its start to its log: told what to do by its configuration and by ikectl(8). It runs on from one
 * configuration to the next, and is reset in between, since the SAs that it has keep their policies. One that dies ends no run: it answers nothing from then on.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import type { Material } from '../../lab/material.ts';
import type { ConsoleChannel } from '../../runtime/console.ts';
import { DaemonProcess, type Told } from '../kit/daemon-process.ts';
import { statesIn, xfrmMessageTypes } from '../linux/xfrm-messages.ts';
import { familyOf } from '../prefix.ts';
import { groupWanted, isClosing, isInitiated, outcomeOf } from './attempts.ts';
import { ControlSocket } from './control-socket.ts';
import { acquire, expire, type KernelMessage, type KernelSa, KernelVoice } from './key-manager.ts';
import { Log, logPath } from './log.ts';
import { ikedConf } from './print.ts';
import type { Flow, OpenikedRendering, Policy } from './render.ts';
import { writeStore } from './store.ts';
import { tellingFlow } from './telling-flow.ts';

export class Iked {
  readonly version: string;
  readonly #console: ConsoleChannel;
  readonly #material: Material;
  readonly #process: DaemonProcess;
  readonly #kernel: KernelVoice;
  readonly #log: Log;
  #control: ControlSocket | undefined;
  #rendering: OpenikedRendering = nothing;
  /** Since it was started. One that has had some goes on asking for certificates of them, and then finds neither a certificate nor a key of its own. */
  #hasHadAuthorities = false;

  private constructor(console: ConsoleChannel, material: Material, version: string, kernel: KernelVoice) {
    this.#console = console;
    this.#material = material;
    this.version = version;
    this.#kernel = kernel;
    this.#process = new DaemonProcess(console, 'iked');
    this.#log = new Log(console);
  }

  /** Resolves when iked has read what it was given. */
  static async started(console: ConsoleChannel, material: Material): Promise<Iked> {
    await console.write('/proc/sys/kernel/print-fatal-signals', '1');
    await console.batch(['xfrm policy set hthresh4 0 0 hthresh6 0 0']); // all in one list, where age decides between equals
    const { output } = await console.exec([program, '-V']);
    const iked = new Iked(console, material, output.trim(), await KernelVoice.started(console));
    await iked.loads(nothing);
    return iked;
  }

  get rendering(): OpenikedRendering {
    return this.#rendering;
  }

  /** False when it does not let go of its SAs and flows. */
  async empties(): Promise<boolean> {
    if (!this.#running) return true;
    await this.#log.empties();
    await this.#running.resets();
    const isReset = await this.#logs((log) => log.includes('flushing users'), READY);
    return isReset === true || this.#process.ending !== undefined;
  }

  /** What it would not load, with its reasons; empty when it took everything. */
  async loads(rendering: OpenikedRendering): Promise<string[]> {
    const hasAuthorities = rendering.store.authorities.length > 0;
    if (this.#running && this.#hasHadAuthorities && !hasAuthorities) await this.#console.stop('iked');
    this.#hasHadAuthorities = hasAuthorities;
    this.#rendering = rendering;
    const [replies] = await Promise.all([
      rendering.kernel.length > 0 ? this.#console.batch(rendering.kernel) : [],
      this.#console.write(settingsPath, ikedConf(rendering), '600'),
      this.#log.empties(),
      writeStore(this.#console, rendering.store, this.#material),
    ]);
    const refused = replies.filter(({ done }) => !done).map(({ line, printed }) => `ip ${line}: ${printed.trim()}`);
    return [...refused, ...(await this.#starts())];
  }

  /** Tries a policy; resolves when a child has come of it, or nothing. Where another policy has its flow already, iked asks for a further child of that IKE SA. */
  async initiates(policy: Policy): Promise<Told> {
    const log = await this.log();
    if (isInitiated(log, policy.name))
      return { done: false, says: `the flows of ${policy.name} are of one child, which there is` };
    const flow = tellingFlow(policy, this.#rendering.policies);
    await (flow ? this.#wants(policy, flow) : this.#activates(policy));
    const outcome = await this.#comesTo(log, (later) => outcomeOf(later, log) ?? groupWanted(later));
    if (outcome !== 'another group') return outcome;
    // An active policy begins again with that group; of another one the next packet would have the kernel ask.
    if (flow) await this.#wants(policy, flow);
    return await this.#comesTo(log, (later) => outcomeOf(later, log));
  }

  /** What is made of the log since then; that nothing came of it, if nothing is. */
  async #comesTo<T>({ length }: string, seen: (later: string) => T | undefined): Promise<T | Told> {
    const found = await this.#logs((log) => seen(log.slice(length)), INITIATES);
    return found ?? { done: false, says: this.#process.ending ?? 'no IKE SA within its time' };
  }

  /**
   * Its flow wants an SA, as when a packet meets a policy. The policy is one that no packet meets; it tells iked of the addresses. Until the Delete of an IKE SA is
   * answered, iked would want the child there.
   */
  async #wants({ name, mode, encapsulation, peer, ...policy }: Policy, { from, to }: Flow): Promise<void> {
    const { local = unspecified[familyOf(peer)] } = policy;
    await this.#logs((log) => !isClosing(log, name), CLOSES);
    const { length } = await this.log();
    const template = `tmpl ${mode === 'tunnel' ? `src ${local} dst ${peer} ` : ''}proto ${encapsulation} mode ${mode}`;
    await this.#console.batch([`xfrm policy add src ${from} dst ${to} dev lo dir out index ${INDEX} ${template}`]);
    await this.hears(acquire({ index: INDEX, encapsulation, mode, local, peer }));
    await this.#logs(
      (log) => /ikev2_child_sa_acquire|ext_policy upcall|get a policy/.test(log.slice(length)),
      INITIATES,
    );
    await this.#console.batch([`xfrm policy delete dir out index ${INDEX}`]);
  }

  /** The policy is an active one now, in a configuration that is otherwise as before; iked begins two seconds later. */
  async #activates({ name }: Policy): Promise<void> {
    await this.#console.write(settingsPath, ikedConf(this.#rendering, name), '600');
    await this.#running?.reloads();
  }

  /** What the kernel says to key managers. */
  async hears(message: KernelMessage): Promise<Told> {
    const { ending } = this.#process;
    return ending === undefined ? await this.#kernel.says(message) : { done: false, says: ending };
  }

  /** The lifetime of this SA is over. Of a peer that has moved iked tells the new address, and the kernel has its SA with the old one. */
  async expires(sa: KernelSa, hard: boolean): Promise<Told> {
    const states = statesIn(await this.#console.dump(xfrmMessageTypes.getSa));
    const { destination } = states.find(({ spi }) => spi === sa.spi) ?? sa;
    return await this.hears(expire({ ...sa, destination }, hard));
  }

  ikectl(...words: readonly string[]): Promise<Told> {
    return this.#process.asks(['/usr/sbin/ikectl', ...words], PATIENCE);
  }

  /** Its one process for IKE answers, installs what it agreed on, and only then hears of ikectl. */
  async caughtUp(): Promise<void> {
    await this.showsSas();
  }

  /** `ikectl show sa`; nothing where it has ended. */
  async showsSas(): Promise<string> {
    return (await this.#running?.showsSas()) ?? '';
  }

  /** `ikectl reset id`, for each. */
  async closes(identities: readonly string[]): Promise<void> {
    for (const identity of identities) await this.#running?.resetsIdentity(identity);
    await this.caughtUp();
  }

  /** What it wrote since it was loaded, and how it ended if it has. */
  async log(): Promise<string> {
    const log = await this.#log.text();
    const { ending } = this.#process;
    return ending === undefined ? log : `${log}${ending}${await this.#fatalSignal()}\n`;
  }

  get #running(): ControlSocket | undefined {
    return this.#process.ending === undefined ? this.#control : undefined;
  }

  /** It is ready when all of its processes have read what is theirs. ikectl(8) has no word for that; the log does. */
  async #starts(): Promise<string[]> {
    if (this.#running) await this.#running.reloads();
    else await this.#begins();
    const hasAuthorities = this.#rendering.store.authorities.length > 0;
    const found = await this.#logs((log) => (REFUSED.test(log) ? 'refused' : isReady(log, hasAuthorities)), READY);
    if (found === 'ready') return [];
    const log = await this.log();
    if (found === 'refused' || this.#process.ending !== undefined) return [log];
    throw new HarnessFault('daemon-slow', 'iked is not ready', { lastLines: log.split('\n').slice(-LAST_LINES) });
  }

  async #begins(): Promise<void> {
    await this.#console.remove('/run/iked.sock');
    const process = await this.#process.starts(['sh', '-c', `exec ${program} -d -vv 2>>${logPath}`]);
    this.#log.writtenBy(process);
    this.#control = await ControlSocket.connected(this.#console, READY).catch(() => undefined); // one that ended says so in its log
  }

  /** As `Log` has it, of an iked that runs. */
  #logs<T>(seen: (log: string) => T | undefined, within: number): Promise<T | undefined> {
    return this.#log.shows(seen, within, () => this.#process.ending !== undefined);
  }

  /** Signal and registers, if one of its four processes met its end so; the others then end in order. */
  async #fatalSignal(): Promise<string> {
    const { output } = await this.#console.exec(['dmesg', '--notime']);
    const lines = output.split('\n');
    const last = lines.findLastIndex((line) => line.includes('fatal signal'));
    const told = last < 0 ? [] : lines.slice(last, last + 20).filter((line) => !line.startsWith('Modules'));
    return told.some((line) => line.includes('comm: iked')) ? `\n${told.join('\n')}` : '';
  }
}

/** Its settings come last to the process that speaks IKE; certificate requests come to it from the one that has the certificates, twice where there are authorities. */
function isReady(log: string, hasAuthorities: boolean): 'ready' | undefined {
  const requests = log.match(/updated local CERTREQ/g)?.length ?? 0;
  const hasSettings = /config_getstatic: nattport/.test(log);
  return hasSettings && requests >= (hasAuthorities ? 2 : 1) ? 'ready' : undefined;
}

const REFUSED = /failed to load config file/;

const nothing: OpenikedRendering = {
  policies: [],
  users: [],
  fragmentation: false,
  mobike: false,
  livenessInterval: 0,
  store: { own: [], authorities: [], intermediates: [], revocationLists: [], publicKeys: [] },
  kernel: [],
};

const program = '/usr/sbin/iked';
const settingsPath = '/etc/iked.conf';

/** Of its log, in a fault. */
const LAST_LINES = 40;
/** Milliseconds until it has read what it was given. */
const READY = 20_000;
/** Milliseconds for an initiation, of which iked lets two seconds pass before it begins. */
const INITIATES = 6_000;
/** Milliseconds until it gives up an IKE SA that it was told to close: three times two seconds. */
const CLOSES = 7_000;
/** Of a policy in the kernel, for packets that leave. */
const INDEX = 0x10001;
/** Milliseconds for ikectl. */
const PATIENCE = 10_000;
/** Of a policy that does not say where it is. */
const unspecified = { ipv4: '0.0.0.0', ipv6: '::' } as const;
