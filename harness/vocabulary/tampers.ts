/** What a scenario may do to octets before or after they are sealed. */
export { changedOnTheWay, flippedAt, forgedAhead, octetAt, shortenedBy } from '../peers/tampers.ts';
