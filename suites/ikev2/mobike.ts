/**
 * What the scenarios of moving peers have in common: two gateways with a tunnel between them, and where the node under test sends what. Who moves is the tester.
 */
import { negotiated, saying } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, type Finding, type FoundPacket, finding } from '../../harness/vocabulary/judging.ts';
import { places } from '../../harness/vocabulary/places.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { isQuiet } from './crossing.ts';

/** Two gateways; what each is told of its only connection besides. */
export function gatewaysThat(told: Parameters<typeof saying>[1]) {
  return saying(negotiated({ mode: 'tunnel' }), told);
}

/** Both speak MOBIKE, and the node under test is told of a peer that may be anywhere. */
export const mobikeGateways = () => gatewaysThat({ nut: { mobike: {}, remoteAddresses: ['any'] }, tn: { mobike: {} } });

/** The probe of this moment went to an outer address. */
export function wentTo(t: Account, name: string, address: string): Finding | undefined {
  const found = t.probe(name);
  return found && outerDestination(found) === address
    ? finding(
        `${name}: to ${address} in frame ${found.frame.entry.number}`,
        t.evidenceOf(found, `${name}, to ${address}`),
      )
    : undefined;
}

/** The first message of the node under test that the notation matches went to an address. */
export function messageWentTo(t: Account, message: string, after: string, address: string): Finding | undefined {
  const [request] = t.ike.exchange(message, { by: 'nut', after })?.requests ?? [];
  return request?.ike.carrier.destination === address ? t.ike.said(request, `${message}, to ${address}`) : undefined;
}

function outerDestination({ packet }: FoundPacket): string | undefined {
  return packet.esp?.carrier.destination;
}

export function addressAt(place: string): string {
  return places[place as keyof typeof places].ipv4;
}

/** After a peer has moved: it lives, nothing is unanswered, and each sends to the other. Names `life`, `from there`, `to there` and the report `report`. */
export async function speakAfterTheMove({ tn, nut, lab }: Stage): Promise<void> {
  await tn.asksForLife('life');
  await lab.shows(isQuiet);
  await tn.udp('from there');
  await nut.reports('report', { until: ({ delivered }) => delivered.length > 0 });
  await nut.echo('to there');
}

export const updateOf = (t: Account) => t.ike.exchange(UPDATE, { by: 'tn' });

/** The answer to the update, wherever it went. */
export function updateAnswered(t: Account): Finding | undefined {
  const [answer] = updateOf(t)?.responses ?? [];
  return answer && t.ike.said(answer, 'the answer to UPDATE_SA_ADDRESSES');
}

/** MOBIKE is agreed on. */
export const AGREED = 'HDR, SK {IDr, [CERT+,] AUTH, SA, TSi, TSr, N(MOBIKE_SUPPORTED)}';
export const UPDATE = 'HDR, SK {N(UPDATE_SA_ADDRESSES)}';
