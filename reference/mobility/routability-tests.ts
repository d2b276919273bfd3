/**
 * What a mobile node has learnt from its tests, RFC 6275 section 11.6: of each correspondent the home keygen token, and the care-of keygen token of each of
 * its care-of addresses, with the indices of the nonces they were made from.
 */
import type { Address } from '../wire/address.ts';
import { type BindingUpdate, mobilityMessage } from '../wire/mobility/message.ts';
import { mobilityBounds } from './bounds.ts';
import type { MessageArrival } from './message-arrival.ts';
import { AUTHENTICATOR, bindingAuthenticator, bindingManagementKey } from './return-routability.ts';

export interface KeygenToken {
  readonly nonceIndex: number;
  readonly token: Uint8Array;
}

export interface Authorizing {
  readonly correspondent: Address;
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  /** A deregistration from home: its key is made of the home keygen token alone (section 5.2.5). */
  readonly fromHome?: boolean;
}

export class RoutabilityTests {
  readonly #home = new Map<string, KeygenToken>();
  readonly #careOf = new Map<string, KeygenToken>();

  takeHomeTest({ message, source, destination }: MessageArrival<'homeTest'>): void {
    const { homeNonceIndex: nonceIndex, homeKeygenToken: token } = message;
    keep(this.#home, pathOf(source, destination), { nonceIndex, token: token.slice() });
  }

  takeCareOfTest({ message, source, destination }: MessageArrival<'careOfTest'>): void {
    const { careOfNonceIndex: nonceIndex, careOfKeygenToken: token } = message;
    keep(this.#careOf, pathOf(source, destination), { nonceIndex, token: token.slice() });
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

  /** Kbm of this mobile node; undefined while a test is missing. */
  bindingManagementKey(about: Authorizing): Uint8Array | undefined {
    const home = this.home(about);
    const careOf = about.fromHome ? undefined : this.careOf(about);
    if (!home || (!careOf && !about.fromHome)) return undefined;
    return bindingManagementKey(home.token, careOf?.token);
  }

  /** The aligned update with its authenticator in its last option, which is Binding Authorization Data; undefined while a test is missing. */
  authorized(update: BindingUpdate, about: Authorizing): BindingUpdate | undefined {
    const octets = this.authenticated(update, about);
    if (!octets) return undefined;
    const authenticator = octets.slice(-AUTHENTICATOR);
    const options = [...update.options.slice(0, -1), { type: 'bindingAuthorizationData', authenticator } as const];
    return { ...update, options };
  }

  /** The encoded update with its authenticator, whose last option is Binding Authorization Data; undefined while a test is missing. */
  authenticated(update: BindingUpdate, about: Authorizing): Uint8Array | undefined {
    const Kbm = this.bindingManagementKey(about);
    if (!Kbm) return undefined;
    const octets = mobilityMessage.encode(update);
    const authenticator = bindingAuthenticator(Kbm, about.careOfAddress, about.correspondent, octets);
    octets.set(authenticator, octets.length - AUTHENTICATOR);
    return octets;
  }
}

/** As the youngest; the oldest gives way where there are too many. */
function keep(tokens: Map<string, KeygenToken>, path: string, token: KeygenToken): void {
  tokens.delete(path);
  if (tokens.size === mobilityBounds.keygenTokens) tokens.delete(tokens.keys().next().value!);
  tokens.set(path, token);
}

const pathOf = (correspondent: Address, own: Address): string => `${correspondent} ${own}`;
