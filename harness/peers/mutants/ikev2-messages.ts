/** Broken twins of IKEv2 where it sends, repeats and reads messages, whatever they are about (RFC 7296 sections 2.1 to 2.5, 3.1 and 3.2). */

import { chosenOf } from '../../../reference/ikev2/proposal-selection.ts';
import { notifyTypes } from '../../../reference/wire/ike/notify-types.ts';
import { mutant } from '../mutant.ts';

export const mindsReservedFields = mutant(
  'mindsReservedFields',
  'ikev2',
  'passedOver',
  'a parser that was written to be strict wants reserved fields to be zero',
  (lawful) => (what) => what !== 'reserved fields' && lawful(what),
);

export const mindsMinorVersions = mutant(
  'mindsMinorVersions',
  'ikev2',
  'passedOver',
  'the octet of the version is compared as a whole',
  (lawful) => (what) => what !== 'minor version' && lawful(what),
);

export const mindsVersionFlag = mutant(
  'mindsVersionFlag',
  'ikev2',
  'passedOver',
  'who could speak a higher version is taken for who does',
  (lawful) => (what) => what !== 'version flag' && lawful(what),
);

export const callsPayloadsCritical = mutant(
  'callsPayloadsCritical',
  'ikev2',
  'criticalSet',
  'what nothing works without is called critical',
  () => () => true,
);

export const speaksLaterMinorVersion = mutant(
  'speaksLaterMinorVersion',
  'ikev2',
  'minorVersion',
  'the version of the program stands where that of the protocol should',
  () => () => 1,
);

export const wantsPayloadsInOrder = mutant(
  'wantsPayloadsInOrder',
  'ikev2',
  'payloadOrder',
  'payloads are read one after the other, as the figures have them',
  () => (types) => {
    const ranks = types.map((type) => order.findIndex((rank) => rank.includes(type))).filter((rank) => rank >= 0);
    return ranks.every((rank, place) => place === 0 || ranks[place - 1]! <= rank);
  },
);

export const saysNothingOfVersions = mutant(
  'saysNothingOfVersions',
  'ikev2',
  'higherVersionAnswer',
  'what is not understood is dropped, and nobody is told',
  () => () => 'silence',
);

export const readsEveryVersion = mutant(
  'readsEveryVersion',
  'ikev2',
  'majorVersion',
  'nobody looks at the version',
  () => () => true,
);

export const asksOnceMore = mutant(
  'asksOnceMore',
  'ikev2',
  'requestAfterAnswer',
  'the timer is stopped too late',
  () => () => 'sentAgain',
);

export const sealsRepetitionsAnew = mutant(
  'sealsRepetitionsAnew',
  'ikev2',
  'retransmission',
  'a message is kept as its payloads, and sealed each time it goes out',
  () => (_stored, sealAnew) => sealAnew(),
);

export const neverRepeats = mutant(
  'neverRepeats',
  'ikev2',
  'retransmission',
  'whatever is lost is lost',
  () => () => [],
);

export const answersOnce = mutant(
  'answersOnce',
  'ikev2',
  'repeatedRequest',
  'an old Message ID is an old message, and dropped',
  () => () => 'ignore',
);

export const processesAgain = mutant(
  'processesAgain',
  'ikev2',
  'repeatedRequest',
  'nobody remembers what was answered',
  () => () => 'processAgain',
);

export const refusesUnknownPayloads = mutant(
  'refusesUnknownPayloads',
  'ikev2',
  'criticalPayload',
  'what is not known is not wanted, critical or not',
  () => () => false,
);

export const skipsCriticalPayloads = mutant(
  'skipsCriticalPayloads',
  'ikev2',
  'criticalPayload',
  'nobody looks at the Critical flag',
  () => () => true,
);

export const takesUnknownNotifyForError = mutant(
  'takesUnknownNotifyForError',
  'ikev2',
  'notifyIsError',
  'a notification that nobody has told of is the end of the exchange',
  (lawful) => (notifyType) => lawful(notifyType) || !known.has(notifyType),
);

export const ignoresUnknownErrors = mutant(
  'ignoresUnknownErrors',
  'ikev2',
  'notifyIsError',
  'only errors that have a name are errors',
  () => (notifyType) => notifyType < 100,
);

export const refusesUnknownNotifies = mutant(
  'refusesUnknownNotifies',
  'ikev2',
  'unknownNotifyIgnored',
  'a notification that nobody has told of is a fault of who sends it',
  () => () => false,
);

export const takesResponsesForRequests = mutant(
  'takesResponsesForRequests',
  'ikev2',
  'isRequest',
  'what has Message ID 0 and an unknown SPI is a first request',
  () => () => true,
);

export const takesAnyFirstSpis = mutant(
  'takesAnyFirstSpis',
  'ikev2',
  'initialSpis',
  'the exchange type says that it is the first, and nobody looks at the SPIs',
  () => () => true,
);

export const takesAnyInitiatorFlag = mutant(
  'takesAnyInitiatorFlag',
  'ikev2',
  'initiatorFlag',
  'who began is known, so nobody looks at the flag',
  () => () => true,
);

export const takesAnyMessageId = mutant(
  'takesAnyMessageId',
  'ikev2',
  'requestMessageId',
  'a request is a request, whatever its Message ID',
  () => () => 'new',
);

export const returnsNoCookie = mutant(
  'returnsNoCookie',
  'ikev2',
  'cookieReturned',
  'built for a laboratory where nobody was ever flooded',
  () => () => undefined,
);

export const returnsAnotherCookie = mutant(
  'returnsAnotherCookie',
  'ikev2',
  'cookieReturned',
  'a cookie is cut to the size that this house gives',
  () => (cookie) => cookie.subarray(0, cookie.length - 1),
);

export const forgetsCookie = mutant(
  'forgetsCookie',
  'ikev2',
  'cookieKept',
  'a cookie goes into the next request and no further',
  () => () => false,
);

export const returnsOneCookie = mutant(
  'returnsOneCookie',
  'ikev2',
  'cookieReturned',
  'nobody would ask for a cookie twice',
  () => (cookie, cookiesBefore) => (cookiesBefore < 1 ? cookie : undefined),
);

export const asksForNoCookie = mutant(
  'asksForNoCookie',
  'ikev2',
  'cookieRequired',
  'whoever comes is served, however many they are',
  () => () => false,
);

export const takesForeignCookies = mutant(
  'takesForeignCookies',
  'ikev2',
  'cookieValid',
  'that there is a cookie will do',
  () => () => true,
);

export const endsWithRefusedChild = mutant(
  'endsWithRefusedChild',
  'ikev2',
  'ikeSaAfterRefusedChild',
  'an IKE SA without a child is of no use',
  () => () => 'deleted',
);

export const wantsNoPayloads = mutant(
  'wantsNoPayloads',
  'ikev2',
  'requiredPayloads',
  'what is missing will be missed when it is looked for',
  () => () => true,
);

export const takesAnyIkeProposal = mutant(
  'takesAnyIkeProposal',
  'ikev2',
  'chosenProposal',
  'the first proposal for an IKE SA is taken as it is, once there is one',
  (lawful) =>
    (...asked) =>
      lawful(...asked) ?? (asked[0][0]?.spi.length === 8 ? chosenOf(asked[0][0]) : undefined),
);

/** Of the figures of RFC 7296 1.2 and 1.3, as far as they agree; notifications stand anywhere. */
const order: readonly (readonly string[])[] = [
  ['IDi', 'IDr', 'CERT'],
  ['AUTH'],
  ['SA'],
  ['KE', 'Nonce'],
  ['TSi'],
  ['TSr'],
];

const known: ReadonlySet<number> = new Set(Object.values(notifyTypes));
