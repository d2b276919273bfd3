/** Broken twins of IKEv2 where addresses are translated between the peers (RFC 7296 section 2.23). */
import { mutant } from '../mutant.ts';

export const seesNoTranslator = mutant(
  'seesNoTranslator',
  'ikev2',
  'addressTranslated',
  'the hashes of addresses are sent, and those that come are compared with nothing',
  () => () => false,
);
