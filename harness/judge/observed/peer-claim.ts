/** Who one side of an IKE SA says it is, by what it would prove that, where it says so from, and what the other side makes of it (RFC 7296 2.15, RFC 4301 4.4.3). */
import { type Certificate, parseCertificate } from '../../../reference/certificates/certificate.ts';
import { addressOfIdentity, identityText, type PeerIdentity } from '../../../reference/ikev2/identity.ts';
import { addressesOfCertificate, identityInCertificate } from '../../../reference/ikev2/identity-in-certificate.ts';
import { hash } from '../../../reference/transforms/keyed-hash.ts';
import type { Address } from '../../../reference/wire/address.ts';
import type { Payload } from '../../../reference/wire/ike/payload-chain.ts';
import { certificateEncodings } from '../../../reference/wire/ike/registry.ts';
import { hex } from '../../../reference/wire/octets.ts';
import { readable } from '../readable.ts';
import type { Seen } from '../sightings.ts';

export type IkeRole = 'initiator' | 'responder';

export interface PeerClaim extends Seen {
  /** In lower-case hex. */
  readonly initiatorSPI: string;
  /** Of whoever is to believe it. */
  readonly verifier: IkeRole;
  readonly verifiedAt: Address;
  /** Where the claim came from. */
  readonly source: Address;
  /** The addresses in use are not those that either side believes in (RFC 7296 2.23). */
  readonly isTranslated: boolean;
  readonly identity: string;
  /** As IANA numbers them. */
  readonly idType: number;
  /** Where the identity is one. */
  readonly address?: Address;
  /** Of the AUTH payload. */
  readonly method: number;
  /** The first, whose key is to sign (RFC 7296 3.6). */
  readonly certificate?: ClaimedCertificate;
  readonly verdict?: ClaimVerdict;
  /** Whether the same verifier has believed somebody who signed with the same certificate, or came from the same address. */
  readonly believed: { readonly certificate: boolean; readonly source: boolean };
}

export interface ClaimedCertificate {
  /** Whether it names the identity (RFC 4945 3.1). */
  readonly names: boolean;
  /** That it names in its subjectAltName. */
  readonly addresses: readonly Address[];
  /** Of its octets. */
  readonly digest: string;
}

/** `no-child`: the peer is believed, and has no traffic of its own. */
export interface ClaimVerdict extends Seen {
  readonly is: 'established' | 'no-child' | 'refused';
  readonly says: string;
}

/** What the messages of one side add up to, until it has given AUTH. */
export class OpenClaim {
  #identity: PeerIdentity | undefined;
  #certificate: Certificate | undefined;
  #method: number | undefined;
  #at: (Seen & { readonly source: Address; readonly verifiedAt: Address }) | undefined;
  #verdict: ClaimVerdict | undefined;

  /** AUTH was given, and nothing is known to have come of it. */
  get isOpen(): boolean {
    return this.#method !== undefined && this.#verdict === undefined;
  }

  get isMade(): boolean {
    return this.#method !== undefined;
  }

  says(payloads: readonly Payload[], seen: Seen, source: Address, verifiedAt: Address): void {
    if (this.#method !== undefined) return;
    for (const payload of payloads) {
      if (payload.type === 'IDi' || payload.type === 'IDr') this.#identity ??= payload;
      if (payload.type === 'AUTH') this.#method = payload.method;
      if (payload.type === 'CERT' && payload.encoding === certificateEncodings['X.509 Certificate - Signature'])
        this.#certificate ??= readable(() => parseCertificate(payload.data));
    }
    if (this.#method !== undefined) this.#at = { number: seen.number, time: seen.time, source, verifiedAt };
  }

  isJudged(is: ClaimVerdict['is'], says: string, { number, time }: Seen): void {
    if (this.isOpen) this.#verdict = { is, says, number, time };
  }

  /** Undefined where nothing was claimed that could be read. */
  whole(
    about: Pick<PeerClaim, 'initiatorSPI' | 'verifier' | 'isTranslated'>,
    believed: Believed,
  ): PeerClaim | undefined {
    const [identity, certificate, at] = [this.#identity, this.#certificate, this.#at];
    if (!identity || !at || this.#method === undefined) return undefined;
    const address = addressOfIdentity(identity);
    const claimed = certificate && {
      names: identityInCertificate(identity, certificate),
      addresses: addressesOfCertificate(certificate),
      digest: hex(hash('sha1', certificate.der)),
    };
    return {
      ...about,
      ...at,
      identity: identityText(identity),
      idType: identity.idType,
      ...(address !== undefined && { address }),
      method: this.#method,
      ...(claimed && { certificate: claimed }),
      ...(this.#verdict && { verdict: this.#verdict }),
      believed: {
        certificate: claimed !== undefined && believed.has(at.verifiedAt, claimed.digest),
        source: believed.has(at.verifiedAt, at.source),
      },
    };
  }

  /** Remembers who was believed. */
  remember(believed: Believed): void {
    if (!this.#at || !this.#verdict || this.#verdict.is === 'refused') return;
    believed.add(this.#at.verifiedAt, this.#at.source);
    if (this.#certificate) believed.add(this.#at.verifiedAt, hex(hash('sha1', this.#certificate.der)));
  }
}

/** By verifier: certificates that it has believed, and addresses from which it has believed somebody. */
export class Believed {
  readonly #known = new Set<string>();

  add(verifier: Address, what: string): void {
    if (this.#known.size < MOST_BELIEVED) this.#known.add(`${verifier} ${what}`);
  }

  has(verifier: Address, what: string): boolean {
    return this.#known.has(`${verifier} ${what}`);
  }
}

/** Of a large gateway, twice over. */
const MOST_BELIEVED = 20_000;
