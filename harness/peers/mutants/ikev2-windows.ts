/** Broken twins of IKEv2 where requests overlap (RFC 7296 sections 2.1 and 2.3). */
import { concat, readU32, u32 } from '../../../reference/wire/octets.ts';
import { mutant } from '../mutant.ts';

export const asksAsItLikes = mutant(
  'asksAsItLikes',
  'ikev2',
  'requestInWindow',
  'whoever gets too many requests at once will leave some out, and they are sent again',
  () => () => true,
);

export const countsOutstanding = mutant(
  'countsOutstanding',
  'ikev2',
  'requestInWindow',
  'requests that wait are counted, and nobody asks which of them is the oldest',
  () => (_messageId, outstanding, size) => outstanding.length < size,
);

export const asksOneAtATime = mutant(
  'asksOneAtATime',
  'ikev2',
  'windowOfPeer',
  'built for a window of one, and what a peer says of its own is passed over',
  () => (known) => known,
);

export const takesEveryWindow = mutant(
  'takesEveryWindow',
  'ikev2',
  'windowOfPeer',
  'what the notification holds is the number, however many octets that are',
  () => (_known, data) => readU32(concat(new Uint8Array(4), data).slice(-4)),
);

export const keepsWindowAtRekeying = mutant(
  'keepsWindowAtRekeying',
  'ikev2',
  'windowOfSuccessor',
  'the new IKE SA is a copy of the old one, with other keys',
  () => (old) => old,
);

export const alwaysSaysItsWindow = mutant(
  'alwaysSaysItsWindow',
  'ikev2',
  'windowAnnounced',
  'what everybody takes for granted is said, too',
  () => (size) => u32(size),
);

export const saysItsWindowShort = mutant(
  'saysItsWindowShort',
  'ikev2',
  'windowAnnounced',
  'no window is larger than an octet can say',
  (lawful) => (size, said) => lawful(size, said)?.slice(-1),
);

export const takesRequestsInOrder = mutant(
  'takesRequestsInOrder',
  'ikev2',
  'requestMessageId',
  'a request waits its turn, whatever was said of the window',
  () =>
    ({ expected, isAnswered }, received) =>
      isAnswered(received) ? 'repeated' : received === expected ? 'new' : 'outside',
);

export const takesOneBeyondWindow = mutant(
  'takesOneBeyondWindow',
  'ikev2',
  'requestMessageId',
  'the end of the window is taken for one that is still within',
  (lawful) => (window, received) => lawful({ ...window, size: window.size + 1 }, received),
);

export const answersBeyondWindow = mutant(
  'answersBeyondWindow',
  'ikev2',
  'beyondWindow',
  'an error is answered to the request that made it',
  () => () => 'answer',
);

export const complainsEachTime = mutant(
  'complainsEachTime',
  'ikev2',
  'beyondWindow',
  'whoever asks too early is told so, each time',
  () => () => 'inform',
);

export const keepsQuietBeyondWindow = mutant(
  'keepsQuietBeyondWindow',
  'ikev2',
  'beyondWindow',
  'what is optional is left out',
  () => () => 'ignore',
);

export const keepsLastAnswer = mutant(
  'keepsLastAnswer',
  'ikev2',
  'answerForgotten',
  'there is room for one answer, and the next takes its place',
  () => () => true,
);

export const keepsEveryAnswer = mutant(
  'keepsEveryAnswer',
  'ikev2',
  'answerForgotten',
  'memory is cheap, and no answer is thrown away',
  () => () => false,
);
