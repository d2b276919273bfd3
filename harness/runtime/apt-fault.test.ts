import { expect } from 'chai';
import { aptFault } from './apt-fault.ts';

/** What apt 2.6 said, in the C locale, when it met each of these. */
const rows = [
  {
    of: 'a name that does not resolve',
    said: [
      'Err:1 http://nosuch.invalid/debian sid InRelease',
      "  Could not resolve 'nosuch.invalid'",
      "E: Failed to fetch http://nosuch.invalid/debian/dists/sid/InRelease  Could not resolve 'nosuch.invalid'",
      'E: Some index files failed to download. They have been ignored, or old ones used instead.',
    ],
    code: 'mirror-silent',
    names: ['http://nosuch.invalid', 'network'],
  },
  {
    of: 'a mirror that nobody serves',
    said: [
      'Err:1 http://127.0.0.1:9/debian sid InRelease',
      '  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)',
      'E: Failed to fetch http://127.0.0.1:9/debian/dists/sid/InRelease  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)',
    ],
    code: 'mirror-silent',
    names: ['http://127.0.0.1:9'],
  },
  {
    of: 'a mirror without the release',
    said: [
      'Ign:1 http://deb.debian.org/debian sid InRelease',
      'Err:2 http://deb.debian.org/debian sid Release',
      '  404  Not Found [IP: 203.0.113.80 80]',
      "E: The repository 'http://deb.debian.org/debian sid Release' does not have a Release file.",
    ],
    code: 'no-such-release',
    names: ['http://deb.debian.org', 'release sid'],
  },
  {
    of: 'a key that is not in the keyring',
    said: [
      'Err:1 http://deb.debian.org/debian sid InRelease',
      "  The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 6ED0E7B82643E131",
      "W: GPG error: http://deb.debian.org/debian sid InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 6ED0E7B82643E131",
      "E: The repository 'http://deb.debian.org/debian sid InRelease' is not signed.",
    ],
    code: 'bad-signature',
    names: ['debian-archive-keyring'],
  },
  {
    of: 'lists of last year',
    said: [
      'E: Release file for http://deb.debian.org/debian/dists/sid/InRelease is expired (invalid since 9d 2h 11min 1s). Updates for this repository will not be applied.',
    ],
    code: 'lists-out-of-date',
    names: ['clock'],
  },
  {
    of: 'a package that nobody has',
    said: ['E: Unable to locate package charon-nosuch'],
    code: 'package-gone',
    names: ['charon-nosuch', 'image.json'],
  },
  {
    of: 'packages that do not go together',
    said: [
      'The following packages have unmet dependencies:',
      ' charon-systemd : Depends: libstrongswan (= 6.1.0-2) but 6.1.0-1 is to be installed',
      'E: Unable to correct problems, you have held broken packages.',
    ],
    code: 'package-gone',
    names: ['charon-systemd'],
  },
  {
    of: 'a file that the mirror no longer has',
    said: [
      'E: Failed to fetch http://127.0.0.1:8099/debian/pool/main/i/iproute2/iproute2_7.3.0-1_amd64.deb  404  Not Found [IP: 127.0.0.1 8099]',
      'E: Some files failed to download',
    ],
    code: 'package-gone',
    names: ['try again'],
  },
  {
    of: 'no room for files',
    said: ["E: You don't have enough free space in /cache/debian-sid/archives/."],
    code: 'disk-full',
    names: ['/cache/debian-sid', 'TOUCHSTONE_CACHE'],
  },
  {
    of: 'no room for lists, which makes the mirror look silent',
    said: [
      'Err:2 http://deb.debian.org/debian sid/main amd64 Packages',
      '  Error writing to file - write (28: No space left on device) [IP: 203.0.113.80 80]',
      'E: Failed to fetch http://deb.debian.org/debian/dists/sid/main/binary-amd64/Packages  Error writing to file - write (28: No space left on device) [IP: 203.0.113.80 80]',
    ],
    code: 'disk-full',
    names: ['/cache/debian-sid'],
  },
  { of: 'something else', said: ['E: The moon is full.'], code: 'apt-failed', names: ['below'] },
];

describe('what apt complains about', () => {
  for (const { of, said, code, names } of rows) {
    it(`${of}: ${code}, one sentence that says what to do`, () => {
      const fault = aptFault('sid', '/cache/debian-sid', said);
      expect(fault.code).to.equal(code);
      expect(fault.message).to.match(/^[^\n]+: [^\n]+$/);
      for (const name of names) expect(fault.message).to.contain(name);
      expect(said).to.include(fault.lastLines.at(-1));
    });
  }
});
