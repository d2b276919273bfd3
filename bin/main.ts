/** What runs, from the sources as from what npm unpacked: the command line, handed the composition. */
import { main } from '../harness/cli.ts';
import { products } from '../harness/products/catalogue.ts';
import { formats } from '../reports/write-reports.ts';

const composed = async () => (await import('./composition.ts')).composition;
process.exitCode = await main(
  { products, formats: Object.keys(formats) },
  composed,
  process.argv.slice(2),
  process.env,
);
