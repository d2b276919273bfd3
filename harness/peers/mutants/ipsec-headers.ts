/** Broken twins of tunnel mode that copy between the headers what they should not, or do not copy what they should. */
import { mutant } from '../mutant.ts';

export const clearsOuterDscp = mutant(
  'clearsOuterDscp',
  'ipsec',
  'outerDscp',
  'the outer header is made from nothing, so the tunnel is best effort',
  () => () => 0,
);

export const clearsOuterEcn = mutant(
  'clearsOuterEcn',
  'ipsec',
  'outerEcn',
  'the whole octet of old is copied, and its two low bits masked',
  () => () => 0,
);

export const losesCongestion = mutant(
  'losesCongestion',
  'ipsec',
  'innerEcn',
  'the outer header is thrown away unread, and with it the mark of congestion',
  () => (inner) => inner,
);

export const marksTheIncapable = mutant(
  'marksTheIncapable',
  'ipsec',
  'innerEcn',
  'the mark is handed on without a look at whether the transport knows it',
  () => (inner, outer) => (outer === 3 ? 3 : inner),
);

export const copiesDscpIn = mutant(
  'copiesDscpIn',
  'ipsec',
  'innerDscp',
  'what the network outside made of the class is taken for the sender’s',
  () => (_inner, outer) => outer,
);

export const forbidsFragments = mutant(
  'forbidsFragments',
  'ipsec',
  'outerDontFragment',
  'DF is always set outside, and what does not fit is lost without a word',
  () => () => true,
);

export const cutsNothing = mutant(
  'cutsNothing',
  'host',
  'mayBeCut',
  'what ESP has made too long is handed to a link that drops it',
  () => () => false,
);

export const handsOnFragments = mutant(
  'handsOnFragments',
  'host',
  'reassembles',
  'ESP is looked for below reassembly, where each piece is dropped as a fragment',
  () => () => false,
);

export const countsNoHop = mutant(
  'countsNoHop',
  'host',
  'hopsLeft',
  'what comes out of a tunnel is forwarded by a path of its own, which forgets to count',
  () => (hops) => hops,
);
