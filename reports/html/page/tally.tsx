/** How many of each mark, what is best first. */
import { type CaseMark, countedByGravity } from '../../model.ts';
import { signs } from './mark.tsx';

export function Tally({ marks }: { marks: readonly CaseMark[] }) {
  return (
    <span class="tally">
      {countedByGravity(marks).map(([count, mark]) => (
        <span class={`mark mark-${mark}`} key={mark}>
          <span aria-hidden="true">{signs[mark]}</span> {count} {mark}
        </span>
      ))}
    </span>
  );
}
