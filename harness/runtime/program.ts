/**
 * Programs of this machine, run to their end: those that build images and those that speak to Docker. Each leads a process group of
 * its own, which ends with the harness and with the signal it is given, so that whatever it has started ends with it.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { HarnessFault } from '../lab/harness-fault.ts';
import { atExit } from './at-exit.ts';

export interface Finished {
  /** 128 where a signal ended it. */
  readonly status: number;
  /** Of both its outputs, without the empty ones. */
  readonly lines: readonly string[];
}

/** Rejects with HarnessFault `missing-tool` where there is no such program, and `aborted` once a program that was stopped is gone. */
export async function run(program: string, argv: readonly string[], signal?: AbortSignal): Promise<Finished> {
  if (signal?.aborted) throw aborted();
  return await new Promise((resolve, reject) => {
    const child = spawn(program, argv, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (): void => endGroup(child, 'SIGTERM');
    const atEnd = atExit(stop);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (octets: Buffer) => (text += octets));
    child.once('error', (cause) => {
      atEnd.calledOff();
      reject(missing(program, cause));
    });
    child.once('close', (status) => {
      atEnd.calledOff();
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(aborted());
      else resolve({ status: status ?? 128, lines: text.split('\n').filter(Boolean) });
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Of a child that leads a process group of its own. */
export function endGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // the group is gone: what was wanted
  }
}

function missing(program: string, cause: Error): HarnessFault {
  const debianPackages = packagesOf[program];
  const mend = debianPackages && `apt-get install -y --no-install-recommends ${debianPackages}`;
  return new HarnessFault('missing-tool', `${program} does not run: ${cause.message}`, {
    cause,
    ...(mend && { mend }),
  });
}

const packagesOf: Readonly<Record<string, string>> = {
  docker: 'docker.io docker-compose',
  'docker-compose': 'docker-compose',
  flock: 'util-linux',
};

/** What whoever was stopped on request rejects with. */
export const aborted = (): HarnessFault => new HarnessFault('aborted', 'stopped on request');
