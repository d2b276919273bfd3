/** What the entry of a tunnel decides about its size and its errors (RFC 2473 sections 7.1 and 8), as home agent and as mobile node. Lengths are octets. */
import type { TunnelErrorClaim, TunnelReport } from './tunnel-errors.ts';

export interface TunnelRules {
  /** 7.1: a packet longer than the tunnel carries is not put into it; one that every link carries always is, and the tunnel packet is cut. */
  tunnelTakes(octets: number, tunnelMtu: number): boolean;
  /** 8: an error is relayed that is about a packet which this node put into a tunnel of its own. */
  tunnelIsOurs(isOurs: boolean): boolean;
  /** 8.1, 8.2: what the source of the original is told: that there is no way, or how long a packet may be; of other errors nothing. */
  tunnelErrorRelayed(error: TunnelErrorClaim): TunnelReport | undefined;
}

export const tunnelSections = {
  tunnelTakes: 'RFC 2473 7.1',
  tunnelIsOurs: 'RFC 2473 8',
  tunnelErrorRelayed: 'RFC 2473 8.1, 8.2',
} as const satisfies Record<keyof TunnelRules, string>;

export const tunnelRules: TunnelRules = {
  tunnelTakes: (octets, tunnelMtu) => octets <= Math.max(tunnelMtu, MINIMUM_MTU),
  tunnelIsOurs: (isOurs) => isOurs,
  tunnelErrorRelayed({ kind, mtu, octets, isAboutLimit }) {
    const isUnreachable = kind === 'destinationUnreachable' || kind === 'timeExceeded';
    if (isUnreachable || (kind === 'parameterProblem' && isAboutLimit)) return { kind: 'address-unreachable' };
    if (kind !== 'packetTooBig' || octets <= MINIMUM_MTU) return undefined;
    return { kind: 'too-big', mtu: Math.max(mtu - TUNNEL_HEADER, MINIMUM_MTU) };
  },
};

/** Of IPv6 (RFC 8200 section 5). */
export const MINIMUM_MTU = 1280;
/** What a tunnel adds. */
export const TUNNEL_HEADER = 40;
