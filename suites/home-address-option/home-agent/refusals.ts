/**
 * Home registrations that a home agent refuses (RFC 6275 9.5.1, 10.3.1): with a status where the document gives one, in silence where an update fails its
 * tests. What nobody vouches for is left to the home agent here: its policy would let the update in.
 */
import {
  type HomeAgentIntent,
  home,
  homeAgentIntent,
  onHomeLink,
  signallingPair,
} from '../../../harness/vocabulary/home-agent-intent.ts';
import { post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC4877, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate, type Updating } from './acts.ts';
import { type Answer, accepted, answers, answerTo, only } from './judging.ts';

interface Wrong {
  /** Of the update, which is right otherwise. */
  readonly update: Updating;
  readonly told?: HomeAgentIntent['told'];
  /** Past the sender's policy, where nobody vouches for it. */
  readonly inClear?: true;
  readonly requiresIpsec: boolean;
  readonly status?: number;
  readonly section: string;
  readonly mutant: typeof mobilityMutants.servesEveryone;
  readonly turns: Answer;
  /** Of the catalogues before this one: asked for and unasked, without and with a binding of the right home address. */
  readonly known?: Readonly<Record<string, string>>;
}

const ELSEWHERE = '2001:db8:a2::1';
const nonceIndices = { type: 'nonceIndices', homeNonceIndex: 1, careOfNonceIndex: 2 } as const;

const wrongs: Readonly<Record<string, Wrong>> = {
  'not-home-subnet': {
    update: { homeAddress: ELSEWHERE },
    requiresIpsec: true,
    status: 132,
    section: '10.3.1',
    mutant: mobilityMutants.servesEveryPrefix,
    turns: 'refused otherwise',
    known: {
      'asked-for none': 'HA_2_2_1',
      'unasked none': 'HA_2_2_2',
      'asked-for there': 'HA_2_2_4',
      'unasked there': 'HA_2_2_5',
    },
  },
  'not-its-mobile-node': {
    update: { homeAddress: home.strangeAddress },
    requiresIpsec: true,
    status: 133,
    section: '10.3.1',
    mutant: mobilityMutants.servesEveryone,
    turns: 'accepted',
  },
  prohibited: {
    update: { homeAddress: home.otherAddress },
    told: { prohibited: [home.otherAddress] },
    requiresIpsec: true,
    status: 129,
    section: '10.3.1',
    mutant: mobilityMutants.registersTheProhibited,
    turns: 'accepted',
  },
  unauthorized: {
    update: {},
    inClear: true,
    requiresIpsec: true,
    section: '9.5.1',
    mutant: mobilityMutants.believesEveryone,
    turns: 'accepted',
    known: { 'asked-for none': 'HA_2_2_3', 'asked-for there': 'HA_2_2_6' },
  },
  'nonce-indices': {
    update: { options: [nonceIndices] },
    requiresIpsec: true,
    section: '9.5.1',
    mutant: mobilityMutants.takesNonceIndices,
    turns: 'accepted',
    known: { 'asked-for none': 'HA_2_2_7', 'asked-for there': 'HA_2_2_8' },
  },
  'link-local-home-address': {
    update: { homeAddress: 'fe80::2' },
    requiresIpsec: false,
    section: '9.5.1',
    mutant: mobilityMutants.takesAnyHomeAddress,
    turns: 'refused otherwise',
    known: { 'asked-for none': 'HA_2_2_9', 'asked-for there': 'HA_2_2_11' },
  },
  'link-local-home-address-with-l': {
    update: { homeAddress: 'fe80::2', linkLocalAddressCompatibility: true },
    requiresIpsec: false,
    section: '9.5.1',
    mutant: mobilityMutants.takesAnyHomeAddress,
    turns: 'refused otherwise',
    known: { 'asked-for none': 'HA_2_2_10', 'asked-for there': 'HA_2_2_12' },
  },
  'multicast-home-address': {
    update: { homeAddress: 'ff0e::1:2' },
    requiresIpsec: false,
    section: '9.5.1',
    mutant: mobilityMutants.takesAnyHomeAddress,
    turns: 'refused otherwise',
    known: { 'asked-for none': 'HA_2_2_13', 'asked-for there': 'HA_2_2_14' },
  },
  'without-option': {
    update: { at: 'home', alternate: home.otherCareOfAddress, homeAddress: home.careOfAddress },
    requiresIpsec: false,
    section: '10.3.1',
    mutant: mobilityMutants.needsNoOption,
    turns: 'refused otherwise',
  },
  'another-type': {
    update: { homeRegistration: false },
    requiresIpsec: true,
    status: 139,
    section: '9.5.1',
    mutant: mobilityMutants.changesTypes,
    turns: 'silent',
  },
  'another-type-unauthorized': {
    update: { homeRegistration: false },
    inClear: true,
    requiresIpsec: true,
    section: '9.5.1',
    mutant: mobilityMutants.believesEveryone,
    turns: 'refused otherwise',
  },
};

export const homeRefusals = scenario({
  name: 'home-refusals',
  title: 'Home registrations that are refused',
  cast: onHomeLink,
  dimensions: { wrong: Object.keys(wrongs), acknowledgement: ['asked-for', 'unasked'], binding: ['none', 'there'] },
  where: ({ wrong, binding }) => !wrong.startsWith('another-type') || binding === 'there',
  given({ wrong }) {
    const { requiresIpsec, update, told = {}, inClear } = wrongs[wrong]!;
    if (!requiresIpsec) return homeAgentIntent();
    const pairs = [
      signallingPair(),
      ...(update.homeAddress === undefined
        ? []
        : [{ ...signallingPair({ homeAddress: update.homeAddress, spi: 0x3000 }), name: 'wrong' }]),
    ];
    const intent = homeAgentIntent({ told, pairs });
    if (!inClear) return intent;
    const { nut, ...others } = intent.parties;
    // Nothing asks for IPsec but the home agent itself.
    const outward = nut!.spd.map((entry) => ({ ...entry, direction: 'out' as const }));
    return { ...intent, parties: { nut: { ...nut!, spd: outward }, ...others } };
  },
  async play({ tn, neighbor }, { wrong, acknowledgement, binding }) {
    const { update, inClear } = wrongs[wrong]!;
    await neighbor.pingInClear('alive');
    if (binding === 'there') await tn.sends('before', homeUpdate());
    const acknowledge = acknowledgement === 'asked-for';
    await tn.sends('wrong', {
      ...homeUpdate({ ...update, sequenceNumber: 2, acknowledge }),
      ...(inClear && { inClear }),
      awaited: true,
    });
    await tn.sends('after', homeUpdate({ sequenceNumber: 3 }));
  },
  questions: {
    'RFC6275-10.3.1': question('Is a home registration refused that has no right to be accepted?', {
      outcomes: answers,
      controls: (t, { binding }) => [
        pre('the home agent is alive', t.answered('alive')),
        ...(binding === 'there' ? [pre('a right one was accepted', accepted(t, 'before'))] : []),
        post('a right one is accepted afterwards', accepted(t, 'after')),
      ],
      judge: (t, { wrong }) => answerTo(t, 'wrong', wrongs[wrong]!.status, 'after'),
      plays: 'receiver',
      reads({ wrong }) {
        const { section, status, inClear } = wrongs[wrong]!;
        const good = status === undefined ? 'silent' : 'refused';
        const fits = only<Answer>(good, answers);
        // Which status tells that a mobile node is not served, or not now, is the home agent's to choose, and which test comes first that an update fails twice.
        const refused = { kind: 'pass' } as const;
        const chosen = {
          ...fits,
          ...((wrong === 'not-its-mobile-node' || wrong === 'prohibited') && { 'refused otherwise': refused }),
          ...(wrong === 'without-option' && { 'refused otherwise': refused, refused }),
          ...(wrong === 'another-type' && { silent: refused }),
        };
        return [
          reads(RFC6275, section, 'MUST', 'receiver', chosen),
          ...(inClear ? [reads(RFC4877, '4.1', 'MUST', 'receiver', fits)] : []),
        ];
      },
      lawful: ({ wrong }) => (wrongs[wrong]!.status === undefined ? 'silent' : 'refused'),
      turnedBy: ({ wrong }) => [[wrongs[wrong]!.mutant, wrongs[wrong]!.turns]],
      alsoKnownAs({ wrong, acknowledgement, binding }) {
        const known = wrongs[wrong]!.known?.[`${acknowledgement} ${binding}`];
        return known === undefined ? [] : [known];
      },
    }),
  },
});
