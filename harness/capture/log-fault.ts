/** What the entries of one log are together, beyond the form of each: it goes forward, and whoever is named in it takes part. */
import type { Entry, Transcript } from './transcript.ts';

export interface LogFault {
  readonly entry: number;
  readonly field: string;
  readonly says: string;
}

/** The first entry that is off; nothing where all are well. */
export function logFault({
  cast,
  intent,
  entries,
}: Pick<Transcript, 'cast' | 'intent' | 'entries'>): LogFault | undefined {
  const nodes = new Set([...Object.keys(cast), ...(intent.others ?? []).map(({ name }) => name)]);
  for (const [i, entry] of entries.entries()) {
    const before = entries[i - 1];
    if (before && entry.place <= before.place) return off(i, 'place', `one after ${before.place}`, entry.place);
    if (before && entry.time < before.time) return off(i, 'time', `none before ${before.time}`, entry.time);
    const { field, name, besides } = namedIn(entry);
    if (name !== undefined && !nodes.has(name) && name !== besides)
      return off(i, field, `one of ${[...nodes, besides].filter(Boolean).join(', ')}`, JSON.stringify(name));
  }
  return undefined;
}

/** Whom an entry names, and who that may be who is no node: the link that made another frame of one, or the lab that acts itself. */
function namedIn(entry: Entry): { readonly field: string; readonly name?: string; readonly besides?: string } {
  switch (entry.kind) {
    case 'frame':
      return { field: 'from', name: entry.from, besides: `${entry.link} (link)` };
    case 'mark':
      return { field: 'by', name: entry.by, besides: 'lab' };
    case 'state':
    case 'ended':
    case 'note':
      return { field: 'node', name: entry.node };
    case 'keys':
      return { field: 'record' };
  }
}

const off = (entry: number, field: string, wanted: string, had: string | number): LogFault => ({
  entry,
  field,
  says: `wanted ${wanted}, had ${had}`,
});
