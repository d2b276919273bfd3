/** Which notification of an IKEv2 message refuses (RFC 7296 3.10.1), and what a notification is called. */
import { eapCodes } from '../../reference/wire/ike/registry.ts';
import { notatedMessage } from './ike-opening.ts';
import type { OpenedIke } from './opened-frame.ts';

/** The names of a message's notifications, in clear and sealed, in their order. */
export function notificationsIn(ike: OpenedIke): readonly string[] {
  const { clear, sealed = [] } = notatedMessage(ike);
  return [...clear, ...sealed].flatMap(({ notify }) => (notify === undefined ? [] : [notify]));
}

/** What a message ends an exchange with: an error that it notifies, or the Failure of EAP (RFC 7296 2.16). */
export function refusalIn(ike: OpenedIke): string | undefined {
  const fails = ike.payloads?.some((payload) => payload.type === 'EAP' && payload.code === eapCodes.Failure);
  return notificationsIn(ike).find(refuses) ?? (fails ? 'EAP Failure' : undefined);
}

/** Whether a notification of this name ends an exchange without an SA. */
export function refuses(name: string): boolean {
  return refusals.has(name);
}

/** The three errors that only ask for another try are not among them. */
const refusals: ReadonlySet<string> = new Set([
  'UNSUPPORTED_CRITICAL_PAYLOAD',
  'INVALID_IKE_SPI',
  'INVALID_MAJOR_VERSION',
  'INVALID_SYNTAX',
  'INVALID_MESSAGE_ID',
  'NO_PROPOSAL_CHOSEN',
  'AUTHENTICATION_FAILED',
  'SINGLE_PAIR_REQUIRED',
  'NO_ADDITIONAL_SAS',
  'INTERNAL_ADDRESS_FAILURE',
  'FAILED_CP_REQUIRED',
  'TS_UNACCEPTABLE',
  'INVALID_SELECTORS',
  'TEMPORARY_FAILURE',
  'CHILD_SA_NOT_FOUND',
  'STATE_NOT_FOUND',
]);
