import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { linkTo, pathBelow, quoted } from './bundle-path.ts';

describe('the way to a bundle', () => {
  it('stands below the folder of the run', () => {
    expect(pathBelow('.', 'bundles/a/b')).to.equal('bundles/a/b');
    expect(pathBelow('../run', 'bundles/a')).to.equal('../run/bundles/a');
    for (const out of ['', '..', 'bundles/../../x', '/etc', 'a//b', 'a\nb', 'a\u001b[2J', 'a\u2028b'])
      expect(pathBelow('.', out), JSON.stringify(out)).to.equal(undefined);
  });

  it('is no scheme, query or fragment in a link', () => {
    expect(linkTo('javascript:alert(1)', 'README')).to.equal('./javascript%3Aalert(1)/README');
    expect(linkTo('../a?b#c', 'case.pcapng')).to.equal('./../a%3Fb%23c/case.pcapng');
    expect(new URL(linkTo('../run/x', 'README'), 'file:///home/report/r.html').href).to.equal(
      'file:///home/run/x/README',
    );
  });

  it('is one word to a shell, whatever stands in it', () => {
    for (const path of ["it's", '$(touch x)', '`id`;ls', '-rf', 'a b"c\\', '!1 *']) {
      const { stdout } = spawnSync('sh', ['-c', `printf %s ${quoted(path)}`], { encoding: 'utf8' });
      expect(stdout.replace(/^\.\/-/, '-')).to.equal(path);
    }
  });
});
