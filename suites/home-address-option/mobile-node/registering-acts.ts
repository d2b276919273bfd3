/** How a mobile node is brought to register with a correspondent, for this folder's scenarios: its home agent passes on a packet, and both tests are answered by hand. */
import { acknowledgedByHand, careOfTestFor, homeTestFor } from '../../../harness/vocabulary/correspondent-by-hand.ts';
import type { Account, Finding, Heard } from '../../../harness/vocabulary/judging.ts';
import { tunnelledPacket, udpPacket } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6, sinkPort } from '../../../harness/vocabulary/places.ts';
import { type MobileStage, registersFrom } from './acts.ts';

export const correspondent = mobileIpv6.correspondent;
export const REGISTERED = 'update from foreign-1';
export const INVITATION = 'passed on';
export const UPDATE = 'update to the correspondent';

/** A datagram of the correspondent to the home address. */
export function datagram(sourcePort = 4_001): Uint8Array {
  const payload = new TextEncoder().encode('touchstone from the correspondent');
  return udpPacket({ from: correspondent, to: mobileIpv6.homeAddress, sourcePort, destinationPort: sinkPort, payload });
}

/** The same, or another packet, in the home agent's tunnel to where the mobile node registered from. */
export function passedOn(inner: Uint8Array = datagram()): (registered: Heard) => Uint8Array {
  return ({ source }) => tunnelledPacket({ from: mobileIpv6.homeAgent, to: source }, inner);
}

/** Up to both inits. */
export async function invites(stage: MobileStage): Promise<void> {
  const { ha, cn } = stage;
  await cn.echo('at home');
  await registersFrom(stage, 'foreign-1');
  await ha.answers(INVITATION, REGISTERED, passedOn());
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

/** Which way the probe of a moment went, from the home address. */
export function wayOf(
  t: Account,
  moment: string,
): { readonly way: 'direct' | 'tunnel' | 'plain'; readonly finding: Finding } | undefined {
  const found = t.probe(moment);
  const sent = t.sent(moment);
  if (!found || !sent) return undefined;
  const { frame, packet } = found;
  const [outermost] = frame.packets;
  if (outermost && outermost.packet.protocol === IPV6) return { way: 'tunnel', finding: sent };
  const inner = packet.packet;
  const hasOption =
    outermost?.packet.version === 6 && outermost.packet.extensions.some(({ type }) => type === 'destinationOptions');
  return {
    way: hasOption || (inner.version === 6 && inner.source !== mobileIpv6.homeAddress) ? 'direct' : 'plain',
    finding: sent,
  };
}

const IPV6 = 41;
