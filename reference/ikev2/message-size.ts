/**
 * How much one message may hold: of payloads, of proposals and transforms, of selectors, of SPIs and of announced algorithms. Decoding takes time in
 * proportion to the octets; what is done with a message afterwards need not, so it is measured first. What is missing in a message is
 * `message-forms.ts`.
 */
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import { type Ikev2Bound, ikev2Bounds } from './bounds.ts';
import { findAll } from './payloads.ts';
import type { NotifiedRefusal } from './refusal.ts';

/** What there is too much of; undefined for a message of ordinary size. RFC 7296 section 3.10.1: rejected for policy reasons. */
export function excessIn(payloads: readonly Payload[]): NotifiedRefusal | undefined {
  for (const { bound, count } of measures) {
    const counted = count(payloads);
    if (counted <= ikev2Bounds[bound]) continue;
    return { rule: bound, notify: 'INVALID_SYNTAX', detail: `${counted} in one message` };
  }
  return undefined;
}

/** In this order, so that nothing is gone through but what was measured. */
const measures: readonly { readonly bound: Ikev2Bound; count(payloads: readonly Payload[]): number }[] = [
  { bound: 'payloads', count: ({ length }) => length },
  {
    bound: 'proposals',
    count: (payloads) => Math.max(0, ...findAll(payloads, 'SA').map(({ proposals }) => proposals.length)),
  },
  {
    bound: 'transforms',
    count: (payloads) =>
      sum(findAll(payloads, 'SA').flatMap(({ proposals }) => proposals.map(({ transforms }) => transforms.length))),
  },
  {
    bound: 'trafficSelectors',
    count: (payloads) =>
      Math.max(
        0,
        ...[...findAll(payloads, 'TSi'), ...findAll(payloads, 'TSr')].map(({ selectors }) => selectors.length),
      ),
  },
  { bound: 'deletedSpis', count: (payloads) => sum(findAll(payloads, 'D').map(({ spis }) => spis.length)) },
  {
    bound: 'hashAlgorithms',
    count: (payloads) =>
      sum(
        findAll(payloads, 'N').map(({ notifyType, data }) =>
          notifyType === notifyTypes.SIGNATURE_HASH_ALGORITHMS ? data.length / 2 : 0,
        ),
      ),
  },
];

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
