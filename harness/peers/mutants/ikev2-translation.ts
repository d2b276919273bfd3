/** Broken twins of IKEv2 and of ESP in UDP where addresses are translated between the peers (RFC 7296 section 2.23, RFC 3948). */
import { mutant } from '../mutant.ts';

export const seesNoTranslator = mutant(
  'seesNoTranslator',
  'ikev2',
  'addressTranslated',
  'the hashes of addresses are sent, and those that come are compared with nothing',
  () => () => false,
);

export const takesPeerAtItsWord = mutant(
  'takesPeerAtItsWord',
  'ikev2',
  'peerAddressSubstituted',
  'selectors are compared as they come, and name a host that is nobody on this side of the NAT',
  () => () => false,
);

export const isNobodyElse = mutant(
  'isNobodyElse',
  'ikev2',
  'ownAddressSubstituted',
  'the address before its NAT is none that this node has, so it is not meant',
  () => () => false,
);

export const neverLooksAgain = mutant(
  'neverLooksAgain',
  'ikev2',
  'substitutionUndone',
  'what came is forgotten once it is substituted',
  () => () => false,
);

export const comparesChecksumsAsTheyCome = mutant(
  'comparesChecksumsAsTheyCome',
  'ipsec',
  'checksumOfTranslated',
  'ESP vouches for the octets, and nobody thinks of the addresses that TCP and UDP have summed',
  () =>
    ({ payload }) =>
      payload,
);
