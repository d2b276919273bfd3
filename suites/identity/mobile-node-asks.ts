/**
 * The other side of `keys-from-care-of-address.ts`: the node under test is the mobile node (DUPONT 3.4, recommendation P; RFC 3776 4.4, RFC 4877 4.4 and 7.3).
 * It is told to run IKE from its care-of address and to have SAs for its home address; the tester, its home agent, grants that and nothing else. A child
 * between the addresses of IKE is the measure of comparison.
 */
import {
  anyoneOfTheAuthority,
  childBetween,
  connection,
  honestNut,
  honestTn,
  mirroredChild,
} from '../../harness/vocabulary/ike-intent.ts';
import { host, intent } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { homeAddressMutants } from '../../harness/vocabulary/mutants.ts';
import { mobilityPacket } from '../../harness/vocabulary/packets.ts';
import { hostToHost, inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { ahSuites, proposalOf } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { DUPONT, RFC3776, RFC4877 } from '../requirements/documents.ts';
import { basedOn, outcomesOfRequest, wantsGrant } from './home-addresses.ts';
import { noSaAfterClaim } from './impersonation.ts';

/** Of the node under test; its home agent is the tester. */
const [homeAddress, careOfAddress, homeAgent] = [inner.nut.ipv6, nutAddresses.ipv6, places.home.ipv6];

const underAh = { protocol: 'AH', proposals: [proposalOf(ahSuites['ah-sha256'])] } as const;
const ofSignalling = (address: string) => [{ addresses: host(address), protocol: protocols['Mobility Header'] }];
const signalling = { local: ofSignalling(homeAddress), remote: ofSignalling(homeAgent) };

const acknowledgement = mobilityPacket(
  { from: homeAgent, to: homeAddress },
  { kind: 'bindingAcknowledgement', status: 0, sequenceNumber: 1, lifetime: 15, options: [] },
);

export const mobileNodeAsks = scenario({
  name: 'mobile-node-asks',
  title: 'A mobile node away from home asks for the keys of its binding updates',
  dimensions: { role: ['mobile-node'], protocol: ['esp', 'ah'] },
  given: ({ protocol }) => {
    const change = { ...signalling, ...(protocol === 'ah' && underAh) };
    const children = [
      childBetween('claim', 'transport', { local: host(homeAddress), remote: host(homeAgent) }, change),
      childBetween('honest', 'transport', { local: host(careOfAddress), remote: host(homeAgent) }),
    ];
    const named = children.map((child) => ({
      nut: connection(child.name, [careOfAddress], [homeAgent], honestNut, [child]),
      tn: connection(child.name, [homeAgent], [careOfAddress], { ...honestTn, expects: anyoneOfTheAuthority }, [
        mirroredChild(child),
      ]),
    }));
    return intent({
      topology: { ...hostToHost, nut: { ...hostToHost.nut, innerAddresses: [`${homeAddress}/64`] } },
      ends: { nut: careOfAddress, tn: homeAgent },
      nut: { spd: [], manual: [], ike: named.map(({ nut }) => nut) },
      tn: { ike: named.map(({ tn }) => tn), unmatched: 'DISCARD' },
    });
  },
  async play(stage) {
    await speaks(stage, 'before');
    await asks(stage);
    await speaks(stage, 'after');
  },
  questions: {
    'DUPONT-P': question('Does it ask from its care-of address for SAs of its home address?', {
      outcomes: outcomesOfRequest,
      controls: (t) => [
        pre('it begins a child of ordinary hosts', t.established('before', 'before echo')),
        post('and again', t.established('after', 'after echo')),
      ],
      judge,
      plays: ['initiator', 'sender'],
      reads: [
        reads(DUPONT, '3.4 P', 'MUST', 'implementation', wantsGrant),
        reads(RFC3776, '4.4', 'MUST', 'initiator', wantsGrant),
        reads(RFC4877, '7.3', 'MUST', 'initiator', wantsGrant),
      ],
      lawful: 'granted',
      turnedBy: [
        [homeAddressMutants.asksForCareOfAddress, 'for-care-of-address'],
        [homeAddressMutants.keepsHostsOfIke, 'for-care-of-address'],
        [homeAddressMutants.wantsHostsOfIke, 'refused'],
      ],
    }),
  },
});

/** As a host that is nobody's mobile node. */
async function speaks({ tn, nut }: Stage, moment: string): Promise<void> {
  const child = { connection: 'honest', child: 'honest' };
  await tn.presents('honest');
  await nut.initiates(moment, child);
  await tn.asksForLife(`${moment} alive`, child, { unlessRefused: moment });
  await tn.echo(`${moment} echo`, { unlessRefused: moment });
  await nut.closes(`${moment} closed`, child);
}

async function asks({ tn, nut }: Stage): Promise<void> {
  const child = { connection: 'claim', child: 'claim' };
  await tn.presents('claim');
  await nut.initiates('claim', child);
  await tn.asksForLife('claim alive', child, { unlessRefused: 'claim' });
  await tn.esp('acknowledgement', { under: 'claim/claim', carries: acknowledgement, awaited: false });
  await nut.reports('after the claim', { until: ({ sad }) => !sad.some(isOutbound) || sad.some(hasAcknowledgement) });
  await nut.closes('claim closed', child);
}

function judge(t: Account): Judgement | undefined {
  if (!t.ike.childAgreed('claim')) {
    return (
      t.ike.refused('claim', 'tn', 'TS_UNACCEPTABLE')?.as('for-care-of-address') ??
      t.ike.refused('claim', 'tn', 'NO_PROPOSAL_CHOSEN')?.as('tunnelled')
    );
  }
  const based = basedOn(homeAddress, t, 'after the claim');
  if (based) return both(t.ike.childAgreed('claim'), based, acknowledged(t))?.as('granted');
  return basedOn(careOfAddress, t, 'after the claim')?.as('for-care-of-address') ?? noSaAfterClaim(t)?.as('refused');
}

type Sa = NonNullable<ReturnType<Account['state']>>['state']['sad'][number];
const isOutbound = ({ direction }: Sa): boolean => direction === 'out';
const hasAcknowledgement = ({ direction, destination, packets }: Sa): boolean =>
  direction === 'in' && destination === homeAddress && packets > 0;

const acknowledged = (t: Account): Finding | undefined =>
  t.reported('after the claim', 'sad', 'an acknowledgement came under the SA of the home address', ({ sad }) =>
    sad.some(hasAcknowledgement),
  );
