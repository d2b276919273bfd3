import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readOctets, readText, writeWhole } from './file.ts';
import { FileFault, fileFault } from './file-fault.ts';
import { foldersWith, makeFolder, makeWritableFolder } from './folder.ts';

describe('files and folders', () => {
  let folder: string;
  const at = (...names: string[]): string => join(folder, ...names);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-files-'));
    writeFileSync(at('file'), 'contents');
    symlinkSync('circle', at('circle'));
    symlinkSync('nowhere', at('dangling'));
    spawnSync('mkfifo', [at('pipe')]);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe('a folder is made with its parents, or it is said why not', () => {
    it('where there is nothing yet, where it is already there, and through a link', () => {
      symlinkSync('a', at('link'));
      for (const path of [at('a', 'b', 'c'), at('a', 'b'), at('link', 'd')]) makeWritableFolder(path);
      expect(readdirSync(at('a'))).to.deep.equal(['b', 'd']);
    });

    it('not in one that may not be written to', async () => {
      chmodSync(folder, 0o755);
      const refusal = await asNobody(async () => thrownBy(() => makeWritableFolder(folder)));
      expect(String(refusal)).to.contain('wanted a folder to write to, had no permission (EACCES)');
    });

    const refused: readonly [path: string, says: RegExp][] = [
      ['file', /file: wanted a folder to write to, had a file$/],
      ['file/below', /file: wanted a folder to write to, had a file$/],
      ['pipe', /had a pipe/],
      ['pipe/below', /pipe: wanted a folder to write to, had a pipe$/],
      ['circle', /had symbolic links in a circle \(ELOOP\)/],
      ['circle/below', /had symbolic links in a circle \(ELOOP\)/],
      ['dangling', /dangling: wanted a folder to write to, had something else of that name \(EEXIST\)/],
      [`${'long'.repeat(100)}/below`, /had a name that is too long \(ENAMETOOLONG\)/],
      ['/proc/touchstone', /\/proc\/touchstone: wanted a folder to write to, had nothing of that name \(ENOENT\)/],
      ['/proc/self/fd/touchstone/below', /\/proc\/self\/fd\/touchstone: /],
      ['/dev/null', /\/dev\/null: wanted a folder to write to, had a device$/],
      ['/dev/null/below', /\/dev\/null: wanted a folder to write to, had a device$/],
    ];
    for (const [path, says] of refused)
      it(`not at ${path.slice(0, 40)}`, () => {
        expect(() => makeFolder(path.startsWith('/') ? path : at(path))).to.throw(FileFault, says);
      });
  });

  describe('a file is read if it is one', () => {
    it('to its end, and no further than it was said to be long', () => {
      expect(readText(at('file'))).to.equal('contents');
      expect(readText('/proc/kallsyms')).to.equal('');
    });

    const refused: readonly [path: string, says: RegExp][] = [
      ['missing', /missing: wanted a file to read, had nothing of that name \(ENOENT\)/],
      ['', /had a folder/],
      ['pipe', /had a pipe/],
      ['circle', /had symbolic links in a circle/],
      ['file/below', /had a file where a folder was to be \(ENOTDIR\)/],
      ['/dev/zero', /had a device/],
      ['huge', /wanted a file of at most 1073741824 octets, had 1099511627776/],
    ];
    for (const [path, says] of refused)
      it(`not ${path || 'a folder'}`, () => {
        if (path === 'huge') {
          writeFileSync(at('huge'), '');
          truncateSync(at('huge'), 2 ** 40);
        }
        expect(() => readOctets(path.startsWith('/') ? path : at(path))).to.throw(FileFault, says);
      });
  });

  describe('a file is written whole', () => {
    for (const before of ['new', 'file', 'pipe', 'dangling', 'circle'])
      it(`in place of ${before}, with nothing beside it`, () => {
        const others = readdirSync(folder).filter((name) => name !== before);
        writeWhole(at(before), 'written');
        expect(lstatSync(at(before)).isFile()).to.equal(true);
        expect(readFileSync(at(before), 'utf8')).to.equal('written');
        expect(readdirSync(folder).sort()).to.deep.equal([...others, before].sort());
      });

    it('or not at all: what was there stays', () => {
      mkdirSync(at('folder', 'full'), { recursive: true });
      expect(() => writeWhole(at('folder'), 'written')).to.throw(
        FileFault,
        /folder: wanted a file to write, had a folder/,
      );
      mkdirSync(at('file.part'));
      expect(() => writeWhole(at('file'), 'written')).to.throw(FileFault, /file: wanted a file to write, had /);
      expect(readFileSync(at('file'), 'utf8')).to.equal('contents');
      expect(existsSync(at('folder.part'))).to.equal(false);
    });

    it('and where the machine has no room, that is the machine’s fault', () => {
      const full = thrownBy(() => writeFileSync('/dev/full', 'more'));
      const fault = fileFault('somewhere', 'a file to write', full);
      expect(fault).to.include({ ofMachine: true });
      expect(fault.message).to.equal('somewhere: wanted a file to write, had no space left (ENOSPC)');
      expect(thrownBy(() => writeWhole('/dev/full/x', ''))).to.include({ ofMachine: false });
    });
  });

  describe('a walk', () => {
    it('finds the folders with a file of that name, in order, and follows no link', async () => {
      for (const name of ['b', 'a/deep', 'c']) makeFolder(at(name));
      for (const name of ['b', 'a/deep']) writeFileSync(at(name, 'case.json'), '');
      symlinkSync('..', at('a', 'up'));
      mkdirSync(at('c', 'case.json'));
      const { folders, faults } = await foldersWith('case.json', folder);
      expect(folders).to.deep.equal([at('a', 'deep'), at('b')]);
      expect(faults).to.deep.equal([]);
    });

    it('tells what it could not look into, and goes on', async () => {
      for (const name of ['closed', 'open']) makeFolder(at(name));
      writeFileSync(at('open', 'case.json'), '');
      chmodSync(folder, 0o755);
      chmodSync(at('closed'), 0);
      const { folders, faults } = await asNobody(() => foldersWith('case.json', folder));
      expect(folders).to.deep.equal([at('open')]);
      expect(faults.map(String).join()).to.match(/closed: wanted a folder to read, had no permission/);
    });

    it('ends with its signal, and begins nowhere but in a folder', async () => {
      const thrown = await foldersWith('x', folder, AbortSignal.abort()).catch((fault: unknown) => fault);
      expect(thrown).to.have.property('name', 'AbortError');
      for (const [path, says] of [
        ['file', /had a file/],
        ['missing', /had nothing of that name/],
        ['pipe', /had a pipe/],
      ] as const) {
        const fault = await foldersWith('x', at(path)).catch((each: unknown) => each);
        expect(String(fault), path).to.match(says);
      }
    });
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

/** Nothing is closed to root. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  const { geteuid, seteuid } = process;
  if (geteuid?.() !== 0 || !seteuid) return await act();
  seteuid(65_534);
  try {
    return await act();
  } finally {
    seteuid(0);
  }
}
