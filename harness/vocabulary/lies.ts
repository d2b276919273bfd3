/** What a tester may say that no configuration makes it say. */
export { answersSelectors, drawsNonces, offersBesides } from '../peers/lies.ts';
