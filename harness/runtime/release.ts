/**
 * The releases of Debian that guests are made of. The own one is what a product's plain name means: its packages come as mmdebstrap finds them, and its
 * kernel is the one installed on this machine. Of every other one the packages and the kernel come by `debian-archive.ts`, and nothing is installed.
 */

export const ownRelease = 'bookworm';

/** Those whose packages this machine does not have by itself; oldest first. */
export const otherReleases = ['trixie', 'sid'] as const;

export type OtherRelease = (typeof otherReleases)[number];
