/** A message as it was seen, with what the headers say of the packet that carried it (RFC 6275 sections 6.3 and 6.4, RFC 2473). */
import type { Address } from '../../reference/wire/address.ts';
import type { RoutingHeader } from '../../reference/wire/ip/extension-headers.ts';
import { homeAddressesIn, routingHeaderOf } from '../../reference/wire/ip/home-addresses.ts';
import type { IpPacket } from '../../reference/wire/ip/packet.ts';
import type { FoundPacket } from './opened-frame.ts';

export interface HeardMessage<Message> {
  readonly found: FoundPacket;
  readonly message: Message;
  /** Addresses of the IPv6 header. */
  readonly source: Address;
  readonly destination: Address;
  /** Of a home address option. */
  readonly homeAddress?: Address;
  /** Of a type 2 routing header. */
  readonly routedTo?: Address;
  /** Where it goes in the end: the home address in a type 2 routing header, or the destination. */
  readonly ultimately: Address;
  /** An SA protects it. */
  readonly isProtected: boolean;
  /** The IPv6 encapsulation around it, under ESP or in clear. */
  readonly tunnel?: { readonly source: Address; readonly destination: Address };
}

export function heardMessage<Message>(found: FoundPacket, message: Message): HeardMessage<Message> {
  const { packet, esp } = found.packet;
  const extended = packet.version === 6 ? packet : undefined;
  const around = outerOf(found);
  const [homeAddress] = extended ? homeAddressesIn(extended) : [];
  const routedTo = addressIn(extended && routingHeaderOf(extended));
  return {
    found,
    message,
    source: packet.source,
    destination: packet.destination,
    ...(homeAddress !== undefined && { homeAddress }),
    ...(routedTo !== undefined && { routedTo }),
    ultimately: routedTo ?? packet.destination,
    isProtected: esp !== undefined,
    ...(around && { tunnel: { source: around.source, destination: around.destination } }),
  };
}

/** The packet around this one. */
function outerOf({ frame, packet }: FoundPacket): IpPacket | undefined {
  const outermost = frame.packets[0]?.packet;
  const isInner = packet.packet !== outermost && packet.packet.source !== outermost?.source;
  return isInner || packet.esp?.mode === 'tunnel' ? outermost : undefined;
}

const addressIn = (routing: RoutingHeader | undefined): Address | undefined => routing?.addresses?.[0];
