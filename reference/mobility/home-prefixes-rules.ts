/**
 * What is decided by a home agent about the prefixes of its home link (RFC 6275 section 10.6): which it knows, what of them changed, and when which mobile
 * node is told unasked. Durations are seconds.
 */
export interface HomePrefixesRules {
  /** 10.6.1: what other home agents of the link advertise is listed; of another router's prefixes nothing is said. */
  listsPrefixesOf(isHomeAgent: boolean): boolean;
  /** 10.6.3: M and O are told where so many home agents said them at last, each of its own. */
  flagTold(saidBy: number): boolean;
  /** 10.6.2: a lifetime changed where it is neither told as it was nor what time has left of it. */
  lifetimeChanged(told: number, before: LifetimeTold): boolean;
  /** 10.6.2: of the prefix of the home address every change is delivered; that of another, and that there is a new one, may be and should be. */
  changeDelivered(change: PrefixChange): boolean;
  /** 10.6.2: RAND_ADV_DELAY, from a number that was drawn: between the shortest interval and the longest, or as long as the prefix is preferred. */
  deliveryDelay(drawn: number, between: DeliveryInterval, preferredLifetime: number): number;
  /** 10.6.2: what is scheduled already stays at its time, and tells what is so by then. */
  scheduledAt<Time extends number>(already: Time | undefined, fresh: Time): Time;
  /** 10.6.2: who was told nothing for the longest interval is told. */
  deliveryDue(sinceLast: number, longest: number): boolean;
  /** 10.6.2: what is not acknowledged is repeated so many times: PREFIX_ADV_RETRIES. */
  repeatsAdvertisement(repetitions: number): boolean;
  /** 10.6.2: each repetition waits twice as long as the one before. */
  advertisementRepeatedAfter(last: number): number;
  /** 10.6.2: a solicitation acknowledges what was told. */
  solicitationAcknowledges(): boolean;
  /** 10.6.2: a binding update from away has what is not acknowledged told again. */
  updateBeginsAgain(): boolean;
  /** 10.6.2: whose binding ends is told nothing more. */
  endOfBindingCancels(): boolean;
}

export interface LifetimeTold {
  readonly told: number;
  /** What time has left of it. */
  readonly left: number;
}

export interface PrefixChange {
  readonly kind: 'new' | 'flags' | 'lifetime';
  /** The registered home address stands in this prefix. */
  readonly isOfHomeAddress: boolean;
}

/** MinMobPfxAdvInterval and MaxMobPfxAdvInterval (section 13). */
export interface DeliveryInterval {
  readonly shortest: number;
  readonly longest: number;
}

export const homePrefixesSections = {
  listsPrefixesOf: 'RFC 6275 10.6.1',
  flagTold: 'RFC 6275 10.6.3',
  lifetimeChanged: 'RFC 6275 10.6.2',
  changeDelivered: 'RFC 6275 10.6.2',
  deliveryDelay: 'RFC 6275 10.6.2',
  scheduledAt: 'RFC 6275 10.6.2',
  deliveryDue: 'RFC 6275 10.6.2',
  repeatsAdvertisement: 'RFC 6275 10.6.2',
  advertisementRepeatedAfter: 'RFC 6275 10.6.2',
  solicitationAcknowledges: 'RFC 6275 10.6.2',
  updateBeginsAgain: 'RFC 6275 10.6.2',
  endOfBindingCancels: 'RFC 6275 10.6.2',
} as const satisfies Record<keyof HomePrefixesRules, string>;

export const homePrefixesRules: HomePrefixesRules = {
  listsPrefixesOf: (isHomeAgent) => isHomeAgent,
  flagTold: (saidBy) => saidBy > 0,
  lifetimeChanged: (lifetime, { told, left }) => lifetime !== told && Math.abs(lifetime - left) > ROUNDING,
  changeDelivered: () => true,
  deliveryDelay(drawn, { shortest, longest }, preferredLifetime) {
    const spread = Math.abs(Math.floor(Math.min(longest, preferredLifetime)) - shortest);
    return shortest + (spread === 0 ? 0 : drawn % spread);
  },
  scheduledAt: (already, fresh) => already ?? fresh,
  deliveryDue: (sinceLast, longest) => sinceLast >= longest,
  repeatsAdvertisement: (repetitions) => repetitions < PREFIX_ADV_RETRIES,
  advertisementRepeatedAfter: (last) => 2 * last,
  solicitationAcknowledges: () => true,
  updateBeginsAgain: () => true,
  endOfBindingCancels: () => true,
};

const PREFIX_ADV_RETRIES = 3;
/** Lifetimes are told in whole seconds. */
const ROUNDING = 1;
