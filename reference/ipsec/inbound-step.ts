/** The names of what is done with an ESP packet that arrived. What each step does is `inbound.ts`, in which order is a rule. */

/**
 * `sequenceNumber` 3.4.3 before integrity · `integrity` 3.4.4 · `windowUpdate` the end of 3.4.3 · `decryption` 3.4.4.1 · `padding`
 * 2.4 · `nextHeader` 2.6 · `decapsulation` RFC 4301 5.1.2.1, RFC 6040 4.2 · `selectors` RFC 4301 5.2 steps 4 and 5.
 */
export type InboundStep =
  | 'sequenceNumber'
  | 'integrity'
  | 'windowUpdate'
  | 'decryption'
  | 'padding'
  | 'nextHeader'
  | 'decapsulation'
  | 'selectors';
