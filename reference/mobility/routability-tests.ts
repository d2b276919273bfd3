/**
 * What a mobile node has learnt from its tests, RFC 6275 section 11.6: of each correspondent the home keygen token, and the care-of keygen token of each of
 * its care-of addresses, with the indices of the nonces they were made from.
 */
import type { Address } from '../wire/address.ts';
import type { MessageArrival } from './message-arrival.ts';

export interface KeygenToken {
  readonly nonceIndex: number;
  readonly token: Uint8Array;
}

export interface Authorizing {
  readonly correspondent: Address;
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
}

export class RoutabilityTests {
  readonly #home = new Map<string, KeygenToken>();
  readonly #careOf = new Map<string, KeygenToken>();

  takeHomeTest({ message, source, destination }: MessageArrival<'homeTest'>): void {
    const { homeNonceIndex: nonceIndex, homeKeygenToken: token } = message;
    this.#home.set(pathOf(source, destination), { nonceIndex, token: token.slice() });
  }

  takeCareOfTest({ message, source, destination }: MessageArrival<'careOfTest'>): void {
    const { careOfNonceIndex: nonceIndex, careOfKeygenToken: token } = message;
    this.#careOf.delete(pathOf(source, destination));
    this.#careOf.set(pathOf(source, destination), { nonceIndex, token: token.slice() });
  }

  home({ correspondent, homeAddress }: Pick<Authorizing, 'correspondent' | 'homeAddress'>): KeygenToken | undefined {
    return this.#home.get(pathOf(correspondent, homeAddress));
  }

  careOf({
    correspondent,
    careOfAddress,
  }: Pick<Authorizing, 'correspondent' | 'careOfAddress'>): KeygenToken | undefined {
    return this.#careOf.get(pathOf(correspondent, careOfAddress));
  }

  /** Of whichever care-of address was tested last. */
  lastCareOf(correspondent: Address): KeygenToken | undefined {
    return [...this.#careOf].findLast(([path]) => path.startsWith(`${correspondent} `))?.[1];
  }

  forget(): void {
    this.#home.clear();
    this.#careOf.clear();
  }
}

const pathOf = (correspondent: Address, own: Address): string => `${correspondent} ${own}`;
