/**
 * A binding update under an SA (DUPONT 2.5): one that authenticates the home address is all the authorisation there has to be, if the node was told so (E1); the
 * care-of address has to stand where the SA covers it (E2); and an SA that authenticates somebody says nothing of the addresses he speaks of (ARKKO 2.3).
 */
import { type Account, both, type Control, type Judgement, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, homeAddressPair, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { Tester } from '../../../harness/vocabulary/stage.ts';
import { ahSuites, espSuites } from '../../../harness/vocabulary/transforms.ts';
import { ARKKO, DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { fromAway, homeTestInit, type Update, update } from './acts.ts';
import { only } from './update-outcomes.ts';

const outcomes = ['bound', 'bound elsewhere', 'unbound'] as const;
type Outcome = (typeof outcomes)[number];

/** Mobility Headers alone: the tests of packets go in clear. */
const MOBILITY = { selector: { protocol: 135 } } as const;
const suites = { esp: espSuites['null-sha256'], ah: ahSuites['ah-sha256'] } as const;
const mobilityPair = (protocol: keyof typeof suites) =>
  homeAddressPair('mobility', { suite: suites[protocol], ...MOBILITY });

/** No nonce indices, no authenticator; the care-of address in an option where it is named. */
function bare(
  sequenceNumber: number,
  { from = mobile.careOfAddress, named }: { readonly from?: string; readonly named?: string },
): Update {
  const options =
    named === undefined ? [] : [{ type: 'alternateCareOfAddress', alternateCareOfAddress: named } as const];
  const { authorization: _none, ...order } = update({ sequenceNumber, careOfAddress: from, options });
  return order;
}

async function played(tn: Tester, asked: Update): Promise<void> {
  await tn.echo('at home');
  await tn.sends('update', { ...asked, awaited: false });
  await tn.sends('between', homeTestInit('between'));
  await tn.packet('here', fromAway(1), { awaited: true });
  await tn.packet('elsewhere', fromAway(2, { careOfAddress: mobile.secondCareOfAddress }), { awaited: true });
  await tn.echo('after');
}

const controls = (t: Account): readonly Control[] => [
  pre('the home address is answered', t.answered('at home')),
  post('and still', both(t.mobility.answered('between'), t.answered('after'))),
];

/** By where packets are taken from; `silent` ones lie between two that are answered. */
function cameOf(t: Account): Judgement | undefined {
  return (
    t.answered('here')?.as('bound') ??
    t.answered('elsewhere')?.as('bound elsewhere') ??
    both(t.mobility.refusedByError('here', 1), t.mobility.refusedByError('elsewhere', 1))?.as('unbound')
  );
}

const trusts = { told: ['trusting', 'not-trusting'], protection: ['esp', 'ah', 'clear'] } as const;

export const updateUnderIpsec = scenario({
  name: 'update-under-ipsec',
  title: 'A binding update that an SA authenticates, and no test',
  dimensions: trusts,
  where: ({ told, protection }) => told === 'trusting' || protection === 'esp',
  given: ({ told, protection }) =>
    correspondent(
      { signalling: told === 'trusting' ? { trustsIpsec: true } : {} },
      protection === 'clear' ? [] : [mobilityPair(protection)],
    ),
  play: ({ tn }) => played(tn, bare(1, { named: mobile.careOfAddress })),
  questions: {
    'DUPONT-E1': question<typeof trusts, Outcome>('Is an update under an SA accepted without return routability?', {
      outcomes,
      controls,
      judge: cameOf,
      plays: 'receiver',
      reads: ({ told, protection }) =>
        protection === 'clear'
          ? [
              reads(DUPONT, '2.5 E1', 'MUST', 'receiver', only(outcomes, 'unbound')),
              reads(RFC6275, '9.5.1', 'MUST', 'receiver', only(outcomes, 'unbound')),
            ]
          : [
              reads(DUPONT, '2.5 E1', told === 'trusting' ? 'MUST' : 'obs', 'receiver', only(outcomes, 'bound')),
              reads(RFC6275, '9.5.1', told === 'trusting' ? 'obs' : 'MUST', 'receiver', only(outcomes, 'unbound')),
            ],
      lawful: ({ told, protection }) => (told === 'trusting' && protection !== 'clear' ? 'bound' : 'unbound'),
      turnedBy: ({ told, protection }) => {
        if (protection === 'clear') return [[mobilityMutants.trustsWithoutSa, 'bound']];
        return told === 'trusting'
          ? [[mobilityMutants.asksForTestsAlways, 'unbound']]
          : [[mobilityMutants.trustsUnasked, 'bound']];
      },
    }),
  },
});

const careOf = {
  careOf: ['named', 'named-and-sent-from-elsewhere', 'unnamed-and-sent-from-elsewhere'],
  protection: ['esp'],
} as const;

export const careOfAddressUnderEsp = scenario({
  name: 'care-of-address-under-esp',
  title: 'Where the care-of address of an update under ESP stands',
  dimensions: careOf,
  given: () => correspondent({ signalling: { trustsIpsec: true } }, [mobilityPair('esp')]),
  play: ({ tn }, { careOf: where }) => played(tn, orders[where]),
  questions: {
    'DUPONT-E2': question<typeof careOf, Outcome>('Is the care-of address taken that the SA covers?', {
      outcomes,
      controls,
      judge: cameOf,
      plays: 'receiver',
      reads: ({ careOf: where }) =>
        where === 'unnamed-and-sent-from-elsewhere'
          ? [
              reads(DUPONT, '2.5 E2', 'MUST', 'receiver', { bound: fail, 'bound elsewhere': fail, unbound: pass }),
              reads(RFC6275, '9.5.1', 'obs', 'receiver', {
                bound: observed('to another address than it was told'),
                'bound elsewhere': observed('to the source, which nothing covers'),
                unbound: observed('not to the source'),
              }),
            ]
          : [
              reads(DUPONT, '2.5 E2', 'MUST', 'receiver', only(outcomes, 'bound')),
              reads(RFC6275, '9.5.1', 'MUST', 'receiver', only(outcomes, 'bound')),
            ],
      lawful: ({ careOf: where }) => (where === 'unnamed-and-sent-from-elsewhere' ? 'unbound' : 'bound'),
      turnedBy: ({ careOf: where }) => {
        if (where === 'named') return [[mobilityMutants.asksForTestsAlways, 'unbound']];
        return where === 'unnamed-and-sent-from-elsewhere'
          ? [[mobilityMutants.bindsToUncoveredSource, 'bound elsewhere']]
          : [[mobilityMutants.ignoresAlternateInUpdates, 'bound elsewhere']];
      },
    }),
  },
});

const elsewhere = mobile.secondCareOfAddress;
const orders = {
  named: bare(1, { named: mobile.careOfAddress }),
  'named-and-sent-from-elsewhere': bare(1, { from: elsewhere, named: mobile.careOfAddress }),
  'unnamed-and-sent-from-elsewhere': bare(1, { from: elsewhere }),
} as const;

const sas = { sa: ['of-one-home-address', 'of-a-whole-network'] } as const;

export const identityIsNoAddress = scenario({
  name: 'identity-is-no-address',
  title: 'Who has an SA speaks of the address of somebody else',
  dimensions: sas,
  given: ({ sa }) =>
    correspondent({ signalling: { trustsIpsec: true } }, [
      homeAddressPair('mobility', {
        suite: suites.esp,
        selector: { ...MOBILITY.selector, ...(sa === 'of-a-whole-network' && { remote: '2001:db8:a2::/64' }) },
      }),
    ]),
  async play({ tn }) {
    await tn.echo('at home');
    await tn.sends('update', {
      ...bare(1, { named: mobile.careOfAddress }),
      from: mobile.otherHomeAddress,
      awaited: false,
    });
    await tn.sends('between', homeTestInit('between'));
    await tn.packet('here', fromAway(1, { homeAddress: mobile.otherHomeAddress }), { awaited: true });
    await tn.packet('elsewhere', fromAway(2, { ...second }), { awaited: true });
    await tn.echo('after');
  },
  questions: {
    'ARKKO-2.3a': question<typeof sas, Outcome>('May whoever has an SA bind the home address of another?', {
      outcomes,
      controls,
      judge: cameOf,
      plays: 'receiver',
      reads: [
        reads(ARKKO, '2.3', 'obs', 'receiver', {
          bound: observed('an identity was taken for an address'),
          'bound elsewhere': observed('an identity was taken for an address'),
          unbound: observed('not bound'),
        }),
        reads(DUPONT, '2.5 E1', 'obs', 'receiver', only(outcomes, 'unbound')),
      ],
      lawful: 'unbound',
      turnedBy: [[mobilityMutants.trustsWithoutSa, 'bound']],
    }),
  },
});

const second = { homeAddress: mobile.otherHomeAddress, careOfAddress: mobile.secondCareOfAddress };
