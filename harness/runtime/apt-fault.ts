/**
 * What apt complains about, in one sentence that says what to do. Its own words are kept beside it; they are looked at for nothing else.
 */
import { HarnessFault } from '../lab/harness-fault.ts';
import type { OtherRelease } from './release.ts';

/** The lines are what apt said in the C locale before it ended with something else than 0; the folder is where it was to write. */
export function aptFault(release: OtherRelease, folder: string, lines: readonly string[]): HarnessFault {
  const said = lines.join('\n');
  const complaints = lines
    .filter((line) => /^(E:|Err:|W:)| : (Depends|PreDepends|Conflicts): /.test(line))
    .slice(-KEPT);
  const { code, says } = sentences.find(({ sign }) => sign.test(said)) ?? unexplained;
  return new HarnessFault(code, says(release, folder, sign(said)), { lastLines: complaints });

  function sign(text: string): string {
    return lacking.exec(text)?.slice(1).find(Boolean) ?? mirror.exec(text)?.[1] ?? 'it';
  }
}

interface Sentence {
  readonly code: string;
  readonly sign: RegExp;
  /** `what` is the package or the mirror that apt names first. */
  says(release: OtherRelease, folder: string, what: string): string;
}

const lacking =
  /Unable to locate package (\S+)|Package '?([^\s']+)'? has no installation candidate|^ (\S+) : (?:Depends|PreDepends|Conflicts)|for '([^']+)' was not found/m;
const mirror = /(https?:\/\/[^/\s']+)/;

/** The first that fits: a full disk makes mirrors look silent, and a mirror that answers may still lack the release. */
const sentences: readonly Sentence[] = [
  {
    code: 'disk-full',
    sign: /No space left on device|enough free space in/,
    says: (release, folder) =>
      `there is no room for the packages of ${release} in ${folder}: free about 1 GB there, or export TOUCHSTONE_CACHE=/a/folder/with/room`,
  },
  {
    code: 'bad-signature',
    sign: /NO_PUBKEY|BADSIG|EXPKEYSIG|KEYEXPIRED|REVKEYSIG|is not signed|is no longer signed|signatures? (?:were|was) invalid|not signed by/,
    says: (release) =>
      `the lists of ${release} are not signed by a key that this machine has of Debian: apt-get install --only-upgrade debian-archive-keyring, and look at who answers for the mirror`,
  },
  {
    code: 'lists-out-of-date',
    sign: /Release file for .* (?:is expired|is not valid yet)/,
    says: (release) =>
      `the lists of ${release} are of another time than this machine's clock: set the clock, or take a mirror that is kept up to date`,
  },
  {
    code: 'no-such-release',
    sign: /does not have a Release file|no longer has a Release file/,
    says: (release, _, what) =>
      `the mirror ${what} has no release ${release}: put one that has it into /etc/apt/sources.list.d, or leave @${release} out`,
  },
  {
    code: 'package-gone',
    sign: /Unable to locate package|no installation candidate|was not found|unmet dependencies|held broken packages|\.deb\s+404/,
    says: (release, _, what) =>
      `the packages cannot be had from ${release} as they are named (${what}): try again when the mirror has settled, or name others for ${release} in image.json`,
  },
  {
    code: 'mirror-silent',
    sign: /Could not resolve|Could not connect|Connection (?:failed|timed out|refused)|Temporary failure|Unable to connect|Failed to fetch|Cannot initiate the connection/,
    says: (release, _, what) =>
      `the mirror ${what} does not hand out the packages of ${release}: look at the network and at /etc/apt, and try again`,
  },
];

const unexplained: Omit<Sentence, 'sign'> = {
  code: 'apt-failed',
  says: (release) => `apt could not supply the packages of ${release}: its own words are below`,
};

/** Lines. */
const KEPT = 8;
