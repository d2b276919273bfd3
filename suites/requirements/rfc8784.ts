/** What RFC 8784 asks of peers with a postquantum preshared key. */
import type { CatalogueEntry } from './catalogue-entry.ts';

export const rfc8784: readonly CatalogueEntry[] = [
  {
    id: 'RFC8784-3',
    document: 'RFC8784',
    title: 'postquantum preshared keys',
    section: '3',
    level: 'MUST',
    role: 'implementation',
  },
];
