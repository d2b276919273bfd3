/** What RFC 7296 itself asks of IKEv2, by section: entries of the catalogue beside those of the five source documents. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const section = (number: string, title: string, level = 'MUST'): CatalogueEntry => ({
  id: `RFC7296-${number}`,
  document: 'RFC7296',
  title,
  section: number.split('-')[0]!,
  level,
  role: 'implementation',
});

export const rfc7296: readonly CatalogueEntry[] = [
  section('2.5-RESERVED', 'what is reserved, and versions that differ little, are ignored'),
  section('2.8', 'rekeying leaves one pair of SAs', 'obs'),
  section('2.25.1', 'collisions while rekeying or closing children', 'SHOULD'),
  section('2.25.2', 'collisions while rekeying or closing IKE SAs', 'SHOULD'),
  section('2.23', 'addresses that a NAT changes', 'SHOULD'),
  section('2.8.1', 'simultaneous rekeying of a child', 'SHOULD'),
  section('2.16', 'authentication by EAP'),
  section('2.16-IDENTITY', 'policy is about the identity that EAP has authenticated', 'SHOULD'),
  section('2.19', 'an address behind a gateway'),
  section('3.15.1', 'attributes of configuration payloads'),
  section('3.15.4', 'no address is left, or none comes'),
  section('2.8.2', 'simultaneous rekeying of an IKE SA', 'SHOULD'),
  {
    ...section('2.8.2', 'the IKE SA that survives inherits all children'),
    id: 'RFC7296-2.8.2-INHERITS',
  },
];
