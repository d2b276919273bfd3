/**
 * The releases of Debian that guests are made of. The own one is what a product's plain name means: its packages come as mmdebstrap finds them, and its
 * kernel is the one installed on this machine. Of every other one the packages and the kernel come by `debian-archive.ts`, and nothing is installed.
 */

/** Oldest first. */
export const releases = ['bookworm', 'trixie', 'sid'] as const;

export type Release = (typeof releases)[number];

export const ownRelease = 'bookworm' satisfies Release;

/** One whose packages this machine does not have by itself. */
export type OtherRelease = Exclude<Release, typeof ownRelease>;

export const isRelease = (word: string): word is Release => (releases as readonly string[]).includes(word);
