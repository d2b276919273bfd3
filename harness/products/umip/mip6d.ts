/**
 * mip6d in a guest: brought in once, started and stopped for each configuration, since what it is cannot be changed while it runs. A home agent has
 * radvd beside it, as mip6d.conf(5) asks. What is rendered for it stands in `render.ts`.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import type { NodeState } from '../../lab/node.ts';
import { type ConsoleChannel, ConsoleRefusal } from '../../runtime/console.ts';
import { written } from '../kit/daemon-process.ts';
import type { Setting } from '../network.ts';
import type { BroughtFile } from './folder.ts';
import type { UmipRendering } from './render.ts';
import { knowsPrefix, parseBindingCache, parseBindingUpdateList } from './state.ts';
import { Terminal, terminalPort } from './terminal.ts';

export class Mip6d {
  readonly version: string;
  readonly #console: ConsoleChannel;
  /** Of the interfaces, as the guest had booted: a mobile node changes them and does not put all of them back. */
  readonly #interfaceSettings: readonly Setting[];
  #terminal: Terminal | undefined;
  #isMobileNode = false;

  private constructor(console: ConsoleChannel, version: string, interfaceSettings: readonly Setting[]) {
    this.#console = console;
    this.version = version;
    this.#interfaceSettings = interfaceSettings;
  }

  /** The files are in the guest, and what they are runs there. Throws HarnessFault `mip6d-unfit`, with what was tried and what it said. */
  static async brought(console: ConsoleChannel, files: readonly BroughtFile[], folder: string): Promise<Mip6d> {
    for (const { name, octets } of files)
      await console.request('write', [`${programFolder}/${name}`, octets, '755'], BRINGING);
    await console.write('/etc/hosts', '127.0.0.1 localhost\n'); // where its terminal listens
    await settleLinkLocal(console);
    const version = await versionOf(console, folder);
    return new Mip6d(console, version, await interfaceSettingsIn(console));
  }

  /** False when it does not end. Nobody is told that it goes: it could be heard in the case that comes next. */
  async empties(): Promise<boolean> {
    await this.#terminal?.close();
    this.#terminal = undefined;
    await this.#stops('radvd', 'KILL');
    await this.#console.batch(['-6 rule add pref 1 prohibit']);
    const ended = await this.#stops('mip6d', 'TERM');
    await this.#console.batch(['-6 rule del pref 1']);
    if (this.#isMobileNode)
      await Promise.all(this.#interfaceSettings.map(({ path, value }) => this.#console.write(path, value)));
    this.#isMobileNode = false;
    return ended;
  }

  /** Resolves when it answers on its terminal, a home agent knowing its prefix; to what was refused, in the words of who refused. */
  async loads({ node, states, policies, settings, advertisements }: UmipRendering): Promise<readonly string[]> {
    await this.#console.remove(logPath, radvdPid);
    const refusedStates = await this.#lines(states);
    if (refusedStates.length > 0) return refusedStates;
    if (node !== undefined) {
      this.#isMobileNode = node === 'MN';
      await this.#console.write(settingsPath, settings);
      this.#terminal = await this.#started();
    }
    if (advertisements !== undefined) await this.#advertises(advertisements);
    return this.#lines(policies);
  }

  async completed(kernel: NodeState): Promise<NodeState> {
    if (!this.#terminal) return kernel;
    const bindings = parseBindingCache(await this.#terminal.ask('bc'));
    if (!this.#isMobileNode) return { ...kernel, bindings };
    return { ...kernel, bindings, bindingUpdates: parseBindingUpdateList(await this.#terminal.ask('bul')) };
  }

  /** Of its command line: its terminal is there only while it runs. */
  async askedNonsense() {
    const { output } = await this.#console.exec(shell(`${run} --no-such-option`));
    const [first = ''] = output.split('\n');
    return { channel: 'mip6d', refused: /unrecognized option/.test(first), says: first };
  }

  /** What it and radvd wrote since it was loaded. */
  log(): Promise<string> {
    return written(this.#console, logPath);
  }

  async #started(): Promise<Terminal> {
    let forget = (): void => {};
    const ended = new Promise<number>((resolve) => {
      forget = this.#console.onExit((name, status) => {
        if (name === 'mip6d') resolve(status);
      });
    });
    try {
      await this.#console.start('mip6d', shell(`exec ${command} 2>>${logPath}`));
      const connected = Terminal.connected(this.#console, STARTING);
      connected.catch(() => {}); // told below, if it is the first to be known
      const first = await Promise.race([connected, ended]);
      if (typeof first !== 'number') return first;
      throw await this.#fault('mip6d-ended', `${command} ended with status ${first}`);
    } catch (refused) {
      if (!(refused instanceof ConsoleRefusal)) throw refused;
      throw await this.#fault('mip6d-silent', `the virtual terminal of mip6d does not answer: ${refused.message}`);
    } finally {
      forget();
    }
  }

  /** radvd speaks as it starts, and mip6d hears it. */
  async #advertises(advertisements: string): Promise<void> {
    await this.#console.write(radvdSettings, advertisements);
    const argv = `radvd --nodaemon --config ${radvdSettings} --pidfile ${radvdPid} --logmethod stderr`;
    await this.#console.start('radvd', shell(`exec ${argv} 2>>${logPath}`));
    const deadline = performance.now() + STARTING;
    while (!knowsPrefix(await this.#terminal!.ask('pl'))) {
      if (performance.now() > deadline)
        throw await this.#fault(
          'mip6d-no-prefix',
          `mip6d heard no advertisement of the home link within ${STARTING} ms`,
        );
    }
  }

  async #stops(name: string, signal: string): Promise<boolean> {
    try {
      await this.#console.stop(name, signal, ENDING);
      return true;
    } catch (refused) {
      if (refused instanceof ConsoleRefusal) return true; // it does not run
      if (refused instanceof HarnessFault && refused.code === 'console-deadline') return false;
      throw refused;
    }
  }

  async #lines(lines: readonly string[]): Promise<readonly string[]> {
    const replies = await this.#console.batch(lines);
    return replies.flatMap(({ done, line, printed }) => (done ? [] : [`ip ${line}: ${printed.trim()}`]));
  }

  async #fault(code: string, says: string): Promise<HarnessFault> {
    const lastLines = (await this.log()).trimEnd().split('\n').slice(-LAST_LINES);
    return new HarnessFault(code, says, { lastLines });
  }
}

async function versionOf(console: ConsoleChannel, folder: string): Promise<string> {
  const { output } = await console.exec(shell(`${run} -V; ${run} -h`));
  const [, name, version] = /^(\S+) \(.*\) (\S+)$/m.exec(output) ?? [];
  const unfit = (says: string) =>
    new HarnessFault('mip6d-unfit', `--umip ${folder}: its mip6d ${says}; tried in the guest: ${run} -V; ${run} -h`, {
      lastLines: output.trimEnd().split('\n').slice(-LAST_LINES),
    });
  if (version === undefined) throw unfit('does not run there, or does not name itself');
  if (!output.includes('--vt-service')) throw unfit('has no virtual terminal, by which alone it can be asked');
  return `${name} ${version}`;
}

/** A link-local address that is still being probed cannot be sent from: mip6d and radvd would miss their first words. */
async function settleLinkLocal(console: ConsoleChannel): Promise<void> {
  const [shown] = await console.batch(['-6 -o address show tentative']);
  const found = [...shown!.printed.matchAll(/^\d+: (\S+) +inet6 (\S+) /gm)];
  await console.batch(
    found.flatMap(([, name, prefix]) => [
      `address del ${prefix} dev ${name}`,
      `address add ${prefix} dev ${name} nodad`,
    ]),
  );
}

async function interfaceSettingsIn(console: ConsoleChannel): Promise<readonly Setting[]> {
  const all = await console.list('/proc/sys/net/ipv6/conf');
  const names = all.filter((name) => !/^(all|default|lo|ip6tnl\d+)$/.test(name));
  const paths = names.flatMap((name) => [
    ...changedOfInterface.map((setting) => `/proc/sys/net/ipv6/conf/${name}/${setting}`),
    ...changedOfNeighbours.map((setting) => `/proc/sys/net/ipv6/neigh/${name}/${setting}`),
  ]);
  return Promise.all(paths.map(async (path) => ({ path, value: (await console.read(path)).trim() })));
}

const shell = (command: string): readonly string[] => ['/bin/sh', '-c', command];

const programFolder = '/run/umip/program';
const settingsPath = '/run/umip/mip6d.conf';
const logPath = '/run/umip/log';
const radvdSettings = '/run/umip/radvd.conf';
const radvdPid = '/run/umip/radvd.pid';

/** A library that was brought stands in for one that the image lacks, or has otherwise. */
const run = `env LD_LIBRARY_PATH=${programFolder} ${programFolder}/mip6d`;

const command = `${run} -c ${settingsPath} --vt-service ${terminalPort}`;

/** What movement.c of mip6d writes. */
const changedOfInterface = ['accept_ra_defrtr', 'autoconf', 'forwarding', 'hop_limit', 'router_solicitations'];
const changedOfNeighbours = ['base_reachable_time_ms', 'retrans_time_ms'];

const LAST_LINES = 12;

/** Milliseconds: a file of sixteen megabytes comes through the console in thirty seconds. */
const BRINGING = 60_000;
const STARTING = 10_000;
const ENDING = 5_000;
