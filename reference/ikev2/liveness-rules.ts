/** Decisions about whether a peer lives (RFC 7296 section 2.4): what shows that it does, when it is asked, and how often before it is given up. */
import type { Instant } from '../machine.ts';

export interface LivenessRules {
  /** 2.4: a fresh message that cryptography protects, on an IKE SA or a child of it, and nothing else, shows that the peer lives. */
  signOfLife(sign: SignOfLife): boolean;
  /** 2.4: when a peer is asked whether it lives, that has shown it last at one instant and is asked after so many milliseconds; never where that is undefined. */
  askedForLife(shown: Instant, after: number): Instant | undefined;
  /** 2.4: a peer has failed when it has not answered repeated attempts, `tries` of them here; the IKE SA goes then, and its children. */
  peerHasFailed(attempts: number, tries: number): boolean;
}

export type SignOfLife =
  /** A message of IKE that was opened and had not come before. */
  | 'message'
  /** A packet of ESP or AH under a child. */
  | 'packet'
  | 'message that came before'
  /** It has the SPIs of the IKE SA. */
  | 'message in clear'
  | 'message of somebody else';

export const livenessRules: LivenessRules = {
  signOfLife: (sign) => sign === 'message' || sign === 'packet',
  askedForLife: (shown, after) => shown + after,
  peerHasFailed: (attempts, tries) => attempts >= tries,
};

export const livenessSections = {
  signOfLife: 'RFC 7296 2.4',
  askedForLife: 'RFC 7296 2.4',
  peerHasFailed: 'RFC 7296 2.4',
} as const satisfies Record<keyof LivenessRules, string>;
