/** What a tester may say that no configuration makes it say. */
export { type EapLie, liesInEap } from '../peers/eap-lies.ts';
export { asksAgain, type FragmentLie, liesInFragments } from '../peers/fragment-lies.ts';
export {
  announcesNoHashes,
  answersSelectors,
  drawsNonces,
  exchangesInstead,
  marksReservedBits,
  namesMethod,
  offersBesides,
  provesNothingWithNoKey,
  refusesFor,
  saysInConfiguration,
} from '../peers/lies.ts';
export * from '../peers/message-lies.ts';
export { answersOtherCookies, placesPeerBehindNat, saysBesides, saysInstead, together } from '../peers/mobike-lies.ts';
export { liesInRawPublicKey, type RawPublicKeyLie } from '../peers/raw-public-key-lies.ts';
export { presumesWindow, saysOfWindow } from '../peers/window-lies.ts';
