/** Broken twins of IKEv2 where it sends, repeats and reads messages, whatever they are about (RFC 7296 sections 2.1 to 2.5, 3.1 and 3.2). */
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
  () => (types) => types.every((type, place) => place === 0 || rank(types[place - 1]!) <= rank(type)),
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

export const takesAnyNotifyForError = mutant(
  'takesAnyNotifyForError',
  'ikev2',
  'notifyIsError',
  'a notification that is not expected is the end of the exchange',
  () => () => true,
);

export const ignoresUnknownErrors = mutant(
  'ignoresUnknownErrors',
  'ikev2',
  'notifyIsError',
  'only errors that have a name are errors',
  () => (notifyType) => notifyType < 100,
);

function rank(type: string): number {
  const place = order.indexOf(type);
  return place < 0 ? order.length : place;
}

/** Of the figures of RFC 7296 1.2 and 1.3, those of CREATE_CHILD_SA where they differ left out; notifications stand anywhere. */
const order: readonly string[] = ['IDi', 'IDr', 'CERT', 'CERTREQ', 'AUTH', 'SA', 'KE', 'Nonce', 'TSi', 'TSr'];
