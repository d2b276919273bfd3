/**
 * The daemon pluto in a guest, from its start to its log: told what to do by its own `whack`, and asked for its status at
 * its control socket. Each configuration has a pluto of its own, because one that runs goes on knowing the certificates that peers have sent, and builds
 * paths with them. One that dies ends no run: it answers nothing from then on.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import type { Material } from '../../lab/material.ts';
import type { ConsoleChannel } from '../../runtime/console.ts';
import { DaemonOutput } from '../kit/daemon-output.ts';
import { DaemonProcess, type Told } from '../kit/daemon-process.ts';
import { ipsecConf, ipsecSecrets } from './print.ts';
import type { Connection, LibreswanRendering, Store } from './render.ts';
import { type PlutoStatus, parseStatus } from './state.ts';
import { Stores } from './store.ts';

export class Pluto {
  readonly #console: ConsoleChannel;
  readonly #stores: Stores;
  readonly #process: DaemonProcess;
  readonly #output: DaemonOutput;

  private constructor(console: ConsoleChannel, material: Material) {
    this.#console = console;
    this.#stores = new Stores(console, material);
    this.#process = new DaemonProcess(console, 'pluto');
    this.#output = new DaemonOutput(console, 'pluto');
  }

  /** Resolves when pluto answers at its control socket. */
  static async started(console: ConsoleChannel, material: Material): Promise<Pluto> {
    const pluto = new Pluto(console, material);
    await pluto.loads({ connections: [], secrets: [], store: emptyStore });
    return pluto;
  }

  async version(): Promise<string> {
    return (await this.status()).version;
  }

  /** Killed, so that no peer hears of it; its SAs and policies go with the reset. */
  async ends(): Promise<void> {
    if (this.#process.ending === undefined) await this.#console.stop('pluto', 'KILL');
  }

  /** What pluto would not load, with its reasons; empty when it took everything. It reads its files as it starts, and is ready when policies are in place. */
  async loads({ connections, secrets, store }: LibreswanRendering): Promise<string[]> {
    const unkept = await this.#stores.holds(store);
    if (unkept.length > 0) return unkept;
    await Promise.all([
      this.#console.write(secretsPath, ipsecSecrets(secrets), '600'),
      this.#console.write(settingsPath, setup + ipsecConf({ connections })),
    ]);
    await this.#starts();
    if (connections.length > 0) return await this.#missing(connections);
    await this.#console.batch(['xfrm policy flush']); // it lets neighbour discovery pass, of which nothing was said
    return [];
  }

  async status(): Promise<PlutoStatus> {
    if (this.#process.ending !== undefined) return parseStatus('');
    let text = '';
    const decoder = new TextDecoder();
    let finished = () => {};
    const closed = new Promise<void>((resolve) => {
      finished = resolve;
    });
    const stream = await this.#console.openStream(controlPath, READY, {
      received: (octets) => {
        text += decoder.decode(octets, { stream: true });
      },
      closed: finished,
    });
    await stream.write(askForStatus);
    await closed;
    return parseStatus(text);
  }

  whack(...words: readonly string[]): Promise<Told> {
    return this.#process.asks([`${programs}/whack`, ...words], PATIENCE);
  }

  /** What pluto wrote since it was loaded, and how it ended if it has. */
  async log(): Promise<string> {
    const log = await this.#output.text();
    const { ending } = this.#process;
    return ending === undefined ? log : `${log}${ending}\n`;
  }

  /** Connections are added before pluto listens, and policies are installed after. */
  async #missing(connections: readonly Connection[]): Promise<string[]> {
    const deadline = performance.now() + READY;
    for (;;) {
      const { listens, connections: there } = await this.status();
      const found = connections.map(({ name }) => there.find((one) => one.name === name));
      const missing = connections.filter((_, place) => found[place] === undefined).map(({ name }) => name);
      if (listens && missing.length > 0) return refusalsIn(await this.log(), missing);
      const waiting = connections.filter(
        ({ parameters }, place) => parameters.auto === 'ondemand' && found[place]?.routing === 'unrouted',
      );
      if (listens && waiting.length === 0) return [];
      if (this.#process.ending !== undefined) return [await this.log()];
      if (performance.now() > deadline)
        throw new HarnessFault('daemon-slow', 'pluto is not ready', {
          lastLines: (await this.log()).split('\n').slice(-40),
        });
      await new Promise((again) => setTimeout(again, POLL));
    }
  }

  async #starts(): Promise<void> {
    await this.#console.remove(controlPath, pidPath); // of one that was killed
    this.#output.begins();
    const options = ['--nofork', '--config', settingsPath, '--stderrlog', '--nhelpers', '0', '--log-no-audit'];
    await this.#process.starts([`${programs}/pluto`, ...options]);
    await this.#output.says('listening for IKE messages', READY);
  }
}

/** What it wrote about connections that it would not add; without their times, which differ from one run to the next. */
function refusalsIn(log: string, names: readonly string[]): string[] {
  const lines = log.split('\n').map((line) => line.replace(/^\w+ +\d+ [\d:.]+: /, ''));
  const about = lines.filter((line) => names.some((name) => line.startsWith(`"${name}"`)));
  const failing = about.filter((line) => line.includes('failed to add connection'));
  const told = failing.length > 0 ? failing : about;
  return told.length > 0 ? told : [`not added: ${names.join(', ')}`];
}

const emptyStore: Store = { own: [], authorities: [], intermediates: [], revocationLists: [] };

/** Nothing that asks the network, and no identity that belongs to one address alone. */
const setup = 'config setup\n\tuniqueids=no\n\tdnssec-enable=no\n\n';

/** A message that pluto takes from the whack of any release: a number that says so, and booleans, of which the first asks for the status. */
const askForStatus = Uint8Array.of(0x19, 0x6b, 0x68, 0x77, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

const programs = '/usr/libexec/ipsec';
const rundir = '/run/pluto';
const controlPath = `${rundir}/pluto.ctl`;
const pidPath = `${rundir}/pluto.pid`;
const settingsPath = '/etc/ipsec.conf';
const secretsPath = '/etc/ipsec.secrets';

/** Milliseconds until pluto answers, and until all is in place. */
const READY = 20_000;
/** Milliseconds between two looks at what it has loaded. */
const POLL = 10;
/** Milliseconds for one of its tools; an initiation gives up before. */
const PATIENCE = 20_000;
