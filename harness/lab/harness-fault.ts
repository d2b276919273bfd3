/**
 * The fault of our own side: a guest that died, a tool that is missing, a port that is taken. A case that meets one is
 * `error`, never `fail`, and the command line ends with exit code 3.
 */

export class HarnessFault extends Error {
  /** Stable and kebab-case, for scripts: `missing-tool`, `guest-died`, `console-deadline`… */
  readonly code: string;
  /** The command that mends it, where there is one. */
  readonly mend: string | undefined;
  /** What was last seen: a guest's console, a builder's complaint. */
  readonly lastLines: readonly string[];

  constructor(
    code: string,
    message: string,
    more: { mend?: string; lastLines?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'HarnessFault';
    this.code = code;
    this.mend = more.mend;
    this.lastLines = more.lastLines ?? [];
  }
}
