/** What RFC 6275 itself asks of the roles of Mobile IPv6, by section: entries of the catalogue beside those of the five source documents. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const section = (number: string, title: string, role: string, level = 'MUST'): CatalogueEntry => ({
  id: `RFC6275-${number}`,
  document: 'RFC6275',
  title,
  section: number,
  level,
  role,
});

export const rfc6275: readonly CatalogueEntry[] = [
  section('HA-9.2', 'what comes before the type of a Mobility Header is looked at, by a home agent', 'home agent'),
  section('HA-9.5.1', 'the tests of a binding update, by a home agent', 'home agent'),
  section('10.3.1', 'primary care-of address registration', 'home agent'),
  section('10.3.1-DAD', 'duplicate address detection before the acknowledgement', 'home agent'),
  section('10.3.1-LIFETIME', 'the lifetime of a home registration', 'home agent'),
  section('10.3.1-K', 'key management that follows the mobile node', 'home agent'),
  section('10.3.2', 'primary care-of address de-registration', 'home agent'),
  section('10.4.1', 'intercepting packets for a mobile node', 'home agent'),
  section('10.4.1-ANNOUNCED', 'the home link is told that the home agent intercepts', 'home agent'),
  section('10.4.2', 'processing intercepted packets', 'home agent'),
  section('10.4.2-LOCAL', 'packets to a link-local address of a mobile node', 'home agent'),
  section('10.4.5', 'handling reverse-tunneled packets', 'home agent'),
  section('10.4.6', 'protecting return routability packets', 'home agent'),
  section('10.5', 'dynamic home agent address discovery', 'home agent', 'SHOULD'),
  section('10.6', 'sending prefix information to the mobile node', 'home agent'),
];
