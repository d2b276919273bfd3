/** The runtimes a guest can be booted in, by name. */
import { docker } from './docker.ts';
import { namespace } from './namespace.ts';
import type { Runtime, RuntimeName } from './runtime.ts';
import { uml } from './uml.ts';

export const runtimes: readonly Runtime[] = [uml, docker, namespace];

export const runtimeNames: readonly RuntimeName[] = runtimes.map(({ name }) => name);

/** What is no guest at all: a device on a cable. */
export const EXTERNAL = 'external';

/** Undefined where none is called so. */
export const runtimeNamed = (name: string): Runtime | undefined => runtimes.find((runtime) => runtime.name === name);

/** Those that suit a product: wherever a guest has a kernel of its own, or, for one that says so, wherever it shares this machine's. */
export function runtimesOf({ runtime = 'uml' }: { readonly runtime?: RuntimeName }): readonly RuntimeName[] {
  const { kernel } = runtimeNamed(runtime)!;
  return runtimes.filter((each) => each.kernel === kernel).map(({ name }) => name);
}

/** The one that was asked for, a name that exists, or else the product's own. */
export const runtimeFor = ({ runtime = 'uml' }: { readonly runtime?: RuntimeName }, asked?: string): Runtime =>
  runtimeNamed(asked ?? runtime)!;
