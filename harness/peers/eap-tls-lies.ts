/** What a testing node says wrongly in the Type-Data of EAP-TLS (RFC 5216 sections 2.1.5 and 3.1), whichever side it is. */
import { type EapTlsData, eapTlsData } from '../../reference/wire/eap.ts';
import type { EapPayload } from '../../reference/wire/ike/configuration.ts';
import { eapTypes } from '../../reference/wire/ike/registry.ts';
import { contentTypes } from '../../reference/wire/tls/registry.ts';

const inTypeData =
  (change: (data: EapTlsData) => EapTlsData) =>
  (packet: EapPayload): EapPayload =>
    packet.eapType === eapTypes['EAP-TLS']
      ? { ...packet, data: eapTlsData.encode(change(eapTlsData.decode(packet.data).value)) }
      : packet;

export const tlsDataLies = {
  'wrong-length': inTypeData(({ messageLength, ...data }) =>
    messageLength === undefined ? data : { ...data, messageLength: messageLength + 100 },
  ),
  'data-for-acknowledgement': inTypeData((packet) =>
    packet.data.length === 0 && !packet.start ? { ...packet, data: Uint8Array.of(contentTypes.handshake) } : packet,
  ),
  /** Of its last flight, the tag under the sealed record. */
  'spoilt-record': inTypeData((packet) => (endsSealed(packet) ? { ...packet, data: spoilt(packet.data) } : packet)),
} as const;

/** The record of Finished ends a flight: five octets, and 40 that are sealed. */
function endsSealed({ data, moreFragments }: EapTlsData): boolean {
  return !moreFragments && data.length >= SEALED_FINISHED && data.at(-SEALED_FINISHED) === contentTypes.handshake;
}

const spoilt = (octets: Uint8Array): Uint8Array => octets.with(-1, octets.at(-1)! ^ 1);

const SEALED_FINISHED = 5 + 8 + 16 + 16;
