/** What people who run IPsec have reported in public (each case names the report), by the section that decides: entries of the catalogue beside those of the documents. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const report = (
  number: string,
  title: string,
  document: CatalogueEntry['document'],
  section: string,
  level: string,
): CatalogueEntry => ({ id: `FIELD-${number}`, document, title, section, level, role: 'implementation' });

export const field: readonly CatalogueEntry[] = [
  report('F01', 'a rekeying of one’s own is refused, and the peer’s is half installed', 'RFC7296', '2.8.1', 'MUST'),
  report('F03', 'the Delete of the old child overtakes the answer to its rekeying', 'RFC7296', '2.25.1', 'obs'),
  report('F04', 'the peer rekeys one child twice before it deletes it', 'RFC7296', '2.8', 'obs'),
  report('F05', 'a rekeying whose KE is of another group', 'RFC7296', '1.3', 'MUST'),
  report('F06', 'a child with a group of its own is rekeyed with another', 'RFC7296', '2.17', 'obs'),
  report('F09', 'a certificate without any name vouches for an identity', 'RFC4945', '3.1', 'MUST'),
  report('F10', 'children have one inbound SPI between them', 'RFC4301', '4.4.2.1', 'MUST'),
  report('F11', 'a Packet Too Big for a packet of the tunnel changes nothing', 'RFC4301', '8.2.1', 'SHOULD'),
  report('F13', 'a selector that is a range and no prefix', 'RFC7296', '3.13.1', 'obs'),
  report('F14', 'ESP is padded to more than its cipher needs', 'RFC4106', '3', 'SHOULD'),
  report('F15', 'the first child is refused, and IKE falls with it', 'RFC7296', '1.2', 'MUST'),
  report('F16', 'what grows over the MTU by ESP is cut with a wrong flag', 'RFC4301', '8.1', 'MUST'),
  report('F17', 'children of one peer whose selectors overlap', 'RFC7296', '2.9', 'MUST'),
  report('F19', 'ESP in UDP is taken for IKE, or IKE for ESP', 'RFC7296', '2.23', 'MUST'),
];
