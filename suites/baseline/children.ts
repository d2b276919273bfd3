/**
 * Several children of one IKE SA, each for UDP with one port of the tester, and what their traffic shows: one datagram to and one from
 * the node for each child. SPIs tell whether every child has SAs of its own. Before them all comes a child for echoes, whose answers say
 * how far the node is.
 */
import { fqdn } from '../../harness/vocabulary/credentials.ts';
import { childBetween, negotiated, only, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { host } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Finding, finding } from '../../harness/vocabulary/judging.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import type { ChildName, Stage } from '../../harness/vocabulary/stage.ts';
import { type ProtectingSuite, proposalOf } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';

/** `count` children, told apart by the tester's port, and the one for echoes. */
export function bearing(count: number, suite?: ProtectingSuite) {
  const ends = { local: host(nutAddresses.ipv4), remote: host(places.home.ipv4) };
  const under = suite && { protocol: suite.protocol, proposals: [proposalOf(suite)] };
  const children = upTo(count).map((place) => ({
    ...childBetween(childAt(place).child, 'transport', ends, under),
    local: [{ addresses: ends.local, protocol: protocols.UDP }],
    remote: [{ addresses: ends.remote, protocol: protocols.UDP, ports: portAt(place) }],
  }));
  const echoes = {
    ...childBetween(life.child, 'transport', ends, under),
    local: [{ addresses: ends.local, protocol: protocols.ICMP }],
    remote: [{ addresses: ends.remote, protocol: protocols.ICMP }],
  };
  return negotiated({ nut: { expects: only(fqdn(tnName)) }, children: [echoes, ...children] });
}

const life: ChildName = { connection: 'peer', child: 'echoes' };

export function childAt(place: number): ChildName {
  return { connection: 'peer', child: `child-${place}` };
}

/** Of the node under test. */
export type Role = 'initiator' | 'responder';

/** One after the other, by whom the node's role says. */
export async function bears({ tn, nut }: Stage, count: number, role: Role): Promise<void> {
  const initiating = role === 'initiator' ? nut : tn;
  await initiating.initiates('birth of the first', life);
  await tn.echo('first echo');
  for (const place of upTo(count)) await initiating.initiates(`birth ${place}`, childAt(place));
  await tn.echo('last echo');
}

/** A datagram each way under each child; `round` tells this exchange from others. */
export async function converse({ tn, nut }: Stage, count: number, round: string): Promise<void> {
  for (const place of upTo(count)) {
    await tn.udp(`${round} to ${place}`, { sourcePort: portAt(place) });
    await nut.udp(`${round} from ${place}`, { sourcePort: 9_000 + place, destinationPort: portAt(place) });
  }
  await tn.echo(`${round} over`);
  await nut.reports(`${round} received`);
}

/** The child that IKE_AUTH brought carries echoes. */
export function firstWorks(t: Account): Finding | undefined {
  return t.established('birth of the first', 'first echo');
}

export function allAgreed(t: Account, count: number): Finding | undefined {
  return both(...upTo(count).map((place) => t.ike.childAgreed(`birth ${place}`)));
}

/** Every datagram of the round arrived, and those of the node left under ESP. */
export function allArrived(t: Account, count: number, round: string): Finding | undefined {
  return both(
    ...upTo(count).flatMap((place) => [
      t.delivered(`${round} to ${place}`, `${round} received`),
      t.sentUnder(`${round} from ${place}`, 'esp'),
    ]),
  );
}

/** No two children share an SPI, in either direction. */
export function ownSpis(t: Account, count: number, round: string): Finding | undefined {
  const distinct = (way: 'to' | 'from') =>
    new Set(upTo(count).map((place) => spiOf(t, `${round} ${way} ${place}`))).size;
  return distinct('to') === count && distinct('from') === count ? finding(`${count} SPIs each way`) : undefined;
}

/** The SPI under which the probe of a moment went. */
export function spiOf(t: Account, moment: string): number | undefined {
  return t.probe(moment)?.packet.esp?.spi;
}

const portAt = (place: number) => 6_000 + place;

const upTo = (count: number) => Array.from({ length: count }, (_, place) => place);
