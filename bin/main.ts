/** What runs, from the sources as from what npm unpacked: the command line, handed the composition. */
import { main } from '../harness/cli.ts';
import { composition } from './composition.ts';

process.exitCode = await main(composition, process.argv.slice(2), process.env);
