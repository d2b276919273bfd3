/** What RFC 7619 asks of peers that do not prove who they are, by section. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const entry = (id: string, title: string, level: string): CatalogueEntry => ({
  id,
  document: 'RFC7619',
  title,
  section: id.split('-')[1]!,
  level,
  role: 'receiver',
});

export const rfc7619: readonly CatalogueEntry[] = [
  entry('RFC7619-2.1', 'AUTH that proves no identity', 'MUST'),
  entry('RFC7619-2.2', 'names that nobody has proven', 'MUST NOT'),
  entry('RFC7619-2.3', 'INITIAL_CONTACT of somebody who is nobody', 'MUST'),
];
