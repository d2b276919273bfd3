/**
 * Whether a binding update is valid, RFC 6275 section 9.5.1, as an ordered procedure over what came and what the node knows; nothing is changed here.
 * Section 9.5.1 names its tests in another order than they can answer in: whatever is to be discarded in silence goes before what is answered, and an
 * acknowledgement about the sequence number bears an authenticator (9.5.4), which takes nonces that are known. Hence nobody learns a sequence number, or
 * whether there is a binding, by an update without H who has not passed the tests. With H no test is asked for, and none of the answers but 131 is kept for
 * who has: section 9.5.1 has 135 and 139 come first, as section 10.3.1 begins with an update that is valid.
 */
import type { Discarded, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { BindingUpdate } from '../wire/mobility/message.ts';
import { fixedOctets } from '../wire/mobility/message-format.ts';
import { type MobilityOption, type MobilityOptionOf, mobilityOption } from '../wire/mobility/options.ts';
import { bindingStatusCodes as statuses } from '../wire/mobility/registry.ts';
import type { Binding, UsedNonces } from './binding-cache.ts';
import type { FormerBinding } from './former-bindings.ts';
import { isProtectedAs, vouchingSa } from './ipsec-authorization.ts';
import type { MessageArrival } from './message-arrival.ts';
import type { Nonce, Nonces } from './nonces.ts';
import { refusal } from './refusal.ts';
import { type AuthenticatorPlace, bindingAuthenticator, keygenToken } from './return-routability.ts';
import type { MobilityRules } from './rules.ts';

/** What the node knows when an update comes. */
export interface Knowledge {
  readonly now: Instant;
  readonly rules: MobilityRules;
  readonly nonces: Nonces;
  binding(homeAddress: Address): Binding | undefined;
  former(homeAddress: Address): FormerBinding | undefined;
  /** How many bindings there are of other home addresses. */
  others(homeAddress: Address): number;
  readonly trustsIpsec: boolean;
  readonly keepsBindings: boolean;
}

/** What an update asks for. */
export interface Asked {
  readonly arrival: MessageArrival<'bindingUpdate'>;
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  readonly deletes: boolean;
}

/** Who it is that asks: proven by tests, by an SA, or not at all, which is for refusals only. */
export type Authorization =
  | { readonly by: 'tests'; readonly Kbm: Uint8Array; readonly nonces: UsedNonces }
  | { readonly by: 'ipsec' }
  | { readonly by: 'nothing' };

export type Checked =
  | { readonly kind: 'valid'; readonly asked: Asked; readonly authorization: Authorization }
  /** Answered with this status; `last` is the sequence number that was accepted last. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly asked: Asked;
      readonly authorization: Authorization;
      readonly last: number;
      readonly refusal: Discarded;
    }
  /** Silently. */
  | { readonly kind: 'discarded'; readonly refusal: Discarded };

export function checked(arrival: MessageArrival<'bindingUpdate'>, knowledge: Knowledge): Checked {
  const asked = askedBy(arrival, knowledge.rules);
  const unfit = unfitAddress(asked, knowledge.rules);
  if (unfit) return { kind: 'discarded', refusal: unfit };
  if (!knowledge.rules.flagsAcceptable(arrival.message)) {
    return { kind: 'discarded', refusal: refusal('flagsAcceptable', asked.homeAddress) };
  }
  const authorization = arrival.message.homeRegistration
    ? homeRegistration(asked, knowledge)
    : authorized(asked, knowledge);
  if ('kind' in authorization) return authorization;
  return outOfOrder(asked, authorization, knowledge) ?? { kind: 'valid', asked, authorization };
}

function askedBy(arrival: MessageArrival<'bindingUpdate'>, rules: MobilityRules): Asked {
  const { message, source, homeAddress = source } = arrival;
  const alternate = optionOf('alternateCareOfAddress', message.options)?.alternateCareOfAddress;
  const careOfAddress = rules.careOfAddressNamed(source, alternate);
  const deletes = rules.deletes({ lifetime: message.lifetime, isAtHome: careOfAddress === homeAddress });
  return { arrival, homeAddress, careOfAddress, deletes };
}

/** Addresses that nothing may be bound to, or answered at. */
function unfitAddress({ arrival, homeAddress, careOfAddress }: Asked, rules: MobilityRules): Discarded | undefined {
  const { source } = arrival;
  if (!rules.homeAddressRoutable(homeAddress)) return refusal('homeAddressRoutable', homeAddress);
  if (!rules.careOfAddressRoutable(careOfAddress)) return refusal('careOfAddressRoutable', careOfAddress);
  return rules.answerMayBeSent(source) ? undefined : refusal('answerMayBeSent', source);
}

/** With H set no test is asked for, and a correspondent only refuses (sections 9.5.1 and 10.3.1). */
function homeRegistration({ arrival, homeAddress }: Asked, { rules }: Knowledge): Authorization | Checked {
  const nonceIndices = optionOf('nonceIndices', arrival.message.options);
  if (rules.nonceIndicesAsRequired(nonceIndices !== undefined, true)) return { by: 'nothing' };
  return { kind: 'discarded', refusal: refusal('nonceIndicesAsRequired', `${homeAddress} with H`) };
}

function authorized(asked: Asked, knowledge: Knowledge): Authorization | Checked {
  const { rules } = knowledge;
  const { arrival, homeAddress } = asked;
  const { options } = arrival.message;
  const isTrusted = rules.ipsecTrusted(knowledge.trustsIpsec);
  if (isTrusted && rules.securityAssociationAuthorizes(vouchingSa(arrival.through, homeAddress))) {
    if (rules.careOfAddressProtected(isProtectedAs(arrival))) return { by: 'ipsec' };
    return { kind: 'discarded', refusal: refusal('careOfAddressProtected', `${homeAddress} from ${arrival.source}`) };
  }
  const nonceIndices = optionOf('nonceIndices', options);
  if (!rules.nonceIndicesAsRequired(nonceIndices !== undefined, false)) {
    return { kind: 'discarded', refusal: refusal('nonceIndicesAsRequired', `${homeAddress} without H`) };
  }
  const data = authorizationIn(arrival.message);
  if (!rules.authorizationDataAcceptable(data)) {
    const says = data ? `${data.place}, ${data.octets} octets` : 'absent';
    return { kind: 'discarded', refusal: refusal('authorizationDataAcceptable', `${homeAddress}: ${says}`) };
  }
  return testedBy(asked, nonceIndices ?? { homeNonceIndex: 0, careOfNonceIndex: 0 }, knowledge);
}

/** The nonces, then the authenticator. */
function testedBy(
  asked: Asked,
  { homeNonceIndex, careOfNonceIndex }: Omit<MobilityOptionOf<'nonceIndices'>, 'type'>,
  knowledge: Knowledge,
): Authorization | Checked {
  const { rules, nonces, now, former } = knowledge;
  const home = nonces.of(homeNonceIndex, now);
  const needsCareOf = rules.careOfNonceNeeded(asked.deletes);
  const careOf = needsCareOf ? nonces.of(careOfNonceIndex, now) : undefined;
  const status = rules.nonceStatus({ home: home !== undefined, careOf: !needsCareOf || careOf !== undefined });
  const indices = `nonces ${homeNonceIndex} and ${careOfNonceIndex} of ${asked.homeAddress}`;
  if (!home || status !== undefined) {
    const why = refusal('nonceStatus', indices);
    return refused(asked, { by: 'nothing' }, status ?? statuses['Expired home nonce index'], why);
  }
  const Kbm = managementKey(asked, home, careOf, knowledge);
  if (!rules.authenticatorAcceptable(authenticates(asked, Kbm, rules))) {
    return { kind: 'discarded', refusal: refusal('authenticatorAcceptable', indices) };
  }
  const earlier = former(asked.homeAddress);
  const wereUsed =
    !asked.deletes &&
    earlier?.careOfAddress === asked.careOfAddress &&
    earlier.nonces.home === homeNonceIndex &&
    earlier.nonces.careOf === careOfNonceIndex;
  if (!rules.noncesUsable(wereUsed)) {
    return refused(asked, { by: 'nothing' }, statuses['Expired nonces'], refusal('noncesUsable', indices));
  }
  return { by: 'tests', Kbm, nonces: { home: home.index, careOf: careOfNonceIndex, firstUse: home.firstUse } };
}

/** Kbm, from nothing but what the update names and the nonces (section 5.2.5). */
function managementKey(
  { homeAddress, careOfAddress }: Asked,
  home: Nonce,
  careOf: Nonce | undefined,
  { rules, nonces: { Kcn } }: Knowledge,
): Uint8Array {
  const homeToken = keygenToken(Kcn, homeAddress, home.value, rules.tokenOctet('home'));
  const careOfToken = careOf && keygenToken(Kcn, careOfAddress, careOf.value, rules.tokenOctet('care-of'));
  return rules.bindingManagementKeyOf(homeToken, careOfToken);
}

/** As far as octets were given: that there are any, and how many there have to be, is `authorizationDataAcceptable`'s concern. */
function authenticates(asked: Asked, Kbm: Uint8Array, rules: MobilityRules): boolean {
  const { octets, message, destination } = asked.arrival;
  const data = authorizationIn(message);
  if (!data) return true;
  const header = octets.subarray(0, 8 * ((message.headerLength ?? 0) + 1));
  const right = bindingAuthenticator(Kbm, rules.authenticatedAddress(asked), destination, header, data);
  return equalInAnyTime(data.authenticator, right.subarray(0, data.octets));
}

/** The sequence number and the kind of registration: what an update may be told that passed all that went before. */
function outOfOrder(asked: Asked, authorization: Authorization, knowledge: Knowledge): Checked | undefined {
  const { rules } = knowledge;
  const { homeAddress, arrival } = asked;
  const { sequenceNumber, homeRegistration = false } = arrival.message;
  const binding = knowledge.binding(homeAddress);
  const former = rules.formerSequenceNumberCounts() ? knowledge.former(homeAddress) : undefined;
  const last = binding?.until === undefined ? former?.sequenceNumber : binding.sequenceNumber;
  if (!rules.sequenceNumberAcceptable(sequenceNumber, last)) {
    const why = refusal('sequenceNumberAcceptable', `${homeAddress}: ${sequenceNumber} after ${last}`);
    return refused(asked, authorization, statuses['Sequence number out of window'], why, last);
  }
  if (!rules.registrationTypeAcceptable(binding?.homeRegistration, homeRegistration)) {
    const why = refusal('registrationTypeAcceptable', homeAddress);
    return refused(asked, authorization, statuses['Registration type change disallowed'], why);
  }
  if (homeRegistration && !rules.homeRegistrationSupported()) {
    const why = refusal('homeRegistrationSupported', homeAddress);
    return refused(asked, authorization, statuses['Home registration not supported'], why);
  }
  if (!asked.deletes && !rules.bindingsAllowed(knowledge.keepsBindings)) {
    return refused(
      asked,
      authorization,
      statuses['Administratively prohibited'],
      refusal('bindingsAllowed', homeAddress),
    );
  }
  if (!asked.deletes && !rules.bindingMayBeMade(knowledge.others(homeAddress))) {
    return refused(asked, authorization, statuses['Insufficient resources'], refusal('bindingMayBeMade', homeAddress));
  }
  return undefined;
}

function refused(
  asked: Asked,
  authorization: Authorization,
  status: number,
  why: Discarded,
  last = asked.arrival.message.sequenceNumber,
): Checked {
  return { kind: 'refused', status, asked, authorization, last, refusal: why };
}

interface GivenAuthorization extends AuthenticatorPlace {
  readonly place: 'last' | 'before others';
  readonly authenticator: Uint8Array;
}

/** The last Binding Authorization Data option, and where it stands. */
function authorizationIn({ options }: BindingUpdate): GivenAuthorization | undefined {
  const index = options.findLastIndex(({ type }) => type === 'bindingAuthorizationData');
  const option = options[index];
  if (option?.type !== 'bindingAuthorizationData') return undefined;
  const before = options.slice(0, index).reduce((sum, each) => sum + mobilityOption.encode(each).length, 0);
  const { authenticator } = option;
  const place = index === options.length - 1 ? 'last' : 'before others';
  const at = fixedOctets.bindingUpdate + before + OPTION_HEADER;
  return { place, authenticator, octets: authenticator.length, at };
}

/** The first option of this kind; others that a receiver knows or not are skipped (section 6.2.1). */
function optionOf<Type extends MobilityOption['type']>(
  type: Type,
  options: readonly MobilityOption[],
): MobilityOptionOf<Type> | undefined {
  return options.find((option): option is MobilityOptionOf<Type> => option.type === type);
}

/** Where they differ shows in no time that it takes. */
function equalInAnyTime(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one[i]! ^ (other[i] ?? 0);
  return difference === 0;
}

/** Octets: Option Type and Option Length. */
const OPTION_HEADER = 2;
