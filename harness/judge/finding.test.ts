import { expect } from 'chai';
import { both, cause, finding, inconclusive, post, pre, seen } from './finding.ts';

const one = finding('one', { kind: 'frame', frame: 1, says: 'one' });
const other = finding('other', { kind: 'frame', frame: 2, says: 'other' });

describe('findings', () => {
  it('stand together with all their evidence, or not at all', () => {
    expect(both(one, other)?.says).to.equal('one; other');
    expect(both(one, other)?.evidence.map((each) => each.kind === 'frame' && each.frame)).to.deep.equal([1, 2]);
    expect(both(one, undefined)).to.equal(undefined);
    expect(both(undefined, undefined)).to.equal(undefined);
  });

  it('answer a question with their own evidence', () => {
    expect(one.as('delivered')).to.deep.equal({ outcome: 'delivered', says: 'one', evidence: one.evidence });
  });

  it('are inconclusive only with a code', () => {
    expect(inconclusive('I-CAUSE', 'for another reason')).to.include({ outcome: 'inconclusive', code: 'I-CAUSE' });
  });

  it('say as controls what their lack means', () => {
    const codes = [pre, post, seen, cause].map((control) => control('it', undefined).code);
    expect(codes).to.deep.equal(['I-PRE', 'I-POST', 'I-NOSEEN', 'I-CAUSE']);
  });
});
