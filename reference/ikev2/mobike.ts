/**
 * MOBIKE (RFC 4555) as an IKE SA knows it: what is said of it and of further addresses in IKE_AUTH (sections 3.1 and 3.4), and what is kept of that. Addresses are changed in
 * `exchanges/address-update.ts`.
 */
import { type Address, addressOctets, addressText, familyOf } from '../wire/address.ts';
import type { NotifyPayload } from '../wire/ike/exchange-payloads.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import type { IkeConnection } from './configuration.ts';
import type { IkeSa } from './ike-sa.ts';
import { findAll, findNotify, notify } from './payloads.ts';

/** `N(MOBIKE_SUPPORTED), [N(ADDITIONAL_*_ADDRESS)+]`, of who is willing. */
export function mobikeNotifies({ mobike }: IkeConnection): NotifyPayload[] {
  return mobike ? [notify(notifyTypes.MOBIKE_SUPPORTED), ...additionalAddresses(mobike.additionalAddresses ?? [])] : [];
}

/** Whether both peers are willing, and what the other one's message of IKE_AUTH says of its addresses. */
export function agreeOnMobike(ikeSa: IkeSa, { mobike }: IkeConnection, payloads: readonly Payload[]): void {
  const isSaid = findNotify(payloads, 'MOBIKE_SUPPORTED') !== undefined;
  if (!ikeSa.surroundings.rules.mobikeAgreed(mobike !== undefined, isSaid)) return;
  ikeSa.mobike = { side: ikeSa.role, peerAddresses: addressesTold(payloads), changes: 0 };
}

/** Section 3.6: a complete list; that there is nothing to list is said, too. */
export function currentAddresses({ connection, path }: IkeSa): NotifyPayload[] {
  const others = (connection?.mobike?.additionalAddresses ?? []).filter((address) => address !== path.localAddress);
  return others.length > 0 ? additionalAddresses(others) : [notify(notifyTypes.NO_ADDITIONAL_ADDRESSES)];
}

export function tellsOfAddresses(payloads: readonly Payload[]): boolean {
  return addressTypes.some((name) => findNotify(payloads, name) !== undefined);
}

/** Those that are as long as an address of their family. */
export function addressesTold(payloads: readonly Payload[]): readonly Address[] {
  return findAll(payloads, 'N').flatMap(({ notifyType, data }) => {
    const length = addressLengths.get(notifyType);
    return length !== undefined && data.length === length ? [addressText(data)] : [];
  });
}

function additionalAddresses(addresses: readonly Address[]): NotifyPayload[] {
  const { ADDITIONAL_IP4_ADDRESS, ADDITIONAL_IP6_ADDRESS } = notifyTypes;
  return addresses.map((address) =>
    notify(familyOf(address) === 4 ? ADDITIONAL_IP4_ADDRESS : ADDITIONAL_IP6_ADDRESS, addressOctets(address)),
  );
}

const addressLengths: ReadonlyMap<number, number> = new Map([
  [notifyTypes.ADDITIONAL_IP4_ADDRESS, 4],
  [notifyTypes.ADDITIONAL_IP6_ADDRESS, 16],
]);

const addressTypes = ['ADDITIONAL_IP4_ADDRESS', 'ADDITIONAL_IP6_ADDRESS', 'NO_ADDITIONAL_ADDRESSES'] as const;
