/** What a tester may say that no configuration makes it say. */
export { answersSelectors } from '../peers/lies.ts';
