/**
 * A guest that is a process of this machine: its standard input and output are the agent's console, its standard error is what a kernel or whatever stands for
 * one has to say, and it leads a group of its own, which is killed whole.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as later } from 'node:timers/promises';
import type { GuestBody } from './guest.ts';

export interface GuestProgram {
  readonly program: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
}

export function guestProcess({ program, argv, environment, cwd }: GuestProgram): GuestBody {
  const guest: ChildProcessByStdio<Writable, Readable, Readable> = spawn(program, argv, {
    env: environment,
    ...(cwd !== undefined && { cwd }),
    detached: true, // a process group of its own, to be killed whole
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  guest.stdin.on('error', () => {}); // the end that follows says what happened
  const kill = (): void => {
    try {
      if (guest.pid !== undefined) process.kill(-guest.pid, 'SIGKILL');
    } catch {
      // the group is gone: what was wanted
    }
  };
  return {
    write: (piece) => guest.stdin.write(piece, 'latin1'),
    kill,
    ended: new Promise((resolve) => {
      guest.once('error', (cause) => resolve(`could not be started: ${cause.message}`));
      guest.once('exit', async (status, signal) => {
        const closed = new Promise((done) => guest.once('close', done));
        kill(); // the processes inside outlive a kernel of their own, and hold its pipes
        await Promise.race([closed, later(LAST_WORDS, undefined, { ref: false })]);
        resolve(signal ?? `status ${status}`);
      });
    }),
    listen: ({ agent, kernel: words }) => {
      guest.stdout.on('data', agent);
      guest.stderr.on('data', words);
    },
  };
}

/** Milliseconds in which what a dead guest has printed is read from its pipes; they close with the last process of the group. */
const LAST_WORDS = 500;
