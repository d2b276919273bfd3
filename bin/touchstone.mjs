#!/usr/bin/env node
// In a checkout the sources run as they are, whatever was once made of them; what npm unpacked has only what was compiled at packing.
import { existsSync } from 'node:fs';

if (existsSync(new URL('../harness/cli.ts', import.meta.url))) {
  const { register } = await import('tsx/esm/api');
  register({ tsconfig: false }); // whatever lies in the folder of whoever calls
  await import('./main.ts');
} else {
  await import('../dist/bin/main.js');
}
