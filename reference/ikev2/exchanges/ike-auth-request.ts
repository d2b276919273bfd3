/** What an initiator says in its first IKE_AUTH request (RFC 7296 sections 1.2, 2.4, 2.19 and 3.7), whether AUTH is in it or EAP is to come (section 2.16). */
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { certificatePayloads, certificateRequests } from '../certificate-payloads.ts';
import { type ChildOffer, payloadsOfOffer } from '../child-negotiation.ts';
import type { IkeConnection } from '../configuration.ts';
import { configurationRequest } from '../configuration-payloads.ts';
import { identityOctets, type PeerIdentity } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import { mobikeNotifies } from '../mobike.ts';
import { notify } from '../payloads.ts';
import { ticketRequest } from '../resumption/tickets.ts';
import { windowNotifies } from '../window-size.ts';

/** Who this node says it is and whom it asks for: all that stands before AUTH. */
export function claimOf(connection: IkeConnection, asked: PeerIdentity | undefined): Payload[] {
  return [
    { type: 'IDi', ...identityOctets(connection.local.identity) },
    ...certificatePayloads(connection),
    ...certificateRequests([connection]),
    ...(asked ? [{ type: 'IDr' as const, ...asked }] : []),
  ];
}

/** What it wants once it is believed: all that stands behind AUTH. */
export function wishes(
  ikeSa: IkeSa,
  connection: IkeConnection,
  offer: ChildOffer,
  besides: readonly Payload[] = [],
): Payload[] {
  return [
    ...initialContact(ikeSa, connection),
    ...configurationRequest(connection),
    ...mobikeNotifies(connection),
    ...windowNotifies(ikeSa, connection),
    ...ticketRequest(connection),
    ...besides,
    ...payloadsOfOffer(offer),
  ];
}

/** The identity to ask for: only one that is exact can be asked for. */
export function askedIdentity({ remote }: IkeConnection): PeerIdentity | undefined {
  if (remote.identity === 'any' || (remote.identity.match ?? 'exact') !== 'exact') return undefined;
  return identityOctets(remote.identity);
}

/** Section 2.4: said in the first IKE_AUTH towards a peer with which there is no other IKE SA. */
function initialContact(ikeSa: IkeSa, connection: IkeConnection): Payload[] {
  const { settings, ikeSas } = ikeSa.surroundings;
  const others = ikeSas.some(
    (other) => other !== ikeSa && other.state.name !== 'leftBehind' && other.connection?.name === connection.name,
  );
  return settings.initialContact && !others ? [notify(notifyTypes.INITIAL_CONTACT)] : [];
}
