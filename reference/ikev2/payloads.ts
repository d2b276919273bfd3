/**
 * Finding and making payloads: the few shapes that every exchange needs (RFC 7296 section 3). The structures themselves are
 * `wire/ike`.
 */
import type { NotifyPayload } from '../wire/ike/exchange-payloads.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Payload, PayloadOf } from '../wire/ike/payload-chain.ts';
import { protocolIds } from '../wire/ike/registry.ts';
import { type NamedSpi, spiOctets } from './child-sa.ts';

export type NotifyName = keyof typeof notifyTypes;

/** The first payload of a type. */
export function find<Type extends Payload['type']>(
  payloads: readonly Payload[],
  type: Type,
): PayloadOf<Type> | undefined {
  return payloads.find((payload): payload is PayloadOf<Type> => payload.type === type);
}

/** The nonce of a message; empty where there is none, which no rule of length accepts. */
export function nonceIn(payloads: readonly Payload[]): Uint8Array {
  return find(payloads, 'Nonce')?.data ?? new Uint8Array();
}

/** All payloads of a type, in their order. */
export function findAll<Type extends Payload['type']>(payloads: readonly Payload[], type: Type): PayloadOf<Type>[] {
  return payloads.filter((payload): payload is PayloadOf<Type> => payload.type === type);
}

/** The first notification of that name. */
export function findNotify(payloads: readonly Payload[], name: NotifyName): NotifyPayload | undefined {
  return findAll(payloads, 'N').find(({ notifyType }) => notifyType === notifyTypes[name]);
}

/** A notification about no SA, or the IKE SA itself. */
export function notify(notifyType: number, data: Uint8Array = new Uint8Array()): NotifyPayload {
  return { type: 'N', protocolId: protocolIds.NONE, spi: new Uint8Array(), notifyType, data };
}

/** A notification about a child, by the SPI that the sender receives on. */
export function notifyAboutChild(
  notifyType: number,
  { protocolId, spi }: NamedSpi,
  data: Uint8Array = new Uint8Array(),
): NotifyPayload {
  return { type: 'N', protocolId, spi: spiOctets(spi), notifyType, data };
}

/** IANA's name of a notify type, or its number. */
export function notifyName(notifyType: number): string {
  return Object.entries(notifyTypes).find(([, number]) => number === notifyType)?.[0] ?? `notify ${notifyType}`;
}

/** Types of payload present, each as often as it occurs. */
export function typesOf(payloads: readonly Payload[]): string[] {
  return payloads.map(({ type }) => type);
}

/** The same for people: the first of them. */
export function typesText(payloads: readonly Payload[]): string {
  const more = payloads.length - TYPES_TOLD;
  return typesOf(payloads.slice(0, TYPES_TOLD)).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const TYPES_TOLD = 32;
