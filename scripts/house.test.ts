/**
 * What the house forbids and no import rule can see: clocks, chance and promises in the reference, anything but the stage's verbs to wait for in
 * a suite, argv and the environment below the command line.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

interface Prohibition {
  readonly title: string;
  readonly folder: string;
  readonly words: RegExp;
  /** Files that are let off, with the reason beside the pattern. */
  readonly except?: RegExp;
}

const clocksAndPromises =
  /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|setImmediate|performance\.now|Promise|async\s|await\s)/;

const prohibitions: readonly Prohibition[] = [
  { title: 'the reference knows no clock, no chance and no promise', folder: 'reference', words: clocksAndPromises },
  { title: 'the wire runs in a page too: no Buffer', folder: 'reference/wire', words: /\bBuffer\b/ },
  {
    title: 'a suite can wait for nothing but what the stage gives it',
    folder: 'suites',
    words:
      /\b(Date\.now|Math\.random|setTimeout|setInterval|setImmediate|performance|Promise\.|fetch\(|process\.|import\()/,
  },
  {
    title: 'argv and the environment are read by the command line only',
    folder: 'harness',
    words: /\bprocess\.(env|argv)\b/,
    except: /^cli\.ts$/,
  },
];

describe('the house', () => {
  for (const { title, folder, words, except } of prohibitions) {
    it(title, () => {
      const root = new URL(`../${folder}/`, import.meta.url);
      const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.tsx?$/.test(file) && !/\.(test|test-support|bench)\.tsx?$/.test(file))
        .filter((file) => except === undefined || !except.test(file))
        .flatMap((file) => {
          const code = withoutComments(readFileSync(fileURLToPath(new URL(file, root)), 'utf8'));
          const word = words.exec(code)?.[0];
          return word === undefined ? [] : [`${folder}/${file}: ${word}`];
        });
      expect(found).to.deep.equal([]);
    });
  }
});

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}
