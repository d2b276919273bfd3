/** What one entry of the SPD says, RFC 4301 section 4.4.1.2. The database they stand in, in order, is `spd.ts`. */
import type { Address } from '../wire/address.ts';
import type { Direction } from './selectors-of-packet.ts';
import type { Selectors } from './traffic-selector.ts';

export interface SpdEntry {
  readonly name: string;
  readonly direction: Direction;
  readonly selectors: Selectors;
  readonly action: 'BYPASS' | 'DISCARD' | Protection;
}

/** 4.4.1.2: the processing info of a PROTECT entry. */
export interface Protection {
  readonly kind: 'PROTECT';
  readonly protocol: 'ESP' | 'AH';
  readonly mode: 'transport' | 'tunnel';
  /** Outer addresses, seen from this node. */
  readonly tunnel?: { readonly local: Address; readonly remote: Address };
  /** Names of the SAs that serve this entry; absent: any whose selectors fit. */
  readonly securityAssociations?: readonly string[];
  /** The name of the entry that the result passes through next, outbound; inbound before (appendix E: there the forwarding tables say so). */
  readonly within?: string;
}

export type UnmatchedAction = 'BYPASS' | 'DISCARD';
