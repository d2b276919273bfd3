import { expect } from 'chai';
import { systemFrom } from './system.ts';

describe('what a guest turns out to run on', () => {
  const rows = [
    {
      of: 'a stable release',
      release: 'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\n',
      packages: 'charon-systemd\t6.0.1-6+deb13u7\nkmod\t34.2-2\n',
      system: {
        release: 'Debian GNU/Linux 13 (trixie)',
        packages: { 'charon-systemd': '6.0.1-6+deb13u7', kmod: '34.2-2' },
      },
    },
    {
      of: 'one without quotes, in which a package is missing',
      release: 'PRETTY_NAME=Acme\n',
      packages: 'kmod\t30\ndpkg-query: no packages found matching acme\n',
      system: { release: 'Acme', packages: { kmod: '30' } },
    },
    { of: 'one that says nothing', release: '', packages: '', system: { release: 'unknown', packages: {} } },
  ];
  for (const { of, release, packages, system } of rows)
    it(of, () => expect(systemFrom(release, packages)).to.deep.equal(system));
});
