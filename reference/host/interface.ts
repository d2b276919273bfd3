/**
 * One node: its interfaces with ARP and neighbor discovery, its routes, its upper layers (echo, UDP and TCP sinks), and the IPsec and
 * IKE machines plugged in. This file holds the inputs and effects; what each layer decides lives beside it.
 */
import type { AhKeys, ChildKeys, IkeCommand, IkeEvent, IkeKeys } from '../ikev2/interface.ts';
import type { EspSealing } from '../ipsec/sealing.ts';
import type { Discarded } from '../machine.ts';
import type { BindingState, BindingUpdateState } from '../mobility/interface.ts';
import type { MobilityOrder } from '../mobility/order.ts';
import type { Address } from '../wire/address.ts';
import type { NodeConfiguration } from './configuration.ts';

export type { BindingState, BindingUpdateState } from '../mobility/interface.ts';

export type HostInput =
  | { readonly kind: 'frame'; readonly interface: string; readonly octets: Uint8Array }
  | { readonly kind: 'command'; readonly command: HostCommand }
  | { readonly kind: 'timeout' };

/** A named pure function on octets; `complaint` is what an independent decoder must say of the result. */
export interface OctetTamper {
  readonly name: string;
  readonly complaint?: string;
  apply(octets: Uint8Array): Uint8Array;
}

export type HostCommand =
  | { readonly kind: 'configure'; readonly configuration: NodeConfiguration }
  /** Leaves one link and joins another, with these addresses and routes; SAs, counters and IKE state stay. */
  | {
      readonly kind: 'move';
      readonly interface: string;
      readonly link: string;
      readonly addresses: readonly string[];
      readonly routes: NodeConfiguration['routes'];
    }
  | {
      readonly kind: 'echo';
      readonly from: Address;
      readonly to: Address;
      readonly identifier: number;
      readonly sequence: number;
      readonly payload: Uint8Array;
      readonly inClear?: boolean;
    }
  | {
      readonly kind: 'udp';
      readonly from: Address;
      readonly to: Address;
      readonly sourcePort: number;
      readonly destinationPort: number;
      readonly payload: Uint8Array;
      readonly inClear?: boolean;
    }
  | {
      readonly kind: 'tcp-syn';
      readonly from: Address;
      readonly to: Address;
      readonly sourcePort: number;
      readonly destinationPort: number;
      readonly inClear?: boolean;
    }
  /** A packet the tester builds himself, sent as it is (past the SPD), from the interface its route names. */
  | { readonly kind: 'packet'; readonly octets: Uint8Array; readonly tamper?: OctetTamper }
  /** ESP under an SA of this node's SAD, with whatever the tester wants otherwise. */
  | { readonly kind: 'esp'; readonly packet: EspOrder }
  /** A mobility message by hand: as the SPD has it, or past it. */
  | {
      readonly kind: 'mobility';
      readonly order: MobilityOrder;
      readonly inClear?: boolean;
      readonly tamper?: OctetTamper;
    }
  | IkeCommand;

export type { MobilityOrder } from '../mobility/order.ts';

/** One ESP packet by hand: keys and counters are borrowed from the SA, every field may be given instead. */
export interface EspOrder extends EspSealing {
  /** Name of a manual SA, or `connection/child` of a negotiated one. */
  readonly securityAssociation: string;
  /** Both SAs of a child have one name: the outbound one unless told otherwise. */
  readonly direction?: 'in' | 'out';
  /** After sealing the packet bears the SPI of this outbound SA. */
  readonly announcedAs?: string;
  /** On the plaintext with its trailer, before sealing. */
  readonly beforeSealing?: OctetTamper;
  /** On the ESP packet (from SPI to ICV), after sealing. */
  readonly afterSealing?: OctetTamper;
  /** On the whole IP packet as it leaves. */
  readonly onTheWay?: OctetTamper;
}

export type HostEffect =
  | {
      readonly kind: 'frame';
      readonly interface: string;
      readonly octets: Uint8Array;
      /** What was tampered with in this frame, so that an independent decoder's complaint can be expected. */
      readonly tampers?: readonly { readonly name: string; readonly complaint?: string }[];
      /** The command this frame answers, by its place among the commands stepped, when it follows from one at once. */
      readonly command?: number;
    }
  | { readonly kind: 'event'; readonly event: HostEvent };

export type HostEvent =
  | {
      readonly kind: 'delivered';
      readonly protocol: 'udp' | 'tcp';
      readonly source: Address;
      readonly destination: Address;
      readonly sourcePort: number;
      readonly destinationPort: number;
      readonly payload: Uint8Array;
    }
  | {
      readonly kind: 'echo-reply';
      readonly source: Address;
      readonly destination: Address;
      readonly identifier: number;
      readonly sequence: number;
      readonly payload: Uint8Array;
    }
  | {
      readonly kind: 'tcp-answer';
      readonly source: Address;
      readonly destination: Address;
      readonly sourcePort: number;
      readonly destinationPort: number;
      readonly flags: 'SYN-ACK' | 'RST';
    }
  | { readonly kind: 'acquire'; readonly entry: string; readonly packet: Uint8Array }
  /** What became of IKE SAs and children. */
  | Extract<IkeEvent, { readonly kind: 'ike' | 'child' }>
  | { readonly kind: 'keys'; readonly record: KeyRecord }
  /** A role of Mobile IPv6 took this message. Addresses are those of the IPv6 header. */
  | { readonly kind: 'mobility'; readonly message: string; readonly source: Address; readonly destination: Address }
  /** A packet or message was refused. */
  | ({ readonly kind: 'discarded' } & Discarded);

/** What an analyst needs to open the frames afterwards. Keys are lower-case hex. */
export type KeyRecord = ChildKeys | IkeKeys | AhKeys;

/** What a node says of itself when asked, in one form for every product. */
export interface NodeState {
  readonly ikeSas: readonly {
    readonly connection: string;
    readonly initiatorSPI: string;
    readonly responderSPI: string;
    readonly state: 'connecting' | 'established' | 'rekeying' | 'deleting';
    readonly remoteIdentity?: string;
    readonly localAddress: Address;
    readonly remoteAddress: Address;
  }[];
  readonly sad: readonly {
    readonly spi: number;
    readonly source: Address;
    readonly destination: Address;
    readonly mode: 'transport' | 'tunnel';
    readonly direction: 'in' | 'out';
    readonly packets: number;
    readonly octets: number;
    readonly replayWindow: number;
    readonly replayFailures: number;
    readonly integrityFailures: number;
    readonly child?: string;
  }[];
  readonly spd: readonly {
    readonly direction: 'in' | 'out' | 'forward';
    readonly selector: string;
    readonly action: 'BYPASS' | 'DISCARD' | 'PROTECT';
    readonly priority: number;
  }[];
  /** Named counters of the node's own (`XfrmInTmplMismatch`, `discarded:replayWindow`), monotonic since configuration. */
  readonly counters: Readonly<Record<string, number>>;
  readonly delivered: readonly DeliveredProbe[];
  /** The binding cache (RFC 6275 9.1); absent where the node has none, or cannot be asked. */
  readonly bindings?: readonly BindingState[];
  /** The binding update list of a mobile node (RFC 6275 11.1); absent as above. */
  readonly bindingUpdates?: readonly BindingUpdateState[];
}

export interface DeliveredProbe {
  readonly protocol: 'udp' | 'tcp';
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Lower-case hex. */
  readonly payload: string;
}
