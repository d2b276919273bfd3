/**
 * A home agent and the mobile nodes that it knows, for IKE alone: entries of its peer authorization database, each with the home address that its peer may
 * ask for (RFC 4877 4.2 and 7.1), and the tester as one mobile node or another, away from home. No node has to know anything of Mobile IPv6 for this.
 */
import { certificateOf, fqdn, signedWith } from '../../harness/vocabulary/credentials.ts';
import {
  childBetween,
  connection,
  honestNut,
  honestTn,
  mirroredChild,
  type Party,
  peering,
} from '../../harness/vocabulary/ike-intent.ts';
import { host, intent } from '../../harness/vocabulary/intent.ts';
import type { Account, Finding, Judgement } from '../../harness/vocabulary/judging.ts';
import { both, inconclusive } from '../../harness/vocabulary/judging.ts';
import { mobile } from '../../harness/vocabulary/mobile-intent.ts';
import { hostToHost, nutAddresses } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass } from '../../harness/vocabulary/question.ts';
import { noSaAfterClaim } from './impersonation.ts';

type Child = ReturnType<typeof childBetween>;

/** One side of a connection and the addresses it is about: those that an entry permits, or that a mobile node asks for. */
export interface Peer extends Partial<Party> {
  readonly addresses: string;
  /** Transport unless told otherwise. */
  readonly mode?: Child['mode'];
  /** The only one that it is about. */
  readonly protocol?: number;
  readonly child?: Partial<Child>;
  /** Of a mobile node: where it runs IKE from, if that is not its care-of address. */
  readonly from?: string;
}

export interface HomeAgent {
  /** Of the node under test, in order. */
  readonly entries: Readonly<Record<string, Peer>>;
  /** Of the tester. */
  readonly faces: Readonly<Record<string, Peer>>;
}

const homeAgent = nutAddresses.ipv6;

/** SPD entries come with the children; what has none is no matter of the tester's. */
export function homeAgentFor({ entries, faces }: HomeAgent) {
  const childOf = ({ addresses, mode = 'transport', protocol, child }: Peer) => {
    const selecting = (prefix: string) => [{ addresses: prefix, ...(protocol !== undefined && { protocol }) }];
    const between = { local: host(homeAgent), remote: addresses };
    const selectors = { local: selecting(between.local), remote: selecting(between.remote) };
    return childBetween(peering.child, mode, between, { ...selectors, ...child });
  };
  const told = Object.entries(entries).map(([name, peer]) =>
    connection(name, [homeAgent], [mobile.careOfAddress, 'any'], { ...honestNut, ...peer }, [childOf(peer)]),
  );
  const asked = Object.entries(faces).map(([name, { from = mobile.careOfAddress, ...peer }]) =>
    connection(name, [from], [homeAgent], { ...honestTn, ...peer }, [mirroredChild(childOf(peer))]),
  );
  const innerAddresses = [mobile.homeAddress, mobile.otherHomeAddress].map((address) => `${address}/64`);
  return intent({
    topology: { ...hostToHost, tn: { ...hostToHost.tn, innerAddresses } },
    ends: { nut: homeAgent, tn: mobile.homeAddress },
    nut: { spd: [], manual: [], ike: told },
    tn: { ike: asked, unmatched: 'DISCARD' },
  });
}

/** A mobile node that goes by a name, and proves it. */
export function mobileNode(name: string): Pick<Party, 'identity' | 'credential'> {
  const certificate = certificateOf({ commonName: name, altNames: [{ dNSName: `${name}.example` }] });
  return { identity: fqdn(`${name}.example`), credential: signedWith(certificate) };
}

/** How each of these questions may end: SAs of the home address; of IKE's address instead; a tunnel where transport mode was asked for; none. */
export const outcomesOfRequest = ['granted', 'for-care-of-address', 'tunnelled', 'refused'] as const;

/** Where nothing else is what was asked for. */
export const wantsGrant = { granted: pass, 'for-care-of-address': fail, tunnelled: fail, refused: fail };
export const wantsRefusal = { granted: fail, 'for-care-of-address': fail, tunnelled: fail, refused: pass };
/** Where a document leaves the choice. */
export const mayGrant = {
  granted: pass,
  'for-care-of-address': observed('SAs of another address than the one that was asked for'),
  tunnelled: observed('tunnel mode in place of transport mode'),
  refused: pass,
};

export interface Requested {
  readonly address: string;
  /** What shows that the SAs work. */
  readonly effect: Finding | undefined;
  /** The only notification that refuses for the reason that is asked about; any where it is not said. */
  readonly refusal?: string | undefined;
}

/** What became of the claim to an address. */
export function judgeRequest(t: Account, { address, effect, refusal }: Requested): Judgement | undefined {
  const agreed = t.ike.childAgreed('claim');
  if (!agreed) return judgeRefusal(t, refusal);
  if (!inTransportMode(t)) return agreed.as('tunnelled');
  const based = basedOn(address, t, 'after the claim');
  if (!based) return basedOn(mobile.careOfAddress, t, 'after the claim')?.as('for-care-of-address');
  return both(agreed, based, effect)?.as('granted');
}

function judgeRefusal(t: Account, expected: string | undefined): Judgement | undefined {
  const refused = t.ike.refused('claim', 'nut');
  const asExpected = t.ike.refused('claim', 'nut', expected);
  if (refused && !asExpected) return inconclusive('I-CAUSE', refused.says, ...refused.evidence);
  return both(asExpected, noSaAfterClaim(t))?.as('refused');
}

/** The answer to this echo came under ESP. */
export function answeredUnderEsp(t: Account, echo: string): Finding | undefined {
  return t.answer(echo)?.packet.esp === undefined ? undefined : t.answered(echo);
}

/** The SAs of this report are the address's own: one from it, and one to it. */
export function basedOn(address: string, t: Account, report: string): Finding | undefined {
  return t.reported(report, 'sad', `SAs of ${address}`, ({ sad }) =>
    (['source', 'destination'] as const).every((end) => sad.some((sa) => sa[end] === address)),
  );
}

/** As it was asked for (RFC 7296 1.3.1). */
const inTransportMode = (t: Account): Finding | undefined =>
  t.ike.heard('HDR, SK {IDr, [CERT+,] AUTH, N(USE_TRANSPORT_MODE), SA, TSi, TSr}', { after: 'claim', response: true });
