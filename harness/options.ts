/** What the commands have in common on the command line: their options, and how the words of a person become values. */
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Announced } from './commands/composition.ts';
import type { FromOutside } from './commands/gathered.ts';
import { MOST_JOBS } from './commands/run-options.ts';
import type { Brings, Product } from './products/product.ts';
import { EXTERNAL, runtimeNames } from './runtime/runtimes.ts';
import { UsageFault } from './usage-fault.ts';

/** Reports that a run writes where none are named. */
export const usualFormats = ['html', 'junit', 'markdown', 'findings'];

/** Suites of one's own, beside those that there are. */
export function bringing(command: Command): Command {
  const another = (file: string, files: readonly string[]): readonly string[] => [...files, file];
  return command.option(
    '--suites <file>',
    'the path of a module with suites of your own; may be repeated',
    another,
    [],
  );
}

/** What every command has that runs a campaign. */
export function running(command: Command, ours: Announced, out: string, formats: readonly string[]): Command {
  const products = ours.products.map(({ name }) => name).join(', ');
  return bringingPrograms(selecting(command), ours)
    .requiredOption('--product <names...>', `${products}, or the path of a module, or of a device's file (.yaml)`)
    .option(
      '--runtime <name>',
      `where guests run: ${runtimeNames.join(', ')}; a device is ${EXTERNAL}; uml, or what a product names, without`,
    )
    .option(
      '--out <dir>',
      'where results, bundles and reports go; a folder with an earlier run is refused, except the one of the default, whose run is replaced',
      folder,
      out,
    )
    .addOption(new Option('--replace', 'the earlier run in the folder of --out may go').conflicts('resume'))
    .addOption(
      new Option(
        '--resume <dir>',
        'take up a run again that was killed or stopped, with the options it was given; in place of --out',
      )
        .argParser(folder)
        .conflicts('out'),
    )
    .option('--seed <text>', 'what all entropy of the tester comes from', '1')
    .addOption(jobs())
    .option(
      '--patience <seconds>',
      'how long a case may let time pass on a product that lives on a real clock; those that take longer are left out',
      secondsOf,
      30,
    )
    .option('--by <documents>', 'only a fail by these documents is unexpected', commaSeparated, [])
    .option('--baseline <file>', "expected outcomes, in place of those shipped with the product's image")
    .option('--waivers <file>', 'excused outcomes, each with a reason, a link, a version range and an expiry')
    .option('--defect <name>', 'plant this defect in the product, to see that a case can fail')
    .option('--format <formats>', `reports to write: ${ours.formats.join(', ')}`, commaSeparated, formats)
    .option('--json', 'print result.json on stdout');
}

/** Programs that nobody ships, each in a folder of its own. */
export function bringingPrograms(command: Command, { products }: Announced): Command {
  for (const { option, folder: wanted } of new Map(programsOf(products).map((each) => [each.option, each])).values())
    command.option(`--${option} <dir>`, `${wanted}, for the product of that name`, folder);
  return command;
}

/** One that was brought, of this machine's own release. */
export const isBrought = (product: Product): boolean =>
  product.runs === 'in-guest' && product.requireBrought !== undefined && product.release === undefined;

const programsOf = (products: readonly Product[]): readonly Brings[] =>
  products.flatMap((product) => (product.runs === 'in-guest' ? (product.brings ?? []) : []));

export function fromOutside(
  options: {
    readonly suites: readonly string[];
    readonly product?: string | readonly string[];
    readonly with?: readonly string[];
  },
  { products }: Announced,
): FromOutside {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const brought = programsOf(products).flatMap(({ option }) =>
    typeof given[option] === 'string' ? [[option, given[option]] as const] : [],
  );
  return {
    suites: options.suites,
    products: [options.product ?? [], options.with ?? []].flat(),
    brought: Object.fromEntries(brought),
  };
}

export function selecting(command: Command): Command {
  return bringing(command)
    .option('--suite <names...>', 'of these suites')
    .option('--requirement <ids...>', 'of these entries of the catalogue')
    .option('--case <globs...>', 'whose ID/variant, or ID, one of these matches (* and ?)')
    .option('--shard <i/n>', 'one part of n, the i-th: every n-th run, or as --balanced-by has it', once)
    .option('--balanced-by <file>', 'result.json of an earlier run: shards that take about as long', once);
}

function secondsOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageFault(`--patience wants seconds, had "${text}"`);
  return Number(text);
}

/** One a core. */
export function jobs(): Option {
  return new Option('--jobs <n>', 'runs side by side: in guests, or in threads for what lives in memory')
    .argParser(number(1, MOST_JOBS))
    .default(Math.min(availableParallelism(), MOST_JOBS), 'one a core');
}

export function withOthers(command: Command): Command {
  return command.option('--with <names...>', 'who takes the other parts where a scenario tests several products', [
    'reference',
  ]);
}

/** What a Job of Kubernetes is told beside the campaign. */
export function inShards(command: Command): Command {
  return command
    .addOption(new Option('--shards <n>', 'how many pods').argParser(number(1, 1000)).makeOptionMandatory())
    .requiredOption('--image <name>', 'an image with touchstone, and what `touchstone doctor` wants for the products')
    .requiredOption('--claim <name>', 'a PersistentVolumeClaim that all pods may write to (ReadWriteMany)')
    .option('--name <name>', 'of the Job, and of the folder on the volume', nameOfKubernetes, 'touchstone')
    .option('--file <file>', 'where the manifest goes; without it to stdout');
}

/** What a person gave to `run`, word by word, to be said again elsewhere. Throws `UsageFault` for what is not for them to say there. */
export function wordsGiven(command: Command): readonly string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    const value: unknown = command.getOptionValue(name);
    if (command.getOptionValueSource(name) !== 'cli' || OF_THE_JOB.has(name)) return [];
    if (SAID_BY_THE_JOB.has(name)) throw new UsageFault(`${option.long}: the Job says that itself`);
    if (value === true) return [option.long!];
    if (!Array.isArray(value)) return [option.long!, String(value)];
    if (option.variadic) return [option.long!, ...value];
    return name === 'suites' ? value.flatMap((each) => [option.long!, each]) : [option.long!, value.join(',')];
  });
}

const OF_THE_JOB: ReadonlySet<string> = new Set(['shards', 'image', 'claim', 'name', 'file']);
const SAID_BY_THE_JOB: ReadonlySet<string> = new Set(['out', 'resume', 'replace', 'shard', 'json']);

function nameOfKubernetes(text: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('wanted a name of Kubernetes: up to 52 small letters, digits and dashes');
  return text;
}

/** Where a queue is. */
export function queueing(command: Command): Command {
  return command
    .option('--redis <url>', 'the Redis that holds the queue', 'redis://127.0.0.1:6379')
    .addOption(
      new Option('--queue <name>', 'what everything of this lab in there begins with')
        .argParser(nameOf)
        .default('touchstone'),
    );
}

export function lease(): Option {
  return new Option(
    '--lease <seconds>',
    'how long nothing may be heard of a worker until what it is at is given to another',
  )
    .argParser(number(1, 3600))
    .default(30);
}

function nameOf(text: string): string {
  if (!/^[\w.-]{1,64}$/.test(text)) throw new InvalidArgumentError('wanted up to 64 letters, digits, dots and dashes');
  return text;
}

/** Given again it adds to what was given before, and not to the default. */
export function commaSeparated(text: string, before: readonly string[] | undefined): readonly string[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  return before && given.has(before) ? added([...before, ...words]) : added(words);
}

const given = new WeakSet<readonly string[]>();

function added(words: readonly string[]): readonly string[] {
  given.add(words);
  return words;
}

/** Of the second only one would count. */
export function once(text: string, before: string | undefined): string {
  if (before !== undefined) throw new InvalidArgumentError(`it was given before, as ${before}, and takes one`);
  return text;
}

/** An empty one is a variable that was not set. */
export function folder(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('wanted a folder, had nothing');
  return text;
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`wanted a whole number from ${least} to ${most}`);
    return value;
  };
}

export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
