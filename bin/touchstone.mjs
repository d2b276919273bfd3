#!/usr/bin/env node
// Registers the TypeScript loader and hands over to harness/cli.ts.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../harness/cli.ts');
process.exitCode = await main(process.argv.slice(2), process.env);
