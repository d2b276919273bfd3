/** What a scenario may do to octets before or after they are sealed. */
export type { OctetTamper } from '../lab/node.ts';
export { changedOnTheWay, flippedAt, forgedAhead, octetAt, shortenedBy, TAKEN_FOR_ANOTHER } from '../peers/tampers.ts';
