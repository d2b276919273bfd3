/**
 * The packages of another release of Debian than this machine's, kept beside the images: its lists, apart from the host's and verified with the host's keyring
 * of Debian; what a set of packages needs, by those lists; and the files themselves. Nothing is installed on the host. The mirror is asked for lists at most
 * once a day, and for a file once, so that a second run asks it for nothing.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import { aptFault } from './apt-fault.ts';
import { debianSources } from './debian-sources.ts';
import { type Finished, run } from './program.ts';
import type { OtherRelease } from './release.ts';

/** A file of the archive, by the name it has there, and the hash that the signed lists give for it. */
export interface PackageFile {
  /** `libc6_2.41-12+deb13u1_amd64.deb`. */
  readonly file: string;
  readonly sha256: string;
}

/** `libc6` of `libc6_2.43-7_amd64.deb`. */
export const packageOf = ({ file }: PackageFile): string => file.split('_')[0]!;

/** `libc6 2.43-7` of the same; an epoch's colon is escaped in the name of a file. */
export const versionOf = ({ file }: PackageFile): string =>
  file.split('_').slice(0, 2).map(decodeURIComponent).join(' ');

/** Where the packages of an image come from: mmdebstrap finds them there, and asks no mirror. */
export interface Supply {
  readonly release: OtherRelease;
  readonly sources: string;
  readonly lists: string;
  /** Whoever reads lists or files holds it shared: apt changes them under it. */
  readonly lock: string;
  readonly files: readonly PackageFile[];
  path(file: PackageFile): string;
}

export interface ArchiveOptions {
  readonly progress?: (says: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Runs apt. */
  readonly program?: (program: string, argv: readonly string[], signal?: AbortSignal) => Promise<Finished>;
}

export class DebianArchive {
  readonly release: OtherRelease;
  /** Of everything here. */
  readonly folder: string;
  readonly #progress: (says: string) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #program: NonNullable<ArchiveOptions['program']>;
  #asked = false;

  private constructor(release: OtherRelease, cache: string, options: ArchiveOptions) {
    this.release = release;
    this.folder = join(cache, `debian-${release}`);
    this.#progress = options.progress ?? (() => {});
    this.#signal = options.signal;
    this.#program = options.program ?? run;
  }

  /** With lists of the last day, or older ones where the mirror does not answer. Rejects with HarnessFault, each code with its sentence in `apt-fault.ts`. */
  static async opened(release: OtherRelease, cache: string, options: ArchiveOptions = {}): Promise<DebianArchive> {
    const archive = new DebianArchive(release, cache, options);
    await archive.#prepare();
    const age = await archive.#age();
    if (age === undefined || age > DAY) await archive.#refresh(age);
    return archive;
  }

  /** Of `files` that `fetched` has had. */
  supply(files: readonly PackageFile[]): Supply {
    return {
      release: this.release,
      sources: join(this.folder, 'debian.sources'),
      lists: join(this.folder, 'lists'),
      lock: join(this.folder, 'lock'),
      files,
      path: ({ file }) => join(this.folder, 'archives', file),
    };
  }

  /** All files of a minimal system with these packages, in the order of their names. */
  async resolved(packages: readonly string[]): Promise<readonly PackageFile[]> {
    const known = join(this.folder, 'sets', await this.#keyOf(packages));
    const files = await readFile(known, 'utf8').then(JSON.parse, () => undefined);
    if (files !== undefined) return files;
    const none = `Dir::Cache::archives=${join(this.folder, 'nothing')}`; // apt names only what it would have to fetch
    const lines = await this.#apt('-o', none, ...install, '--print-uris', ...system, ...packages);
    const found = lines.map(printedFile).filter((each) => each !== undefined);
    found.sort((one, other) => (one.file < other.file ? -1 : 1));
    await writeFile(known, JSON.stringify(found));
    return found;
  }

  /**
   * The files of `resolved`, all of them there. What lists of yesterday name may be gone today: then the mirror is asked for lists once more, and the
   * files are those of the new ones.
   */
  async fetched(packages: readonly string[]): Promise<readonly PackageFile[]> {
    const wanted = await this.resolved(packages);
    if (await this.#has(wanted)) return wanted;
    this.#progress(`downloading packages of ${this.release} (once)`);
    try {
      await this.#apt(...install, '--download-only', ...system, ...packages);
      return wanted;
    } catch (fault) {
      if (!(fault instanceof HarnessFault) || fault.code !== 'package-gone' || this.#asked) throw fault;
      await this.#refresh(undefined);
      return this.fetched(packages);
    }
  }

  async #prepare(): Promise<void> {
    for (const name of ['lists/partial', 'archives/partial', 'nothing/partial', 'sets'])
      await mkdir(join(this.folder, name), { recursive: true });
    await writeFile(join(this.folder, 'status'), ''); // nothing is installed
    await writeFile(join(this.folder, 'debian.sources'), await debianSources(this.release, this.#program));
    await writeFile(join(this.folder, 'apt.conf'), configuration(this.folder));
  }

  /** `age`: of lists that do as well, when the mirror is silent. */
  async #refresh(age: number | undefined): Promise<void> {
    this.#progress(`asking the mirror what there is in ${this.release}`);
    this.#asked = true;
    try {
      await this.#apt('update');
    } catch (fault) {
      if (!(fault instanceof HarnessFault) || fault.code !== 'mirror-silent' || age === undefined) throw fault;
      this.#progress(`${fault.message}; going on with what there was ${Math.round(age / DAY)} days ago`);
      return;
    }
    await rm(join(this.folder, 'sets'), { recursive: true, force: true });
    await mkdir(join(this.folder, 'sets'), { recursive: true });
    await writeFile(this.#stamp, '');
    await this.#apt('autoclean');
  }

  /** Milliseconds since the lists were had; undefined when they never were. */
  async #age(): Promise<number | undefined> {
    const stamp = await stat(this.#stamp).catch(() => undefined);
    return stamp && Date.now() - stamp.mtimeMs;
  }

  get #stamp(): string {
    return join(this.folder, 'asked');
  }

  async #has(files: readonly PackageFile[]): Promise<boolean> {
    const there = new Set(await readdir(join(this.folder, 'archives')));
    return files.every(({ file }) => there.has(file));
  }

  /** The lists by their signed digests, and what is asked of them. */
  async #keyOf(packages: readonly string[]): Promise<string> {
    const hash = createHash('sha256').update([...packages].sort().join('\0'));
    const lists = join(this.folder, 'lists');
    const names = (await readdir(lists)).filter((name) => name.endsWith('Release')).sort();
    for (const name of names) hash.update(await readFile(join(lists, name)));
    return hash.digest('hex').slice(0, 16);
  }

  async #apt(...argv: readonly string[]): Promise<readonly string[]> {
    const options = ['-c', join(this.folder, 'apt.conf'), '-q', '-y'];
    const command = [join(this.folder, 'lock'), 'env', 'LC_ALL=C', 'apt-get', ...options, ...argv];
    const { status, lines } = await this.#program('flock', command, this.#signal);
    if (status !== 0) throw aptFault(this.release, this.folder, lines);
    return lines;
  }
}

const install = ['install'];

/** What mmdebstrap's variant `minbase` is. */
const system = ['?essential', '?priority(required)', 'apt'];

/** `'http://…/libc6_2.43-7_amd64.deb' libc6_2.43-7_amd64.deb 1866392 SHA256:5c71…`; undefined for what else apt says. */
function printedFile(line: string): PackageFile | undefined {
  const [, file, sha256] = /^'[^']+' (\S+\.deb) \d+ SHA256:([0-9a-f]{64})$/.exec(line) ?? [];
  return file === undefined ? undefined : { file, sha256: sha256! };
}

/** After the host's own, of which proxies and the like stay in force; what decides which packages there are does not. */
function configuration(folder: string): string {
  const settings: readonly (readonly [string, string])[] = [
    ['Dir::Etc::sourcelist', join(folder, 'debian.sources')],
    ['Dir::Etc::sourceparts', '/dev/null'],
    ['Dir::Etc::preferences', '/dev/null'],
    ['Dir::Etc::preferencesparts', '/dev/null'],
    ['Dir::State', folder],
    ['Dir::State::lists', join(folder, 'lists')],
    ['Dir::State::status', join(folder, 'status')],
    ['Dir::Cache', folder],
    ['Dir::Cache::archives', join(folder, 'archives')],
    ['APT::Sandbox::User', 'root'],
    ['APT::Update::Error-Mode', 'any'],
    ['APT::Default-Release', ''],
    ['APT::Install-Recommends', 'false'],
    ['Acquire::Languages', 'none'],
    ['Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled', 'false'],
    ['Acquire::IndexTargets::deb::DEP-11::DefaultEnabled', 'false'],
    ['Acquire::ForceHash', 'SHA256'],
    ['Acquire::Retries', '2'],
    ['Acquire::http::Timeout', '20'],
    ['Acquire::https::Timeout', '20'],
  ];
  return settings.map(([name, value]) => `${name} ${JSON.stringify(value)};\n`).join('');
}

/** Milliseconds. */
const DAY = 86_400_000;
