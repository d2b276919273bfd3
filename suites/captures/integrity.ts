/**
 * Whether what goes by under an SA is what its sender authenticated (BELLOVIN 3.1; RFC 4302 3.3.3, RFC 4303 3.3.2): the ICV of each packet is computed again, over the headers too where it is
 * AH. A packet that fails among others that do not was altered on its way or is another's: it accuses nobody who is named in it.
 */
import { captureQuestion, inconclusive, seenAt } from '../../harness/vocabulary/capture-question.ts';
import { observed, pass, reads } from '../../harness/vocabulary/question.ts';
import { BELLOVIN, RFC4302, RFC4303 } from '../requirements/documents.ts';

const of = {
  intact: pass,
  altered: observed('a packet among them is not as its sender made it, and its receiver has to discard it'),
};

export const integrityOnTheWay = captureQuestion({
  id: 'BELLOVIN-3.1a',
  asked: 'icv',
  title: 'Does each packet bear the ICV that its key makes of it?',
  about: 'sa',
  asks: () => true,
  outcomes: ['intact', 'altered'],
  judge: ({ counts, first, last, firstBadIcv }) => {
    if (counts.opened === 0) {
      if (counts['bad-icv'] > 0) return inconclusive('I-ICV', 'no packet verifies with the key that came along');
      if (counts.unverified > 0) return inconclusive('I-ICV', 'no ICV of the SA can be checked');
      return inconclusive('I-PRE', counts['no-key'] > 0 ? 'no key of the SA came along' : 'every packet is cut');
    }
    if (firstBadIcv)
      return seenAt('altered', `${counts['bad-icv']} packets fail, and ${counts.opened} do not`, firstBadIcv, first);
    return seenAt('intact', `the ICVs of ${counts.opened} packets are good`, first, last);
  },
  plays: 'sender',
  reads: ({ protocol }) => [
    reads(BELLOVIN, '3.1', 'obs', 'sender', of),
    protocol === 'AH' ? reads(RFC4302, '3.3.3', 'MUST', 'sender', of) : reads(RFC4303, '3.3.2', 'MUST', 'sender', of),
  ],
});
