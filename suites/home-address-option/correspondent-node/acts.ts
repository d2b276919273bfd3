/**
 * What the tester does as a mobile node (RFC 6275 section 11), for this folder's scenarios: the two tests, updates that they authorise, and a packet that
 * shows whether there is a binding. It has its home addresses and its care-of addresses at once (`mobile-intent.ts`).
 */
import { mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { echoPacket, fromCareOfAddress } from '../../../harness/vocabulary/packets.ts';
import { nutAddresses } from '../../../harness/vocabulary/places.ts';
import type { MobilityByHand, Tester } from '../../../harness/vocabulary/stage.ts';
import type { BindingUpdate } from '../../../reference/wire/mobility/message.ts';

export const homeTestInit = (name: string, from: string = mobile.homeAddress): MobilityByHand => ({
  from,
  message: { kind: 'homeTestInit', homeInitCookie: cookieOf(name), options: [] },
});

export const careOfTestInit = (name: string, from: string = mobile.careOfAddress): MobilityByHand => ({
  from,
  message: { kind: 'careOfTestInit', careOfInitCookie: cookieOf(name), options: [] },
});

export interface Between {
  readonly homeAddress?: string;
  readonly careOfAddress?: string;
}

/** Both, `home test` and `care-of test`, with what is added to tell rounds apart. */
export async function tests(tn: Tester, round = '', { homeAddress, careOfAddress }: Between = {}): Promise<void> {
  await tn.sends(`home test${round}`, homeTestInit(`home test${round}`, homeAddress));
  await tn.sends(`care-of test${round}`, careOfTestInit(`care-of test${round}`, careOfAddress));
}

export interface Update extends MobilityByHand {
  readonly message: BindingUpdate;
}

/** Fields of the message, and between which addresses. */
export type Wanted = Partial<Omit<BindingUpdate, 'kind'>> & Between;

/** A registration that the tests authorise; its lifetime is in units of 4 s. */
export function update({ homeAddress, careOfAddress = mobile.careOfAddress, ...fields }: Wanted = {}): Update {
  return {
    ...(homeAddress !== undefined && { from: homeAddress }),
    careOfAddress,
    authorization: { careOfAddress },
    message: { kind: 'bindingUpdate', sequenceNumber: 1, acknowledge: true, lifetime: 60, options: [], ...fields },
  };
}

/**
 * A deletion, which the home address and its token authorise alone. The home address stands in an option as well, where nothing else is said: then everybody
 * reads the same in section 6.2.7 of what the authenticator covers.
 */
export function deletion({ homeAddress = mobile.homeAddress, ...wanted }: Wanted = {}): Update {
  const options = [{ type: 'alternateCareOfAddress', alternateCareOfAddress: homeAddress }] as const;
  return {
    ...update({ homeAddress, sequenceNumber: 2, lifetime: 0, options, ...wanted }),
    authorization: { careOfAddress: homeAddress, deletes: true },
  };
}

/** An echo from a home address by way of a care-of address: answered where there is a binding to it, and by a Binding Error where there is none. */
export function fromAway(
  sequence: number,
  { homeAddress = mobile.homeAddress, careOfAddress = mobile.careOfAddress }: Between = {},
): Uint8Array {
  const ends = { from: homeAddress, to: nutAddresses.ipv6 };
  const payload = new TextEncoder().encode(`touchstone away ${sequence}`);
  return fromCareOfAddress(echoPacket({ ...ends, identifier: AWAY, sequence, payload }), careOfAddress);
}

/** A later registration that nothing is wrong with, and its use: what shows that the node lives. */
export async function goodUpdate(tn: Tester, sequenceNumber = 100): Promise<void> {
  await tests(tn, ' of good update');
  await tn.sends('good update', update({ sequenceNumber }));
  await tn.packet('after', fromAway(99), { awaited: true });
}

/** Another one for every moment. */
function cookieOf(name: string): Uint8Array {
  const cookie = new Uint8Array(8);
  [...name].forEach((letter, i) => {
    cookie[i % 8] = 31 * cookie[i % 8]! + letter.charCodeAt(0) + i;
  });
  return cookie;
}

/** `MI`: tells these echoes from the stage's own. */
const AWAY = 0x4d49;
