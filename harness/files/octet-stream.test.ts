import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileFault } from './file-fault.ts';
import { octetStream } from './octet-stream.ts';

describe('the octets of a file, piece by piece', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-octets-'));
    writeFileSync(at('file'), 'contents of a file');
    mkdirSync(at('folder'));
    symlinkSync('circle', at('circle'));
    symlinkSync('file', at('link'));
    spawnSync('mkfifo', [at('pipe')]);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of the file, in pieces of the length that was asked for', async () => {
    for (const name of ['file', 'link']) {
      const { size, pieces } = octetStream(at(name), 7);
      expect(size).to.equal(18);
      expect(await texts(pieces)).to.deep.equal(['content', 's of a ', 'file']);
    }
    writeFileSync(at('empty'), '');
    expect(await texts(octetStream(at('empty')).pieces)).to.deep.equal([]);
  });

  it('are those it has when they are read, which may be more than when it was looked at', async () => {
    const { size, pieces } = octetStream(at('file'));
    appendFileSync(at('file'), ', and more');
    expect(size).to.equal(18);
    expect((await texts(pieces)).join('')).to.equal('contents of a file, and more');
  });

  const refused: readonly (readonly [name: string, says: RegExp])[] = [
    ['missing', /missing: wanted a file to read, had nothing of that name \(ENOENT\)/],
    ['folder', /had a folder/],
    ['pipe', /had a pipe/],
    ['circle', /had symbolic links in a circle/],
    ['file/below', /had a file where a folder was to be/],
  ];
  for (const [name, says] of refused)
    it(`are none at ${name}`, () => {
      expect(() => octetStream(at(name))).to.throw(FileFault, says);
    });

  it('are none of a file that went away, or became another thing, meanwhile', async () => {
    const gone = octetStream(at('file'));
    unlinkSync(at('file'));
    expect(String(await texts(gone.pieces).catch((thrown: unknown) => thrown))).to.match(/had nothing of that name/);
    writeFileSync(at('file'), '');
    const changed = octetStream(at('file'));
    unlinkSync(at('file'));
    spawnSync('mkfifo', [at('file')]);
    expect(String(await texts(changed.pieces).catch((thrown: unknown) => thrown))).to.match(/had a pipe/);
  });
});

async function texts(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const held: string[] = [];
  for await (const piece of pieces) held.push(Buffer.from(piece).toString());
  return held;
}
