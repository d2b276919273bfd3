/**
 * The terminal and what comes from it: output as a person or a pipe takes it, Ctrl-C, and a fault in words with its exit code. What a person asks for
 * is read in `cli.ts`.
 */
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { CommanderError } from 'commander';
import pc from 'picocolors';
import type { ExitCode, Surroundings } from './commands/surroundings.ts';
import { FileFault, inWords, isSystemError } from './files/file-fault.ts';
import { HarnessFault } from './lab/harness-fault.ts';
import { UsageFault } from './usage-fault.ts';

export function surroundingsOf(env: NodeJS.ProcessEnv, signal: AbortSignal): Surroundings {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) if (!stream.listeners('error').includes(letGo)) stream.on('error', letGo);
  const paint = pc.createColors(!env.NO_COLOR);
  const shown = (text: string, { isTTY }: NodeJS.WriteStream): string =>
    isTTY ? text : stripVTControlCharacters(text);
  let foot = '';
  return {
    out: (text) => void stdout.write(`${shown(text, stdout)}\n`),
    err: (text) => void stderr.write(`${foot && WIPED}${shown(text, stderr)}\n${foot}`),
    status: (text) => {
      if (!stderr.isTTY || env.TERM === 'dumb' || (text === '' && foot === '')) return;
      foot = text && paint.dim(text.slice(0, stderr.columns - 1));
      stderr.write(`${WIPED}${foot}`);
    },
    cache: env.TOUCHSTONE_CACHE ?? join(env.XDG_CACHE_HOME ?? join(home(), '.cache'), 'touchstone'),
    signal,
    paint,
  };
}

/**
 * The first Ctrl-C aborts the signal, so that what has run is saved; the second ends the process, whose guests end with it. npm passes on
 * what the terminal has sent already, so what follows within a moment is the same one.
 */
export function interruption(tell: (says: string) => void): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  const interrupt = (): void => {
    if (!controller.signal.aborted) {
      first = performance.now();
      tell('stopping (once more: at once)');
      controller.abort(new HarnessFault('aborted', 'stopped on request'));
    } else if (performance.now() - first > SAME_KEYSTROKE) process.exit(3);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const each of signals) process.on(each, interrupt);
  return {
    signal: controller.signal,
    release: () => {
      for (const each of signals) process.off(each, interrupt);
    },
  };
}

/**
 * What a module from outside can do to the process that runs it: end it, or throw where nobody catches. Neither may look like a run that went
 * well; what has run is in the journal. The release is for an end in order.
 */
export function guard(tell: (says: string) => void, signal: AbortSignal): () => void {
  const ended = (): void => {
    if (signal.aborted) return;
    process.exitCode = 3;
    tell(`the process was ended before the command was done, by a module that it loaded; ${RESUMES}`);
  };
  const thrown = (fault: unknown): void => {
    process.off('exit', ended);
    tell(
      `an exception that nobody caught ended the command: ${fault instanceof Error ? fault.stack : fault}; ${RESUMES}`,
    );
    process.exit(3);
  };
  process.on('exit', ended);
  process.on('uncaughtException', thrown); // unhandled rejections among them
  return () => {
    process.off('exit', ended);
    process.off('uncaughtException', thrown);
  };
}

const RESUMES = 'a run is taken up again with --resume';

export function failed(fault: unknown, surroundings: Surroundings): ExitCode {
  const { err, paint } = surroundings;
  if (fault instanceof AggregateError) {
    for (const each of fault.errors) failed(each, surroundings);
    return 3;
  }
  if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : 2;
  if (fault instanceof UsageFault) {
    err(paint.red(fault.message));
    return 2;
  }
  if (fault instanceof HarnessFault) {
    err(paint.red(`${fault.code}: ${fault.message}`));
    for (const line of fault.lastLines.slice(-20)) err(paint.dim(line));
    if (fault.mend !== undefined) err(`this mends it:\n  ${fault.mend}`);
    return 3;
  }
  if (fault instanceof FileFault) {
    err(paint.red(fault.message));
    return fault.ofMachine ? 3 : 2;
  }
  if (isSystemError(fault)) {
    err(paint.red(`${fault.path === undefined ? fault.syscall : `${fault.syscall} ${fault.path}`}: ${inWords(fault)}`));
    return 3;
  }
  err(paint.red(fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)));
  return 3;
}

/**
 * A reader that goes away (`| head`) has had enough: what is still said to it is let go, and the command comes to its end and its exit code, for a run
 * has results to save. Output that cannot be written for another reason is a document that is not whole.
 */
function letGo(this: NodeJS.WriteStream, fault: NodeJS.ErrnoException): void {
  if (READER_GONE.has(fault.code) || this === process.stderr) return;
  process.stderr.write(`what was to be printed: ${isSystemError(fault) ? inWords(fault) : fault.message}\n`);
  process.once('exit', () => {
    process.exitCode = 3;
  });
}

/** A user without an entry in /etc/passwd has none. */
function home(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}

const READER_GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ECONNRESET', 'EIO', 'ERR_STREAM_DESTROYED']);

/** The line of the cursor, empty. */
const WIPED = '\r\u001b[K';

/** Milliseconds. */
const SAME_KEYSTROKE = 500;
