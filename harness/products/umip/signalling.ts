/**
 * Which entries of an SPD protect what a mobile node and its home agent tell each other (RFC 4877 4.2), and what mip6d.conf(5) calls each: those
 * policies mip6d writes itself, because it moves the ends of their tunnels with the mobile node.
 */
import type { SpdEntry } from '../../lab/node.ts';
import { addressOf, covers, everything, prefixOf } from '../prefix.ts';

export interface Registration {
  readonly homeAgent: string;
  /** With the length of the home prefix. */
  readonly homeAddress: string;
  /** Which of the two this node is. */
  readonly local: string;
  /** The node itself asks for IPsec inward, so that an entry for what it sends says all that is left to say. */
  readonly isRequired: boolean;
}

export type SignallingType = 'Mh' | 'ICMP' | 'MobPfxDisc' | 'any' | 'TunnelMh' | 'TunnelPayload';

export interface ProtectedSignalling {
  readonly entry: SpdEntry;
  readonly registration: Registration;
  readonly type: SignallingType;
  /** Why mip6d cannot. */
  readonly refused?: string;
}

export function protectedSignalling(
  spd: readonly SpdEntry[],
  registrations: readonly Registration[],
): readonly ProtectedSignalling[] {
  return spd.flatMap((entry) =>
    registrations.flatMap((registration) => {
      const type = typeOf(entry, registration);
      if (type === undefined) return [];
      const ah = typeof entry.action === 'object' && entry.action.protocol === 'AH';
      return [{ entry, registration, type, ...(ah && { refused: onlyEsp }) }];
    }),
  );
}

function typeOf({ action, direction, selector }: SpdEntry, registration: Registration): SignallingType | undefined {
  const isBothWays = direction === 'both' || (direction === 'out' && registration.isRequired);
  if (typeof action !== 'object' || !isBothWays) return undefined;
  const mobile = addressOf(registration.homeAddress);
  const agent = registration.homeAgent;
  const [own, other] = registration.local === agent ? [agent, mobile] : [mobile, agent];
  if (action.mode === 'transport') {
    const between = selector.local === prefixOf(own) && selector.remote === prefixOf(other);
    return between ? transportType(selector) : undefined;
  }
  const [ofMobile, ofOthers] = own === mobile ? [selector.local, selector.remote] : [selector.remote, selector.local];
  const ends = [action.tunnel?.local, action.tunnel?.remote];
  if (ofMobile !== prefixOf(mobile) || !covers(ofOthers, everything('ipv6')) || !ends.includes(agent)) return undefined;
  if (selector.protocol === undefined) return 'TunnelPayload';
  return selector.protocol === MOBILITY_HEADER ? 'TunnelMh' : undefined;
}

function transportType({ protocol, icmp }: SpdEntry['selector']): SignallingType | undefined {
  if (protocol === undefined) return 'any';
  if (protocol === MOBILITY_HEADER) return 'Mh';
  if (protocol !== ICMPV6) return undefined;
  if (icmp === undefined) return 'ICMP';
  const { type } = icmp;
  return typeof type !== 'number' && type[0] === 146 && type[1] === 147 ? 'MobPfxDisc' : undefined; // RFC 6275 6.7, 6.8
}

const onlyEsp = 'mip6d.conf(5): "Currently only the ESP IPsec protocol is supported"';

/** Protocol numbers of IANA. */
const MOBILITY_HEADER = 135;
const ICMPV6 = 58;
