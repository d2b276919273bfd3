/**
 * What the scenarios of moving peers have in common: two gateways with a tunnel between them, and where the node under test sends what. Who moves is the tester.
 */
import { negotiated } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, type Finding, type FoundPacket, finding } from '../../harness/vocabulary/judging.ts';
import { places } from '../../harness/vocabulary/places.ts';

type Connection = ReturnType<typeof negotiated>['parties'][string]['ike'][number];
type Told = Readonly<Partial<Record<string, Partial<Connection>>>>;

/** Two gateways; what each is told of its only connection besides. */
export function gatewaysThat(told: Told) {
  return saying(negotiated({ mode: 'tunnel' }), told);
}

/** What each party is told of all its connections besides. */
export function saying(intent: ReturnType<typeof negotiated>, told: Told) {
  const parties = Object.entries(intent.parties).map(([name, party]) => [
    name,
    { ...party, ike: party.ike.map((connection) => ({ ...connection, ...told[name] })) },
  ]);
  return { ...intent, parties: Object.fromEntries(parties) as typeof intent.parties };
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

export const UPDATE = 'HDR, SK {N(UPDATE_SA_ADDRESSES)}';
