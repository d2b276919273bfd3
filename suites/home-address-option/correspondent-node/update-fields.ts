/**
 * Binding updates with something in them that is wrong, or looks so (RFC 6275 6.1.7, 6.2, 9.5.1), of a registration where there is no binding, and of a
 * deletion where there is one: what a receiver has to ignore is ignored, and everything else is discarded in silence.
 */
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { hostMutants, mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { type Part, question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { MobilityOption } from '../../../reference/wire/mobility/options.ts';
import { unhex } from '../../../reference/wire/octets.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import {
  type Between,
  deletion,
  fromAway,
  goodUpdate,
  homeTestInit,
  tests,
  type Update,
  update,
  type Wanted,
} from './acts.ts';
import { aroundUpdate, cameOf, only, type UpdateOutcome, updateOutcomes } from './update-outcomes.ts';

type Asks = 'registration' | 'deletion';

interface Fault {
  readonly of: (asks: (wanted: Wanted) => Update) => Update;
  readonly expects: 'accepted' | 'discarded';
  readonly section: string;
  readonly level: 'MUST' | 'obs';
  readonly turn: Turn<UpdateOutcome> | ((asks: Asks) => Turn<UpdateOutcome>);
  /** What it is asked of; of both unless it is named. */
  readonly only?: Asks;
  /** What is tested besides the addresses of a good update. */
  readonly tested?: Between;
  /** By way of what a packet is sent afterwards; not at all where no packet tells anything. */
  readonly probed?: Between | 'not';
  readonly knownAs: Partial<Record<Asks, readonly string[]>>;
}

const alternate = (alternateCareOfAddress: string): MobilityOption => ({
  type: 'alternateCareOfAddress',
  alternateCareOfAddress,
});
const advice: MobilityOption = { type: 'bindingRefreshAdvice', refreshInterval: 1 };
const flagged =
  (fields: Wanted): Fault['of'] =>
  (asks) =>
    asks(fields);
const authorizedAs =
  (authorization: Partial<Update['authorization']>): Fault['of'] =>
  (asks) => {
    const order = asks({});
    return { ...order, authorization: { ...order.authorization!, ...authorization } };
  };

const elsewhere = { careOfAddress: mobile.secondCareOfAddress };
const onTheLink = {
  home: { homeAddress: mobile.linkLocalAddress },
  careOf: { careOfAddress: mobile.linkLocalAddress },
} as const;

const { refusesReserved, refusesOptions, looksAtFlagsOfHomeAgents } = mobilityMutants;
const ignored = { expects: 'accepted', section: '6.1.7', level: 'MUST' } as const;
const refused = { expects: 'discarded', section: '9.5.1', level: 'MUST' } as const;

const wrong = {
  'l-bit': {
    of: flagged({ linkLocalAddressCompatibility: true }),
    ...ignored,
    level: 'obs',
    turn: [looksAtFlagsOfHomeAgents, 'discarded'],
    knownAs: { registration: ['CN-2-3-7'] },
  },
  'k-bit': {
    of: flagged({ keyManagementMobilityCapability: true }),
    ...ignored,
    turn: [looksAtFlagsOfHomeAgents, 'discarded'],
    knownAs: { registration: ['CN-2-3-8'] },
  },
  'reserved-bits': {
    of: flagged({ reservedBits: 0x3ff }),
    ...ignored,
    turn: [refusesReserved, 'discarded'],
    knownAs: { registration: ['CN-2-3-9'] },
  },
  'refresh-advice-option': {
    of: (asks) => {
      const { message, ...order } = asks({});
      return { ...order, message: { ...message, options: [...message.options, advice] } };
    },
    ...ignored,
    section: '6.2.4',
    level: 'obs',
    turn: [refusesOptions, 'discarded'],
    knownAs: { registration: ['CN-2-3-1-1'] },
  },
  'unaligned-options': {
    of: (asks) => ({
      // The octet of padding is obeyed, and puts the address where it does not belong.
      ...asks({ options: [{ type: 'pad1' }, alternate(mobile.secondCareOfAddress)] }),
      authorization: elsewhere,
    }),
    tested: elsewhere,
    probed: elsewhere,
    ...ignored,
    section: '6.2.1',
    level: 'obs',
    turn: [mobilityMutants.ignoresAlternateCareOfAddress, 'discarded'],
    only: 'registration',
    knownAs: { registration: ['CN-2-3-1-2'] },
  },
  'no-nonce-indices': {
    of: authorizedAs({ withoutNonceIndices: true }),
    ...refused,
    turn: (asks) => [mobilityMutants.asksForNoNonceIndices, asks === 'registration' ? '138' : '136'],
    knownAs: { registration: ['CN-2-3-10-1'], deletion: ['CN-2-3-10-2'] },
  },
  'no-authorization-data': {
    of: authorizedAs({ withoutAuthorizationData: true }),
    ...refused,
    turn: [mobilityMutants.asksForNoAuthorization, 'accepted'],
    knownAs: { registration: ['CN-2-3-11'], deletion: ['CN-3-3-3'] },
  },
  'wrong-authenticator': {
    of: authorizedAs({ homeKeygenToken: new Uint8Array(8) }),
    ...refused,
    turn: [mobilityMutants.believesEveryAuthenticator, 'accepted'],
    knownAs: { registration: ['CN-2-3-11'], deletion: ['CN-3-3-3'] },
  },
  'short-authenticator': {
    of: authorizedAs({ authenticatorOctets: 4 }),
    ...refused,
    section: '6.2.7',
    turn: [mobilityMutants.comparesWhatThereIs, 'accepted'],
    knownAs: { registration: ['CN-2-3-11'] },
  },
  'padding-behind-authorization-data': {
    of: authorizedAs({ followedBy: unhex('0106 000000000000') }),
    ...refused,
    turn: [mobilityMutants.comparesWhatThereIs, 'accepted'],
    knownAs: { registration: ['CN-2-3-11'] },
  },
  'option-behind-authorization-data': {
    of: authorizedAs({ followedBy: unhex('c806 000000000000') }),
    ...refused,
    turn: [mobilityMutants.comparesWhatThereIs, 'accepted'],
    knownAs: { registration: ['CN-2-3-11'] },
  },
  'multicast-source': {
    of: (asks) => {
      const order = asks({ options: [alternate(mobile.careOfAddress)] });
      return { ...order, careOfAddress: 'ff0e::1' };
    },
    ...refused,
    section: '9.5.4',
    turn: [hostMutants.takesFromGroups, 'accepted'],
    knownAs: { registration: ['CN-2-6-1'], deletion: ['CN-2-6-4'] },
  },
  'unspecified-source': {
    of: (asks) => ({ ...asks({ options: [alternate(mobile.careOfAddress)] }), careOfAddress: '::' }),
    ...refused,
    section: '9.5.4',
    turn: [mobilityMutants.answersNobody, 'accepted'],
    knownAs: {},
  },
  'link-local-home-address': {
    of: (asks) => asks({ homeAddress: mobile.linkLocalAddress }),
    ...refused,
    turn: [mobilityMutants.bindsAnyHomeAddress, 'accepted'],
    tested: onTheLink.home,
    probed: 'not',
    only: 'registration',
    knownAs: { registration: ['CN-2-6-2'] },
  },
  'link-local-care-of-address': {
    of: (asks) => {
      const { linkLocalAddress } = mobile;
      const { authorization, ...order } = asks({ options: [alternate(linkLocalAddress)] });
      const careOfAddress = authorization!.deletes ? authorization!.careOfAddress : linkLocalAddress;
      return { ...order, authorization: { ...authorization, careOfAddress } };
    },
    ...refused,
    section: '6.1.7',
    turn: [mobilityMutants.bindsToAnyAddress, 'accepted'],
    tested: onTheLink.careOf,
    probed: 'not',
    knownAs: { registration: ['CN-2-6-3'], deletion: ['CN-2-6-5'] },
  },
} as const satisfies Readonly<Record<string, Fault>>;

const faultOf = (at: { readonly wrong: keyof typeof wrong }): Fault => wrong[at.wrong];
const plays: Part = 'receiver';

const dimensions = { asks: ['registration', 'deletion'], wrong: Object.keys(wrong) as (keyof typeof wrong)[] } as const;

export const updateFields = scenario({
  name: 'update-fields',
  title: 'Something in a binding update is wrong',
  dimensions,
  where: ({ asks, ...at }) => (faultOf(at).only ?? asks) === asks,
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, { asks, ...at }) {
    const { of, tested, probed = {} } = faultOf(at);
    await tests(tn);
    if (tested) await tests(tn, ' elsewhere', tested);
    if (asks === 'deletion') await tn.sends('registered', update());
    await tn.sends('wrong', { ...of(asks === 'deletion' ? deletion : update), awaited: false });
    await tn.sends('between', homeTestInit('between'));
    await tn.packet('probe', fromAway(1, probed === 'not' ? {} : probed), { awaited: true });
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof dimensions, UpdateOutcome>('Is a binding update believed?', {
      outcomes: updateOutcomes,
      controls: aroundUpdate,
      judge: (t, { asks, ...at }) => {
        const { probed } = faultOf(at);
        return cameOf(t, { name: 'wrong', ...(probed !== 'not' && { probe: 'probe' }), deletes: asks === 'deletion' });
      },
      plays,
      reads: (at) => {
        const { section, level, expects } = faultOf(at);
        return [
          reads(RFC6275, section, level, plays, only(updateOutcomes, expects)),
          reads(ARKKO, '2.3', 'obs', plays, only(updateOutcomes, expects)),
        ];
      },
      lawful: (at) => faultOf(at).expects,
      turnedBy: (at) => {
        const { turn } = faultOf(at);
        return [typeof turn === 'function' ? turn(at.asks) : turn];
      },
      alsoKnownAs: (at) => faultOf(at).knownAs[at.asks] ?? [],
    }),
  },
});
