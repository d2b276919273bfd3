/** What a tester may say that no configuration makes it say. */
export { asksAgain, type FragmentLie, liesInFragments } from '../peers/fragment-lies.ts';
export { announcesNoHashes, answersSelectors, drawsNonces, marksReservedBits, offersBesides } from '../peers/lies.ts';
export { answersOtherCookies, placesPeerBehindNat, saysBesides, saysInstead, together } from '../peers/mobike-lies.ts';
