/** What a script was asked on its command line: `--help` shows how it is used, what cannot be read is said in one line, and both end it. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

let usage = '';

export function asked<const O extends Options>(usageOfScript: string, options: O) {
  usage = usageOfScript;
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    console.log(`usage: ${usage}`);
    process.exit(0);
  }
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    return { values, words: positionals };
  } catch (fault) {
    return complains((fault as Error).message);
  }
}

/** A whole number from `least` on. */
export function wholeNumber(text: string, least = 1): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= least
    ? value
    : complains(`wanted a whole number from ${least} on, had ${text}`);
}

export function complains(says: string): never {
  console.error(`${says}\nusage: ${usage}`);
  process.exit(2);
}
