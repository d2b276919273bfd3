/**
 * A child SA (RFC 7296 sections 1.2, 1.4.1 and 2.17): a pair of SAs of ESP or AH as this folder knows them, and their SPIs as messages carry them. Making
 * and removing one is `child-installation.ts`.
 */
import type { Selectors } from '../ipsec/traffic-selector.ts';
import type { Address } from '../wire/address.ts';
import { protocolIds } from '../wire/ike/registry.ts';
import { readU32, u32 } from '../wire/octets.ts';
import type { ChildConfiguration } from './configuration.ts';
import type { NegotiatedSa } from './interface.ts';
import type { ChosenProposal } from './proposal-selection.ts';

export interface ChildSa {
  readonly configuration: ChildConfiguration;
  /** As it was agreed on. */
  readonly protocol: 'ESP' | 'AH';
  readonly mode: 'transport' | 'tunnel';
  readonly inboundSpi: number;
  readonly outboundSpi: number;
  readonly selectors: Selectors;
  /** Delete for it is on its way. */
  deleting: boolean;
  /** Agreed on and not installed yet: until the child it replaces is deleted, traffic goes out there (section 2.8). */
  awaitedOutbound?: NegotiatedSa;
  /** The peer rekeyed it: into what, which is more than one child where it did so more than once, and last with which nonces (section 2.8.1). */
  replacedByPeer?: { readonly successors: readonly ChildSa[]; readonly nonces: readonly Uint8Array[] };
}

/** What a Delete or a notification names a child by: an SPI of AH and one of ESP may be the same number (RFC 4301 section 4.1). */
export interface NamedSpi {
  /** Of `protocolIds`. */
  readonly protocolId: number;
  readonly spi: number;
}

/** What this node receives a child's packets by, and where. */
export interface InboundSpi {
  readonly spi: number;
  readonly localAddress: Address;
}

/** The number by which messages name the protocol that a child is for. */
export function protocolIdOf({ protocol = 'ESP' }: Pick<ChildConfiguration, 'protocol'>): number {
  return protocolIds[protocol];
}

/** That of a proposal which was chosen for a child. */
export function protocolOf({ protocolId }: Pick<ChosenProposal, 'protocolId'>): 'ESP' | 'AH' {
  return protocolId === protocolIds.AH ? 'AH' : 'ESP';
}

/** The SPI that this node receives on. */
export function inboundName({ protocol, inboundSpi }: Pick<ChildSa, 'protocol' | 'inboundSpi'>): NamedSpi {
  return { protocolId: protocolIds[protocol], spi: inboundSpi };
}

/** The SPI that the peer receives on. */
export function outboundName({ protocol, outboundSpi }: Pick<ChildSa, 'protocol' | 'outboundSpi'>): NamedSpi {
  return { protocolId: protocolIds[protocol], spi: outboundSpi };
}

export function spiOctets(spi: number): Uint8Array {
  return u32(spi);
}

/** Undefined where it is not four octets. */
export function spiNumber(octets: Uint8Array): number | undefined {
  return octets.length === 4 ? readU32(octets) : undefined;
}
