import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { pruneCache } from './image-cache.ts';

describe('the cache of images', () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'touchstone-cache-'));
  });
  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  it('lets go of what was of this name, and nobody has asked for in an hour', async () => {
    const current = image('linux', '1', 0);
    image('linux', '2', 120);
    image('linux', '2', 120, '.img.lock');
    image('linux', '3', 10);
    image('strongswan', '2', 120);
    expect(await pruneCache(cache, 'linux', current)).to.deep.equal([join(cache, 'linux-2222222222222222.img')]);
    expect(readdirSync(cache)).to.have.members([
      'linux-1111111111111111.img',
      'linux-3333333333333333.img',
      'strongswan-2222222222222222.img',
    ]);
  });

  it('keeps what a kernel holds a lock on, however old', async () => {
    const held = image('linux', '2', 120);
    const locks = `1: POSIX  ADVISORY  READ 18926 fe:00:${statSync(held).ino} 0 EOF\n`;
    expect(await pruneCache(cache, 'linux', 'other', async () => locks)).to.deep.equal([]);
    expect(await pruneCache(cache, 'linux', 'other', async () => '')).to.deep.equal([held]);
  });

  it('may be pruned by two at the same time', async () => {
    image('linux', '2', 120);
    await Promise.all([pruneCache(cache, 'linux', 'other'), pruneCache(cache, 'linux', 'other')]);
    expect(readdirSync(cache)).to.deep.equal([]);
  });

  function image(name: string, digit: string, minutesAgo: number, extension = '.img'): string {
    const path = join(cache, `${name}-${digit.repeat(16)}${extension}`);
    const asked = new Date(Date.now() - minutesAgo * 60_000);
    writeFileSync(path, '');
    utimesSync(path, asked, asked);
    return path;
  }
});
