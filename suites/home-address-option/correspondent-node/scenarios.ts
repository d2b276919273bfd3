/** What a correspondent node does with the messages of a mobile node (RFC 6275 9, 5.2). */
import type { Suite } from '../../../harness/vocabulary/scenario.ts';
import { acknowledgements } from './acknowledgements.ts';
import { deletions } from './deletions.ts';
import { bindingEnds, bindingIsRenewed } from './end-of-binding.ts';
import { homeRegistrations } from './home-registrations.ts';
import { keysOfMobileNode } from './keys-of-mobile-node.ts';
import { lifetimes } from './lifetimes.ts';
import { messageHeaders } from './message-headers.ts';
import { careOfMoves } from './moves.ts';
import { nonces } from './nonces.ts';
import { registration } from './registration.ts';
import { bindingsBeside, deletedAndRepeated } from './repeated.ts';
import { sequenceNumbers } from './sequence-numbers.ts';
import { routingHeaders, undeliverable } from './undeliverable.ts';
import { updateFields } from './update-fields.ts';
import { careOfAddressUnderEsp, identityIsNoAddress, updateUnderIpsec } from './updates-under-ipsec.ts';

export const correspondentNodeScenarios: Suite['scenarios'] = [
  registration,
  messageHeaders,
  updateFields,
  nonces,
  acknowledgements,
  sequenceNumbers,
  homeRegistrations,
  deletions,
  careOfMoves,
  lifetimes,
  bindingEnds,
  bindingIsRenewed,
  deletedAndRepeated,
  bindingsBeside,
  undeliverable,
  routingHeaders,
  updateUnderIpsec,
  careOfAddressUnderEsp,
  identityIsNoAddress,
  keysOfMobileNode,
];
