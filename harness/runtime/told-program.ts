/** A program of somebody else's that is told something on its input and has so long for it: a vendor's command that configures a device. It ends whole, with all that it has started. */
import { spawn } from 'node:child_process';
import { HarnessFault } from '../lab/harness-fault.ts';
import { atExit } from './at-exit.ts';
import { aborted, endGroup } from './program.ts';

export interface ToldProgram {
  readonly command: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  readonly input: string;
  /** Seconds. */
  readonly within: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answered {
  /** 128 where a signal ended it. */
  readonly status: number;
  /** The end of both its outputs, as they came. */
  readonly said: string;
}

/** Rejects with `HarnessFault`: `missing-tool`, `no-answer` when it took too long, or `aborted`. What it leaves running in a session of its own is its own affair. */
export async function told({ command, folder, input, within, signal }: ToldProgram): Promise<Answered> {
  if (signal?.aborted) throw aborted();
  const [program, ...argv] = command as [string, ...string[]];
  return await new Promise((resolve, reject) => {
    const child = spawn(program, argv, { cwd: folder, detached: true, stdio: 'pipe' });
    let said = '';
    let late = false;
    const stop = (): void => endGroup(child, 'SIGKILL');
    const atEnd = atExit(stop);
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, 1000 * within);
    const over = (): void => {
      clearTimeout(timer);
      atEnd.calledOff();
      signal?.removeEventListener('abort', stop);
    };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-MOST_SAID)));
    child.stdin.on('error', () => {}); // it does not read what it is told; its status says what it makes of that
    child.stdin.end(input);
    child.once('error', (cause) => {
      over();
      reject(new HarnessFault('missing-tool', `${program} does not run: ${cause.message}`, { cause }));
    });
    // Not `close`: a daemon that it has started may hold its outputs for as long as it lives.
    child.once('exit', (status) => {
      over();
      setImmediate(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        const lastLines = said.split('\n').filter(Boolean);
        if (signal?.aborted) reject(aborted());
        else if (late)
          reject(new HarnessFault('no-answer', `${program} did not end within ${within} s`, { lastLines }));
        else resolve({ status: status ?? 128, said });
      });
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}

const MOST_SAID = 1 << 20;
