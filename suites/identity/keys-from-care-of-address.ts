/**
 * Keys for binding updates, asked for from the care-of address (DUPONT 3.4, recommendation P; RFC 3776 4.4, RFC 4877 4.4 and 7.3): before its first binding
 * update has come home a mobile node can receive nothing at its home address, so IKE runs where it is, and asks for SAs of where it is at home. What is asked
 * here: who says so, by what, and for which address; each compared with the same request from home, or with the one that is right.
 */
import { addressIdentity, certificateOf, distinguishedName, signedWith } from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority, peering } from '../../harness/vocabulary/ike-intent.ts';
import { host } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { mobile } from '../../harness/vocabulary/mobile-intent.ts';
import { homeAddressMutants, identityMutants, type NodeMutant, padMutants } from '../../harness/vocabulary/mutants.ts';
import { mobilityPacket } from '../../harness/vocabulary/packets.ts';
import { nutAddresses } from '../../harness/vocabulary/places.ts';
import { observed, pass, question, type Reads, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { ahSuites, proposalOf } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { DUPONT, RFC3776, RFC4301, RFC4877, RFC4945 } from '../requirements/documents.ts';
import {
  homeAgentFor,
  judgeRequest,
  mayGrant,
  mobileNode,
  outcomesOfRequest,
  type Peer,
  wantsGrant,
  wantsRefusal,
} from './home-addresses.ts';
import { verifies } from './impersonation.ts';

const [homeAddress, careOfAddress] = [mobile.homeAddress, mobile.careOfAddress];

/** Of the home agent and of the mobile node alike: mobility messages between it and the home address, and nothing else. */
const signalling = { addresses: host(homeAddress), protocol: protocols['Mobility Header'] };
const underAh = { child: { protocol: 'AH', proposals: [proposalOf(ahSuites['ah-sha256'])] } } as const;

const mn1 = mobileNode('mn1');
const byName: Peer = { ...mn1, ...signalling };
const atHome = { from: homeAddress };
const [ofHome, ofCareOf] = [addressIdentity(homeAddress), addressIdentity(careOfAddress)];
const withHomeAddress = signedWith(
  certificateOf({ commonName: 'mn1', altNames: [{ dNSName: mn1.identity.value }, { iPAddress: homeAddress }] }),
);

interface Point {
  readonly claim: Peer;
  /** The measure of comparison, in place of the same request from home. */
  readonly twin?: Peer;
  /** What the home agent is told beside. */
  readonly entry?: Partial<Peer>;
  /** The notification that refuses, where the request is not to be granted. */
  readonly refusal?: string;
  readonly reads: readonly Reads<(typeof outcomesOfRequest)[number]>[];
  readonly turnedBy: readonly (readonly [NodeMutant, (typeof outcomesOfRequest)[number]])[];
}

const [grants, refuses] = [wantsGrant, wantsRefusal];
const required = [
  reads(DUPONT, '3.4 P', 'MUST', 'implementation', grants),
  reads(RFC3776, '4.4', 'MUST', 'implementation', grants),
  reads(RFC4877, '4.4', 'MUST', 'implementation', grants),
];
const bindsToIke: Point['turnedBy'] = [
  [homeAddressMutants.wantsHostsOfIke, 'refused'],
  [homeAddressMutants.keepsHostsOfIke, 'for-care-of-address'],
];

const points: Readonly<Record<string, Point>> = {
  'p1-name': { claim: byName, reads: required, turnedBy: bindsToIke },
  'p1-distinguished-name': {
    claim: { ...byName, identity: distinguishedName('CN=mn1, O=Touchstone') },
    reads: required,
    turnedBy: bindsToIke,
  },
  'p1-home-address': {
    claim: { ...byName, identity: ofHome, credential: withHomeAddress },
    reads: [
      reads(DUPONT, '3.1 H', 'MUST', 'receiver', refuses),
      reads(RFC4877, '7.3', 'MAY', 'implementation', mayGrant),
    ],
    turnedBy: [[identityMutants.bindsAddressIdentityToTransport, 'refused'], ...bindsToIke],
  },
  'p3-care-of-address': {
    claim: { ...byName, identity: ofCareOf },
    twin: byName,
    refusal: 'AUTHENTICATION_FAILED',
    reads: [reads(DUPONT, '3.1 G', 'MUST', 'receiver', refuses), reads(RFC4945, '3.1.1', 'MUST', 'receiver', refuses)],
    turnedBy: [[identityMutants.takesAddressesOnTrust, 'granted']],
  },
  'p3-home-address': {
    claim: { ...byName, identity: ofHome },
    twin: byName,
    refusal: 'AUTHENTICATION_FAILED',
    reads: [
      reads(DUPONT, '3.1 G', 'MUST', 'receiver', refuses),
      reads(RFC4877, '7.3', 'MUST', 'receiver', refuses),
      reads(RFC4945, '3.1.1', 'MUST', 'receiver', refuses),
    ],
    turnedBy: [[identityMutants.takesAddressesOnTrust, 'granted']],
  },
  'p4-addresses-required': {
    claim: { ...byName, credential: withHomeAddress },
    entry: { expects: { ...anyoneOfTheAuthority, certificateAddresses: 'required' } },
    reads: required,
    turnedBy: [[identityMutants.bindsCertificateToTransport, 'refused'], ...bindsToIke],
  },
  'p5-selectors-of-care-of-address': {
    claim: { ...byName, addresses: host(careOfAddress) },
    twin: byName,
    refusal: 'TS_UNACCEPTABLE',
    reads: [
      reads(DUPONT, '3.4 P', 'MUST', 'implementation', refuses),
      reads(RFC4877, '4.2', 'MUST', 'receiver', refuses),
    ],
    turnedBy: [[padMutants.grantsWhatIsAsked, 'for-care-of-address']],
  },
  'p6-ah': {
    claim: { ...byName, ...underAh },
    entry: underAh,
    reads: [
      reads(DUPONT, '3.4 P', 'obs', 'implementation', {
        granted: observed('AH, which the draft likes best'),
        'for-care-of-address': observed('AH, for an address that moves'),
        tunnelled: observed('AH, in tunnel mode'),
        refused: observed('no AH'),
      }),
      reads(RFC4301, '3.2', 'MAY', 'implementation', mayGrant),
      reads(RFC4877, '4.4', 'MUST', 'implementation', { ...grants, refused: pass }),
    ],
    turnedBy: bindsToIke,
  },
};

const update = mobilityPacket(
  { from: homeAddress, to: nutAddresses.ipv6 },
  {
    kind: 'bindingUpdate',
    sequenceNumber: 1,
    acknowledge: true,
    homeRegistration: true,
    lifetime: 15,
    options: [{ type: 'alternateCareOfAddress', alternateCareOfAddress: careOfAddress }],
  },
);

/** From the first message of IKE to an update under the SAs, if there are some. */
async function converses({ tn, nut }: Stage, moment: string, face: string): Promise<void> {
  await tn.presents(face);
  await tn.initiates(moment, { connection: face, child: peering.child });
  await tn.esp(`${moment} update`, { under: `${face}/${peering.child}`, carries: update, awaited: false });
  await nut.reports(`after the ${moment}`, { until: ({ sad }) => !sad.some(isOutbound) || sad.some(hasUpdate) });
  await nut.closes(`${moment} closed`, peering);
}

type Sa = NonNullable<ReturnType<Account['state']>>['state']['sad'][number];
const isOutbound = ({ direction }: Sa): boolean => direction === 'out';
const hasUpdate = ({ direction, source, packets }: Sa): boolean =>
  direction === 'in' && source === homeAddress && packets > 0;

const updated = (t: Account, moment: string): Finding | undefined =>
  t.reported(`after the ${moment}`, 'sad', 'the update came under the SA of the home address', ({ sad }) =>
    sad.some(hasUpdate),
  );

export const keysFromCareOfAddress = scenario({
  name: 'keys-from-care-of-address',
  title: 'A mobile node asks from its care-of address for the keys of its binding updates',
  dimensions: { request: Object.keys(points) },
  given: ({ request }) => {
    const { claim, twin = { ...claim, ...atHome }, entry } = points[request]!;
    const told = { expects: anyoneOfTheAuthority, ...signalling, ...entry };
    return homeAgentFor({ entries: { [peering.connection]: told }, faces: { honest: twin, claim } });
  },
  async play(stage) {
    await converses(stage, 'before', 'honest');
    await converses(stage, 'claim', 'claim');
    await converses(stage, 'after', 'honest');
  },
  questions: {
    'DUPONT-P': question('Can the keys of binding updates be had from the care-of address?', {
      outcomes: outcomesOfRequest,
      controls: (t) => [
        pre('the measure of comparison has keys that work', both(t.ike.childAgreed('before'), updated(t, 'before'))),
        post('and again', both(t.ike.childAgreed('after'), updated(t, 'after'))),
      ],
      judge: (t, { request }) => {
        const { refusal } = points[request]!;
        return judgeRequest(t, { address: homeAddress, effect: updated(t, 'claim'), refusal });
      },
      plays: verifies('responder'),
      reads: ({ request }) => points[request]!.reads,
      lawful: ({ request }) => (points[request]!.refusal === undefined ? 'granted' : 'refused'),
      turnedBy: ({ request }) => points[request]!.turnedBy,
    }),
  },
});
