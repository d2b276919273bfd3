/**
 * A node of a lab as everything above the lab sees it: something that can be configured from a `NodeConfiguration`, told to act, and
 * asked for its state. The reference host implements it in memory, a product's adapter implements it over a guest's console.
 * The configuration types are the reference's own; they are named here so that products and vocabulary need not reach below the lab.
 */
import type { NodeConfiguration } from '../../reference/host/configuration.ts';
import type { DeliveredProbe, HostCommand, KeyRecord, NodeState } from '../../reference/host/interface.ts';

export type { AltName, CertificateRecipe, RevocationListRecipe } from '../../reference/certificates/recipe.ts';
export type {
  AdvertisingConfiguration,
  BindingByHand,
  ChildConfiguration,
  CorrespondentNodeConfiguration,
  Credential,
  EapMethod,
  FragmentationConfiguration,
  Hex,
  HomeAgentConfiguration,
  Identity,
  IdentityPattern,
  IkeConnection,
  InterfaceConfiguration,
  InternalAddresses,
  Lifetime,
  LocalIdentity,
  ManualAh,
  ManualEsp,
  ManualSa,
  MobileNodeConfiguration,
  MobilityConfiguration,
  NodeConfiguration,
  PortRange,
  Prefix,
  ProposalConfiguration,
  ProtectAction,
  RemoteIdentity,
  Route,
  Selector,
  Sink,
  SpdEntry,
  TrafficSelectorConfiguration,
} from '../../reference/host/configuration.ts';
export type {
  EspOrder,
  HostCommand,
  HostEvent,
  KeyRecord,
  MobilityOrder,
  NodeState,
  OctetTamper,
} from '../../reference/host/interface.ts';
/** Of each interface of a reference node, by the names alone. */
export { hardwareAddressOf } from '../../reference/host/interfaces.ts';
/** As every address is written in a value: what a product tells in octets comes to be text by this. */
export { type Address, addressText } from '../../reference/wire/address.ts';
export type { DeliveredProbe };

/** What a node under test can be told to do: the subset of the reference's commands that every product understands. */
export type NodeCommand = Extract<
  HostCommand,
  {
    kind:
      | 'echo'
      | 'udp'
      | 'tcp-syn'
      | 'initiate'
      | 'rekey-child'
      | 'rekey-ike'
      | 'close-child'
      | 'close'
      | 'liveness'
      | 'suspend';
  }
>;

/** The answer to a command: whether the node took it, and what it said. Never judged by its text. */
export interface CommandReply {
  readonly accepted: boolean;
  readonly says: string;
  /** The product has no such command at all, and says so in the words of its documentation: the case ends here. */
  readonly unsupported?: true;
}

/** A node under test. Every method is a lab wait; every failure of the harness itself is a `HarnessFault`. */
export interface NodeUnderTest {
  readonly product: string;
  /** Version of the product and of the kernel under it, as they name themselves. */
  readonly version: string;
  readonly kernel?: string;
  /** Why this configuration cannot be expressed, with the product's own documentation or answer; undefined if it can. Pure. */
  unsupported(configuration: NodeConfiguration): string | undefined;
  /** What the product would be given, as text a person can read (swanctl.conf, `ip xfrm` lines). Pure. */
  rendered(configuration: NodeConfiguration): string;
  /** Back to the baseline state, audited; then configured. Resolves when the node is ready for traffic. */
  configure(configuration: NodeConfiguration): Promise<void>;
  perform(command: NodeCommand): Promise<CommandReply>;
  state(): Promise<NodeState>;
  /** Keys of the SAs it has, where it can be asked for them: what opens frames between two products. */
  keys?(): Promise<readonly KeyRecord[]>;
  /** Of a product that answers first and does then what it has agreed to: resolves when it has. */
  caughtUp?(): Promise<void>;
  /** Of a product that installs in its own time what it has agreed to: the SPIs of the SAs that it holds now, of the inbound ones at least, with all that it takes to use them. */
  installed?(): Promise<readonly number[]>;
  /** Of a product that nobody can ask what it holds: it is taken at its word (RFC 7296 2.8: who has answered is ready to receive), and controls say whether that was so. */
  readonly holdsUnseen?: true;
  /** Of a product on a machine of its own: how many seconds ago that began. */
  uptime?(): Promise<number>;
  /** Of a node that lives in the lab and tells what becomes of its SAs as it happens: whether it has, since this place in the log. */
  heardOfIke?(since: number): boolean;
  /** Of a node that lives in the lab: its interface is plugged into another link, of which it is told nothing. */
  plug?(link: string): void;
  /** Of a product that is a program: calls `listener` when that ends, with what and how; the function that is returned ends it. */
  onEnded?(listener: (says: string) => void): () => void;
  /** The product's own log since `configure`, as evidence only. */
  log(): Promise<string>;
  stop(): Promise<void>;
}
