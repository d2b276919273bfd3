/** A flood of first requests of IKE, each of somebody else and none that is meant (RFC 7296 2.6). */
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import { firstRequest } from '../first-request.ts';

/** Seconds: a node may reckon the age of a cookie from before its machine began, and takes none for that long (FINDINGS.md). It is asked what it does when it has run. */
export const GROWN = 40;

/** More than a node bears without asking who is there. */
export const FLOOD = 80;

/** Somebody's, with a nonce and a key share of nobody. */
export const requestOfNobody = (place: number): Uint8Array =>
  firstRequest({
    initiatorSPI: Uint8Array.of(0xf1, 0, 0, 0, 0, 0, 1, place),
    otherGroups: [keyExchangeMethods['256-bit random ECP group']],
    publicValue: new Uint8Array(32).fill(9),
    nonce: new Uint8Array(32).fill(place),
  });
