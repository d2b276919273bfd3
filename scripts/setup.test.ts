import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const setup = fileURLToPath(new URL('setup.mjs', import.meta.url));

describe('setting up', () => {
  it('without root: prints the one line that supplies what is missing, and ends with 3', () => {
    const { status, stderr } = asUser(1000, `setUp({ node: 'nodejs', 'no-such-program': 'a', 'no-such-tool': 'b' })`);
    expect(stderr).to.equal(
      'missing: no-such-program, no-such-tool; run as root:\n  apt-get install -y --no-install-recommends a b\n',
    );
    expect(status).to.equal(3);
  });

  it('gives a program up that is not there, with 3', () => {
    expect(asUser(0, `process.exitCode = run('/nonexistent', [])`).status).to.equal(3);
  });

  function asUser(uid: number, does: string) {
    const script = `process.getuid = () => ${uid}; const { run, setUp } = await import('${setup}'); ${does}`;
    return spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  }
});
