/** The runtimes a guest can be booted in, by name. */
import { docker } from './docker.ts';
import type { Runtime } from './runtime.ts';
import { uml } from './uml.ts';

export const runtimeNames: readonly string[] = ['uml', 'docker'];

export const runtimes: readonly Runtime[] = [uml, docker];

/** Undefined where none is called so. */
export const runtimeNamed = (name: string): Runtime | undefined => runtimes.find((runtime) => runtime.name === name);
