/**
 * The daemon charon in a guest, from its start to its log: loaded and emptied over VICI, and kept running between
 * configurations. What it is given is rendered elsewhere. One that dies ends no run: it answers nothing from then on, and the next configuration has another guest.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import type { Material } from '../../lab/material.ts';
import type { CertificateRecipe } from '../../lab/node.ts';
import { type ConsoleChannel, ConsoleRefusal } from '../../runtime/console.ts';
import { DaemonProcess, written } from '../kit/daemon-process.ts';
import { tunnelDevice } from '../network.ts';
import { isList, type StrongswanRendering, type SwanctlElement, type SwanctlItem, type SwanctlTree } from './render.ts';
import { type Backend, daemonPath, kernelBackend, logPath, settingsPath, strongswanConf } from './settings.ts';
import { Vici, type ViciCommand } from './vici.ts';
import type { ViciElement, ViciTree } from './vici-message.ts';

export class Charon {
  readonly version: string;
  readonly #console: ConsoleChannel;
  readonly #vici: Vici;
  readonly #process: DaemonProcess;
  readonly #backend: Backend;
  /** The range that its settings name now. */
  #spis: StrongswanRendering['spis'];
  /** When it was last seen to ask for cookies, by this machine's clock; never, before it has. */
  #askedForCookies = Number.NEGATIVE_INFINITY;
  /** Its control socket is closed, which may be known before it has ended. */
  #isClosed = false;

  private constructor(console: ConsoleChannel, process: DaemonProcess, vici: Vici, version: string, backend: Backend) {
    this.#console = console;
    this.#process = process;
    this.#vici = vici;
    this.version = version;
    this.#backend = backend;
  }

  /** Resolves when charon answers on its control socket. */
  static async started(console: ConsoleChannel, backend: Backend = kernelBackend): Promise<Charon> {
    await console.write(settingsPath, strongswanConf(backend));
    await console.remove('/run/charon.vici', logPath);
    const process = new DaemonProcess(console, 'charon');
    await process.starts([daemonPath]);
    const vici = await Vici.connected(console, 20_000);
    const { daemon, version } = await vici.command('version');
    return new Charon(console, process, vici, `${daemon} ${version}`, backend);
  }

  /** Nothing left of what was loaded or negotiated; false when charon does not let go of it, or is not there any more. */
  empties(): Promise<boolean> {
    return this.#whileItLives(() => this.#emptied(), false);
  }

  async #emptied(): Promise<boolean> {
    await this.#calmed();
    const connections = await this.#listed();
    const sas = await this.sas();
    const answers = await this.#vici.commands([
      ...connections.map((name) => ({ name: 'unload-conn', message: { name } })),
      ...sas.map((sa) => ({
        name: 'terminate',
        message: { 'ike-id': String(sa.uniqueid), force: 'yes', timeout: '0' },
      })),
      { name: 'clear-creds' },
      { name: 'flush-certs' },
    ]);
    for (const name of Object.keys(await this.#vici.command('get-pools', {})))
      await this.#vici.command('unload-pool', { name });
    const cleared = answers.slice(0, connections.length).every(({ success }) => success === 'yes');
    return cleared && (await this.sas()).length === 0;
  }

  /** Once it has asked for cookies it asks everybody for a while, whoever it was that flooded it, and tells nobody when it is over. */
  async #calmed(): Promise<void> {
    const left = this.#askedForCookies + CALMS_WITHIN - performance.now();
    if (left > 0) await new Promise((over) => setTimeout(over, left));
  }

  /** The names of what charon would not load, with its reasons; empty when it took everything. */
  async loads(rendering: StrongswanRendering, material: Material): Promise<string[]> {
    await this.#console.write(logPath, '');
    await this.#draws(rendering.spis);
    const commands = loadCommands(rendering, material);
    const answers = await this.#vici.commands(commands);
    const replies = rendering.kernel.length > 0 ? await this.#console.batch(rendering.kernel) : [];
    await this.#knows(addressesOfTunnel(rendering.kernel));
    return [
      ...answers.flatMap(({ success, errmsg }, place) =>
        success === 'yes' ? [] : [`${commands[place]!.name}: ${errmsg}`],
      ),
      ...replies.flatMap(({ done, line, printed }) => (done ? [] : [`ip ${line}: ${printed.trim()}`])),
    ];
  }

  /** From now on its SPIs are of this range, or of its own. */
  async #draws(spis: StrongswanRendering['spis']): Promise<void> {
    if (spis?.join() === this.#spis?.join()) return;
    await this.#console.write(settingsPath, strongswanConf(this.#backend, spis));
    await this.command('reload-settings', {});
    this.#spis = spis;
  }

  /** charon hears of an address from the kernel some time later; until then it sends from another, and it says when it has. */
  async #knows(addresses: readonly string[]): Promise<void> {
    const deadline = performance.now() + KNOWS_WITHIN;
    while (performance.now() < deadline) {
      const log = addresses.length > 0 ? await this.log() : '';
      if (addresses.every((address) => log.includes(`${address} appeared on`))) return;
    }
    throw new HarnessFault('daemon-slow', `charon has not noticed ${addresses.join(', ')} in ${KNOWS_WITHIN} ms`);
  }

  /** As `list-sas` has them, one tree an IKE SA, its name beside it. */
  async sas(): Promise<ViciTree[]> {
    const events = await this.#whileItLives(() => this.#vici.streamed('list-sas', 'list-sa'), []);
    return events.flatMap((event) => Object.entries(event).map(([name, sa]) => ({ name, ...(sa as ViciTree) })));
  }

  command(name: string, message: ViciCommand['message']): Promise<ViciTree> {
    return this.#whileItLives(() => this.#vici.command(name, message), { success: 'no', errmsg: 'charon ended' });
  }

  /** What it says to a command that does not exist. */
  async askedNonsense() {
    const answer = await this.#vici.command('no-such-command').catch((fault: unknown) => fault);
    const refused = answer instanceof HarnessFault && answer.code === 'vici-unknown';
    return { channel: 'vici', refused, says: refused ? answer.message : 'charon took it' };
  }

  /** What charon wrote since it was loaded, and how it ended if it has. */
  async log(): Promise<string> {
    const log = await written(this.#console, logPath);
    if (log.includes('generating IKE_SA_INIT response 0 [ N(COOKIE) ]')) this.#askedForCookies = performance.now();
    const ended = this.#ending;
    return ended === undefined ? log : `${log}${ended}\n`;
  }

  get #ending(): string | undefined {
    return this.#process.ending ?? (this.#isClosed ? 'charon ended: its control socket is closed' : undefined);
  }

  /** What it says; `otherwise` where it has died, which closes its control socket. */
  async #whileItLives<Told>(ask: () => Promise<Told>, otherwise: Told): Promise<Told> {
    if (this.#ending !== undefined) return otherwise;
    try {
      return await ask();
    } catch (fault) {
      const isClosed =
        fault instanceof ConsoleRefusal || (fault instanceof HarnessFault && fault.code === 'vici-closed');
      if (!isClosed) throw fault;
      this.#isClosed = true;
      return otherwise;
    }
  }

  async #listed(): Promise<string[]> {
    const { conns } = await this.#vici.command('get-conns');
    return Array.isArray(conns) ? conns : [];
  }
}

/** Milliseconds for which it goes on asking for cookies (`COOKIE_CALMDOWN_DELAY` in its source, 10 s). */
const CALMS_WITHIN = 10_500;
/** Milliseconds. */
const KNOWS_WITHIN = 5_000;

/** What `ip` was told to give the tunnel of a mobile node. */
function addressesOfTunnel(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const [, address, device] = /^address add ([^/ ]+)\S* dev (\S+)/.exec(line) ?? [];
    return address !== undefined && device === tunnelDevice ? [address] : [];
  });
}

/** Pure. Credentials first, so that a trap which fires at once finds them. */
function loadCommands(rendering: StrongswanRendering, material: Material): ViciCommand[] {
  const certificate = (recipe: CertificateRecipe, flag: 'CA' | 'NONE'): ViciCommand => ({
    name: 'load-cert',
    message: { type: 'X509', flag, data: material.certificate(recipe) },
  });
  return [
    ...rendering.authorities.map((recipe) => certificate(recipe, 'CA')),
    ...rendering.certificates.map((recipe) => certificate(recipe, 'NONE')),
    ...rendering.revocationLists.map((recipe) => ({
      name: 'load-cert',
      message: { type: 'X509_CRL', flag: 'NONE', data: material.revocationList(recipe) },
    })),
    ...rendering.privateKeys.map((name) => ({
      name: 'load-key',
      message: { type: 'any', data: material.privateKey(name) },
    })),
    ...rendering.secrets.map(({ name, type = 'IKE', owners, key }) => ({
      name: 'load-shared',
      message: { id: name, type, data: new Uint8Array(Buffer.from(key, 'hex')), owners },
    })),
    ...Object.entries(rendering.pools).map(([name, tree]) => ({
      name: 'load-pool',
      message: { [name]: resolvedElement(tree, material) },
    })),
    ...Object.entries(rendering.connections).map(([name, tree]) => ({
      name: 'load-conn',
      message: { [name]: resolvedElement(tree, material) },
    })),
  ];
}

function resolved(tree: SwanctlTree, material: Material): Record<string, ViciElement> {
  return Object.fromEntries(Object.entries(tree).map(([name, element]) => [name, resolvedElement(element, material)]));
}

function resolvedElement(element: SwanctlElement, material: Material): ViciElement {
  if (typeof element === 'string') return element;
  if (isList(element)) return element.map((item) => resolvedItem(item, material));
  return resolved(element, material);
}

function resolvedItem(item: SwanctlItem, material: Material): string | Uint8Array {
  if (typeof item === 'string') return item;
  return 'publicKey' in item ? material.publicKey(item.publicKey) : material.certificate(item);
}
