/**
 * What a cipher needs beside its key, as an observer with the key sees it (MCDANIEL introduction): an IV that comes no second time, in CBC one that nobody could have foreseen
 * (RFC 3602 3), and the default padding (RFC 4303 2.4).
 */
import {
  captureQuestion,
  inconclusive,
  type SaConversation,
  seenAt,
} from '../../harness/vocabulary/capture-question.ts';
import { fail, pass, reads } from '../../harness/vocabulary/question.ts';
import { MCDANIEL, RFC3602, RFC4106, RFC4303 } from '../requirements/documents.ts';

const ivs = { fresh: pass, counted: fail, repeated: fail };

export const initializationVectors = captureQuestion({
  id: 'MCDANIEL-CONF',
  asked: 'iv',
  title: 'Is each initialization vector another, and none to be foreseen where blocks are chained?',
  about: 'sa',
  asks: ({ protocol, ivOctets }) => protocol === 'ESP' && ivOctets !== 0,
  outcomes: ['fresh', 'counted', 'repeated'],
  judge: (sa) => {
    const { repeated, near, count } = sa.ivs;
    if (repeated)
      return seenAt(
        'repeated',
        `the IV ${repeated.iv} comes twice`,
        { number: repeated.first, time: undefined },
        repeated.again,
      );
    if (near) return seenAt('counted', `${near.bits} bits differ from the IV before`, near.seen);
    if (count < LEAST_IVS) return unopened(sa, `${count} IVs`);
    return seenAt('fresh', `${count} IVs, each another than the ${sa.ivs.remembered} before it`, sa.first, sa.last);
  },
  plays: 'sender',
  reads: ({ ivOctets }) => [
    reads(MCDANIEL, 'introduction', 'obs', 'sender', ivs),
    ivOctets === 8 ? reads(RFC4106, '3.1', 'MUST', 'sender', ivs) : reads(RFC3602, '3', 'MUST', 'sender', ivs),
  ],
});

const paddings = { default: pass, otherwise: fail };

export const padding = captureQuestion({
  id: 'MCDANIEL-CONF',
  asked: 'padding',
  title: 'Is padding 1, 2, 3 and so on?',
  about: 'sa',
  asks: ({ protocol }) => protocol === 'ESP',
  outcomes: ['default', 'otherwise'],
  judge: (sa) => {
    if (sa.otherPadding) return seenAt('otherwise', `padding is ${sa.otherPadding.padding}`, sa.otherPadding.seen);
    if (sa.padded === 0) return unopened(sa, 'no padding');
    return seenAt('default', `padding of ${sa.padded} packets is 1, 2, 3 and so on`, sa.first, sa.last);
  },
  plays: 'sender',
  reads: [
    reads(MCDANIEL, 'introduction', 'obs', 'sender', paddings),
    reads(RFC4303, '2.4', 'MUST', 'sender', paddings),
  ],
});

function unopened({ counts }: SaConversation, had: string) {
  if (counts.opened > 0) return inconclusive('I-PRE', `${had} in the ${counts.opened} packets that were opened`);
  if (counts['bad-icv'] > 0) return inconclusive('I-ICV', 'no packet verifies with the key that came along');
  if (counts.unverified > 0) return inconclusive('I-ICV', 'no ICV of the SA can be checked');
  return inconclusive('I-PRE', counts['no-key'] > 0 ? 'no key of the SA came along' : 'every packet is cut');
}

/** Fewer say nothing of a generator. */
const LEAST_IVS = 2;
