/** The script and the style of the page, each in one piece: bundled from the sources in a checkout, and at packing for what npm unpacks. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fromSources, shipped } from '../../harness/installation.ts';

export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

export function pageBundle(): PageBundle {
  if (fromSources) return { script: bundled('main.tsx'), style: bundled('page.css') };
  return { script: packed('main.js'), style: packed('page.css') };
}

function bundled(entry: string): string {
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  const built = buildSync({
    entryPoints: [shipped('reports', 'html', 'page', entry)],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  return built.outputFiles[0]!.text.trim();
}

/** As `scripts/pack.ts` wrote it. */
const packed = (name: string): string => readFileSync(shipped('dist', 'page', name), 'utf8');
