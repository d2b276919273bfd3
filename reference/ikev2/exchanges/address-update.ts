/**
 * INFORMATIONAL exchanges of MOBIKE (RFC 4555 sections 3.5 to 3.9), both sides: the original initiator says which addresses are used from now on, either side which it has besides,
 * and whoever is told has the other show that it is there.
 *
 *     HDR, SK {N(UPDATE_SA_ADDRESSES), N(NAT_DETECTION_*), N(COOKIE2)}  -->
 *                                <--  HDR, SK {N(NAT_DETECTION_*), N(COOKIE2)}
 */
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import type { Answer, InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { Path } from '../interface.ts';
import { detectNat } from '../key-agreement.ts';
import { addressesTold, currentAddresses, tellsOfAddresses } from '../mobike.ts';
import { moveChildren } from '../moving-children.ts';
import { natDetectionNotifies } from '../nat-detection.ts';
import { findNotify, notify } from '../payloads.ts';
import type { NotifiedRefusal } from '../refusal.ts';
import { tellRefusal } from '../surroundings.ts';

/** One end of the path in use is another; the peer is told where MOBIKE was agreed on. */
export function changePath(ikeSa: IkeSa, change: Partial<Path>): void {
  ikeSa.path = { ...ikeSa.path, ...change };
  if (!ikeSa.mobike || ikeSa.state.name !== 'established') return;
  ikeSa.mobike = { ...ikeSa.mobike, changes: ikeSa.mobike.changes + 1 };
  const does = ikeSa.surroundings.rules.afterLosingAddress(ikeSa.mobike.side);
  ikeSa.begin(does === 'updates' ? updateSaAddresses(ikeSa) : announceAddresses(ikeSa));
}

/** Section 3.10: before a request of the original initiator is sent again, whether it goes to another address of the peer. */
export function tryNextAddress(ikeSa: IkeSa): void {
  const { mobike, window, path, surroundings } = ikeSa;
  const due = window.outstanding.find(({ resendAt }) => resendAt <= surroundings.now);
  if (mobike?.side !== 'initiator' || !due) return;
  const next = surroundings.rules.nextRemoteAddress(path.remoteAddress, mobike.peerAddresses, due.sendings);
  if (next !== undefined) changePath(ikeSa, { remoteAddress: next });
}

/** Section 3.5, the initiator's side; this node's own SAs begin at the new address already. `attempts` that met a NAT were before this one. */
export function updateSaAddresses(ikeSa: IkeSa, attempts = 0): InitiatedExchange {
  let changes = 0;
  let cookie = new Uint8Array();
  return {
    name: 'INFORMATIONAL',
    purpose: 'updateAddresses',
    build() {
      changes = ikeSa.mobike?.changes ?? 0;
      cookie = freshCookie(ikeSa);
      return [
        notify(notifyTypes.UPDATE_SA_ADDRESSES),
        ...natDetectionNotifies(ikeSa, ikeSa.path),
        notify(notifyTypes.COOKIE2, cookie),
      ];
    },
    process(response) {
      const { rules } = ikeSa.surroundings;
      const { payloads } = response;
      if (refusesCookie(ikeSa, cookie, payloads)) return;
      if (rules.updateOvertaken(changes, ikeSa.mobike?.changes ?? 0)) return;
      if (findNotify(payloads, 'UNEXPECTED_NAT_DETECTED')) {
        tellRefusal(ikeSa.surroundings, 'natsAbsent', 'the peer has seen other addresses');
        if (rules.updateRetried(attempts)) ikeSa.begin(updateSaAddresses(ikeSa, attempts + 1));
        return;
      }
      if (findNotify(payloads, 'UNACCEPTABLE_ADDRESSES')) {
        tellRefusal(ikeSa.surroundings, 'addressesAcceptable', `the peer will not have ${text(ikeSa.path)}`);
        return;
      }
      if (detectsNats(payloads)) detectNat(ikeSa, response);
      moveChildren(ikeSa);
    },
  };
}

/** Section 3.6: where this node can be reached from now on; of who may not decide which address is used. */
export function announceAddresses(ikeSa: IkeSa): InitiatedExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'announceAddresses',
    build: () => currentAddresses(ikeSa),
    process: () => undefined,
  };
}

/** What an INFORMATIONAL request says of addresses is done, and answered. */
export function answerToAddresses(ikeSa: IkeSa, request: ReceivedMessage): Answer {
  const { payloads, path } = request;
  const usual = () => [...natDetectionAnswer(ikeSa, request), ...cookieAnswer(ikeSa, payloads)];
  if (isAboutAddresses(payloads) && isOvertaken(ikeSa, request)) return { payloads: usual() };
  const refusal = refusalOfAddresses(ikeSa, request);
  if (refusal) {
    tellRefusal(ikeSa.surroundings, refusal.rule, refusal.detail);
    return { payloads: [notify(notifyTypes[refusal.notify]), ...cookieAnswer(ikeSa, payloads)] };
  }
  const isObeyed = isUpdate(ikeSa, payloads);
  if (ikeSa.mobike && tellsOfAddresses(payloads)) {
    const { rules } = ikeSa.surroundings;
    const peerAddresses = rules.additionalAddresses(ikeSa.mobike.peerAddresses, addressesTold(payloads));
    ikeSa.mobike = { ...ikeSa.mobike, peerAddresses };
  }
  if (isObeyed) {
    ikeSa.path = path;
    if (detectsNats(payloads)) detectNat(ikeSa, request);
  }
  return {
    payloads: usual(),
    afterwards: () => {
      if (isObeyed) follow(ikeSa);
    },
  };
}

/** Sections 3.5 and 3.6: in a window of several a newer one may have come before. */
function isOvertaken(ikeSa: IkeSa, { message: { header } }: ReceivedMessage): boolean {
  const { surroundings, newestAddresses } = ikeSa;
  if (!surroundings.rules.addressesAreNewest(header.messageId, newestAddresses)) {
    tellRefusal(surroundings, 'addressesAreNewest', `request ${header.messageId} after ${newestAddresses}`);
    return true;
  }
  ikeSa.newestAddresses = header.messageId;
  return false;
}

function isAboutAddresses(payloads: readonly Payload[]): boolean {
  return findNotify(payloads, 'UPDATE_SA_ADDRESSES') !== undefined || tellsOfAddresses(payloads);
}

/** Section 3.7: SAs follow at once, or when the peer has shown that it is there. */
function follow(ikeSa: IkeSa): void {
  if (ikeSa.surroundings.rules.returnRoutabilityChecked()) ikeSa.begin(returnRoutabilityCheck(ikeSa));
  else moveChildren(ikeSa);
}

function returnRoutabilityCheck(ikeSa: IkeSa): InitiatedExchange {
  let cookie = new Uint8Array();
  let asked: Path | undefined;
  return {
    name: 'INFORMATIONAL',
    purpose: 'returnRoutability',
    build() {
      cookie = freshCookie(ikeSa);
      asked = ikeSa.path;
      return [notify(notifyTypes.COOKIE2, cookie)];
    },
    process({ payloads }) {
      if (refusesCookie(ikeSa, cookie, payloads)) return;
      // Asked at several addresses, the peer may have heard it at any.
      if (asked === ikeSa.path) moveChildren(ikeSa);
      else ikeSa.begin(returnRoutabilityCheck(ikeSa));
    },
  };
}

function refusalOfAddresses({ surroundings, mobike, connection }: IkeSa, request: ReceivedMessage) {
  const { payloads, path } = request;
  const { rules } = surroundings;
  if (!mobike || !isAboutAddresses(payloads)) return undefined;
  const noNats = findNotify(payloads, 'NO_NATS_ALLOWED');
  if (noNats && !rules.natsAbsent(noNats.data, path)) {
    return { rule: 'natsAbsent', notify: 'UNEXPECTED_NAT_DETECTED', detail: text(path) } satisfies NotifiedRefusal;
  }
  const isUpdate = findNotify(payloads, 'UPDATE_SA_ADDRESSES') !== undefined;
  if (isUpdate && connection && !rules.addressesAcceptable(path, connection)) {
    return {
      rule: 'addressesAcceptable',
      notify: 'UNACCEPTABLE_ADDRESSES',
      detail: text(path),
    } satisfies NotifiedRefusal;
  }
  return undefined;
}

/** Who may not ask for it is answered, and nothing else. */
function isUpdate({ surroundings, mobike }: IkeSa, payloads: readonly Payload[]): boolean {
  if (findNotify(payloads, 'UPDATE_SA_ADDRESSES') === undefined) return false;
  const sender = mobike?.side === 'initiator' ? 'responder' : 'initiator';
  if (surroundings.rules.updateObeyed(mobike !== undefined, sender)) return true;
  tellRefusal(surroundings, 'updateObeyed', mobike ? 'of the original responder' : 'without MOBIKE');
  return false;
}

function natDetectionAnswer(ikeSa: IkeSa, { payloads, path }: ReceivedMessage): Payload[] {
  const isAsked = ikeSa.mobike !== undefined && detectsNats(payloads);
  return isAsked && ikeSa.surroundings.rules.natDetectionAnswered() ? natDetectionNotifies(ikeSa, path) : [];
}

/** Of whoever knows MOBIKE. */
function cookieAnswer({ surroundings, connection }: IkeSa, payloads: readonly Payload[]): Payload[] {
  const sent = connection?.mobike && findNotify(payloads, 'COOKIE2');
  return sent ? [notify(notifyTypes.COOKIE2, surroundings.rules.cookie2Answer(sent.data))] : [];
}

/** Section 3.7: then the IKE SA is closed. */
function refusesCookie(ikeSa: IkeSa, sent: Uint8Array, payloads: readonly Payload[]): boolean {
  const { rules } = ikeSa.surroundings;
  if (rules.cookie2Verified(sent, findNotify(payloads, 'COOKIE2')?.data)) return false;
  tellRefusal(ikeSa.surroundings, 'cookie2Verified', 'not the COOKIE2 that was sent');
  ikeSa.end('failed', 'COOKIE2');
  return true;
}

function detectsNats(payloads: readonly Payload[]): boolean {
  return findNotify(payloads, 'NAT_DETECTION_SOURCE_IP') !== undefined;
}

function freshCookie({ surroundings }: IkeSa): Uint8Array<ArrayBuffer> {
  return surroundings.env.octets('cookie', COOKIE2_OCTETS).slice();
}

function text({ localAddress, remoteAddress }: Path): string {
  return `${localAddress} and ${remoteAddress}`;
}

/** 8 to 64 are allowed (section 4.2.5). */
const COOKIE2_OCTETS = 16;
