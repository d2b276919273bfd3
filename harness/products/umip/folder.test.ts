import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { broughtFiles } from './folder.ts';

/** The head of a program of this machine, and the same with another octet at this offset. */
const here = readFileSync(process.execPath).subarray(0, 256);

function altered(at: number, octet: number): Buffer {
  const copy = Buffer.from(here);
  copy[at] = octet;
  return copy;
}

describe('the folder that holds a built mip6d', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-umip-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the program, and the libraries beside it', () => {
    writeFileSync(join(folder, 'mip6d'), here, { mode: 0o755 });
    writeFileSync(join(folder, 'libcrypto.so.3'), altered(16, 3));
    for (const name of ['README', 'mip6d.conf']) writeFileSync(join(folder, name), 'x');
    expect(broughtFiles(folder).map(({ name }) => name)).to.deep.equal(['mip6d', 'libcrypto.so.3']);
    expect(Buffer.from(broughtFiles(folder)[0]!.octets)).to.deep.equal(here);
  });

  const foreign: readonly [title: string, octets: Uint8Array, had: string][] = [
    ['an empty file', Buffer.alloc(0), 'an empty file'],
    ['a script', Buffer.from(`#!/bin/sh\nexec mip6d "$@"\n${'#'.repeat(80)}`), 'no ELF file'],
    ['less than a header', here.subarray(0, 63), 'no ELF file'],
    ['a program of another processor', altered(18, 8), 'one of another processor (class 2, machine 8)'],
    ['one of 32 bits', altered(4, 1), `one of another processor (class 1, machine ${here.readUInt16LE(18)})`],
    ['an object file', altered(16, 1), 'an ELF file of type 1'],
  ];
  for (const [title, octets, had] of foreign)
    it(`takes no ${title.replace(/^an? /, '')} for mip6d`, () => {
      writeFileSync(join(folder, 'mip6d'), octets, { mode: 0o755 });
      const says = `--umip ${folder}: ${folder}/mip6d: wanted a program for the processor of this machine, had ${had}`;
      expect(() => broughtFiles(folder)).to.throw(says);
    });

  it('takes no program for a library', () => {
    writeFileSync(join(folder, 'mip6d'), here, { mode: 0o755 });
    writeFileSync(join(folder, 'libssl.so.3'), altered(16, 2));
    expect(() => broughtFiles(folder)).to.throw(/libssl\.so\.3: wanted a library .*, had an ELF file of type 2/);
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
