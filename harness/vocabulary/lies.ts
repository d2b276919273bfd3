/** What a tester may say that no configuration makes it say. */
export { answersSelectors, offersBesides } from '../peers/lies.ts';
