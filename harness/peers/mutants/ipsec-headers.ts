/** Broken twins of tunnel mode that copy between the headers what they should not, or do not copy what they should. */
import { ecnCodepoints } from '../../../reference/wire/ip/ecn.ts';
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
  () => (inner, outer) => (outer === CE ? CE : inner),
);

export const knowsOneSeverity = mutant(
  'knowsOneSeverity',
  'ipsec',
  'innerEcn',
  'the table is that of RFC 4301, from before ECT(1) outside meant anything and a mark was worth a drop',
  () => (inner, outer) => (outer === CE && inner !== NOT_ECT ? CE : inner),
);

export const dropsNothing = mutant(
  'dropsNothing',
  'ipsec',
  'innerEcn',
  'a packet that has come so far is not given up for a mark that its transport cannot read',
  (lawful) => (inner, outer) => {
    const mark = lawful(inner, outer);
    return mark === 'drop' ? inner : mark;
  },
);

export const copiesEcnIn = mutant(
  'copiesEcnIn',
  'ipsec',
  'innerEcn',
  'in as out: the field of the outer header stands for that of the inner one',
  () => (_inner, outer) => outer,
);

export const clearsEcnIn = mutant(
  'clearsEcnIn',
  'ipsec',
  'innerEcn',
  'the octet is made anew from DSCP, which has six bits',
  () => () => NOT_ECT,
);

export const assumesCapability = mutant(
  'assumesCapability',
  'ipsec',
  'innerEcn',
  'what is not ECN-capable is made so, lest congestion have it dropped',
  (lawful) => (inner, outer) => lawful(inner === NOT_ECT ? ecnCodepoints['ECT(0)'] : inner, outer),
);

export const ranksByNumber = mutant(
  'ranksByNumber',
  'ipsec',
  'innerEcn',
  'the severer of two marks is taken to be the greater number, and ECT(0) is 2',
  (lawful) => (inner, outer) => (inner === NOT_ECT ? lawful(inner, outer) : Math.max(inner, outer)),
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

const { 'Not-ECT': NOT_ECT, CE } = ecnCodepoints;

export const wantsHeaderAsUsual = mutant(
  'wantsHeaderAsUsual',
  'ipsec',
  'headerBeforeEspAcceptable',
  'a header that does not look like those that the peer makes is taken for forged, although routers may have changed it',
  () => (outer) => {
    const { dscp = 0, ecn = 0 } = outer;
    if (dscp !== 0 || ecn !== 0) return false;
    if (outer.version === 6) return (outer.flowLabel ?? 0) === 0 && outer.hopLimit === USUAL_HOPS;
    return outer.dontFragment !== true && outer.timeToLive === USUAL_HOPS;
  },
);

const USUAL_HOPS = 64;
