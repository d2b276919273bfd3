/** What a guest turns out to run on: the release that its image is of, and the versions of the packages that the image asks for, as the guest itself names them. */
import type { Guest } from './runtime.ts';

export type System = Readonly<{
  /** `Debian GNU/Linux 13 (trixie)`. */
  release: string;
  /** Package to version. */
  packages: Readonly<Record<string, string>>;
}>;

/** Rejects with HarnessFault when the guest does not answer. */
export async function systemOf({ console, image }: Pick<Guest, 'console' | 'image'>): Promise<System> {
  const [release, packages] = await Promise.all([
    console.read('/etc/os-release'),
    console.exec(['dpkg-query', '--show', ...image.packages]),
  ]);
  return systemFrom(release, packages.output);
}

/** `packages` has a line for each, the name before its version; what dpkg complains about has no version. */
export function systemFrom(release: string, packages: string): System {
  const lines = packages.split('\n').map((line) => line.split('\t'));
  return {
    release: /^PRETTY_NAME="?([^"\n]+)/m.exec(release)?.[1] ?? 'unknown',
    packages: Object.fromEntries(lines.filter((line) => line.length === 2)),
  };
}
