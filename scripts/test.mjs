// `npm test`: sets up what is missing, then types, style, import rules and the tests, each stage even if an earlier one failed.
// Arguments go to mocha; where no file is among them, it is every test there is.
import { guestPrograms, run, setUp, witnessPrograms } from './setup.mjs';

setUp({ ...guestPrograms, ...witnessPrograms });
const folders = ['reference', 'harness', 'suites', 'reports', 'scripts'];
const every = folders.map((folder) => `${folder}/**/*.test.ts`);
const given = process.argv.slice(2);
const bin = (name) => `node_modules/.bin/${name}`;
const stages = [
  ['types', bin('tsc'), ['--noEmit']],
  ['style', bin('biome'), ['check', '.']],
  [
    'import rules',
    bin('depcruise'),
    ['--config', '.dependency-cruiser.cjs', 'reference', 'harness', 'suites', 'reports', 'bin'],
  ],
  ['tests', bin('mocha'), given.some((word) => word.endsWith('.ts')) ? given : [...given, ...every]],
];
const failed = stages.filter(([name, program, argv]) => {
  console.error(`\n— ${name}`);
  return run(program, argv) !== 0;
});
for (const [name] of failed) console.error(`failed: ${name}`);
process.exitCode = failed.length === 0 ? 0 : 1;
