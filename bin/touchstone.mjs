#!/usr/bin/env node
// Registers the TypeScript loader and hands the composition to the command line.
import { register } from 'tsx/esm/api';

register({ tsconfig: false }); // whatever lies in the folder of whoever calls
const [{ main }, { composition }] = await Promise.all([import('../harness/cli.ts'), import('./composition.ts')]);
process.exitCode = await main(composition, process.argv.slice(2), process.env);
