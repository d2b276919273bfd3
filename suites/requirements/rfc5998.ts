/** What RFC 5998 asks of peers that do with EAP alone. */
import type { CatalogueEntry } from './catalogue-entry.ts';

export const rfc5998: readonly CatalogueEntry[] = [
  {
    id: 'RFC5998-3',
    document: 'RFC5998',
    title: 'methods of EAP that stand alone',
    section: '3',
    level: 'MUST',
    role: 'initiator',
  },
];
