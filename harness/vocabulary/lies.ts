/** What a tester may say that no configuration makes it say. */
export { type EapLie, liesInEap } from '../peers/eap-lies.ts';
export { asksAgain, type FragmentLie, liesInFragments } from '../peers/fragment-lies.ts';
export {
  announcesNoHashes,
  answersSelectors,
  drawsNonces,
  marksReservedBits,
  offersBesides,
  saysInConfiguration,
} from '../peers/lies.ts';
