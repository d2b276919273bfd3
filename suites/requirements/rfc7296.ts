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
  section('2.1-INITIATOR', 'a request is repeated as it was'),
  section('2.1-ANSWERED', 'a request that was answered is not repeated'),
  section('2.1-RESPONDER', 'a request that is repeated is answered as it was'),
  section('2.5-UNKNOWN', 'payloads that nobody knows'),
  section('2.5-ORDER', 'payloads in another order', 'MUST NOT'),
  section('3.10.1', 'notifications that nobody knows'),
  section('3.1-REQUEST', 'the header of a first request'),
  section('2.6', 'a cookie is returned'),
  section('2.6-FLOOD', 'cookies are asked for in a flood', 'SHOULD'),
  section('2.6.1', 'a cookie and another group', 'SHOULD'),
  section('3-FORM', 'the form of what is sent'),
  section('2.8', 'rekeying leaves one pair of SAs', 'obs'),
  section('2.25', 'asking again what was refused for now'),
  section('2.25.1', 'collisions while rekeying or closing children', 'SHOULD'),
  section('2.25.2', 'collisions while rekeying or closing IKE SAs', 'SHOULD'),
  section('2.4', 'a peer that says it has no other IKE SA', 'MAY'),
  section('2.4-CLEAR', 'what is said in clear ends nothing', 'MUST NOT'),
  section('3.10.1-UNASKED', 'status notifications of what was not agreed on'),
  section('2.23', 'addresses that a NAT changes', 'SHOULD'),
  section('2.8-CLOSED', 'what was replaced is closed', 'SHOULD'),
  section('2.8-USED', 'what replaces it is used'),
  section('2.7', 'several proposals and transforms'),
  section('2.21-CHILD', 'a child is refused, and the IKE SA stays'),
  section('2.21-REQUEST', 'a request that cannot be is refused with its reason'),
  section('2.8.1', 'simultaneous rekeying of a child', 'SHOULD'),
  section('2.19', 'an address behind a gateway'),
  section('3.15.1', 'attributes of configuration payloads'),
  section('3.15.4', 'no address is left, or none comes'),
  section('2.8.2', 'simultaneous rekeying of an IKE SA', 'SHOULD'),
  {
    ...section('2.8.2', 'the IKE SA that survives inherits all children'),
    id: 'RFC7296-2.8.2-INHERITS',
  },
];
