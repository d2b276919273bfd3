/**
 * Where another release comes from: the mirrors that this machine has for its own, with the other suites, and its keyring of Debian. Debian's own mirror
 * where this machine has none.
 */
import { readFile } from 'node:fs/promises';
import type { Finished } from './program.ts';
import type { OtherRelease } from './release.ts';

/** The text of a `debian.sources`. */
export async function debianSources(
  release: OtherRelease,
  program: (program: string, argv: readonly string[]) => Promise<Finished>,
): Promise<string> {
  const host = /^VERSION_CODENAME=(\S+)/m.exec(await readFile('/etc/os-release', 'utf8').catch(() => ''))?.[1];
  const { lines } = await program('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  return sourcesFrom(lines, host ?? '', release);
}

/** `lines` are `URI suite component` of the host, whose release is called `host`. */
export function sourcesFrom(lines: readonly string[], host: string, release: OtherRelease): string {
  const found = lines
    .map((line) => line.split(' '))
    .filter(([, suite = '', component]) => component === 'main' && parts.some((part) => suite === `${host}${part}`))
    .map(([uri, suite = '']) => ({ uri: uri!, part: suite.slice(host.length) }));
  const taken = found.some(({ part }) => part === '') ? found : debians;
  return taken
    .filter(({ part }) => part === '' || release !== 'sid') // it is where updates go first
    .map(
      ({ uri, part }) =>
        `Types: deb\nURIs: ${uri}\nSuites: ${release}${part}\nComponents: main\nSigned-By: ${keyring}\n`,
    )
    .join('\n');
}

const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';

const parts = ['', '-updates', '-security'];

const debians = [
  { uri: 'http://deb.debian.org/debian', part: '' },
  { uri: 'http://deb.debian.org/debian', part: '-updates' },
  { uri: 'http://deb.debian.org/debian-security', part: '-security' },
];

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
