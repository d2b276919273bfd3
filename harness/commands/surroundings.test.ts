import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunResult } from '../run/result.ts';
import { one, said } from '../said.test-support.ts';

describe('the surroundings of a run', function () {
  this.timeout(20_000);
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-cli-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe('an environment that lacks something: exit 3, and the command that mends it', () => {
    const docker = ['run', '--product', 'linux', '--runtime', 'docker', '--case', one, '--out'];

    it('programs', async () => {
      const { code, out } = await said(['doctor'], { PATH: '' });
      expect(code).to.equal(3);
      expect(out).to.match(/missing +linux.uml/);
      expect(out).to.match(/apt-get install -y --no-install-recommends user-mode-linux mmdebstrap/);
    });

    it('a folder for the cache of images, or for what is temporary', async function () {
      if (!existsSync('/usr/bin/linux.uml')) {
        console.log('        skipped: there is no user-mode-linux');
        this.skip();
      }
      const uml = ['run', '--product', 'linux', '--case', one, '--out', join(folder, 'no-cache')];
      for (const cache of ['/proc/touchstone', '/dev/null']) {
        const { code, err } = await said(uml, { TOUCHSTONE_CACHE: cache });
        expect(err).to.match(
          /cache-folder: the cache of images, \S+: wanted a folder to write to, had .*\n(.*\n)*this mends it:\n {2}export/,
        );
        expect(code).to.equal(3);
      }
    });

    it('a mirror that answers; the other products of the command are run', async function () {
      if (!existsSync('/usr/bin/linux.uml')) {
        console.log('        skipped: there is no user-mode-linux');
        this.skip();
      }
      const programs = join(folder, 'programs');
      mkdirSync(programs);
      const says = "E: Failed to fetch http://mirror.example/debian  Could not resolve 'mirror.example'";
      writeFileSync(join(programs, 'apt-get'), `#!/bin/sh\necho "${says}"\nexit 100\n`, { mode: 0o755 });
      const environment = { PATH: `${programs}:${process.env.PATH}`, TOUCHSTONE_CACHE: join(folder, 'cache') };
      const out = join(folder, 'no-mirror');
      const { code, err } = await said(
        ['run', '--product', 'linux@sid', 'plain', 'linux@trixie', '--case', one, '--format', 'json', '--out', out],
        environment,
      );
      expect(code).to.equal(3);
      for (const name of ['linux@sid', 'linux@trixie'])
        expect(err).to.contain(
          `${name} is left out: the mirror http://mirror.example does not hand out the packages of`,
        );
      expect(err).to.match(/mirror-silent: .* sid: .*\n(.*\n)*mirror-silent: .* trixie: /);
      const { cases, products, summary } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
      expect(cases.map(({ product, outcome }) => [product, outcome])).to.deep.equal([['plain', 'delivered']]);
      expect(products.map(({ name }) => name)).to.deep.equal(['plain']);
      expect(summary.interrupted).to.equal(true);
      const survey = await said(['doctor', '--product', 'linux@sid'], environment);
      expect(survey.out).to.match(/missing +linux@sid: the mirror http:\/\/mirror\.example does not/);
      expect(survey.code).to.equal(3);
    });

    it('a program that a person brings, and what is wrong with the folder that was named', async () => {
      const bare = await said(['list', '--product', 'umip', '--case', one]);
      expect(bare.out).to.match(/unsupported: no mip6d given \(--umip DIR, a folder that holds a built mip6d\)/);
      const doctor = await said(['doctor', '--product', 'umip']);
      expect(doctor.out).to.match(/missing +umip: --umip names a folder that holds a built mip6d/);
      expect(doctor.code).to.equal(3);
      const named = ['--product', 'umip', '--umip', folder];
      const wrong = /umip \S+: \S+mip6d: wanted a file to read, had nothing of that name/;
      const looked = await said(['doctor', ...named]);
      expect(looked.out).to.match(wrong);
      expect(looked.code).to.equal(3);
      const ran = await said(['run', ...named, '--case', one, '--out', join(folder, 'no-mip6d')]);
      expect(ran.err).to.match(wrong);
      expect(ran.code).to.equal(3);
    });

    it('a folder of a program that is none is told whatever the command: exit 2', async () => {
      const file = join(folder, 'no-folder');
      writeFileSync(file, '');
      for (const argv of [['doctor'], ['run', '--product', 'reference', '--case', one]]) {
        const { code, err } = await said([...argv, '--umip', file]);
        expect(err).to.equal(`--umip ${file}: wanted a folder that holds a built mip6d, had a file\n`);
        expect(code).to.equal(2);
      }
      const { out } = await said(['doctor', '--umip', folder]);
      expect(out).to.match(/missing +umip: --umip \S+: \S+mip6d: wanted a file to read/);
    });

    it('doctor says of each product what it would run on', async function () {
      if (!existsSync('/usr/bin/linux.uml')) {
        console.log('        skipped: there is no user-mode-linux');
        this.skip();
      }
      const { out } = await said(['doctor', '--product', 'strongswan', 'reference'], {
        TOUCHSTONE_CACHE: join(folder, 'no-image'),
      });
      expect(out).to.match(
        /^ok +strongswan: .*charon-systemd.*; its image is not built yet, .*; it runs with uml or docker$/m,
      );
      expect(out).to.match(/^ok +reference: lives in memory$/m);
    });

    it('a Docker daemon', async () => {
      const { out } = await said(['doctor'], { DOCKER_HOST: 'unix:///nonexistent' });
      if (!/ok +docker /.test(out)) return console.log('        skipped: docker is not installed');
      expect(out)
        .to.match(/dead +dockerd/)
        .and.to.match(/mends it:\n(.*\n)* {2}systemctl start docker/);
      const { code, err } = await said([...docker, join(folder, 'dead')], { DOCKER_HOST: 'unix:///nonexistent' });
      expect(err).to.match(
        /docker-daemon: the Docker daemon does not answer\n(.*\n)*this mends it:\n {2}systemctl start docker/,
      );
      expect(code).to.equal(3);
    });

    it('Docker itself', async () => {
      const { code, err } = await said([...docker, join(folder, 'none')], { PATH: '/nonexistent' });
      expect(err).to.match(/missing-tool: .*\n(.*\n)*this mends it:\n {2}apt-get install -y/);
      expect(code).to.equal(3);
    });
  });
});
