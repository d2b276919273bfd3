/**
 * A product in a guest, put together from what it alone has. The rest is common to all of them and stands here and in `guest-host.ts`: the life of the
 * guest and of the daemon in it, the network under it, traffic and sinks, the kernel's side of the state, planted defects, and nonsense for the honesty
 * probes.
 */
import type { CommandReply, NodeCommand, NodeConfiguration, NodeState } from '../../lab/node.ts';
import { Unsupported } from '../../lab/unsupported.ts';
import type { ConsoleChannel } from '../../runtime/console.ts';
import { type Boot, GuestHost } from '../guest-host.ts';
import type { QuestionedNode } from '../honesty.ts';
import { printed, type Rendering, renderNetwork } from '../network.ts';
import type { Brings, GuestProduct } from '../product.ts';
import { endingOf } from './daemon-process.ts';

/** What tells one product, or one version of it, from the others. */
export type Named = Pick<GuestProduct, 'name' | 'image' | 'release' | 'runtime' | 'expected'>;

/** What a configuration becomes for one product, all of it pure. */
interface Renders<R> {
  readonly defects?: Readonly<Record<string, Defect<R>>>;
  unsupported(configuration: NodeConfiguration): string | undefined;
  render(configuration: NodeConfiguration): R;
}

/** A pure change of a rendering: the product is misled, while the intent says what it says. */
export interface Defect<R> {
  readonly says: string;
  plant(rendering: R): R;
}

/** The guest's kernel is the product: its rendering is all that `ip` is told, the network included. */
export interface KernelAdapter extends Renders<Rendering> {
  version(console: ConsoleChannel): Promise<string>;
}

/** The product is a daemon on the guest's kernel; its rendering is what the daemon is told. */
export interface DaemonAdapter<R> extends Renders<R> {
  /** For a person to read. */
  printed(rendering: R): string;
  /** In a guest that has just booted; resolves when the daemon can be spoken to (`console.openStream` waits for its socket). */
  starts(console: ConsoleChannel): Promise<Daemon<R>>;
  /** Where its program comes from a folder of a person's: as `GuestProduct` has it. */
  requireBrought?(): void;
}

/**
 * A daemon whose program a person brings; `adapterOf` is asked without a folder, and with the one that was named. Outcomes are expected of what was brought
 * alone.
 */
export function broughtProduct<R>(
  named: Named,
  { option, folder }: Pick<Brings, 'option' | 'folder'>,
  adapterOf: (folder?: string) => DaemonAdapter<R>,
): GuestProduct {
  const from = (brought: string) => daemonProduct(named, adapterOf(brought));
  const { expected: _ofWhatIsBrought, ...unbrought } = named;
  return { ...daemonProduct(unbrought, adapterOf()), brings: { option, folder, from } };
}

/** A daemon that runs, as far as every daemon is alike. */
export interface Daemon<R> {
  readonly version: string;
  /** Nothing is left of what it was told or has negotiated; false when it does not let go, and its guest is replaced. */
  empties(): Promise<boolean>;
  /** What it would not take of this, with its reasons. The network is there already. */
  loads(rendering: R): Promise<readonly string[]>;
  /** Undefined for what is no command to it: traffic, which its host sends. */
  perform(command: NodeCommand): Promise<CommandReply> | undefined;
  /** The kernel's state with what only the daemon knows. */
  completed(kernel: NodeState): Promise<NodeState>;
  /** As `NodeUnderTest` has it. */
  caughtUp?(): Promise<void>;
  /** As `NodeUnderTest` has it, of a daemon whose SAs are not the kernel’s, or that says more cheaply than `ip` which of its are. */
  installed?(): Promise<readonly number[]>;
  askedNonsense(): Promise<Awaited<ReturnType<QuestionedNode['askedNonsense']>>[number]>;
  /** What it wrote since it was loaded. */
  log(): Promise<string>;
}

export function kernelProduct(named: Named, adapter: KernelAdapter): GuestProduct {
  const given = (configuration: NodeConfiguration, defect?: string) => planted(adapter, configuration, defect);
  const rendered = (configuration: NodeConfiguration, defect?: string) => printed(given(configuration, defect));
  return {
    ...described(named, adapter),
    rendered,
    create: async (boot, defect) => {
      const host = await GuestHost.booted(boot);
      return {
        ...common(named, adapter, host, await adapter.version(host.console)),
        rendered: (configuration) => rendered(configuration, defect),
        configure: (configuration) => host.configure(configuration, given(configuration, defect)),
        perform: (command) => host.emit(command),
        state: () => host.state(),
        keys: () => host.keys(),
        log: async () => host.lastConsoleLines().join('\n'),
        askedNonsense: () => host.askedNonsense(),
      };
    },
  };
}

export function daemonProduct<R>(named: Named, adapter: DaemonAdapter<R>): GuestProduct {
  const given = (configuration: NodeConfiguration, defect?: string) => planted(adapter, configuration, defect);
  const rendered = (configuration: NodeConfiguration, defect?: string) =>
    `${printed(renderNetwork(configuration))}\n${adapter.printed(given(configuration, defect))}`;
  return {
    ...described(named, adapter),
    ...(adapter.requireBrought && { requireBrought: adapter.requireBrought }),
    rendered,
    create: async (boot, defect) => {
      const { host, daemon } = await started(boot, adapter);
      return {
        ...common(named, adapter, host, daemon().version),
        rendered: (configuration) => rendered(configuration, defect),
        configure: async (configuration) => {
          if (host.alive && !(await daemon().empties())) await host.stop();
          await host.configure(configuration, renderNetwork(configuration));
          const refused = await daemon().loads(given(configuration, defect));
          if (refused.length > 0) throw new Unsupported(`${named.name}: ${refused.join('; ')}`);
        },
        perform: (command) => daemon().perform(command) ?? host.emit(command),
        state: async () => daemon().completed(await host.state()),
        uptime: () => host.uptime(),
        keys: () => host.keys(),
        onEnded: (listener) => host.console.onExit((name, status) => listener(endingOf(name, status))),
        caughtUp: async () => daemon().caughtUp?.(),
        installed: () => daemon().installed?.() ?? host.installed(),
        log: () => daemon().log(),
        askedNonsense: async () => [...(await host.askedNonsense()), await daemon().askedNonsense()],
      };
    },
  };
}

/** The daemon is the one in the guest of the moment. */
async function started<R>(
  boot: Boot,
  adapter: DaemonAdapter<R>,
): Promise<{ readonly host: GuestHost; daemon(): Daemon<R> }> {
  let daemon: Daemon<R> | undefined;
  const host = await GuestHost.booted(boot, async (console) => {
    daemon = await adapter.starts(console);
  });
  return { host, daemon: () => daemon! };
}

function described<R>(named: Named, { defects, unsupported }: Renders<R>) {
  return { ...named, runs: 'in-guest', ...(defects && { defects }), unsupported } as const;
}

function common<R>({ name }: Named, { unsupported }: Renders<R>, host: GuestHost, version: string) {
  return { product: name, version, kernel: host.kernel, unsupported, stop: () => host.stop() };
}

function planted<R>({ render, defects }: Renders<R>, configuration: NodeConfiguration, defect: string | undefined): R {
  const rendering = render(configuration);
  return defect === undefined ? rendering : defects![defect]!.plant(rendering);
}
