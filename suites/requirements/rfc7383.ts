/** What RFC 7383 asks of IKEv2 peers that speak in fragments, by section. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const section = (number: string, title: string, role: string, level = 'MUST'): CatalogueEntry => ({
  id: `RFC7383-${number}`,
  document: 'RFC7383',
  title,
  section: number,
  level,
  role,
});

export const rfc7383: readonly CatalogueEntry[] = [
  section('2.3', 'both peers say that they want fragments', 'implementation'),
  section('2.4', 'no fragments for a peer that has not asked for them', 'sender'),
  section('2.5', 'how a message is split', 'sender'),
  section('2.5.1', 'how large a fragment is', 'sender', 'SHOULD'),
  section('2.5.2', 'discovering the path by splitting anew', 'initiator', 'MAY'),
  section('2.5.3', 'unprotected payloads go with the first fragment', 'sender'),
  section('2.6', 'which fragments are put together', 'receiver'),
  section('2.6-TIMEOUT', 'fragments whose rest never comes are forgotten', 'receiver'),
  section('2.6.1', 'a request that comes again in fragments is answered again once', 'responder'),
];
