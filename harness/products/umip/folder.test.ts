import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { broughtFiles } from './folder.ts';

describe('the folder that holds a built mip6d', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-umip-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the program, and the libraries beside it', () => {
    writeFileSync(join(folder, 'mip6d'), 'program', { mode: 0o755 });
    for (const name of ['libcrypto.so.3', 'README', 'mip6d.conf']) writeFileSync(join(folder, name), 'x');
    expect(broughtFiles(folder).map(({ name }) => name)).to.deep.equal(['mip6d', 'libcrypto.so.3']);
    expect(Buffer.from(broughtFiles(folder)[0]!.octets).toString()).to.equal('program');
  });

  const table: readonly [title: string, prepare: () => void, says: RegExp][] = [
    [
      'nothing of that name',
      () => rmSync(folder, { recursive: true }),
      /wanted a folder that holds a built mip6d, had nothing of that name/,
    ],
    ['an empty folder', () => {}, /mip6d: wanted a file to read, had nothing of that name/],
    ['a folder of that name', () => mkdirSync(join(folder, 'mip6d')), /mip6d: wanted a file to read, had a folder/],
    [
      'one without the right to run',
      () => writeFileSync(join(folder, 'mip6d'), ''),
      /wanted a program that can be executed, had no permission/,
    ],
  ];
  for (const [title, prepare, says] of table) {
    it(`says what is wrong with ${title}`, () => {
      prepare();
      if (title.startsWith('one without')) chmodSync(join(folder, 'mip6d'), 0o644);
      expect(() => broughtFiles(folder))
        .to.throw(says)
        .with.property('code', 'no-mip6d');
    });
  }
});
