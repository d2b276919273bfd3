/** What RFC 7670 asks of peers whose public keys nobody has certified. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const entry = (id: string, title: string, role: string): CatalogueEntry => ({
  id,
  document: 'RFC7670',
  title,
  section: '3',
  level: 'MUST',
  role,
});

export const rfc7670: readonly CatalogueEntry[] = [
  entry('RFC7670-3', 'a peer is known by its public key', 'implementation'),
  entry('RFC7670-3-KEY', 'whose public key it is', 'receiver'),
];
