/** How a mobile node is brought to register with a correspondent, for this folder's scenarios: its home agent passes on a packet, and both tests are answered by hand. */
import { acknowledgedByHand, careOfTestFor, homeTestFor } from '../../../harness/vocabulary/correspondent-by-hand.ts';
import type { Account, Finding, Heard } from '../../../harness/vocabulary/judging.ts';
import { echoPacket, tunnelledPacket, udpPacket } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6, sinkPort } from '../../../harness/vocabulary/places.ts';
import { ipPacket } from '../../../reference/wire/ip/packet.ts';
import { type MobileStage, registersFrom } from './acts.ts';
import { type Way, wayOfFrame } from './ways.ts';

export const correspondent = mobileIpv6.correspondent;
export const REGISTERED = 'update from foreign-1';
export const INVITATION = 'passed on';
const echo = { identifier: 79, sequence: 1, payload: new Uint8Array(8) } as const;
export const UPDATE = 'update to the correspondent';

/** A datagram of the correspondent to the home address. */
export function datagram(sourcePort = 4_001): Uint8Array {
  const payload = new TextEncoder().encode('touchstone from the correspondent');
  return udpPacket({ from: correspondent, to: mobileIpv6.homeAddress, sourcePort, destinationPort: sinkPort, payload });
}

/** A packet in the home agent's tunnel to where the mobile node registered from. */
export function passedOn(inner: Uint8Array): (registered: Heard) => Uint8Array {
  return ({ source }) => tunnelledPacket({ from: mobileIpv6.homeAgent, to: source }, inner);
}

/** The correspondent asks: whether what it hears or what it answers makes a mobile node register is the node's own affair. */
const asking = echoPacket({ from: correspondent, to: mobileIpv6.homeAddress, ...echo });
/** What the mobile node answers, in the tunnel of its home agent. */
export const answered = echoPacket({ from: mobileIpv6.homeAddress, to: correspondent, ...echo, kind: 'reply' });

/** Up to both inits. */
export async function invites(stage: MobileStage): Promise<void> {
  const { ha, cn } = stage;
  await cn.echo('at home', { untilAnswered: true });
  await registersFrom(stage, 'foreign-1');
  await ha.answers(INVITATION, REGISTERED, passedOn(asking));
  await ha.hears('home init', 'homeTestInit', { to: correspondent, after: INVITATION });
  await cn.hears('care-of init', 'careOfTestInit', { to: correspondent, after: INVITATION });
}

/** Up to the update. */
export async function isTested(stage: MobileStage): Promise<void> {
  const { ha, cn } = stage;
  await invites(stage);
  await ha.answers('home test', 'home init', homeTestFor);
  await cn.answers('care-of test', 'care-of init', careOfTestFor);
  await cn.hears(UPDATE, 'bindingUpdate', { to: correspondent, after: INVITATION });
}

/** Up to a binding that both know of. */
export async function isBound(stage: MobileStage): Promise<void> {
  await isTested(stage);
  await stage.cn.answers('granted', UPDATE, (heard) => acknowledgedByHand(heard));
  await stage.nut.reports('bound', {
    until: ({ bindingUpdates = [] }) => bindingUpdates.some(({ peer, settled }) => peer === correspondent && settled),
  });
}

/** What an ICMPv6 error quotes that is about a message, as it was on the wire within its tunnel, and where there the number of its protocol stands. */
export function quoteOf({ found, homeAddress }: Heard) {
  const originalPacket = ipPacket.encode(found.packet.packet);
  return { originalPacket, pointer: homeAddress === undefined ? IPV6_NEXT_HEADER : FIRST_EXTENSION };
}

/** The same of a message that nobody sent: from where it was heard, and of zeros. */
export function madeUp({ found }: Heard): Uint8Array {
  const { packet } = found.packet;
  return ipPacket.encode({ ...packet, payload: new Uint8Array(packet.payload.length) });
}

/** Which way the probe of a moment went, from the home address. */
export function wayOf(t: Account, moment: string): { readonly way: Way['way']; readonly finding: Finding } | undefined {
  const found = t.probe(moment);
  const sent = t.sent(moment);
  if (!found || !sent) return undefined;
  return { way: wayOfFrame(found.frame).way, finding: sent };
}

/** Octets from the beginning of the packet: the Next Header of IPv6, and that of the extension header behind it. */
const IPV6_NEXT_HEADER = 6;
const FIRST_EXTENSION = 40;
