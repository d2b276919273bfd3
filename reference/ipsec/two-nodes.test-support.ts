/**
 * Two nodes that hold the two ends of a pair of manual SAs, for conversation tests: `tn` is honest, `nut` may have other rules. Inner
 * addresses are 10.2.0.1 and 2001:db8:a2::1 (tn), 10.1.0.1 and 2001:db8:a1::1 (nut); outer ones 192.0.2.x and 2001:db8:1::x.
 */
import type { Env } from '../machine.ts';
import { type Address, familyOf } from '../wire/address.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { encodeUdp } from '../wire/udp.ts';
import type {
  ManualEspConfiguration,
  ManualSaConfiguration,
  PolicyConfiguration,
  SelectorConfiguration,
} from './configuration.ts';
import { type Inbound, Ipsec, type Outbound } from './ipsec.ts';
import { type IpsecRules, ipsecRules } from './rules.ts';
import type { EspSealing } from './sealing.ts';

export interface Setting {
  readonly mode?: 'transport' | 'tunnel';
  /** ESP unless told. */
  readonly protocol?: 'AH';
  readonly outer?: 4 | 6;
  readonly inner?: 4 | 6;
  /** What both ends' SAs have beyond the usual. */
  readonly sa?: Partial<ManualEspConfiguration>;
  /** Rules of the nut that are not those of an honest node. */
  readonly rules?: Partial<IpsecRules>;
  /** The selector of the nut's PROTECT entry, local being the nut. */
  readonly selector?: Partial<SelectorConfiguration>;
  /** Entries of the nut ahead of PROTECT. */
  readonly ahead?: readonly PolicyConfiguration[];
  readonly unmatched?: 'BYPASS' | 'DISCARD';
  /** What the nut makes of messages about the length of a path. */
  readonly pathMtuMessages?: 'heeded' | 'ignored';
}

export class TwoNodes {
  readonly tn: Ipsec;
  readonly nut: Ipsec;
  readonly #setting: Required<Pick<Setting, 'mode' | 'outer' | 'inner'>>;

  constructor({ mode = 'tunnel', outer = 4, inner = 4, ...rest }: Setting = {}) {
    this.#setting = { mode, outer, inner };
    const [tn, nut] = [outerAddress('tn', outer), outerAddress('nut', outer)];
    const sas = (direction: 'toNut' | 'fromNut', at: 'in' | 'out'): ManualSaConfiguration => ({
      name: direction,
      direction: at,
      spi: direction === 'toNut' ? 0x1001 : 0x1002,
      source: direction === 'toNut' ? tn : nut,
      destination: direction === 'toNut' ? nut : tn,
      mode,
      integrity: { id: 12, key: '17'.repeat(32) },
      replayWindow: 64,
      extendedSequenceNumbers: false,
      ...(rest.protocol
        ? { protocol: rest.protocol }
        : { encryption: { id: 12, keyLength: 128, key: '42'.repeat(16) } }),
      ...(rest.sa as object),
    });
    const isTunnel = mode === 'tunnel';
    const local = isTunnel ? innerPrefix('nut', inner) : nut;
    const remote = isTunnel ? innerPrefix('tn', inner) : tn;
    const action = {
      kind: 'PROTECT',
      protocol: rest.protocol ?? 'ESP',
      mode,
      securityAssociations: ['toNut', 'fromNut'],
    } as const;
    this.tn = new Ipsec({
      env: countingEnv(),
      isOwnAddress: (address) => address === tn,
      configuration: {
        spd: [{ name: 'protect', direction: 'both', selector: { local: remote, remote: local }, action }],
        manual: [sas('toNut', 'out'), sas('fromNut', 'in')],
      },
    });
    this.nut = new Ipsec({
      env: countingEnv(),
      rules: { ...ipsecRules, ...rest.rules },
      isOwnAddress: (address) => address === nut,
      configuration: {
        spd: [
          ...(rest.ahead ?? []),
          { name: 'protect', direction: 'both', selector: { local, remote, ...rest.selector }, action },
        ],
        manual: [sas('toNut', 'in'), sas('fromNut', 'out')],
        ...(rest.unmatched && { unmatched: rest.unmatched }),
        ...(rest.pathMtuMessages && { pathMtuMessages: rest.pathMtuMessages }),
      },
      linkMtu: () => 1_500,
    });
  }

  /** An ordinary UDP packet from tn to nut, from port 7 to port 7 unless told. */
  packet(fields: PacketFields = {}): Uint8Array {
    return udpPacket({ source: this.#address('tn'), destination: this.#address('nut'), ...fields });
  }

  /** The nut's answer to it. */
  answer(fields: PacketFields = {}): Uint8Array {
    return udpPacket({ source: this.#address('nut'), destination: this.#address('tn'), ...fields });
  }

  /** What tn sends under its SA; the outer packet. */
  sealed(order: Partial<EspSealing> = {}, now = 0): Uint8Array {
    const sealed = this.tn.seal(now, this.tn.sad.named('toNut')!, { packet: this.packet(), ...order });
    if (sealed.kind !== 'sealed') throw new Error(sealed.refusal.detail);
    return sealed.packet;
  }

  /** tn seals, nut receives. */
  arrives(order: Partial<EspSealing> = {}, now = 0): Inbound {
    return this.nut.inbound(now, this.sealed(order, now));
  }

  #address(node: NodeName): Address {
    const { mode, outer, inner } = this.#setting;
    return mode === 'tunnel' ? innerAddress(node, inner) : outerAddress(node, outer);
  }
}

export type NodeName = 'tn' | 'nut';

export interface PacketFields {
  readonly source?: Address;
  readonly destination?: Address;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly header?: Partial<IpPacket>;
}

/** One word: `deliver`, `bypass`, `protected`, `keepalive`, or the rule that refused. */
export function outcome(result: Inbound | Outbound): string {
  return 'refusal' in result ? result.refusal.rule : result.kind;
}

export function udpPacket({
  source = '',
  destination = '',
  sourcePort = 7,
  destinationPort = 7,
  header,
}: PacketFields): Uint8Array {
  const payload = encodeUdp(
    { sourcePort, destinationPort, payload: new Uint8Array(11).fill(0x61) },
    { source, destination },
  );
  const common = { source, destination, protocol: 17, payload };
  const packet = familyOf(source) === 4 ? { version: 4, ...common } : { version: 6, extensions: [], ...common };
  return ipPacket.encode({ ...packet, ...header } as IpPacket);
}

export function outerAddress(node: NodeName, family: 4 | 6): Address {
  const host = node === 'nut' ? 1 : 2;
  return family === 4 ? `192.0.2.${host}` : `2001:db8:1::${host}`;
}

export function innerAddress(node: NodeName, family: 4 | 6): Address {
  const net = node === 'nut' ? 1 : 2;
  return family === 4 ? `10.${net}.0.1` : `2001:db8:a${net}::1`;
}

function innerPrefix(node: NodeName, family: 4 | 6): string {
  return family === 4 ? `${innerAddress(node, 4)}/24` : `${innerAddress(node, 6)}/64`;
}

/** Octets that never repeat. */
export function countingEnv(): Env {
  let drawn = 0;
  return {
    octets(_purpose, length) {
      drawn++;
      return Uint8Array.from({ length }, (_, i) => (i === 0 ? drawn >> 8 : i === 1 ? drawn : 0xa5));
    },
  };
}
