/** A binding acknowledgement as it is written, RFC 6275 sections 6.1.8 and 9.5.4; to whom it goes, and whether it bears an authenticator, is decided by the roles. */
import type { Address } from '../wire/address.ts';
import { aligned, type BindingAcknowledgement, mobilityMessage } from '../wire/mobility/message.ts';
import { AUTHENTICATOR, bindingAuthenticator } from './return-routability.ts';

export interface AuthenticatedBy {
  readonly Kbm: Uint8Array;
  /** That the authenticator covers (section 6.2.7). */
  readonly careOfAddress: Address;
  readonly correspondent: Address;
}

/** `lifetime` is in units of 4 s. */
export function acknowledgement(
  fields: Pick<BindingAcknowledgement, 'status' | 'sequenceNumber' | 'lifetime' | 'keyManagementMobilityCapability'>,
  by: AuthenticatedBy | false = false,
): BindingAcknowledgement {
  const plain: BindingAcknowledgement = { kind: 'bindingAcknowledgement', ...fields, options: [] };
  if (!by) return plain;
  const unfilled = authorizedBy(plain, new Uint8Array(AUTHENTICATOR));
  const { Kbm, careOfAddress, correspondent } = by;
  const octets = mobilityMessage.encode(unfilled);
  return authorizedBy(plain, bindingAuthenticator(Kbm, careOfAddress, correspondent, octets));
}

function authorizedBy(message: BindingAcknowledgement, authenticator: Uint8Array): BindingAcknowledgement {
  return aligned({ ...message, options: [{ type: 'bindingAuthorizationData', authenticator }] });
}
