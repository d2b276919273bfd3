import { expect } from 'chai';
import { sourcesFrom } from './debian-sources.ts';

const host = [
  'http://mirror.example/debian/ bookworm main',
  'http://mirror.example/debian/ bookworm contrib',
  'http://mirror.example/debian/ bookworm-updates main',
  'http://security.example/ bookworm-security main',
  'http://mirror.example/debian/ bookworm-backports main',
  'https://vendor.example/apt nodistro main',
];

describe('the sources of another release', () => {
  it("are the host's own mirrors with other suites, and its keyring of Debian", () => {
    const text = sourcesFrom(host, 'bookworm', 'trixie');
    expect(uris(text)).to.deep.equal([
      ['http://mirror.example/debian/', 'trixie'],
      ['http://mirror.example/debian/', 'trixie-updates'],
      ['http://security.example/', 'trixie-security'],
    ]);
    expect(text.match(/^Signed-By: .*$/gm)).to.deep.equal(
      Array(3).fill('Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg'),
    );
  });

  it('are one suite where updates go first', () => {
    expect(uris(sourcesFrom(host, 'bookworm', 'sid'))).to.deep.equal([['http://mirror.example/debian/', 'sid']]);
  });

  for (const [of, lines, name] of [
    ['names no mirror', [], 'bookworm'],
    ['is no Debian', ['http://archive.example/ubuntu noble main'], 'noble-but-not'],
    ['has updates alone', ['http://mirror.example/debian/ bookworm-updates main'], 'bookworm'],
  ] as const)
    it(`are Debian's own where the host ${of}`, () => {
      const [first] = uris(sourcesFrom(lines, name, 'trixie'));
      expect(first).to.deep.equal(['http://deb.debian.org/debian', 'trixie']);
    });
});

function uris(text: string): string[][] {
  return text.split('\n\n').map((one) => [...one.matchAll(/^(?:URIs|Suites): (.*)$/gm)].map(([, value]) => value!));
}
