// `npm run conformance`: every suite against strongSwan and the Linux kernel, on real kernels, held against the shipped baselines.
// Whatever is missing is set up first. Further arguments go to `touchstone run`; `--product strongswan@trixie` takes the place of the two.
import { guestPrograms, handOver, setUp } from './setup.mjs';

const given = process.argv.slice(2);
const products = given.some((word) => /^--product(=|$)/.test(word)) ? [] : ['--product', 'strongswan', 'linux'];
const out = given.some((word) => /^--(resume|out)(=|$)/.test(word))
  ? []
  : ['--out', 'reports/out/conformance', '--replace'];
setUp(guestPrograms);
process.exitCode = await handOver(process.execPath, ['bin/touchstone.mjs', 'run', ...products, ...out, ...given]);
