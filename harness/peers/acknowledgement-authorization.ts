/** What authorises a Binding Acknowledgement of a correspondent that speaks by hand (RFC 6275 sections 5.2.5, 6.2.7): made of the tokens that it handed out. */
import {
  AUTHENTICATOR,
  bindingAuthenticator,
  bindingManagementKey,
} from '../../reference/mobility/return-routability.ts';
import type { Address } from '../../reference/wire/address.ts';
import { aligned, type BindingAcknowledgement, mobilityMessage } from '../../reference/wire/mobility/message.ts';

/** With Binding Authorization Data as its last option; a wrong one differs in one bit. Without a care-of token: of a deregistration from home. */
export function acknowledgementAuthorizedBy(
  message: BindingAcknowledgement,
  tokens: { readonly home: Uint8Array; readonly careOf?: Uint8Array },
  { careOfAddress, correspondent }: { readonly careOfAddress: Address; readonly correspondent: Address },
  isWrong = false,
): BindingAcknowledgement {
  const Kbm = bindingManagementKey(tokens.home, tokens.careOf);
  const option = { type: 'bindingAuthorizationData', authenticator: new Uint8Array(AUTHENTICATOR) } as const;
  const whole = aligned({ ...message, options: [...message.options, option] });
  const authenticator = bindingAuthenticator(Kbm, careOfAddress, correspondent, mobilityMessage.encode(whole));
  if (isWrong) authenticator[0]! ^= 1;
  return { ...whole, options: [...whole.options.slice(0, -1), { ...option, authenticator }] };
}
