/**
 * What happens around prefixes of a home link, for this folder's scenarios: another home agent of the link advertises, a mobile node registers and asks,
 * and what the home agent tells it then.
 */
import {
  home,
  homeAgentIntent,
  onHomeLink,
  prefixPair,
  signallingPair,
} from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, finding } from '../../../harness/vocabulary/judging.ts';
import {
  advertisedPrefix,
  fromCareOfAddress,
  icmpv6Packet,
  routerAdvertisementPacket,
  routingHeaderIn,
} from '../../../harness/vocabulary/packets.ts';
import type { Stage } from '../../../harness/vocabulary/stage.ts';
import type { RouterAdvertisement } from '../../../reference/wire/icmpv6.ts';
import type { PrefixInformation } from '../../../reference/wire/neighbor-discovery-options.ts';
import { homeUpdate } from './acts.ts';

export type PrefixStage = Stage<typeof onHomeLink>;

/** How long a prefix is preferred, in seconds: no advertisement is put off for longer (RFC 6275 10.6.2). */
export const PREFERRED = 8;
/** Seconds within which a change is told: the shortest interval and as long as a prefix is preferred, and some for the way. */
export const deliveriesSoon = PREFERRED + 4;
export const ANOTHER_PREFIX = '2001:db8:9::';

/** Nobody is told but where something changed: the longest interval is a day. */
export const onTheHomeLink = {
  cast: onHomeLink,
  given: () =>
    homeAgentIntent({
      pairs: [signallingPair(), prefixPair()],
      told: { prefixDeliveries: { shortest: 1, longest: 86_400 } },
    }),
} as const;

type Saying = Partial<Omit<PrefixInformation, 'type'>> &
  Partial<Pick<RouterAdvertisement, 'homeAgent' | 'managed' | 'otherConfiguration'>>;

/** What another home agent of the home link says; of the home prefix unless it is said. */
export function says({
  homeAgent = true,
  managed,
  otherConfiguration,
  prefix = HOME_PREFIX,
  ...fields
}: Saying = {}): Uint8Array {
  return routerAdvertisementPacket('neighbor', {
    from: 'fe80::a1',
    homeAgent,
    ...(managed && { managed }),
    ...(otherConfiguration && { otherConfiguration }),
    options: [advertisedPrefix(prefix, { preferredLifetime: PREFERRED, ...fields })],
  });
}

/** A mobile node is away, registered, and was told of the home prefix as the other home agent has it. */
export async function settles({ tn, neighbor }: PrefixStage, more?: Uint8Array): Promise<void> {
  await neighbor.pingInClear('alive', { to: home.agent });
  await neighbor.packet('says before', says());
  if (more) await neighbor.packet('says more before', more);
  await neighbor.pingInClear('heard before', { to: home.agent });
  await tn.sends('update', homeUpdate());
  await asks(tn, 'ask');
}

/** Once more, when a home agent that sends no more than one advertisement a second has had the time. */
export async function asksAgain(tn: PrefixStage['tn'], name: string): Promise<void> {
  await tn.letsPass(`before ${name}`, A_WHILE);
  await asks(tn, name);
}

/** The mobile node asks for prefixes, and hears the answer. */
export async function asks(tn: PrefixStage['tn'], name: string): Promise<void> {
  const message = { kind: 'mobilePrefixSolicitation', type: 146, code: 0, identifier: ASKED, options: [] } as const;
  const solicitation = icmpv6Packet({ from: home.address, to: home.agent }, message);
  await tn.esp(name, { under: 'prefixes', carries: fromCareOfAddress(solicitation, home.careOfAddress) });
  await tn.hears(`${name} answered`, 'mobilePrefixAdvertisement', { after: name });
}

/** The first advertisement after a moment, and before another where one is named. */
export function advertisementAfter(t: Account, after: string, before?: string) {
  const heard = t.icmpv6.heard('mobilePrefixAdvertisement', { after, ...(before !== undefined && { before }) });
  if (!heard) return undefined;
  const { packet, esp } = heard.found.packet;
  const prefixes = heard.message.options.flatMap((option) =>
    option.type === 'prefixInformation' ? [`${option.prefix} for ${option.validLifetime} s`] : [],
  );
  const text = `${prefixes.join(', ')} by way of ${packet.destination}`;
  return {
    ...heard,
    isRouted: packet.destination === home.careOfAddress && routingHeaderIn(packet)?.addresses?.[0] === home.address,
    isProtected: esp !== undefined,
    shown: finding(text, t.evidenceOf(heard.found, text)),
  };
}

/** Seconds. */
export const A_WHILE = 1.5;
const HOME_PREFIX = '2001:db8:1::';
export const ASKED = 0x4f09;
