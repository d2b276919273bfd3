import type { Heard } from '../../../harness/vocabulary/judging.ts';
import { icmpv6Packet, viaCareOfAddress } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import type { NeighborDiscoveryOption } from '../../../reference/wire/neighbor-discovery-options.ts';
import { type MobileStage, registersFrom } from './acts.ts';
import { REGISTERED } from './registering-acts.ts';

export const SOLICITATION = 'mobilePrefixSolicitation';
const { homeAgent, homeAddress } = mobileIpv6;
/** Status 1: accepted, but prefix discovery necessary. */
const DISCOVER = 1;

/** Registered, by an acknowledgement that wants it to ask for prefixes, and asking. */
export async function asksForPrefixes(stage: MobileStage): Promise<void> {
  await stage.cn.echo('at home', { untilAnswered: true });
  await registersFrom(stage, 'foreign-1', { granted: { status: DISCOVER } });
  await stage.ha.hears('solicitation', SOLICITATION, { after: REGISTERED, within: 5_000 });
}

export interface Told {
  /** Of the home prefix, in seconds. */
  readonly valid: number;
  readonly preferred?: number;
  readonly from?: string;
  readonly routed?: false;
  /** Added to the identifier of the solicitation. */
  readonly ahead?: number;
  readonly reservedBits?: number;
  readonly more?: readonly NeighborDiscoveryOption[];
}

/** An advertisement by way of the care-of address that was registered. */
export const advertising =
  ({ valid, preferred = valid / 2, from = homeAgent, routed, ahead = 0, reservedBits, more = [] }: Told) =>
  ({ message, source }: Heard): Uint8Array => {
    const identifier = message.kind === SOLICITATION ? message.identifier : UNASKED;
    const home: NeighborDiscoveryOption = {
      type: 'prefixInformation',
      prefixLength: 64,
      onLink: true,
      autonomous: true,
      routerAddress: true,
      validLifetime: valid,
      preferredLifetime: preferred,
      prefix: homeAgent,
    };
    const advertisement = {
      kind: 'mobilePrefixAdvertisement',
      type: 147,
      code: 0,
      identifier: (identifier + ahead) & 0xffff,
      ...(reservedBits !== undefined && { reservedBits }),
      options: [home, ...more],
    } as const;
    return routed === false
      ? icmpv6Packet({ from, to: source }, advertisement)
      : viaCareOfAddress(icmpv6Packet({ from, to: homeAddress }, advertisement), source);
  };
/** An identifier that no solicitation had, but by an accident of one in 65536. */
const UNASKED = 0x4f4f;
