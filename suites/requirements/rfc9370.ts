/** What RFC 9242 and RFC 9370 ask of peers that exchange several keys, by section. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const entry = (document: 'RFC9242' | 'RFC9370', section: string, title: string, role: string): CatalogueEntry => ({
  id: `${document}-${section}`,
  document,
  title,
  section: section.split('-')[0]!,
  level: 'MUST',
  role,
});

export const rfc9370: readonly CatalogueEntry[] = [
  entry('RFC9242', '3.2', 'exchanges between IKE_SA_INIT and IKE_AUTH', 'implementation'),
  entry('RFC9242', '3.3.2', 'AUTH covers what was said in between', 'receiver'),
  entry('RFC9370', '2.2.2', 'additional key exchanges in IKE_INTERMEDIATE', 'implementation'),
  entry('RFC9370', '2.2.4', 'additional key exchanges when an SA is rekeyed, in IKE_FOLLOWUP_KE', 'implementation'),
  entry('RFC9370', '2.2.4-LINK', 'a key exchange that nothing precedes', 'implementation'),
  entry('RFC9370', '2.2.4-COLLISION', 'a child is rekeyed or closed between two exchanges of keys', 'implementation'),
  entry('RFC9370', '2.2.4-TURN', 'what else is to be asked waits for the exchanges of keys', 'implementation'),
];
