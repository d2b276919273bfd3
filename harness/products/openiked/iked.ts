/**
 * The daemon iked in a guest, from its start to its log: told what to do by its configuration and by ikectl(8). It runs on from one
 * configuration to the next, and is reset in between, since the SAs that it has keep their policies. One that dies ends no run: it answers nothing from then on.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import type { Material } from '../../lab/material.ts';
import type { ConsoleChannel } from '../../runtime/console.ts';
import { isSame } from '../authentication-material.ts';
import { DaemonProcess, type Told, written } from '../kit/daemon-process.ts';
import { familyOf } from '../prefix.ts';
import { ControlSocket } from './control-socket.ts';
import { acquire } from './key-manager.ts';
import { ikedConf } from './print.ts';
import type { Flow, OpenikedRendering, Policy } from './render.ts';
import { writeStore } from './store.ts';

export class Iked {
  readonly version: string;
  readonly #console: ConsoleChannel;
  readonly #material: Material;
  readonly #process: DaemonProcess;
  #control: ControlSocket | undefined;
  #rendering: OpenikedRendering = nothing;
  /** Since it was started. One that has had some goes on asking for certificates of them, and then finds neither a certificate nor a key of its own. */
  #hasHadAuthorities = false;

  private constructor(console: ConsoleChannel, material: Material, version: string) {
    this.#console = console;
    this.#material = material;
    this.version = version;
    this.#process = new DaemonProcess(console, 'iked');
  }

  /** Resolves when iked has read what it was given. */
  static async started(console: ConsoleChannel, material: Material): Promise<Iked> {
    await console.write('/proc/sys/kernel/print-fatal-signals', '1');
    await console.batch(['xfrm policy set hthresh4 0 0 hthresh6 0 0']); // all in one list, where age decides between equals
    const { output } = await console.exec([program, '-V']);
    const iked = new Iked(console, material, output.trim());
    await iked.loads(nothing);
    return iked;
  }

  get rendering(): OpenikedRendering {
    return this.#rendering;
  }

  /** False when it does not let go of its SAs and flows. */
  async empties(): Promise<boolean> {
    if (!this.#running) return true;
    const { length } = await this.log();
    await this.#running.resets();
    const isReset = await this.#logs((log) => log.slice(length).includes('flushing users'), READY);
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
      this.#console.write(logPath, ''),
      writeStore(this.#console, rendering.store, this.#material),
    ]);
    const refused = replies.filter(({ done }) => !done).map(({ line, printed }) => `ip ${line}: ${printed.trim()}`);
    return [...refused, ...(await this.#starts())];
  }

  /** Tries a policy; resolves when a child has come of it, or nothing. Where another policy has its flow already, iked asks for a further child of that IKE SA. */
  async initiates(policy: Policy): Promise<Told> {
    const log = await this.log();
    if (log.lastIndexOf(`policy '${policy.name}' as initiator`) > log.lastIndexOf(': sa_free'))
      return { done: false, says: `the flows of ${policy.name} are of one child, which there is` };
    await (isMadeOut(policy, this.#rendering.policies) ? this.#wants(policy) : this.#activates(policy));
    const outcome = await this.#logs((later) => outcomeOf(later.slice(log.length), log), INITIATES);
    return outcome ?? { done: false, says: this.#process.ending ?? 'no IKE SA within its time' };
  }

  /** Its flow wants an SA, as when a packet meets a policy. The policy is one that no packet meets; it tells iked of the addresses. */
  async #wants({ flows, mode, encapsulation, local = '0.0.0.0', peer }: Policy): Promise<void> {
    const [{ from, to }] = flows as [Flow];
    const template = `tmpl ${mode === 'tunnel' ? `src ${local} dst ${peer} ` : ''}proto ${encapsulation} mode ${mode}`;
    await this.#console.batch([`xfrm policy add src ${from} dst ${to} dev lo dir out index ${INDEX} ${template}`]);
    await this.hears(acquire({ index: INDEX, encapsulation, mode, local, peer }));
    await this.#logs((log) => /ikev2_child_sa_acquire/.test(log), INITIATES);
    await this.#console.batch([`xfrm policy delete dir out index ${INDEX}`]);
  }

  /** The policy is an active one now, in a configuration that is otherwise as before; iked begins two seconds later. */
  async #activates({ name }: Policy): Promise<void> {
    await this.#console.write(settingsPath, ikedConf(this.#rendering, name), '600');
    await this.#running?.reloads();
  }

  /** What the kernel says to key managers. */
  hears(command: readonly string[]): Promise<Told> {
    return this.#process.asks(command, PATIENCE);
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
    const log = await written(this.#console, logPath);
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
    await this.#process.starts(['sh', '-c', `exec ${program} -d -vv 2>>${logPath}`]);
    this.#control = await ControlSocket.connected(this.#console, READY).catch(() => undefined); // one that ended says so in its log
  }

  /** What `seen` makes of the log, as soon as that is something; undefined when it ends before, or so many milliseconds have passed. */
  async #logs<T>(seen: (log: string) => T | undefined, within: number): Promise<T | undefined> {
    const deadline = performance.now() + within;
    for (;;) {
      const found = seen(await this.log());
      if (found || this.#process.ending !== undefined || performance.now() > deadline) return found;
      await new Promise((again) => setTimeout(again, POLL));
    }
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

/** Whether iked, asked for an SA, makes out the flow: it reads as much as an IPv4 address has, and no protocol. It takes the first policy that has the flow. */
function isMadeOut(policy: Policy, all: readonly Policy[]): boolean {
  const { peer, protocol, flows } = policy;
  if (protocol !== undefined || flows.some(({ from }) => familyOf(from) === 'ipv6')) return false;
  const first = all.find((each) => each.peer === peer && isSame(each.flows, flows));
  return isSame({ ...first, name: '', child: '' }, { ...policy, name: '', child: '' });
}

/** Of the attempt that this part of the log is about; what becomes of an IKE SA that was there before says nothing of it. */
function outcomeOf(log: string, before: string): Told | undefined {
  const established = /^.*: (?:established peer .* as initiator|ikev2_childsa_enable: loaded SPIs).*$/m.exec(log);
  if (established) return { done: true, says: established[0] };
  const failed = log.split('\n').find((line) => {
    const [, spi] = /^spi=(0x[0-9a-f]+): /.exec(line) ?? [];
    return FAILS.test(line) && (spi === undefined || !before.includes(spi));
  });
  return failed === undefined ? undefined : { done: false, says: failed };
}

const FAILS = /: sa_free|send_auth_failed|failed to initiate|flow wasn't found/;

const nothing: OpenikedRendering = {
  policies: [],
  fragmentation: false,
  livenessInterval: 0,
  store: { own: [], authorities: [], intermediates: [], revocationLists: [], publicKeys: [] },
  kernel: [],
};

const program = '/usr/sbin/iked';
const settingsPath = '/etc/iked.conf';
const logPath = '/run/iked.log';

/** Of its log, in a fault. */
const LAST_LINES = 40;
/** Milliseconds until it has read what it was given. */
const READY = 20_000;
/** Milliseconds for an initiation, of which iked lets two seconds pass before it begins. */
const INITIATES = 6_000;
/** Of a policy in the kernel, for packets that leave. */
const INDEX = 0x10001;
/** Milliseconds for ikectl. */
const PATIENCE = 10_000;
/** Milliseconds between two looks at its log. */
const POLL = 10;
