/**
 * Intents about the length of a path: two security gateways with a router between them, the link behind which may take less than the others, and a host behind the node under test, which is told what its
 * packets are too long for.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import { beforeHost, hostBehind, inner } from '../lab/topologies.ts';
import type { Family } from './intent.ts';
import { type Keying, keyedGateways } from './keying.ts';
import { type PairOptions, tunnelPair } from './pairs.ts';
import { type EspSuite, espSuites } from './transforms.ts';

/** The cast of such a scenario. */
export const pathCast = { nut: 'tested', tn: 'tester', host: 'stranger' } as const;

/** The only tunnel, and what it is protected by: what every product has. */
export const PATH_TUNNEL = 'all';
const suite: EspSuite = espSuites['aes-cbc-sha512'];

export interface PathOptions extends Pick<PairOptions, 'dontFragment' | 'fragments'> {
  /** Octets that the link behind the router takes; 1500 unless given. */
  readonly beyondRouter?: number;
}

/** Inner and outer packets of one family. */
export function alongPath(
  keying: Keying,
  family: Family,
  { beyondRouter, ...handling }: PathOptions = {},
): PolicyIntent {
  const families = { inner: family, outer: family };
  const at = 'other-prefix';
  const { parties, ends, others } = keyedGateways(
    keying,
    families,
    [tunnelPair(PATH_TUNNEL, families, { suite, at, ...handling })],
    { at, adapts: beforeHost },
  );
  return {
    parties: { ...parties, host: hostBehind },
    ends: { ...ends, host: inner.host[family] },
    others: others!.map((router) => ({
      ...router,
      interfaces: router.interfaces.map((each) =>
        each.name === 'away' && beyondRouter !== undefined ? { ...each, mtu: beyondRouter } : each,
      ),
    })),
  };
}

/** Octets of the longest packet that the tunnel carries in one of so many: AES-CBC fills blocks of 16, the last of which ends with Pad Length and Next Header. */
export function longestThrough(pathMtu: number, family: Family): number {
  const around = ipHeader[family] + ESP_HEADER + IV + ICV;
  return BLOCK * Math.floor((pathMtu - around) / BLOCK) - TRAILER;
}

/** Octets. */
const ipHeader = { ipv4: 20, ipv6: 40 } as const;
const ESP_HEADER = 8;
const IV = 16;
const ICV = 32;
const BLOCK = 16;
const TRAILER = 2;
