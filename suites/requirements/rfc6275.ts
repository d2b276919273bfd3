/**
 * What RFC 6275 itself asks of the roles of Mobile IPv6, and RFC 2473 of the tunnels between them, by section: entries of the catalogue beside those of the
 * five source documents.
 */
import type { CatalogueEntry } from './catalogue-entry.ts';

const section = (number: string, title: string, role: string, level = 'MUST'): CatalogueEntry => ({
  id: `RFC6275-${number}`,
  document: 'RFC6275',
  title,
  section: number,
  level,
  role,
});

const tunnels = (number: string, title: string): CatalogueEntry => ({
  id: `RFC2473-${number}`,
  document: 'RFC2473',
  title,
  section: number,
  level: 'MUST',
  role: 'home agent',
});

export const rfc6275: readonly CatalogueEntry[] = [
  tunnels('7.1', 'packets that are too long for a tunnel'),
  tunnels('8', 'errors about tunnel packets'),
  section('5.2.9', 'simultaneous mobility: tests go to the home address of the correspondent', 'mobile node'),
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
  section('10.5.1', 'which home agents of its link a home agent tells of', 'home agent', 'SHOULD'),
  section('10.6', 'sending prefix information to the mobile node', 'home agent'),
  section('11.3.1', 'sending packets while away from home', 'mobile node'),
  section('11.3.3', 'receiving packets while away from home', 'mobile node'),
  section('11.3.5', 'receiving ICMP error messages', 'mobile node', 'SHOULD'),
  section('11.3.6', 'receiving Binding Error messages', 'mobile node'),
  section('11.4.1', 'dynamic home agent address discovery by a mobile node', 'mobile node', 'MAY'),
  section('11.4.1-REPEATED', 'how often a request for home agents is repeated', 'mobile node'),
  section('11.4.2', 'sending mobile prefix solicitations', 'mobile node', 'SHOULD'),
  section('11.4.3', 'receiving mobile prefix advertisements', 'mobile node'),
  section('11.5.1', 'movement detection', 'mobile node', 'SHOULD'),
  section('11.5.1-ASKED', 'by which address a router is asked whether it is there', 'mobile node', 'obs'),
  section('11.5.3', 'forming new care-of addresses', 'mobile node', 'SHOULD'),
  section('11.5.5', 'returning home', 'mobile node'),
  section('11.5.5-LOOKED-FOR', 'how a node that returns looks for its home agent', 'mobile node'),
  section('11.5.5-ANNOUNCED', 'the home link is told that the mobile node is back', 'mobile node'),
  section('11.6.1', 'sending test init messages', 'mobile node'),
  section('11.6.2', 'receiving test messages', 'mobile node'),
  section('11.7.1', 'sending binding updates to the home agent', 'mobile node'),
  section('11.7.1-L', 'whether the link-local address is to be defended, too', 'mobile node'),
  section('11.7.1-K', 'whether key management follows the mobile node', 'mobile node'),
  section('11.7.1-IPSEC', 'a home registration under IPsec', 'mobile node'),
  section('11.7.1-RENEWED', 'a home registration is renewed before it ends', 'mobile node', 'SHOULD'),
  section('11.7.2', 'correspondent registration', 'mobile node'),
  section('11.7.2-BEGUN', 'what begins a correspondent registration', 'mobile node'),
  section('11.7.2-RENEWED', 'a correspondent registration is renewed before it ends', 'mobile node', 'MAY'),
  section('11.7.3', 'receiving binding acknowledgements of a home agent', 'mobile node'),
  section('11.7.3-CN', 'receiving binding acknowledgements of a correspondent', 'mobile node'),
  section('11.7.4', 'receiving binding refresh requests', 'mobile node'),
  section('11.8', 'retransmissions and rate limiting', 'mobile node'),
];
