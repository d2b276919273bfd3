/** Brings what a pane should show into its view, without moving the page around it. */

export function revealIn(pane: HTMLElement | null, selector: string): void {
  const wanted = pane?.querySelector(selector);
  if (!pane || !wanted) return;
  const [outer, inner] = [pane.getBoundingClientRect(), wanted.getBoundingClientRect()];
  if (inner.top < outer.top) pane.scrollTop -= outer.top - inner.top + MARGIN;
  else if (inner.bottom > outer.bottom) pane.scrollTop += inner.bottom - outer.bottom + MARGIN;
}

/** Pixels. */
const MARGIN = 40;
