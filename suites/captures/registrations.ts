/** Registrations with a home agent: whether an SA vouches for what is accepted (DUPONT E1, RFC 6275 5.1), and for the care-of address (DUPONT E2, RFC 6275 11.7.1). */
import { captureQuestion, inconclusive, seenAt } from '../../harness/vocabulary/capture-question.ts';
import { fail, pass, reads } from '../../harness/vocabulary/question.ts';
import { DUPONT, RFC4877, RFC6275 } from '../requirements/documents.ts';

const vouched = { accepted: pass, 'accepted in clear': fail };

export const registrationProtected = captureQuestion({
  id: 'DUPONT-E1',
  title: 'Is a home registration accepted where an SA vouches for it, and only there?',
  about: 'registration',
  asks: ({ updates }) => updates.length > 0,
  outcomes: ['accepted', 'accepted in clear'],
  judge: ({ acceptedProtected, acceptedInClear, refused, updates }) => {
    if (acceptedInClear)
      return seenAt(
        'accepted in clear',
        'an update that nothing vouches for is accepted',
        acceptedInClear,
        acceptedInClear.answer!,
      );
    if (acceptedProtected)
      return seenAt('accepted', 'the update goes under an SA', acceptedProtected, acceptedProtected.answer!);
    if (refused) return inconclusive('I-CAUSE', `refused with status ${refused.answer!.status}, which SA or no SA`);
    if (updates.every(({ isProtected }) => !isProtected))
      return inconclusive('I-PRE', 'no update goes under an SA that can be checked');
    return inconclusive('I-TIME', 'no update is answered');
  },
  plays: 'receiver',
  reads: [
    reads(DUPONT, '2.5 E1', 'MUST', 'receiver', vouched),
    reads(RFC6275, '5.1', 'MUST', 'receiver', vouched),
    reads(RFC4877, '4.2', 'MUST', 'receiver', vouched),
  ],
});

const inside = { inside: pass, 'in the header alone': fail };

export const careOfAddressInside = captureQuestion({
  id: 'DUPONT-E2',
  title: 'Is the care-of address inside what the SA authenticates?',
  about: 'registration',
  asks: ({ named }) => named.size > 0,
  outcomes: ['inside', 'in the header alone'],
  judge: ({ named }) => {
    const outside = named.get('in the header alone');
    return outside
      ? seenAt('in the header alone', 'no Alternate Care-of Address', outside)
      : seenAt('inside', 'an Alternate Care-of Address names it', named.get('inside')!);
  },
  plays: 'sender',
  reads: [
    reads(DUPONT, '2.5 E2', 'MUST', 'sender', inside),
    reads(RFC4877, '4.3', 'MUST', 'sender', inside),
    reads(RFC6275, '11.7.1', 'MUST', 'sender', inside),
  ],
});
