/** How a reading looks: a sign, a word and a colour, so that none of the three is needed alone. */
import type { CaseMark } from '../../model.ts';

export const signs: Readonly<Record<CaseMark, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  inconclusive: '?',
  unsupported: '–',
  observed: '○',
  error: '⚠',
};

export const meanings: Readonly<Record<CaseMark, string>> = {
  pass: 'The outcome is the one the document asks for.',
  fail: 'The document asks for something else, with a MUST or MUST NOT.',
  warn: 'The document asks for something else, with a SHOULD or SHOULD NOT.',
  inconclusive: 'A control did not hold, or nothing proves either outcome. The code says which.',
  unsupported: 'The product cannot be configured for this case, for the reason given.',
  observed: 'The document states a limitation and judges nothing. The value is what was seen.',
  error: 'The harness itself failed. This says nothing of the product.',
};

export function Mark({ of, word = true, title }: { of: CaseMark; word?: boolean; title?: string }) {
  return (
    <span class={`mark mark-${of}`} title={title ?? meanings[of]}>
      <span aria-hidden="true">{signs[of]}</span>
      {word ? ` ${of}` : <span class="aside"> {of}</span>}
    </span>
  );
}
