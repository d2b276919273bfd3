/**
 * What the tester does as a mobile node (RFC 6275 section 11), for this folder's scenarios: the two tests, an update that they authorise, and a packet that
 * shows whether there is a binding. It has its home address and its care-of addresses at once (`mobile-intent.ts`).
 */
import { mobile } from '../../harness/vocabulary/mobile-intent.ts';
import { echoPacket, fromCareOfAddress } from '../../harness/vocabulary/packets.ts';
import { nutAddresses } from '../../harness/vocabulary/places.ts';
import type { Stage, Tester } from '../../harness/vocabulary/stage.ts';
import type { MobilityByHand } from '../../harness/vocabulary/verbs.ts';
import type { BindingUpdate } from '../../reference/wire/mobility/message.ts';

export type Mobile = Pick<Stage, 'tn'>['tn'];

/** Another one for every moment. */
export function cookieOf(name: string): Uint8Array {
  const cookie = new Uint8Array(8);
  [...name].forEach((letter, i) => {
    cookie[i % 8] = 31 * cookie[i % 8]! + letter.charCodeAt(0) + i;
  });
  return cookie;
}

export const homeTestInit = (name: string): MobilityByHand => ({
  message: { kind: 'homeTestInit', homeInitCookie: cookieOf(name), options: [] },
});

export const careOfTestInit = (name: string, from: string = mobile.careOfAddress): MobilityByHand => ({
  from,
  message: { kind: 'careOfTestInit', careOfInitCookie: cookieOf(name), options: [] },
});

/** Both, `home test` and `care-of test`, with what is added to tell rounds apart. */
export async function tests(tn: Tester, round = '', careOfAddress: string = mobile.careOfAddress): Promise<void> {
  await tn.sends(`home test${round}`, homeTestInit(`home test${round}`));
  await tn.sends(`care-of test${round}`, careOfTestInit(`care-of test${round}`, careOfAddress));
}

export interface Wanted extends Partial<Omit<BindingUpdate, 'kind'>> {
  readonly careOfAddress?: string;
}

/** A registration that the tests authorise, from where it says, in units of 4 s. */
export function update({ careOfAddress = mobile.careOfAddress, ...fields }: Wanted = {}): MobilityByHand & {
  readonly message: BindingUpdate;
} {
  return {
    careOfAddress,
    authorization: { careOfAddress },
    message: { kind: 'bindingUpdate', sequenceNumber: 1, acknowledge: true, lifetime: 60, options: [], ...fields },
  };
}

/** An echo from the home address by way of a care-of address: answered where there is a binding to it, and by a Binding Error where there is none. */
export function fromAway(sequence: number, careOfAddress: string = mobile.careOfAddress): Uint8Array {
  const ends = { from: mobile.homeAddress, to: nutAddresses.ipv6 };
  const payload = new TextEncoder().encode(`touchstone away ${sequence}`);
  return fromCareOfAddress(echoPacket({ ...ends, identifier: 0x4d49, sequence, payload }), careOfAddress);
}
