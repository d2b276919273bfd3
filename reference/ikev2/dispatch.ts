/**
 * Finding the IKE SA that a datagram is for (RFC 7296 sections 2.1, 2.5, 2.6 and 3.1): by the SPIs in its header, or none, where it is a first
 * request. What is no IKE message, or of another version, goes no further.
 */
import { MalformedOctets } from '../wire/dissection.ts';
import { type IkeMessage, ikeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { exchangeTypes } from '../wire/ike/registry.ts';
import { equal } from '../wire/octets.ts';
import { respondToIkeSaInit } from './exchanges/ike-sa-init-response.ts';
import { respondToSessionResume, resumes } from './exchanges/ike-session-resume-response.ts';
import type { IkeSa, Surroundings } from './ike-sa.ts';
import { exchangeName, receive } from './incoming.ts';
import type { Path } from './interface.ts';
import { LivingIkeSa } from './living-ike-sa.ts';
import { contextOf, sendResponse } from './outgoing.ts';
import { refusalOfIgnored } from './passed-over.ts';
import { notify } from './payloads.ts';
import { tellMalformed, tellRefusal } from './surroundings.ts';
import { answerUnknownIkeSpi } from './unknown-spi.ts';

/** Takes one datagram. `cookieSecret` is the machine's own. */
export function dispatch(surroundings: Surroundings, path: Path, octets: Uint8Array, cookieSecret: Uint8Array): void {
  const message = decodedMessage(octets);
  if (message === undefined) {
    tellMalformed(surroundings, octets);
    return;
  }
  const { header } = message;
  const ikeSa = ikeSaOf(surroundings, message, path);
  if (!isHeard(surroundings, ikeSa, message, octets)) return;
  const ignored = refusalOfIgnored(surroundings.rules, message);
  if (!surroundings.rules.majorVersion(header.majorVersion ?? 0)) {
    tellRefusal(surroundings, 'majorVersion', `version ${header.majorVersion}`);
    if (!header.flags.response && (header.majorVersion ?? 0) > MAJOR_VERSION)
      answerHigherVersion(surroundings, message, octets, path);
  } else if (ignored !== undefined) {
    tellRefusal(surroundings, ignored.rule, ignored.detail);
  } else if (beginsIkeSa(surroundings, header.exchangeType) && surroundings.rules.isRequest(header.flags.response)) {
    receiveFirst(surroundings, path, message, octets, cookieSecret);
  } else if (ikeSa === undefined) {
    tellRefusal(surroundings, 'ikeSaOfMessage', `no IKE SA has the SPIs of this message of ${path.remoteAddress}`);
    answerUnknownIkeSpi(surroundings, message, octets, path);
  } else {
    receive(ikeSa, message, octets, path);
  }
}

/** Section 2.1: a first request that was answered before is answered the same way, by the IKE SA it made. */
function receiveFirst(
  surroundings: Surroundings,
  path: Path,
  message: IkeMessage,
  octets: Uint8Array,
  cookieSecret: Uint8Array,
): void {
  const repeated = surroundings.ikeSas.find(
    ({ role, initiatorSPI, window }) =>
      role === 'responder' &&
      equal(initiatorSPI, message.header.initiatorSPI) &&
      isEqual(window.answerTo(0)?.request, octets),
  );
  if (repeated !== undefined) {
    const choice = surroundings.rules.repeatedRequest();
    if (choice === 'answerAgain') repeated.window.answerTo(0)?.transmit(path);
    if (choice !== 'processAgain') return;
  }
  const { exchangeType } = message.header;
  const respond = exchangeType === exchangeTypes.IKE_SESSION_RESUME ? respondToSessionResume : respondToIkeSaInit;
  respond(surroundings, { message, payloads: message.payloads, octets, path }, cookieSecret);
}

function isEqual(known: Uint8Array | undefined, octets: Uint8Array): boolean {
  return known !== undefined && equal(known, octets);
}

/** RFC 5723 section 4.3.2: whoever takes no tickets knows one exchange that begins an IKE SA. */
function beginsIkeSa(surroundings: Surroundings, exchangeType: number): boolean {
  if (exchangeType === exchangeTypes.IKE_SESSION_RESUME) return resumes(surroundings);
  return exchangeType === exchangeTypes.IKE_SA_INIT;
}

/** Section 1.5: in clear, with the SPIs and the Message ID of the request, and of no exchange. */
function answerHigherVersion(surroundings: Surroundings, message: IkeMessage, octets: Uint8Array, path: Path): void {
  const says = surroundings.rules.higherVersionAnswer();
  if (says === 'silence') return;
  const { initiatorSPI, responderSPI } = message.header;
  const nobody = new LivingIkeSa(surroundings, 'responder', { initiatorSPI, responderSPI }, path);
  const name = exchangeName(message.header.exchangeType) ?? 'INFORMATIONAL';
  sendResponse(nobody, { message, payloads: [], octets, path }, name, { payloads: [notify(notifyTypes[says])] });
}

function ikeSaOf({ rules, ikeSas }: Surroundings, { header }: IkeMessage, path: Path): IkeSa | undefined {
  const alive = ikeSas.filter(({ state }) => state.name !== 'leftBehind');
  return alive.find(({ role, initiatorSPI, responderSPI, path: known }) =>
    rules.ikeSaOfMessage({ role, initiatorSPI, responderSPI, path: known }, header, path),
  );
}

function isHeard({ seams }: Surroundings, ikeSa: IkeSa | undefined, message: IkeMessage, octets: Uint8Array): boolean {
  const { messageId, exchangeType, flags } = message.header;
  const kind = flags.response ? 'response' : 'request';
  const name = exchangeName(exchangeType) ?? 'INFORMATIONAL';
  return seams.hears(octets, contextOf(ikeSa, { kind, name, messageId }, []));
}

function decodedMessage(octets: Uint8Array): IkeMessage | undefined {
  try {
    return ikeMessage.decode(octets).value;
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}

const MAJOR_VERSION = 2;
