/** What is asked of implementations about transforms: of IKE by RFC 8247, of ESP by RFC 8221, of signatures by RFC 7427. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const entry = (document: 'RFC8247' | 'RFC8221' | 'RFC7427', section: string, title: string): CatalogueEntry => ({
  id: `${document}-${section}`,
  document,
  title,
  section,
  level: 'MUST',
  role: 'implementation',
});

export const transforms: readonly CatalogueEntry[] = [
  entry('RFC8247', '2.1', 'encryption algorithms of IKEv2'),
  entry('RFC8247', '2.2', 'pseudorandom functions of IKEv2'),
  entry('RFC8247', '2.3', 'integrity algorithms of IKEv2'),
  entry('RFC8247', '2.4', 'key exchange methods of IKEv2'),
  entry('RFC8221', '5', 'encryption algorithms of ESP'),
  entry('RFC8221', '6', 'integrity algorithms of ESP'),
  entry('RFC7427', '3', 'signatures that say how they are made, and the older methods where no hash was announced'),
];
