/**
 * What the tester does as a mobile node of the home agent under test (RFC 6275 section 11), for this folder's scenarios: where it is, it says by a binding
 * update under the SA of its home address, and it answers what comes through the tunnel.
 */
import { home } from '../../../harness/vocabulary/home-agent-intent.ts';
import type { MobilityByHand } from '../../../harness/vocabulary/stage.ts';
import type { BindingUpdate } from '../../../reference/wire/mobility/message.ts';

export interface Updating extends Partial<Omit<BindingUpdate, 'kind'>> {
  /** Where the packet leaves from, with the home address in an option; `home`: from the home address itself, without the option. */
  readonly at?: string;
  /** In the Alternate Care-of Address option; where the packet leaves from unless it is said. */
  readonly alternate?: string | 'none';
  readonly homeAddress?: string;
}

/** A home registration for a minute, as a mobile node that is away asks for it (RFC 6275 11.7.1, RFC 3776 4.3). */
export function homeUpdate({
  at = home.careOfAddress,
  alternate = at,
  homeAddress = home.address,
  options = [],
  ...fields
}: Updating = {}): MobilityByHand & { readonly message: BindingUpdate } {
  const placed =
    alternate === 'none' || alternate === 'home'
      ? []
      : [{ type: 'alternateCareOfAddress', alternateCareOfAddress: alternate } as const];
  return {
    from: homeAddress,
    ...(at !== 'home' && { careOfAddress: at }),
    message: {
      kind: 'bindingUpdate',
      acknowledge: true,
      homeRegistration: true,
      sequenceNumber: 1,
      lifetime: MINUTE,
      ...fields,
      options: [...placed, ...options],
    },
  };
}

/** In units of four seconds. */
export const MINUTE = 15;
