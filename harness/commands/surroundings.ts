/** What the command line hands to a command, so that nothing below reads argv, the environment or a terminal by itself. */

export interface Surroundings {
  /** One document, or lines for a person. */
  out(text: string): void;
  /** Progress and complaints, a line or several that stay. */
  err(text: string): void;
  /** What is going on now, at the foot of a terminal until the next call; '' for nothing. Elsewhere it is not written at all. */
  status(text: string): void;
  /** Where images and other things that are made once are kept. */
  readonly cache: string;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly paint: Paint;
}

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** 0 as expected · 1 an unexpected verdict · 2 usage · 3 the environment or the harness failed. */
export type ExitCode = 0 | 1 | 2 | 3;
