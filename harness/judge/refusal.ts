/** Which notification of an IKEv2 message refuses (RFC 7296 3.10.1), and what a notification is called. */
import { notatedMessage, type OpenedIke } from './ike-opening.ts';

/** The name of the error this message notifies of: the one wanted, else the first that ends an exchange without an SA. */
export function refusalIn(ike: OpenedIke, wanted?: string): string | undefined {
  const { clear, sealed = [] } = notatedMessage(ike);
  const names = [...clear, ...sealed].flatMap(({ notify }) => (notify === undefined ? [] : [notify]));
  return names.find((name) => (wanted === undefined ? refusals.has(name) : name === wanted));
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
]);
