/**
 * Which of this machine's processors a user-mode kernel has for itself and for the processes inside it. They take turns and never run at once, so that on two processors each
 * turn would be an interrupt from the one to the other: on a loaded machine of two a case then takes three times as long.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import type { GuestProgram } from './guest-process.ts';

export interface Processor {
  /** The same program, bound to it. */
  bound(program: GuestProgram): GuestProgram;
  /** Once its guest is gone. */
  release(): void;
}

/** Guests of this harness, by the number of their processor. */
const guests = new Map<number, number>();

/** The one that fewest guests have; where nothing binds a program to one, all of them. */
export function leastUsedProcessor(): Processor {
  const numbers = ownProcessors();
  if (numbers.length < 2 || !canBind()) return { bound: (program) => program, release: () => {} };
  // Several harnesses beside each other do not all begin with the first.
  const first = process.pid % numbers.length;
  const inTurn = [...numbers.slice(first), ...numbers.slice(0, first)];
  const [number] = inTurn.sort((one, other) => (guests.get(one) ?? 0) - (guests.get(other) ?? 0)) as [number];
  guests.set(number, (guests.get(number) ?? 0) + 1);
  let isHeld = true;
  return {
    bound: ({ program, argv, environment, cwd }) => ({
      program: TASKSET,
      // What is meant for the program, such as another C library, is not for whatever binds it.
      argv: [
        '--cpu-list',
        `${number}`,
        ENV,
        ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
        program,
        ...argv,
      ],
      environment: {},
      cwd,
    }),
    release: () => {
      if (isHeld) guests.set(number, guests.get(number)! - 1);
      isHeld = false;
    },
  };
}

/** Numbers in `0-2,5`, as `Cpus_allowed_list` of /proc/self/status has them. */
export function processorsIn(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    const length = first === undefined ? 0 : Math.max(0, Number(last) - Number(first) + 1);
    return Array.from({ length }, (_, i) => Number(first) + i);
  });
}

function ownProcessors(): number[] {
  try {
    return processorsIn(/^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '');
  } catch {
    return [];
  }
}

function canBind(): boolean {
  try {
    accessSync(TASKSET, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Of util-linux, which every Debian has. */
const TASKSET = '/usr/bin/taskset';
const ENV = '/usr/bin/env';
