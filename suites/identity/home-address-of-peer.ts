/**
 * Which home address a mobile node is given SAs for (DUPONT 3.2, recommendation N; RFC 4877 4.2). It runs IKE from its care-of address, so that nothing but
 * its identity says which home address is its own; with SAs of another's it could send binding updates in that one's name.
 */
import { fqdn } from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority, only, peering, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { host } from '../../harness/vocabulary/intent.ts';
import { mobile } from '../../harness/vocabulary/mobile-intent.ts';
import { homeAddressMutants, padMutants } from '../../harness/vocabulary/mutants.ts';
import { innerPrefixes } from '../../harness/vocabulary/places.ts';
import { observed, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { ARKKO, DUPONT, RFC4301, RFC4877 } from '../requirements/documents.ts';
import {
  answeredUnderEsp,
  homeAgentFor,
  judgeRequest,
  mayGrant,
  mobileNode,
  outcomesOfRequest,
  type Peer,
  wantsGrant,
  wantsRefusal,
} from './home-addresses.ts';
import { converses, impersonationControls, verifies } from './impersonation.ts';

const [mine, others] = [mobile.homeAddress, mobile.otherHomeAddress];
const [mn1, mn2, mn3] = [mobileNode('mn1'), mobileNode('mn2'), mobileNode('mn3')];

/** The home agent's, each by the name of its mobile node. */
const entries = {
  [peering.connection]: { expects: only(mn1.identity), addresses: host(mine) },
  mn2: { expects: only(mn2.identity), addresses: host(others) },
  /** Has no home address here. */
  mn3: { expects: only(mn3.identity), addresses: host(mobile.careOfAddress) },
  /** The same for tunnel mode, which has no hosts that could be others. */
  tunnel: { expects: only(fqdn(tnName)), addresses: host(mine), mode: 'tunnel' },
} satisfies Record<string, Peer>;

/** Who asks for which address, and the entry that decides about it. */
interface Request {
  readonly face: Peer;
  readonly entry: string;
}

const ownOfMn1: Request = { face: { ...mn1, addresses: host(mine) }, entry: peering.connection };
const othersByMn1: Request = { face: { ...mn1, addresses: host(others) }, entry: peering.connection };
const byTunnel: Request = { face: { addresses: host(mine), mode: 'tunnel' }, entry: 'tunnel' };

/** What is asked, in transport mode, and the measure of comparison, which differs in what the request is about. */
const requests: Readonly<Record<string, { readonly claim: Request; readonly twin: Request }>> = {
  'n1-own': { claim: ownOfMn1, twin: byTunnel },
  'n2-anothers': { claim: othersByMn1, twin: ownOfMn1 },
  'n3-as-another': { claim: { face: { ...mn2, addresses: host(mine) }, entry: 'mn2' }, twin: ownOfMn1 },
  'n4-without-policy': {
    claim: { face: { ...mn3, addresses: host(mine) }, entry: 'mn3' },
    twin: { face: { ...mn3, addresses: host(mobile.careOfAddress) }, entry: 'mn3' },
  },
};

const addressOf = ({ face }: Request): string => face.addresses.split('/')[0]!;

async function asks(stage: Stage, claim: Request, twin: Request): Promise<void> {
  const honest = { entry: twin.entry, echo: { from: addressOf(twin) } };
  const claimed = { face: 'claim', entry: claim.entry, echo: { from: addressOf(claim), awaited: false } };
  await converses(stage, 'responder', 'before', honest);
  await converses(stage, 'responder', 'claim', claimed);
  await converses(stage, 'responder', 'after', honest);
}

export const homeAddressOfPeer = scenario({
  name: 'home-address-of-peer',
  title: 'A mobile node asks from its care-of address for SAs of a home address',
  dimensions: { request: Object.keys(requests) },
  given: ({ request }) => {
    const { claim, twin } = requests[request]!;
    return homeAgentFor({ entries, faces: { honest: twin.face, claim: claim.face } });
  },
  play: (stage, { request }) => asks(stage, requests[request]!.claim, requests[request]!.twin),
  questions: {
    'DUPONT-N': question('Does a policy decide, by who asks, whose address a transport mode SA is for?', {
      outcomes: outcomesOfRequest,
      controls: impersonationControls,
      judge: (t, { request }) =>
        judgeRequest(t, {
          address: addressOf(requests[request]!.claim),
          effect: answeredUnderEsp(t, 'claim echo'),
          ...(!isOwn(request) && { refusal: 'TS_UNACCEPTABLE' }),
        }),
      plays: verifies('responder'),
      reads: ({ request }) =>
        isOwn(request)
          ? [
              reads(DUPONT, '3.2 N', 'MAY', 'implementation', mayGrant),
              reads(RFC4877, '4.4', 'MUST', 'implementation', wantsGrant),
            ]
          : [
              reads(DUPONT, '3.2 N', 'SHOULD', 'implementation', wantsRefusal),
              reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', wantsRefusal),
              reads(RFC4877, '4.2', 'MUST', 'receiver', wantsRefusal),
            ],
      lawful: ({ request }) => (isOwn(request) ? 'granted' : 'refused'),
      turnedBy: ({ request }) =>
        isOwn(request)
          ? [
              [homeAddressMutants.wantsHostsOfIke, 'refused'],
              [homeAddressMutants.keepsHostsOfIke, 'for-care-of-address'],
            ]
          : [[padMutants.grantsWhatIsAsked, 'granted']],
    }),
  },
});

const isOwn = (request: string): boolean => request === 'n1-own';

/** Of one entry for all: a domain of names, and the home link. Whoever is of the one may have any address of the other. */
const forAll: Readonly<Record<string, Peer>> = {
  tunnel: entries.tunnel,
  [peering.connection]: {
    expects: { ...anyoneOfTheAuthority, identity: { ...fqdn('.example'), match: 'sub-tree' } },
    addresses: innerPrefixes.tn.ipv6,
  },
};

export const homeAddressOfName = scenario({
  name: 'home-address-of-name',
  title: 'A name is authenticated, and an address asked for that is another’s',
  dimensions: { entry: ['name-with-address', 'name-alone'] },
  given: ({ entry }) => {
    const faces = { honest: measure(entry).face, claim: othersByMn1.face };
    return homeAgentFor({ entries: entry === 'name-alone' ? forAll : entries, faces });
  },
  play: (stage, { entry }) => asks(stage, othersByMn1, measure(entry)),
  questions: {
    'ARKKO-2.3a': question('Does the authentication of a name authorise keys for an address?', {
      outcomes: outcomesOfRequest,
      controls: impersonationControls,
      judge: (t) =>
        judgeRequest(t, {
          address: others,
          effect: answeredUnderEsp(t, 'claim echo'),
          refusal: 'TS_UNACCEPTABLE',
        }),
      plays: verifies('responder'),
      reads: ({ entry }) => [
        reads(ARKKO, '2.3', 'obs', 'administrator', {
          granted: observed('who proves a name may have any address'),
          'for-care-of-address': observed('who proves a name may have the address that it speaks from'),
          tunnelled: observed('who proves a name may have any address, in tunnel mode'),
          refused: observed('a name is tied to its address'),
        }),
        entry === 'name-alone'
          ? reads(RFC4877, '10', 'obs', 'administrator', {
              granted: observed('nothing ties this name to an address'),
              'for-care-of-address': observed('the address of the messages stands in for a home address'),
              tunnelled: observed('nothing ties this name to an address'),
              refused: observed('a policy for many names is none for their addresses'),
            })
          : reads(RFC4877, '4.2', 'MUST', 'receiver', wantsRefusal),
      ],
      lawful: ({ entry }) => (entry === 'name-alone' ? 'granted' : 'refused'),
      turnedBy: ({ entry }) =>
        entry === 'name-alone'
          ? [
              [homeAddressMutants.wantsHostsOfIke, 'refused'],
              [padMutants.wantsSelectorsAsConfigured, 'refused'],
            ]
          : [[padMutants.grantsWhatIsAsked, 'granted']],
    }),
  },
});

function measure(entry: string): Request {
  return entry === 'name-alone' ? byTunnel : ownOfMn1;
}
