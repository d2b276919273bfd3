/** What of a ladder is drawn in one row: an entry, or some frames that follow each other and say nothing about the case, which fold open. */
import type { PageEntry, PageFrame } from '../page-data.ts';

export type LadderRow =
  | { readonly kind: 'entry'; readonly entry: PageEntry }
  | { readonly kind: 'fold'; readonly frames: readonly PageFrame[] };

export function rowsOf(entries: readonly PageEntry[], isAside: (frame: PageFrame) => boolean): readonly LadderRow[] {
  const rows: LadderRow[] = [];
  let aside: PageFrame[] = [];
  const close = (): void => {
    if (aside.length < FEWEST) rows.push(...aside.map((entry) => ({ kind: 'entry', entry }) as const));
    else rows.push({ kind: 'fold', frames: aside });
    aside = [];
  };
  for (const entry of entries) {
    if (entry.kind === 'frame' && isAside(entry)) aside.push(entry);
    else {
      close();
      rows.push({ kind: 'entry', entry });
    }
  }
  close();
  return rows;
}

/** One or two are shown as they are. */
const FEWEST = 3;
