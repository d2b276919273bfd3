/** What RFC 4555 asks of peers that speak MOBIKE, by section. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const entry = (section: string, title: string, role: string, level = 'MUST', part = ''): CatalogueEntry => ({
  id: `RFC4555-${section}${part}`,
  document: 'RFC4555',
  title,
  section,
  level,
  role,
});

export const rfc4555: readonly CatalogueEntry[] = [
  entry('3.1', 'MOBIKE_SUPPORTED', 'implementation'),
  entry('3.5', 'who decides where SAs go', 'receiver', 'MUST NOT'),
  entry('3.5', 'addresses that policy does not allow', 'responder', 'MUST', '-POLICY'),
  entry('3.5', 'SAs that move go on', 'responder', 'MUST', '-SAS'),
  entry('3.7', 'COOKIE2 comes back as it was sent', 'responder'),
  entry('3.7', 'return routability', 'responder', 'SHOULD', '-CHECK'),
  entry('3.7', 'another COOKIE2 closes the IKE SA', 'sender', 'MUST', '-VERIFIED'),
  entry('3.8', 'NAT detection is answered', 'responder'),
  entry('3.8', 'no update on the word of a packet', 'receiver', 'MUST NOT', '-DYNAMIC'),
  entry('3.9', 'NAT prohibition', 'responder'),
];
