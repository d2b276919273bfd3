/** EAP packets (RFC 3748 section 4) as both machines make and read them, and what a machine says against one. */
import { MalformedOctets } from '../../wire/dissection.ts';
import type { EapPayload } from '../../wire/ike/configuration.ts';
import { eapCodes, eapTypes } from '../../wire/ike/registry.ts';
import type { Structure } from '../../wire/kernel.ts';
import type { EapMethod } from '../configuration.ts';
import type { EapRefusal, EapRules } from './eap-rules.ts';

/** A packet that is no more than its code. */
export function result(code: 'Success' | 'Failure', identifier: number): EapPayload {
  return { type: 'EAP', code: eapCodes[code], identifier, data: new Uint8Array() };
}

export function request(identifier: number, eapType: number, data: Uint8Array): EapPayload {
  return { type: 'EAP', code: eapCodes.Request, identifier, eapType, data };
}

export function response(identifier: number, eapType: number, data: Uint8Array): EapPayload {
  return { type: 'EAP', code: eapCodes.Response, identifier, eapType, data };
}

/** The packet without what stands behind its Length; a refusal where it is not all there. */
export function withinLength(packet: EapPayload, rules: EapRules): EapPayload | EapRefusal {
  const present = packet.data.length + (packet.eapType === undefined ? 4 : 5);
  const declared = packet.length ?? present;
  const choice = rules.eapLength(declared, present);
  if (choice === 'discarded') return { rule: 'eapLength', detail: `Length ${declared}, ${present} octets` };
  if (choice === 'whole') return packet;
  return {
    ...packet,
    length: declared,
    data: packet.data.subarray(0, Math.max(0, packet.data.length + declared - present)),
  };
}

/** The value of a structure; undefined where the octets are none. */
export function readAs<Value>(structure: Structure<Value>, octets: Uint8Array): Value | undefined {
  try {
    return structure.decode(octets).value;
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}

export const typeOfMethod = (method: EapMethod): number => eapTypes[method];
