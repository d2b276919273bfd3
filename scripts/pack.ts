/**
 * `prepack`: what npm unpacks is made of the sources here, into dist/. The command line and the two modules for authors outside share their chunks, so
 * that there is one instance of each; with them go the types, the page of the report, and the list of conversation tests.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { shipped } from '../harness/installation.ts';
import { conversationTests } from '../harness/run/broken-rules.ts';
import { pageBundle } from '../reports/html/page-bundle.ts';

/** Of packages that are no ECMAScript modules themselves. */
const REQUIRE =
  "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);";

const dist = shipped('dist');
rmSync(dist, { recursive: true, force: true });
writeTypes();
writeLicenses(await writeModules());
writeData();

async function writeModules(): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: shipped(),
    entryPoints: [
      'bin/main.ts',
      'bin/thread.ts',
      'bin/opening-thread.ts',
      'harness/outside/product.ts',
      'harness/outside/vocabulary.ts',
    ],
    outdir: dist,
    outbase: '.',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['tsx', 'esbuild', 'bullmq', 'ioredis'], // installed beside it (those of a queue by who has one); esbuild is the page's, which is bundled here
    banner: { js: REQUIRE },
    minifyWhitespace: true, // a third less for the engine to read at every start
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

/** Declarations keep the extensions of the sources, and no sources are shipped beside them. Only those that the two modules lead to are kept. */
function writeTypes(): void {
  execFileSync(shipped('node_modules', '.bin', 'tsc'), ['--project', shipped('tsconfig.types.json')], {
    stdio: 'inherit',
  });
  const kept = new Set<string>();
  const queue = ['product', 'vocabulary'].map((name) => join(dist, 'harness', 'outside', `${name}.d.ts`));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (kept.has(file)) continue;
    kept.add(file);
    const text = readFileSync(file, 'utf8');
    const imports = /(\bfrom |\bimport\()(['"])(\.[^'"]+)\.ts\2/g;
    for (const [, , , path] of text.matchAll(imports)) queue.push(`${join(dirname(file), path!)}.d.ts`);
    writeFileSync(file, text.replace(imports, '$1$2$3.js$2'));
  }
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.d.ts') && !kept.has(join(dist, name))) rmSync(join(dist, name));
}

function writeData(): void {
  const { script, style } = pageBundle();
  mkdirSync(join(dist, 'page'));
  writeFileSync(join(dist, 'page', 'main.js'), script);
  writeFileSync(join(dist, 'page', 'page.css'), style);
  writeFileSync(join(dist, 'conversation-tests.json'), JSON.stringify(conversationTests(), undefined, 1));
  for (const [folder, name] of [
    ['capture', 'case'],
    ['capture/keys', 'secrets'],
    ['run', 'result'],
  ] as const)
    cpSync(shipped('harness', folder, `${name}.schema.json`), join(dist, `${name}.schema.json`));
}

/** Every package of which something is in the modules, or in the page, with its licence. */
function writeLicenses({ inputs }: Metafile): void {
  const names = Object.keys(inputs).flatMap(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.slice(0, 1) ?? [],
  );
  const folders = [...new Set([...names, 'node_modules/preact'])].sort();
  const texts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(shipped(folder, 'package.json'), 'utf8'));
    const file = readdirSync(shipped(folder)).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined || !existsSync(shipped(folder, file))) throw new Error(`${name} ships no licence`);
    return `${name} ${version} (${license})\n\n${readFileSync(shipped(folder, file), 'utf8').trim()}\n`;
  });
  writeFileSync(join(dist, 'LICENSES'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}
