import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { HarnessFault } from '../lab/harness-fault.ts';
import { DebianArchive } from './debian-archive.ts';
import { recipeOf } from './image-recipe.ts';

describe('the packages of another release', () => {
  let cache: string;
  let mirror: Mirror;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'touchstone-archive-'));
    mirror = new Mirror(join(cache, 'debian-sid'));
  });
  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  it('are asked for once: a second run asks the mirror for nothing', async () => {
    const first = await (await opened()).fetched(['kmod']);
    expect(first.map(({ file }) => file)).to.deep.equal(['kmod_1_amd64.deb', 'libc6_1_amd64.deb']);
    expect(mirror.asked).to.deep.equal(['update', 'autoclean', 'print-uris', 'download-only']);
    mirror.asked.length = 0;
    expect(await (await opened()).fetched(['kmod'])).to.deep.equal(first);
    expect(mirror.asked).to.deep.equal([]);
  });

  it('are asked for again after a day, and what has moved makes another image', async () => {
    const before = await keyOfImage();
    expect(await keyOfImage()).to.equal(before);
    mirror.version = 2;
    expect(await keyOfImage()).to.equal(before);
    aDayLater();
    expect(await keyOfImage()).not.to.equal(before);
    mirror.version = 1;
    aDayLater();
    expect(await keyOfImage()).to.equal(before);
  });

  it('of yesterday do where the mirror is silent, and that is said', async () => {
    const before = await keyOfImage();
    aDayLater();
    mirror.fails = "E: Failed to fetch http://mirror.example/  Could not resolve 'mirror.example'";
    const says: string[] = [];
    await opened((line) => says.push(line));
    expect(says.at(-1)).to.match(
      /http:\/\/mirror\.example does not hand out .*; going on with what there was 2 days ago/,
    );
    expect(await keyOfImage()).to.equal(before);
  });

  it('of yesterday do not where somebody else signs today', async () => {
    await opened();
    aDayLater();
    mirror.fails = "E: The repository 'http://mirror.example sid InRelease' is not signed.";
    expect(await codeOf(opened())).to.equal('bad-signature');
  });

  it('are a fault where the mirror was silent from the first', async () => {
    mirror.fails = "E: Failed to fetch http://mirror.example/  Could not resolve 'mirror.example'";
    expect(await codeOf(opened())).to.equal('mirror-silent');
    mirror.fails = undefined;
    expect(await codeOf(opened())).to.equal(undefined);
  });

  it('that went while the lists were a few hours old are looked for once more, as they are called now', async () => {
    await opened();
    mirror.version = 2;
    mirror.asked.length = 0;
    const files = await (await opened()).fetched(['kmod']);
    expect(files.map(({ file }) => file)).to.deep.equal(['kmod_2_amd64.deb', 'libc6_2_amd64.deb']);
    expect(mirror.asked.filter((each) => each === 'update')).to.have.length(1);
  });

  it('that the mirror lists and does not have are a fault, after one more look', async () => {
    mirror.has = () => false;
    expect(await codeOf(opened().then((archive) => archive.fetched(['kmod'])))).to.equal('package-gone');
    expect(mirror.asked.filter((each) => each === 'download-only')).to.have.length(1);
  });

  const opened = (progress?: (says: string) => void) =>
    DebianArchive.opened('sid', cache, { program: mirror.program, ...(progress && { progress }) });

  async function keyOfImage(): Promise<string> {
    const archive = await opened();
    return (await recipeOf(['kmod'], archive.supply(await archive.fetched(['kmod'])))).key;
  }

  function aDayLater(): void {
    const before = new Date(Date.now() - 2 * 86_400_000);
    utimesSync(join(cache, 'debian-sid', 'asked'), before, before);
  }
});

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const fault = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (fault === undefined) return undefined;
  expect(fault).to.be.instanceOf(HarnessFault);
  return (fault as HarnessFault).code;
}

/** A mirror with two packages of one version, and an apt that knows of it what it was told at the last update. */
class Mirror {
  version = 1;
  /** What apt says to an update. */
  fails: string | undefined;
  has = (version: number): boolean => version === this.version;
  readonly asked: string[] = [];
  #listed = 0;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  readonly program = async (_: string, argv: readonly string[]) => {
    const verb = ['update', 'autoclean', 'print-uris', 'download-only'].find((each) =>
      argv.some((word) => word.endsWith(each)),
    );
    if (verb === undefined) return { status: 0, lines: ['http://mirror.example bookworm main'] };
    this.asked.push(verb);
    return { lines: [], status: 0, ...this.#answer(verb) };
  };

  #answer(verb: string): { status?: number; lines?: string[] } {
    const files = ['libc6', 'kmod'].map((name) => `${name}_${this.#listed}_amd64.deb`);
    if (verb === 'update') {
      if (this.fails !== undefined) return { status: 100, lines: [this.fails] };
      this.#listed = this.version;
      mkdirSync(join(this.#folder, 'lists'), { recursive: true });
      writeFileSync(join(this.#folder, 'lists', 'mirror_InRelease'), `version ${this.#listed}`);
    }
    if (verb === 'print-uris') {
      const hash = String(this.#listed).repeat(64);
      return { lines: files.map((file) => `'http://mirror.example/${file}' ${file} 1 SHA256:${hash}`) };
    }
    if (verb === 'download-only') {
      if (!this.has(this.#listed))
        return { status: 100, lines: [`E: Failed to fetch http://mirror.example/${files[0]}  404  Not Found`] };
      for (const file of files) writeFileSync(join(this.#folder, 'archives', file), '');
    }
    return {};
  }
}
