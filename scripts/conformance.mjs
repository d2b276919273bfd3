// `npm run conformance`: every suite against strongSwan and the Linux kernel, on real kernels, held against the shipped baselines.
// Whatever is missing is set up first. Further arguments go to `touchstone run`.
import { guestPrograms, handOver, setUp } from './setup.mjs';

setUp(guestPrograms);
process.exitCode = await handOver(process.execPath, [
  'bin/touchstone.mjs',
  'run',
  '--product',
  'strongswan',
  'linux',
  '--jobs',
  '2',
  '--out',
  'reports/out/conformance',
  ...process.argv.slice(2),
]);
