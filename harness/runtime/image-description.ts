/**
 * What an image is to hold, as its `image.json` says: Debian packages beside those that every guest has, kernel modules, and the other releases of Debian
 * that it can be made of, each with what differs there.
 */
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { documentIn } from '../files/document.ts';
import { FileFault } from '../files/file-fault.ts';
import { shipped } from '../installation.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import { UsageFault } from '../usage-fault.ts';
import { type OtherRelease, otherReleases } from './release.ts';

export interface DescribedImage {
  readonly packages: readonly string[];
  readonly modules: readonly string[];
  /** Of Debian, where it is not this machine's own. */
  readonly release?: OtherRelease | undefined;
}

export interface NamedImage extends DescribedImage {
  readonly name: string;
}

const packages = z.array(z.string());
const modules = z.array(z.string());
const imageDocument = z.strictObject({
  packages,
  modules,
  releases: z.partialRecord(z.enum(otherReleases), z.strictObject({ packages, modules }).partial()).optional(),
});

/**
 * The image of that folder (of ours the name below `docker/`, of another's a path), made of that release; throws HarnessFault `no-such-image`, or `no-such-release`
 * for one that it does not name.
 */
export function describedIn(folder: string, release?: OtherRelease): NamedImage {
  const { releases, ...own } = documentOf(folder);
  const name = basename(folder);
  if (release === undefined) return { name, ...own };
  const differs = releases?.[release];
  if (differs !== undefined)
    return {
      name: `${name}@${release}`,
      packages: differs.packages ?? own.packages,
      modules: differs.modules ?? own.modules,
      release,
    };
  const named = Object.keys(releases ?? {}).join(', ') || 'none';
  const says = `${join(imageFolder(folder), 'image.json')} does not name the release ${release} (${named}): add it below "releases"`;
  throw new HarnessFault('no-such-release', says);
}

/** The other releases that the image of that folder names. */
export function releasesOf(folder: string): readonly OtherRelease[] {
  return Object.keys(documentOf(folder).releases ?? {}) as OtherRelease[];
}

/** Where an image's folder is: its list of packages and whatever else its product ships. */
export const imageFolder = (name: string): string => resolve(dockerFolder, name);

/** Where the images and the compose file are described. */
export const dockerFolder = shipped('docker');

function documentOf(folder: string) {
  try {
    return documentIn(join(imageFolder(folder), 'image.json'), imageDocument);
  } catch (cause) {
    if (!(cause instanceof FileFault || cause instanceof UsageFault)) throw cause;
    throw new HarnessFault('no-such-image', `no image is called ${folder}: ${cause.message}`, { cause });
  }
}
