import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { Supply } from './debian-archive.ts';
import { ensureImage } from './image.ts';
import { describedIn, releasesOf } from './image-description.ts';
import { recipeOf } from './image-recipe.ts';
import { run } from './program.ts';

describe('images', () => {
  it('that nobody described are a fault, which names the file that would', async () => {
    const fault = await ensureImage('no-such-product', '/nonexistent').catch((reason: unknown) => reason);
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'no-such-image');
    expect((fault as HarnessFault).message).to.contain('docker/no-such-product/image.json');
  });
});

describe('a program run to its end', () => {
  it('gives its status and the lines of both its outputs', async () => {
    const { status, lines } = await run('sh', ['-c', 'echo one; echo two >&2; exit 3']);
    expect(status).to.equal(3);
    expect(lines).to.have.members(['one', 'two']);
  });

  it('is a fault where there is no such program', async () => {
    const fault = await run('/nonexistent/program', []).catch((reason: unknown) => reason);
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'missing-tool');
  });
});

describe('what an image is to hold', () => {
  let folder: string;
  before(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'touchstone-image-')), 'acme');
    mkdirSync(folder);
    const releases = { trixie: {}, sid: { packages: ['acme2'] } };
    writeFileSync(join(folder, 'image.json'), JSON.stringify({ packages: ['acme'], modules: ['esp4'], releases }));
  });
  after(() => rmSync(dirname(folder), { recursive: true, force: true }));

  it('is what its image.json says, and of another release what differs there', () => {
    expect(describedIn(folder)).to.deep.equal({ name: 'acme', packages: ['acme'], modules: ['esp4'] });
    const trixie = { name: 'acme@trixie', packages: ['acme'], modules: ['esp4'], release: 'trixie' };
    expect(describedIn(folder, 'trixie')).to.deep.equal(trixie);
    expect(describedIn(folder, 'sid')).to.deep.include({ name: 'acme@sid', packages: ['acme2'], modules: ['esp4'] });
    expect(releasesOf(folder)).to.deep.equal(['trixie', 'sid']);
  });

  it('says so where it is not made of a release', () => {
    writeFileSync(join(folder, 'image.json'), JSON.stringify({ packages: [], modules: [], releases: { trixie: {} } }));
    expect(() => describedIn(folder, 'sid'))
      .to.throw(HarnessFault, /image\.json does not name the release sid \(trixie\): add it below "releases"$/)
      .with.property('code', 'no-such-release');
  });

  it('names no release that there is not', () => {
    writeFileSync(join(folder, 'image.json'), JSON.stringify({ packages: [], modules: [], releases: { woody: {} } }));
    expect(() => describedIn(folder)).to.throw(HarnessFault, /image\.json, releases/);
  });
});

describe('the key of an image in the cache', () => {
  const supply = (release: 'trixie' | 'sid', file: string, sha256: string): Supply => ({
    release,
    sources: '/cache/sources',
    lists: '/cache/lists',
    lock: '/cache/lock',
    files: [{ file, sha256 }],
    path: ({ file: name }) => `/cache/${name}`,
  });
  const same = supply('sid', 'kmod_1_amd64.deb', '00');

  it('is the same wherever the cache is', async () => {
    const elsewhere = { ...same, sources: '/else', lists: '/else', lock: '/else', path: () => '/else' };
    expect((await recipeOf(['acme'], elsewhere)).key).to.equal((await recipeOf(['acme'], same)).key);
  });

  for (const [of, packages, other] of [
    ['release', ['acme'], supply('trixie', 'kmod_1_amd64.deb', '00')],
    ['version of a package', ['acme'], supply('sid', 'kmod_2_amd64.deb', '00')],
    ['content of a package', ['acme'], supply('sid', 'kmod_1_amd64.deb', '01')],
    ['list of packages', ['acme', 'more'], same],
    ['release, where it is the own', ['acme'], undefined],
  ] as const)
    it(`is another for another ${of}`, async () => {
      expect((await recipeOf(packages, other)).key).not.to.equal((await recipeOf(['acme'], same)).key);
    });
});
