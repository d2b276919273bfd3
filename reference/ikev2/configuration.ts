/**
 * What the IKEv2 machine is told to be: connections, each a PAD entry (RFC 4301 section 4.4.3) with the policy that goes with it,
 * as pure data; and the settings that RFC 7296 leaves to the implementation. A `NodeConfiguration` of the host carries these
 * connections as they are. Nothing here decides anything.
 */
import type { CertificateRecipe, RevocationListRecipe } from '../certificates/recipe.ts';
import type { Provider } from '../transforms/cipher.ts';
import type { Address } from '../wire/address.ts';

export interface IkeConnection {
  readonly name: string;
  /** The first is the one this node starts from; none: it starts from where it speaks to that peer from, and any will do. */
  readonly localAddresses: readonly Address[];
  /** The first that is an address is the one this node starts towards. */
  readonly remoteAddresses: readonly (Address | 'any')[];
  readonly local: LocalIdentity;
  readonly remote: RemoteIdentity;
  /** For the IKE SA, in order of preference. */
  readonly proposals: readonly ProposalConfiguration[];
  readonly children: readonly ChildConfiguration[];
  /** RFC 7383; absent: nothing is said of it, and a product does as it does. */
  readonly fragmentation?: FragmentationConfiguration;
  /** Addresses in the network behind a gateway (RFC 7296 2.19); absent: nothing is asked or given. */
  readonly internalAddresses?: InternalAddresses;
  /** RFC 8784: a key that both have beside what authenticates them; absent: none. */
  readonly ppk?: PpkConfiguration;
  /** RFC 5723; absent: no ticket is asked for or given. */
  readonly resumption?: ResumptionConfiguration;
  /** How many requests of the peer are handled at once (RFC 7296 2.3); absent: one, and nothing is said. */
  readonly windowSize?: number;
  /** Seconds without a sign of life after which the peer is asked whether it lives (RFC 7296 2.4); absent: it is not asked for that. */
  readonly livenessAfter?: number;
  /** RFC 4555; absent: nothing is said of it. */
  readonly mobike?: MobikeConfiguration;
  /** The NAT detection hashes lie, so that the peer sees a NAT before this node, and UDP encapsulation is used (RFC 7296 section 2.23). */
  readonly encapsulation?: 'forced';
}

export interface InternalAddresses {
  /** As initiator: asks for each of these; 0.0.0.0 and :: leave it to the peer which. */
  readonly asksFor?: readonly Address[];
  /** As responder: gives these out, and a child only to whoever asks. */
  readonly pools?: readonly (readonly [first: Address, last: Address])[];
  /** Told with an address. */
  readonly nameServers?: readonly Address[];
}

export interface PpkConfiguration {
  /** Of type PPK_ID_FIXED. */
  readonly identity: string;
  /** Hex. */
  readonly key: string;
  /** There is no IKE SA without it; absent: there may be one. */
  readonly mandatory?: boolean;
}

export interface ResumptionConfiguration {
  /** Seconds that a ticket given out is good for. */
  readonly ticketLifetime?: number;
}

export interface MobikeConfiguration {
  /** Where this node can be reached besides; told to the peer. */
  readonly additionalAddresses?: readonly Address[];
}

export interface FragmentationConfiguration {
  /** Most octets of an IP datagram with a message that is split, where section 2.5.1's are not to do. */
  readonly datagramOctets?: number;
}

export interface LocalIdentity {
  /** Sent as IDi or IDr; nothing makes it agree with the certificate. */
  readonly identity: Identity;
  readonly authentication: Credential;
}

export interface RemoteIdentity {
  /** `any` accepts every identity that the authentication proves. */
  readonly identity: IdentityPattern | 'any';
  readonly authentication: 'signature' | 'shared-key' | 'eap' | 'null';
  /** For `eap`: of a responder whom it will authenticate; an initiator wants no other proof of its responder (RFC 5998). */
  readonly eap?: EapAccounts;
  readonly trustAnchors: readonly CertificateRecipe[];
  /** What is known to be revoked, beside what the peer itself sends. */
  readonly revocationLists?: readonly RevocationListRecipe[];
  readonly sharedKeys?: readonly SharedKey[];
  /** For `signature`, in the place of certificates (RFC 7670): the keys that are the peer's, by their names among the lab keys. */
  readonly publicKeys?: readonly string[];
  /** What is asked of a certificate beyond the identity: that it names addresses at all (draft-dupont-ipsec-mipv6-00 3.1 J). */
  readonly certificateAddresses?: 'required';
}

/** A shared key (hex) and whose it is; `any` is the group key. */
export interface SharedKey {
  readonly identity: Identity | 'any';
  readonly key: string;
}

/** An identification payload (RFC 7296 section 3.5) in text: an address, a name, a DN of RFC 4514, or hex for ID_KEY_ID. */
export interface Identity {
  readonly type: IdentityType;
  readonly value: string;
}

export type IdentityType =
  | 'ID_IPV4_ADDR'
  | 'ID_FQDN'
  | 'ID_RFC822_ADDR'
  | 'ID_IPV6_ADDR'
  | 'ID_DER_ASN1_DN'
  | 'ID_KEY_ID'
  /** Nobody (RFC 7619); the text is empty. */
  | 'ID_NULL';

/** RFC 4301 section 4.4.3.1. A `range` is a prefix, or `first-last`; a `sub-tree` the name or DN at its root. */
export type IdentityPattern = Identity & { readonly match?: 'exact' | 'sub-tree' | 'range' };

export type Credential =
  | {
      readonly kind: 'certificate';
      /** Sent as CERT payloads in this order; an honest node puts the one that signs first (RFC 7296 section 3.6). */
      readonly chain: readonly CertificateRecipe[];
      /** Sent as CERT payloads after the chain; an honest node sends none (RFC 4945 section 3.3.3). */
      readonly revocationLists?: readonly RevocationListRecipe[];
      /** The key that signs AUTH, by its name among the lab keys. */
      readonly key: string;
      /** Of a key of RSA, for method 14; absent: as the node has it. */
      readonly scheme?: RsaScheme;
    }
  | { readonly kind: 'shared-key'; readonly key: string }
  | PublicKeyCredential
  /** NULL Authentication (RFC 7619): nothing is proven. */
  | { readonly kind: 'null' }
  | EapCredential;

/** RFC 8017 8. */
export type RsaScheme = 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS';

/** A key pair that nobody has certified (RFC 7670). */
export interface PublicKeyCredential {
  readonly kind: 'public-key';
  /** The key that signs AUTH, by its name among the lab keys. */
  readonly key: string;
  /** Its public half goes with AUTH, as a CERT payload; absent: the peer is taken to know it. */
  readonly isSent?: true;
}

/** Who proves who it is by EAP (RFC 7296 2.16): an initiator, or, by EAP-TLS, a responder that has no other proof (RFC 5998). */
export type EapCredential = EapPasswordCredential | EapTlsCredential;

export interface EapPasswordCredential extends EapAccount {
  readonly kind: 'eap';
  readonly method: EapPasswordMethod;
}

/** RFC 5216. */
export interface EapTlsCredential {
  readonly kind: 'eap';
  readonly method: 'EAP-TLS';
  /** Said where EAP asks for a name. */
  readonly name: string;
  /** Shown in TLS in this order, that of the key first. */
  readonly chain: readonly CertificateRecipe[];
  /** By its name among the lab keys. */
  readonly key: string;
}

export type EapMethod = EapPasswordMethod | 'EAP-TLS';
export type EapPasswordMethod = 'MD5-Challenge' | 'EAP-MSCHAP-V2';

/** Who may authenticate by EAP, and how: by EAP-TLS whoever has a certificate under the trust anchors. */
export interface EapAccounts {
  readonly method: EapMethod;
  readonly passwords: readonly EapAccount[];
  /** EAP is asked for a name first, whatever IDi says. */
  readonly asksIdentity?: true;
}

/** A name in EAP, which need not be what IDi says. */
export interface EapAccount {
  readonly name: string;
  readonly password: string;
}

/** Transform ids of RFC 7296 section 3.3.2 for one proposal of IKE, ESP or AH, in order of preference; AH has no encryption. */
export interface ProposalConfiguration {
  readonly encryption: readonly { readonly id: number; readonly keyLength?: number }[];
  readonly integrity: readonly number[];
  readonly pseudorandomFunctions?: readonly number[];
  /** For a child: present means perfect forward secrecy at rekeying and for further children. */
  readonly keyExchangeMethods?: readonly number[];
  /** Additional Key Exchange 1 to 7 (RFC 9370), each a choice of methods, of which 0 is none; for a child beside `keyExchangeMethods`. */
  readonly additionalKeyExchanges?: readonly (readonly number[])[];
  readonly extendedSequenceNumbers?: readonly boolean[];
}

export interface ChildConfiguration {
  readonly name: string;
  /** ESP where it is not said. */
  readonly protocol?: 'ESP' | 'AH';
  readonly mode: 'transport' | 'tunnel';
  readonly local: readonly TrafficSelectorConfiguration[];
  /** What the peer may claim for itself (RFC 4301 section 4.4.3.3). */
  readonly remote: readonly TrafficSelectorConfiguration[];
  readonly proposals: readonly ProposalConfiguration[];
  /** `trap`: an outbound packet without an SA starts IKE (RFC 4301 section 5.1); `none`: on command only. */
  readonly start: 'none' | 'trap';
  readonly replayWindow?: number;
  readonly lifetime?: Lifetime;
  /** Of its SAs in tunnel mode (RFC 4301 8.1 and 8.2.1). */
  readonly dontFragment?: 'copy' | 'set' | 'clear';
  readonly fragments?: 'before' | 'after';
}

/** Hard limits: the SA is gone when one is reached. */
export interface Lifetime {
  readonly seconds?: number;
  readonly octets?: number;
}

export interface TrafficSelectorConfiguration {
  /** A prefix, or a first and a last address. */
  readonly addresses: string | readonly [first: Address, last: Address];
  readonly protocol?: number;
  readonly ports?: NumberRange;
  /** For ICMP and ICMPv6, type and code in the place of the ports. */
  readonly icmp?: { readonly type: NumberRange; readonly code?: NumberRange };
  /** For the Mobility Header, likewise (RFC 4301 4.4.1.1). */
  readonly mobilityHeaderType?: NumberRange;
}

export type NumberRange = number | readonly [first: number, last: number];

/** What RFC 7296 leaves open. Times are milliseconds of lab time. */
export interface IkeSettings {
  /** Wait for a response this long, then `factor` times longer each time, `tries` sendings in all (section 2.4). */
  readonly retransmission: { readonly first: number; readonly factor: number; readonly tries: number };
  /** How many half-open IKE SAs are borne before cookies are asked for (section 2.6). */
  readonly halfOpenThreshold: number;
  /** How long a half-open IKE SA waits for its IKE_AUTH request. */
  readonly halfOpenLifetime: number;
  /** How long an IKE SA that was replaced waits until whoever replaced it closes it (section 2.8); who is gone meanwhile never does, and then this node closes it. */
  readonly replacedLifetime: number;
  /** How long at least, and at most twice as long, until a request that met TEMPORARY_FAILURE is made again (section 2.25). */
  readonly temporaryFailureDelay: number;
  /** The NAT detection hashes lie, so that the peer sees a NAT and UDP encapsulation is used (section 2.23). */
  readonly forceEncapsulation: boolean;
  /** RFC 7427 section 4: identifiers sent in SIGNATURE_HASH_ALGORITHMS; none sent when empty. */
  readonly signatureHashAlgorithms: readonly number[];
  /** RSA signatures of method 14 are made with this scheme (RFC 8247 section 3). */
  readonly rsaScheme: RsaScheme;
  /** Announce INITIAL_CONTACT in the first IKE_AUTH with a peer (section 2.4). */
  readonly initialContact: boolean;
  /** What comes under SPIs of nobody is answered, or told its sender (sections 1.5 and 2.21.4). */
  readonly tellsOfUnknownSpis: boolean;
  /** Of which children have their inbound SPIs; 0 to 255 are reserved (RFC 4303 section 2.1). */
  readonly childSpis: readonly [first: number, last: number];
  /** Who computes: noble, which shares no code with the products, or node, many times as fast. */
  readonly provider: Provider;
}

export const defaultSettings: IkeSettings = {
  retransmission: { first: 500, factor: 2, tries: 5 },
  halfOpenThreshold: 64,
  halfOpenLifetime: 30_000,
  replacedLifetime: 30_000,
  temporaryFailureDelay: 500,
  forceEncapsulation: false,
  signatureHashAlgorithms: [2, 3, 4, 5],
  rsaScheme: 'RSASSA-PSS',
  initialContact: true,
  tellsOfUnknownSpis: true,
  childSpis: [256, 0xffff_ffff],
  provider: 'noble',
};
