/**
 * A module from outside, loaded by its path. What it imports as `touchstone/product` and `touchstone/vocabulary` are the very modules that run, wherever
 * it lies and whatever is installed beside it; TypeScript is taken as it is. What is wrong with it is said in one message, with file and line.
 */
import { statSync } from 'node:fs';
import { register } from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FileFault, fileFault } from '../files/file-fault.ts';
import { kindOf } from '../files/folder.ts';
import { fromSources, shipped } from '../installation.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import { run } from '../runtime/program.ts';
import { UsageFault } from '../usage-fault.ts';
import { within } from './patience.ts';

/** What it exports by that name. Rejects with `FileFault`, or with `UsageFault` for what does not load or has no such export. */
export async function exportOf(path: string, name: string): Promise<unknown> {
  const file = resolve(path);
  requireModule(path, file);
  await prepare(file);
  const exported = await loaded(path, file);
  if (name in exported) return exported[name];
  const others = Object.keys(exported).join(', ') || 'nothing';
  throw new UsageFault(`${path}: wanted an export called \`${name}\`, had ${others}`);
}

/** Whether a word of the command line names a module by its path, and not one of ours. */
export const isPath = (word: string): boolean => /[/\\]/.test(word) || extensions.includes(extname(word));

function requireModule(path: string, file: string): void {
  const wanted = `a module (${extensions.join(', ')})`;
  let found: ReturnType<typeof statSync>;
  try {
    found = statSync(file);
  } catch (thrown) {
    throw fileFault(path, wanted, thrown);
  }
  if (!found.isFile()) throw new FileFault(path, wanted, kindOf(found));
  if (!extensions.includes(extname(file))) throw new FileFault(path, wanted, 'a file of another kind');
}

const typescript: readonly string[] = ['.ts', '.mts'];
const extensions: readonly string[] = [...typescript, '.js', '.mjs'];

async function loaded(path: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await within('it', PATIENCE, () => import(pathToFileURL(file).href));
  } catch (thrown) {
    throw new UsageFault(`${path} does not load: ${await saying(thrown, file)}`, { cause: thrown });
  }
}

/** In one line, with the place where it is known. */
async function saying(thrown: unknown, file: string): Promise<string> {
  if (!(thrown instanceof Error)) return `it threw ${String(thrown)}`;
  if (thrown instanceof HarnessFault) return thrown.message;
  const { name, message, stack = '' } = thrown;
  if (name === 'TransformError') return message.split('\n').slice(1).join('; ').replaceAll(' ERROR:', '');
  const says = `${name}: ${message.split('\n')[0]}`;
  const place = placeIn(stack) ?? (thrown instanceof SyntaxError ? await placeOfSyntaxError(file) : undefined);
  const hint = /import statement outside a module|Unexpected token 'export'/.test(message)
    ? '; name it .mjs, or put "type": "module" into the package.json beside it'
    : '';
  return `${place === undefined ? '' : `${place}: `}${says}${hint}`;
}

/** The first place in a file that is no part of Node, Touchstone or a package. */
function placeIn(stack: string): string | undefined {
  const places = [...stack.matchAll(/(?:^|[\s(]|file:\/\/)(\/[^\s():]+:\d+(?::\d+)?)/gm)].map(([, place]) => place!);
  return places.find((place) => !place.includes('/node_modules/') && !ours.some((folder) => place.startsWith(folder)));
}

const ours = ['bin', 'dist', 'harness', 'reference', 'reports', 'suites'].map((folder) => shipped(folder, '/'));

/** Node tells it to a terminal only. */
async function placeOfSyntaxError(file: string): Promise<string | undefined> {
  const { lines } = await run(process.execPath, ['--check', file]);
  return placeIn(lines.join('\n')) ?? file;
}

/** TypeScript, where nothing has registered it yet; and what `touchstone/…` is, for every module that is loaded from now on. */
async function prepare(file: string): Promise<void> {
  if (typescript.includes(extname(file)) && !compiles) {
    const { register: registerTypescript } = await import('tsx/esm/api');
    registerTypescript({ tsconfig: false });
    compiles = true;
    resolves = false; // whoever registers last is asked first
  }
  if (!resolves) register(`data:text/javascript,${encodeURIComponent(hooks())}`);
  resolves = true;
}

/** Of this thread. */
let compiles = fromSources;
let resolves = false;

/** TypeScript from outside is a module of ECMAScript, whatever the package beside it says of files that end in .js. */
function hooks(): string {
  const own = (name: string): string => {
    const path = fromSources
      ? shipped('harness', 'outside', `${name}.ts`)
      : shipped('dist', 'harness', 'outside', `${name}.js`);
    return pathToFileURL(path).href;
  };
  const offered = { 'touchstone/product': own('product'), 'touchstone/vocabulary': own('vocabulary') };
  return `
    const offered = ${JSON.stringify(offered)};
    export async function resolve(specifier, context, next) {
      if (Object.hasOwn(offered, specifier)) return next(offered[specifier], context);
      if (specifier.split('/')[0] === 'touchstone')
        throw new Error('there is no "' + specifier + '"; there is ' + Object.keys(offered).join(', '));
      const found = await next(specifier, context);
      const compiled = found.format === 'commonjs' && /\\.ts$/.test(new URL(found.url).pathname);
      return compiled ? { ...found, format: 'module' } : found;
    }`;
}

/** Milliseconds: for what waits for something that never comes. */
const PATIENCE = 10_000;
