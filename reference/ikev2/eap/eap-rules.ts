/**
 * The decisions of EAP in IKE_AUTH (RFC 7296 section 2.16, RFC 3748, RFC 5998) and of its methods (RFC 2759, RFC 5216), a part of `rules.ts`. The two machines are
 * `peer.ts` and `authenticator.ts`, the messages around them `exchanges/ike-auth-eap*.ts`.
 */
import type { TlsRefusal } from '../../tls/refusal.ts';
import { eapCodes } from '../../wire/ike/registry.ts';
import type { AuthenticationKind } from '../authentication.ts';
import type { PeerIdentity } from '../identity.ts';

export interface EapRules {
  /** 2.16, RFC 5998 3: before the initiator answers anything the responder has proven itself with a signature, wanted or not, or EAP alone is wanted and fit for it. */
  responderProvenFirst(proof: AuthenticationKind | 'unknown' | 'none', eapAlone: boolean): boolean;
  /** RFC 5998 3: a responder that proves nothing by a signature is one that was asked for no more than EAP. */
  eapAloneAsked(asked: boolean): boolean;
  /** RFC 5998 3: who can sign may leave that out where EAP alone was asked for and the method is fit for it; here it signs. */
  signatureOmitted(asked: boolean): boolean;
  /** RFC 5998 3, 4: a method that is to stand alone authenticates both and makes a key; both sides see to that. */
  eapMethodStandsAlone(mutual: boolean, makesKey: boolean): boolean;
  /** RFC 3748 4.1: a response has the identifier of the request. */
  eapIdentifier(requested: number, received: number): boolean;
  /** RFC 3748 4.1: Length covers the packet: fewer octets are discarded, more are padding (which RFC 7296 3.16 has nobody send). */
  eapLength(declared: number, present: number): 'whole' | 'padded' | 'discarded';
  /** RFC 3748 4.1: a request of the identifier of the one before is that one again, and answered likewise. */
  eapRequestRepeated(before: number | undefined, received: number): boolean;
  /** RFC 3748 5.3.1: a peer answers the method that it was told and none besides: Legacy Nak. */
  eapMethodAcceptable(wanted: number, asked: number): boolean;
  /** RFC 3748 4.2: Success that comes before the method has come to its end is discarded. */
  eapSuccessAccepted(methodIsDone: boolean): boolean;
  /** RFC 3748 4.1: what answers a request is a Response. */
  eapResponseCode(code: number): boolean;
  /** 2.16: AUTH has its turn when EAP has come to Success, and not before. */
  eapIsOver(hasSucceeded: boolean, hasAuthentication: boolean): boolean;
  /** RFC 3748 4, 5.3: a response is of a type that was asked for, or Nak. */
  eapResponseType(asked: number, received: number): boolean;
  /** RFC 3748 5.4, RFC 2759 8: the password of the account was known to whoever answered. */
  eapResponseProves(verifies: () => boolean): boolean;
  /** RFC 2759 5, 8.7: an authenticator proves that it knows the password as well. */
  authenticatorProves(verifies: () => boolean): boolean;
  /** RFC 5216 2.1.1, 3.1: the first request is a start, and no other. */
  eapTlsStart(hasBegun: boolean, isStart: boolean): boolean;
  /** RFC 5216 3.1: TLS Message Length, where it is said, is the length of what was in the fragments. */
  eapTlsLength(declared: number | undefined, gathered: number): boolean;
  /** RFC 5216 2.1.5: whoever is sent a fragment that others follow acknowledges it, with no data. */
  eapTlsAcknowledged(octets: number): boolean;
  /** 2.16: AUTH is made with the MSK where the method made one, else with SK_pi and SK_pr. */
  eapKey(MSK: Uint8Array | undefined, SK_p: Uint8Array): Uint8Array;
  /** 2.16: policy is about the identity that EAP authenticated, and not about what IDi says. */
  identityOfPolicy(claimed: PeerIdentity, authenticated: PeerIdentity): PeerIdentity;
  /** 2.16: EAP that has failed ends it, however AUTH may verify. */
  eapFailureEnds(): boolean;
}

/** What one of these says against a packet. */
export interface EapRefusal {
  readonly rule: keyof EapRules | TlsRefusal['rule'] | 'eapTlsOctets';
  readonly detail: string;
}

export const eapRules: EapRules = {
  responderProvenFirst: (proof, eapAlone) => proof === 'signature' || (proof === 'none' && eapAlone),
  eapAloneAsked: (asked) => asked,
  signatureOmitted: () => false,
  eapMethodStandsAlone: (mutual, makesKey) => mutual && makesKey,
  eapIdentifier: (requested, received) => requested === received,
  eapLength: (declared, present) => (declared === present ? 'whole' : declared < present ? 'padded' : 'discarded'),
  eapRequestRepeated: (before, received) => before === received,
  eapMethodAcceptable: (wanted, asked) => wanted === asked,
  eapSuccessAccepted: (methodIsDone) => methodIsDone,
  eapResponseCode: (code) => code === eapCodes.Response,
  eapIsOver: (hasSucceeded) => hasSucceeded,
  eapResponseType: (asked, received) => asked === received,
  eapResponseProves: (verifies) => verifies(),
  authenticatorProves: (verifies) => verifies(),
  eapTlsStart: (hasBegun, isStart) => hasBegun !== isStart,
  eapTlsLength: (declared, gathered) => declared === undefined || declared === gathered,
  eapTlsAcknowledged: (octets) => octets === 0,
  eapKey: (MSK, SK_p) => MSK ?? SK_p,
  identityOfPolicy: (_claimed, authenticated) => authenticated,
  eapFailureEnds: () => true,
};

/** Where each of them is written. */
export const eapSections = {
  responderProvenFirst: 'RFC 7296 2.16, RFC 5998 3',
  eapAloneAsked: 'RFC 5998 3',
  signatureOmitted: 'RFC 5998 3',
  eapMethodStandsAlone: 'RFC 5998 3, 4',
  eapIdentifier: 'RFC 3748 4.1',
  eapLength: 'RFC 3748 4.1',
  eapRequestRepeated: 'RFC 3748 4.1',
  eapMethodAcceptable: 'RFC 3748 5.3.1',
  eapSuccessAccepted: 'RFC 3748 4.2',
  eapResponseCode: 'RFC 3748 4.1',
  eapIsOver: 'RFC 7296 2.16',
  eapResponseType: 'RFC 3748 4, 5.3',
  eapResponseProves: 'RFC 3748 5.4, RFC 2759 8',
  authenticatorProves: 'RFC 2759 5, 8.7',
  eapTlsStart: 'RFC 5216 2.1.1, 3.1',
  eapTlsLength: 'RFC 5216 3.1',
  eapTlsAcknowledged: 'RFC 5216 2.1.5',
  eapKey: 'RFC 7296 2.16',
  identityOfPolicy: 'RFC 7296 2.16',
  eapFailureEnds: 'RFC 7296 2.16',
} as const satisfies Record<keyof EapRules, string>;
