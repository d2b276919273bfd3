/** The keys of a grid (ARIA Authoring Practices, grid pattern): arrows go to the next cell, Home and End to the ends of the row, with Control to those of the grid. */
import type { JSX } from 'preact';

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Moves the focus to the element whose `data-place` is `row column`; `last` is the farthest there is. */
export function keyed(
  event: JSX.TargetedKeyboardEvent<HTMLElement>,
  now: Place,
  last: Place,
  move: (to: Place) => void,
): void {
  const to = target(event, now, last);
  if (!to || event.altKey || event.metaKey || !(event.target as HTMLElement).dataset.place) return;
  event.preventDefault();
  move(to);
  event.currentTarget.querySelector<HTMLElement>(`[data-place="${to.row} ${to.column}"]`)?.focus();
}

function target({ key, ctrlKey }: KeyboardEvent, { row, column }: Place, last: Place): Place | undefined {
  const within = (value: number, most: number) => Math.max(0, Math.min(value, most));
  switch (key) {
    case 'ArrowDown':
      return { row: within(row + 1, last.row), column };
    case 'ArrowUp':
      return { row: within(row - 1, last.row), column };
    case 'ArrowRight':
      return { row, column: within(column + 1, last.column) };
    case 'ArrowLeft':
      return { row, column: within(column - 1, last.column) };
    case 'Home':
      return { row: ctrlKey ? 0 : row, column: 0 };
    case 'End':
      return { row: ctrlKey ? last.row : row, column: last.column };
    default:
      return undefined;
  }
}
