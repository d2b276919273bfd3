/**
 * A child SA (RFC 7296 sections 1.2, 1.4.1 and 2.17): a pair of ESP SAs as this folder knows them, and their SPIs as messages carry them. Making
 * and removing one is `child-installation.ts`.
 */
import type { Selectors } from '../ipsec/traffic-selector.ts';
import { readU32, u32 } from '../wire/octets.ts';
import type { ChildConfiguration } from './configuration.ts';
import type { NegotiatedSa } from './interface.ts';

export interface ChildSa {
  readonly configuration: ChildConfiguration;
  readonly mode: 'transport' | 'tunnel';
  readonly inboundSpi: number;
  readonly outboundSpi: number;
  readonly selectors: Selectors;
  /** Delete for it is on its way. */
  deleting: boolean;
  /** Agreed on and not installed yet: until the child it replaces is deleted, traffic goes out there (section 2.8). */
  awaitedOutbound?: NegotiatedSa;
  /** The peer rekeyed it: into what, with which nonces (section 2.8.1). */
  replacedByPeer?: { readonly successor: ChildSa; readonly nonces: readonly Uint8Array[] };
}

export function spiOctets(spi: number): Uint8Array {
  return u32(spi);
}

/** Undefined where it is not four octets. */
export function spiNumber(octets: Uint8Array): number | undefined {
  return octets.length === 4 ? readU32(octets) : undefined;
}
