/** What a home agent and a correspondent do by hand, in the scenarios about a mobile node: the answers that they have for what it sends. */

import {
  type Account,
  type Finding,
  type FoundMobility,
  finding,
  type Heard,
} from '../../../harness/vocabulary/judging.ts';
import type { mobileCast } from '../../../harness/vocabulary/moving-intent.ts';
import { echoPacket } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import type { MobilityByHand, NodeState, Stage } from '../../../harness/vocabulary/stage.ts';
import type { MobilityOption } from '../../../reference/wire/mobility/options.ts';
import { fromText } from '../../../reference/wire/octets.ts';

export type MobileStage = Stage<typeof mobileCast>;

/** Lab milliseconds in which a mobile node has noticed that it moved, has an address and speaks: three unanswered probes and a second for duplicates. */
export const NOTICED = 20_000;

export interface Acknowledging {
  readonly status?: number;
  /** In seconds; what was asked for unless given. */
  readonly lifetime?: number;
  /** In place of that of the update. */
  readonly sequenceNumber?: number;
  readonly options?: readonly MobilityOption[];
  readonly keyManagementMobilityCapability?: boolean;
}

/** The home agent's acknowledgement of the update that was heard: by way of the care-of address where it came from one. */
export function acknowledging(
  { message, source, destination, homeAddress }: Heard,
  { status = 0, lifetime, sequenceNumber, options = [], keyManagementMobilityCapability = false }: Acknowledging = {},
): MobilityByHand {
  if (message.kind !== 'bindingUpdate') throw new TypeError(`an acknowledgement of a ${message.kind}`);
  return {
    from: destination,
    to: homeAddress ?? mobileIpv6.homeAddress,
    message: {
      kind: 'bindingAcknowledgement',
      status,
      keyManagementMobilityCapability,
      sequenceNumber: sequenceNumber ?? message.sequenceNumber,
      lifetime: lifetime === undefined ? message.lifetime : lifetime / 4,
      options,
    },
    ...(homeAddress !== undefined && { by: source }),
  };
}

/** The mobile node goes to a link, its home agent grants what it asks for, and it has taken that in. */
export async function registersFrom(
  { nut, ha }: Pick<MobileStage, 'nut' | 'ha'>,
  place: 'foreign-1' | 'foreign-2',
  {
    update = `update from ${place}`,
    granted = {},
  }: { readonly update?: string; readonly granted?: Acknowledging } = {},
): Promise<void> {
  await nut.movesTo(place);
  await ha.hears(update, 'bindingUpdate', fromLink(place));
  await ha.answers(`${update} acknowledged`, update, (heard) => acknowledging(heard, granted));
  await nut.reports(`registered from ${place}`, { until: isRegistered });
}

/** The home agent's acknowledgement was taken. */
export function isRegistered({ bindingUpdates = [] }: NodeState): boolean {
  return bindingUpdates.some(({ homeRegistration, settled }) => homeRegistration && settled);
}

/** What the node sends from a foreign link, after it came there. */
export function fromLink(place: 'foreign-1' | 'foreign-2') {
  return { from: mobileIpv6.prefixes[place], after: `moves to ${place}`, within: NOTICED } as const;
}

/** Asks for an echo where the node was heard, whatever has become of its registration, and waits for it: a sign of life. */
export async function asksForLife({ cn }: Pick<MobileStage, 'cn'>, name: string, heardAt: string): Promise<void> {
  await cn.answers(name, heardAt, ({ source }) => {
    const to = { from: mobileIpv6.correspondent, to: source };
    return echoPacket({ ...to, identifier: 0x4c69, sequence: 1, payload: fromText(name) });
  });
}

export interface Update {
  readonly found: FoundMobility;
  readonly message: Extract<FoundMobility['message'], { kind: 'bindingUpdate' }>;
}

/** The binding update that was heard at a moment. */
export function updateAt(t: Account, moment: string): Update | undefined {
  const found = t.mobility.heardAt(moment);
  return found?.message.kind === 'bindingUpdate' ? { found, message: found.message } : undefined;
}

/** Both messages, and what is said of them. */
export function bothHeard(t: Account, one: Pick<Heard, 'found'>, other: Pick<Heard, 'found'>, says: string): Finding {
  return finding(says, t.evidenceOf(one.found, says), t.evidenceOf(other.found, says));
}
