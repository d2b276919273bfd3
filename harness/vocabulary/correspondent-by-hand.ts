/**
 * A correspondent that answers by hand (RFC 6275 sections 5.2 and 9.4 to 9.5): the tokens that it hands out are always the same, so that what it later
 * acknowledges can be authorised by what the mobile node has. Its home tests come by way of the home agent, in whose tunnel they arrive.
 */
import { aligned, type BindingAcknowledgement } from '../../reference/wire/mobility/message.ts';
import type { MobilityOption } from '../../reference/wire/mobility/options.ts';
import type { Heard } from '../judge/listening.ts';
import { mobileIpv6 } from '../lab/mobility-topology.ts';
import { acknowledgementAuthorizedBy } from '../peers/acknowledgement-authorization.ts';
import type { MobilityByHand } from './verbs.ts';

export const tokens = {
  home: new Uint8Array(8).fill(0x11),
  careOf: new Uint8Array(8).fill(0x22),
  homeNonceIndex: 5,
  careOfNonceIndex: 6,
} as const;

/** What the home agent sends on to the mobile node: the test, in the tunnel to where the Home Test Init came from; without one to a node that is at home. */
export function homeTestFor({ message, tunnel }: Heard): MobilityByHand {
  if (message.kind !== 'homeTestInit') throw new TypeError(`a home test for a ${message.kind}`);
  const { homeInitCookie } = message;
  const test = { homeNonceIndex: tokens.homeNonceIndex, homeInitCookie, homeKeygenToken: tokens.home };
  return {
    from: mobileIpv6.correspondent,
    to: mobileIpv6.homeAddress,
    message: { kind: 'homeTest', ...test, options: [] },
    ...(tunnel && { tunnel: { source: mobileIpv6.homeAgent, destination: tunnel.source } }),
    inClear: true,
  };
}

export function careOfTestFor({ message, source }: Heard): MobilityByHand {
  if (message.kind !== 'careOfTestInit') throw new TypeError(`a care-of test for a ${message.kind}`);
  const { careOfInitCookie } = message;
  const test = { careOfNonceIndex: tokens.careOfNonceIndex, careOfInitCookie, careOfKeygenToken: tokens.careOf };
  return { from: mobileIpv6.correspondent, to: source, message: { kind: 'careOfTest', ...test, options: [] } };
}

export interface AcknowledgingByHand {
  readonly status?: number;
  /** In seconds; what was asked for unless given. */
  readonly lifetime?: number;
  readonly sequenceNumber?: number;
  /** Every bit is set that is to be zero. */
  readonly reserved?: true;
  /** Before the authorisation data. */
  readonly options?: readonly MobilityOption[];
  /** Behind it, where nothing may stand. */
  readonly trailing?: readonly MobilityOption[];
  /** None; or one that is wrong. */
  readonly authorized?: 'rightly' | 'wrongly' | 'not';
}

/** The acknowledgement of an update, by way of the care-of address that it came from; to the home address where it came from that. */
export function acknowledgedByHand(heard: Heard, given: AcknowledgingByHand = {}): MobilityByHand {
  const { message, source, homeAddress } = heard;
  if (message.kind !== 'bindingUpdate') throw new TypeError(`an acknowledgement of a ${message.kind}`);
  const { status = 0, lifetime, sequenceNumber, reserved, options = [], trailing = [], authorized = 'rightly' } = given;
  const plain: BindingAcknowledgement = {
    kind: 'bindingAcknowledgement',
    status,
    sequenceNumber: sequenceNumber ?? message.sequenceNumber,
    lifetime: lifetime === undefined ? message.lifetime : lifetime / 4,
    ...(reserved && { reserved: Uint8Array.of(0xff), reservedBits: 0x3f }),
    options,
  };
  const fromHome = homeAddress === undefined;
  const keyTokens = { home: tokens.home, ...(!fromHome && { careOf: tokens.careOf }) };
  const about = { careOfAddress: source, correspondent: mobileIpv6.correspondent };
  const signed =
    authorized === 'not' ? plain : acknowledgementAuthorizedBy(plain, keyTokens, about, authorized === 'wrongly');
  return {
    from: mobileIpv6.correspondent,
    to: mobileIpv6.homeAddress,
    message: aligned({ ...signed, options: [...signed.options, ...trailing] }),
    ...(!fromHome && { by: source }),
  };
}
