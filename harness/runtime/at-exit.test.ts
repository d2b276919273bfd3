import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { atExit } from './at-exit.ts';

describe('what is undone when the process exits', () => {
  it('has one listener, however much it is', () => {
    const before = process.listenerCount('exit');
    const all = Array.from({ length: 20 }, () => atExit(() => {}));
    expect(process.listenerCount('exit')).to.equal(before + 1);
    for (const each of all) each.calledOff();
    expect(process.listenerCount('exit')).to.equal(before);
  });

  it('is all undone but what was called off, whatever throws', () => {
    const script = `
      const { atExit } = await import(${JSON.stringify(new URL('./at-exit.ts', import.meta.url).href)});
      atExit(() => { throw new Error('no'); });
      atExit(() => console.log('one'));
      atExit(() => console.log('two')).calledOff();
      atExit(() => console.log('three'));
      process.exit(3);
    `;
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect([status, stdout]).to.deep.equal([3, 'one\nthree\n']);
  });
});
