import { expect } from 'chai';
import type { PageEntry } from '../page-data.ts';
import { rowsOf } from './ladder-folds.ts';

const frame = (number: number) => ({ kind: 'frame', number }) as PageEntry;
const mark = { kind: 'mark', name: 'before' } as PageEntry;
const isAside = ({ number }: { readonly number: number }) => number < 10;
const shapes = (entries: readonly PageEntry[]) =>
  rowsOf(entries, isAside).map((row) =>
    row.kind === 'fold' ? row.frames.map(({ number }) => number) : row.entry.kind,
  );

describe('the rows of a ladder', () => {
  it('fold three frames and more that say nothing, and no two', () => {
    expect(shapes([frame(1), frame(2), frame(3), frame(10)])).to.deep.equal([[1, 2, 3], 'frame']);
    expect(shapes([frame(1), frame(2), frame(10)])).to.deep.equal(['frame', 'frame', 'frame']);
  });

  it('fold nothing over what stands between', () => {
    expect(shapes([frame(1), frame(2), mark, frame(3), frame(4), frame(5)])).to.deep.equal([
      'frame',
      'frame',
      'mark',
      [3, 4, 5],
    ]);
    expect(shapes([])).to.deep.equal([]);
  });
});
