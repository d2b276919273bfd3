import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { Supply } from './debian-archive.ts';
import { ensureKernel, kernelProgram } from './guest-kernel.ts';

const loader = '/lib64/ld-linux-x86-64.so.2\0';

describe('the kernel of another release', () => {
  let cache: string;
  beforeEach(function () {
    if (!existsSync('/usr/bin/dpkg-deb')) {
      console.log('      skipped: there is no dpkg-deb');
      this.skip();
    }
    cache = mkdtempSync(join(tmpdir(), 'touchstone-kernel-'));
    archived('user-mode-linux', 'usr/bin/linux.uml', `ELF${loader}code`);
    archived('libc6', 'usr/lib/x86_64-linux-gnu/libc.so.6', 'library');
  });
  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  it('is unpacked once, and finds its loader from where it is started', async () => {
    const folder = await ensureKernel(supply(), cache);
    const { program, cwd, environment } = kernelProgram(folder);
    const octets = readFileSync(program, 'latin1');
    expect(octets).to.equal(`ELF${loader.slice(1)}\0code`);
    expect(cwd).to.equal(join(folder, 'usr'));
    expect(existsSync(join(environment.LD_LIBRARY_PATH!, 'libc.so.6'))).to.equal(true);
    const { ino } = statSync(program);
    expect(await ensureKernel(supply(), cache)).to.equal(folder);
    expect(statSync(program).ino).to.equal(ino);
    expect(folders()).to.have.length(1);
  });

  it('is another one for other files', async () => {
    const folder = await ensureKernel(supply(), cache);
    expect(await ensureKernel(supply('01'), cache)).not.to.equal(folder);
  });

  it('that does not unpack is a fault, and leaves nothing behind', async () => {
    writeFileSync(join(cache, 'libc6.deb'), 'no archive');
    const fault = await ensureKernel(supply(), cache).catch((reason: unknown) => reason);
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'kernel-failed');
    expect((fault as HarnessFault).lastLines.join('\n')).to.contain('libc6.deb');
    expect(folders()).to.deep.equal([]);
  });

  it("is the one that is installed where no other release's is asked for", () => {
    expect(kernelProgram(undefined)).to.deep.equal({ program: '/usr/bin/linux.uml', environment: {} });
  });

  function supply(sha256 = '00'): Supply {
    const files = ['libc6', 'user-mode-linux'].map((name) => ({ file: `${name}_1_amd64.deb`, sha256 }));
    const path: Supply['path'] = ({ file }) => join(cache, `${file.split('_')[0]}.deb`);
    return { release: 'sid', sources: '', lists: '', lock: join(cache, 'lock'), files, path };
  }

  function archived(name: string, path: string, content: string): void {
    const tree = join(cache, name);
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
    mkdirSync(join(tree, path, '..'), { recursive: true });
    writeFileSync(join(tree, path), content, 'latin1');
    const control = `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: none\n`;
    writeFileSync(join(tree, 'DEBIAN', 'control'), control);
    execFileSync('dpkg-deb', ['--build', '-Znone', tree, join(cache, `${name}.deb`)], { stdio: 'ignore' });
  }

  const folders = (): string[] => readdirSync(cache).filter((name) => name.startsWith('kernel@'));
});
