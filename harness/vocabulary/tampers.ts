/** What a scenario may do to octets before or after they are sealed. */
export { flippedAt, octetAt, raisedAt, shortenedBy, tampered } from '../peers/tampers.ts';
