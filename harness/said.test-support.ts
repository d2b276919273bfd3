/** The command line called as a test calls it, with a product of which nobody knows what to expect. */
import { composition } from '../bin/composition.ts';
import { main } from './cli.ts';
import { referenceWith } from './products/reference.ts';

/** A case of the reference in memory, `delivered`. */
export const one = 'DUPONT-C2a/other-prefix-manual';
export const runOne = ['run', '--product', 'plain', '--case', one, '--format', 'json'];

/** The reference as a product of which nobody knows what to expect. */
export const plain = { ...referenceWith(), name: 'plain', expected: undefined };

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line called in this process, with what it printed on a terminal or on none. */
export async function said(argv: readonly string[], environment: NodeJS.ProcessEnv = {}, isTTY = false): Promise<Said> {
  const text = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const { write, isTTY: was } = stream;
    stream.isTTY = isTTY;
    stream.write = (piece: string | Uint8Array) => {
      text[name] += piece;
      return true;
    };
    return () => Object.assign(stream, { write, isTTY: was });
  });
  const { NO_COLOR: _none, ...env } = process.env;
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  try {
    const products = [...composition.products, plain];
    const announced = { products, formats: composition.reports.formats };
    const code = await main(announced, async () => ({ ...composition, products }), argv, { ...env, ...environment });
    return { code, out: text.stdout, err: text.stderr };
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    for (const each of restore) each();
  }
}
