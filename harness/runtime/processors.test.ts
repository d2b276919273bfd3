import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { leastUsedProcessor, processorsIn } from './processors.ts';

describe('processors of guests', () => {
  it('are those of a list', () => {
    expect(processorsIn('0-2,5')).to.deep.equal([0, 1, 2, 5]);
    expect(processorsIn('3')).to.deep.equal([3]);
    expect([processorsIn(''), processorsIn('none'), processorsIn('4-2')]).to.deep.equal([[], [], []]);
  });

  it('are shared out evenly, and one that was released is the next', function () {
    const all = processorsIn(
      spawnSync('taskset', ['-cp', `${process.pid}`], { encoding: 'utf8' })
        .stdout.split(': ')[1]
        ?.trim() ?? '',
    );
    if (all.length < 2) {
      console.log('      skipped: this machine has one processor, or no taskset');
      this.skip();
    }
    const taken = all.map(() => leastUsedProcessor());
    const numberOf = (each: (typeof taken)[number]) =>
      each.bound({ program: '/bin/true', argv: [], environment: {} }).argv[1];
    expect(new Set(taken.map(numberOf)).size).to.equal(all.length);
    const [first] = taken;
    first!.release();
    first!.release();
    const again = leastUsedProcessor();
    expect(numberOf(again)).to.equal(numberOf(first!));
    for (const each of [...taken, again]) each.release();
  });
});
