/** What two sides of IKE agreed on in one exchange: for the IKE SA itself or for a child. */
import type { ChosenProposal } from '../../../reference/ikev2/proposal-selection.ts';
import type { Address } from '../../../reference/wire/address.ts';
import type { Seen } from '../sightings.ts';

export interface IkeAgreement extends Seen {
  /** Of the IKE SA, in lower-case hex. */
  readonly initiatorSPI: string;
  readonly protocol: 'IKE' | 'ESP' | 'AH';
  readonly chosen: ChosenProposal;
  /** Of the exchange: who offered, and who chose. */
  readonly initiator: Address;
  readonly responder: Address;
}
