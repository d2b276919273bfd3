/** What RFC 5216 asks of both sides of EAP-TLS. */
import type { CatalogueEntry } from './catalogue-entry.ts';

export const rfc5216: readonly CatalogueEntry[] = [
  {
    id: 'RFC5216-2.1',
    document: 'RFC5216',
    title: 'who is authenticated by TLS, its certificate and its handshake',
    section: '2.1, 5.2, 5.3',
    level: 'MUST',
    role: 'implementation',
  },
];
