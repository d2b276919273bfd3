/** The command line: the only place that reads argv, the environment and the terminal. Each command is a function in `commands/`. */
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import type { Composition } from './commands/composition.ts';
import { doctor } from './commands/doctor.ts';
import { list } from './commands/list.ts';
import { mutants } from './commands/mutants.ts';
import { named } from './commands/named.ts';
import { rejudge } from './commands/rejudge.ts';
import { MOST_JOBS, run } from './commands/run.ts';
import { show } from './commands/show.ts';
import type { ExitCode, Surroundings } from './commands/surroundings.ts';
import { FileFault, inWords, isSystemError } from './files/file-fault.ts';
import { makeWritableFolder } from './files/folder.ts';
import { version } from './installation.ts';
import { HarnessFault } from './lab/harness-fault.ts';
import type { Product } from './products/product.ts';
import { caseName, plan, type Selection } from './run/plan.ts';
import { runtimeNames } from './runtime/runtimes.ts';
import { UsageFault, unknown } from './usage-fault.ts';
import type { Suite } from './vocabulary/scenario.ts';

export async function main(
  composition: Composition,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const { signal, release } = interruption((says) => surroundings.err(says));
  const surroundings = surroundingsOf(env, signal);
  let code: ExitCode = 0;
  const program = commandLine(composition, surroundings, env, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (fault) {
    return failed(fault, surroundings);
  } finally {
    release();
  }
}

/**
 * The first Ctrl-C aborts the signal, so that what has run is saved; the second ends the process, whose guests end with it. npm passes on
 * what the terminal has sent already, so what follows within a moment is the same one.
 */
function interruption(tell: (says: string) => void): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  const interrupt = (): void => {
    if (!controller.signal.aborted) {
      first = performance.now();
      tell('stopping; what has run is saved (once more: at once)');
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

/** Milliseconds. */
const SAME_KEYSTROKE = 500;

function commandLine(
  composition: Composition,
  surroundings: Surroundings,
  env: NodeJS.ProcessEnv,
  ends: (code: ExitCode) => void,
): Command {
  const { reports } = composition;
  const product = (name: string): Product => productNamed(name, composition.products);
  const selectionOf = (options: SelectingOptions): Selection => selectionFrom(options, composition.suites);
  const program = new Command('touchstone')
    .description('Conformance and interop test harness for IPsec and Mobile IPv6')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeErr: (text) => surroundings.err(text.trimEnd()),
      writeOut: (text) => surroundings.out(text.trimEnd()),
    })
    .showHelpAfterError('(touchstone --help shows the commands)');

  program
    .command('doctor')
    .description('what this machine can run, and the command that supplies what is missing')
    .addHelpText('after', examples('touchstone doctor'))
    .action(async () => ends(await doctor(env.PATH ?? '', surroundings)));

  selecting(program.command('list'))
    .description('the cases; with --product: planned, or unsupported and why')
    .option('--product <name>', 'a product')
    .option('--untested', 'the entries of the catalogue that no case tests, each with its reason')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples('touchstone list --suite identity --product strongswan', 'touchstone list --untested --json'),
    )
    .action((options) =>
      ends(
        list(
          { ...selectionOf(options), ...options, product: options.product && product(options.product) },
          composition,
          surroundings,
        ),
      ),
    );

  program
    .command('show')
    .argument('<case>', 'ID/variant, or ID')
    .option('--product <name>', "also this product's own configuration")
    .description('intent, configuration, question, readings and mutants of one case')
    .addHelpText('after', examples('touchstone show DUPONT-C2a/other-prefix-manual --product linux'))
    .action((name, options) =>
      ends(show(name, options.product && product(options.product), composition, surroundings)),
    );

  selecting(program.command('run'))
    .description('run cases against products, and report')
    .requiredOption('--product <names...>', composition.products.map(({ name }) => name).join(', '))
    .option('--with <names...>', 'who takes the other parts where a scenario tests several products', ['reference'])
    .option('--runtime <name>', `where guests run: ${runtimeNames.join(', ')}`, 'uml')
    .option('--out <dir>', 'where results, bundles and reports go', 'reports/out/latest')
    .option('--seed <text>', 'what all entropy of the tester comes from', '1')
    .option('--jobs <n>', 'guests side by side', number(1, MOST_JOBS), 1)
    .option('--by <documents>', 'only a fail by these documents is unexpected', commaSeparated, [])
    .option('--baseline <file>', "expected outcomes, in place of those shipped with the product's image")
    .option('--waivers <file>', 'excused outcomes, each with a reason, a link, a version range and an expiry')
    .option('--defect <name>', 'plant this defect in the product, to see that a case can fail')
    .option('--format <formats>', 'reports to write: html, junit, json, markdown, findings', commaSeparated, [
      'html',
      'junit',
      'markdown',
      'findings',
    ])
    .option('--json', 'print result.json on stdout')
    .addHelpText(
      'after',
      examples(
        'touchstone run --product reference',
        'touchstone run --product linux strongswan --suite outer-address',
        "touchstone run --product strongswan --case 'DUPONT-G1/*' --seed 7",
      ),
    )
    .action(async (options) =>
      ends(
        await run(
          {
            ...options,
            ...selectionOf(options),
            products: options.product.map(product),
            companions: options.with.map((name: string) => product(name).name),
            formats: options.format,
          },
          composition,
          surroundings,
        ),
      ),
    );

  selecting(program.command('mutants'))
    .description('each case against the mutants it declares')
    .option('--full', 'against all mutants')
    .option('--seed <text>', 'what all entropy comes from', '1')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples('touchstone mutants --suite outer-address', "touchstone mutants --case 'DUPONT-C2a/*' --full --json"),
    )
    .action(async (options) => ends(await mutants({ ...options, ...selectionOf(options) }, composition, surroundings)));

  program
    .command('rejudge')
    .argument('<dir>', 'the folder of a run, or of one bundle')
    .option('--json', 'one JSON document on stdout')
    .description('the verdicts again, from bundles alone')
    .addHelpText(
      'after',
      examples(
        'touchstone rejudge reports/out/latest',
        'touchstone rejudge reports/out/latest/bundles/linux/outer-source --json',
      ),
    )
    .action(async (directory, options) => ends(await rejudge(directory, options, composition, surroundings)));

  program
    .command('report')
    .argument('<dir>', 'the folder of a run')
    .option('--format <formats>', 'html, junit, json, markdown, findings', commaSeparated, ['html'])
    .option('--out <dir>', 'where the reports go; the folder of the run without')
    .description('write the reports of a run again')
    .addHelpText('after', examples('touchstone report reports/out/latest --format html,markdown --out /tmp/report'))
    .action((directory, options) => {
      const out = options.out ?? directory;
      if (options.out !== undefined) named('--out', () => makeWritableFolder(out));
      for (const file of reports.write(directory, options.format, out)) surroundings.err(`report: ${file}`);
      ends(0);
    });

  return program;
}

function selecting(command: Command): Command {
  return command
    .option('--suite <name>', 'one suite')
    .option('--requirement <id>', 'one entry of the catalogue')
    .option('--case <glob>', '* and ? over ID/variant')
    .option('--shard <i/n>', 'every n-th run, from the i-th');
}

interface SelectingOptions {
  readonly suite?: string;
  readonly requirement?: string;
  readonly case?: string;
  readonly shard?: string;
}

function selectionFrom(options: SelectingOptions, suites: readonly Suite[]): Selection {
  const { suite, requirement, case: glob, shard } = options;
  const names = suites.map(({ name }) => name);
  if (suite !== undefined && !names.includes(suite)) throw unknown('suite', suite, names);
  const ids = [...new Set(plan(suites).flatMap((each) => each.cases.map(({ id }) => id)))];
  if (requirement !== undefined && !ids.includes(requirement)) throw unknown('requirement', requirement, ids);
  if (glob !== undefined && plan(suites, { glob }).length === 0) {
    throw unknown('case', glob, [...ids, ...plan(suites).flatMap((each) => each.cases.map(caseName))]);
  }
  return { suite, requirement, glob, shard: shard === undefined ? undefined : shardOf(shard) };
}

function shardOf(text: string): readonly [number, number] {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = [Number(index), Number(of)] as const;
  if (!(shard[0] >= 1 && shard[0] <= shard[1])) throw new UsageFault(`--shard wants I/N with 1 ≤ I ≤ N, had "${text}"`);
  return shard;
}

function productNamed(name: string, products: readonly Product[]): Product {
  const found = products.find((each) => each.name === name);
  if (found) return found;
  throw unknown(
    'product',
    name,
    products.map((each) => each.name),
  );
}

const commaSeparated = (text: string): readonly string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`wanted a whole number from ${least} to ${most}`);
    return value;
  };
}

const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;

function surroundingsOf(env: NodeJS.ProcessEnv, signal: AbortSignal): Surroundings {
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

const READER_GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ECONNRESET', 'EIO', 'ERR_STREAM_DESTROYED']);

/** A user without an entry in /etc/passwd has none. */
function home(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}

/** The line of the cursor, empty. */
const WIPED = '\r\u001b[K';

function failed(fault: unknown, { err, paint }: Surroundings): ExitCode {
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
    err(paint.red(`${fault.syscall} ${fault.path ?? ''}: ${inWords(fault)}`));
    return 3;
  }
  err(paint.red(fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)));
  return 3;
}
