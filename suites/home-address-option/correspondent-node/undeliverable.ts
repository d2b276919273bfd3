/**
 * Packets on other ways than a correspondent may think (RFC 6275 9.3.4, 6.4): what goes by way of a binding and persistently does not arrive ends it, one error
 * does not; and a routing header to a home address is for the mobile node that has it.
 */
import { both, type Finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { echoPacket, encoded, viaCareOfAddress } from '../../../harness/vocabulary/packets.ts';
import { nutAddresses } from '../../../harness/vocabulary/places.ts';
import { observed, question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { encodeIcmpv6 } from '../../../reference/wire/icmpv6.ts';
import { ARKKO, RFC6275, RFC8200 } from '../../requirements/documents.ts';
import { fromAway, goodUpdate, tests, update } from './acts.ts';
import { asSeen, only } from './update-outcomes.ts';

const errors = { errors: ['one-error', 'errors-that-persist', 'errors-about-nothing'] } as const;
type Kept = 'kept' | 'deleted';
const turns: Readonly<Record<(typeof errors.errors)[number], Turn<Kept>>> = {
  'one-error': [mobilityMutants.believesOneError, 'deleted'],
  'errors-that-persist': [mobilityMutants.keepsWhatDoesNotArrive, 'kept'],
  'errors-about-nothing': [mobilityMutants.believesEveryQuotation, 'deleted'],
};
const readings = {
  'one-error': reads(RFC6275, '9.3.4', 'SHOULD NOT', 'receiver', only(['kept', 'deleted'], 'kept')),
  'errors-that-persist': reads(RFC6275, '9.3.4', 'SHOULD', 'receiver', only(['kept', 'deleted'], 'deleted')),
  'errors-about-nothing': reads(RFC6275, '9.3.4', 'obs', 'receiver', {
    kept: observed('errors about what was never sent change nothing'),
    deleted: observed('anybody may end a binding by errors about what was never sent'),
  }),
} as const;
const rounds = [1, 2, 3, 4, 5] as const;
/** Between two errors, in seconds. */
const APART = 2;

export const undeliverable = scenario({
  name: 'undeliverable',
  title: 'What goes by way of a binding comes back as undeliverable',
  dimensions: errors,
  given: () => correspondent({ signalling: {} }, []),
  lasts: ({ errors: how }) => (how === 'one-error' ? 0 : APART * rounds.length),
  async play({ tn }, { errors: how }) {
    await tests(tn);
    await tn.sends('registered', update());
    await tn.packet('bound', fromAway(1), { awaited: true });
    for (const round of how === 'one-error' ? [1] : rounds) {
      if (how !== 'errors-about-nothing') await tn.packet(`asks ${round}`, asking(round), { awaited: true });
      await tn.packet(`error ${round}`, unreachable(round));
      if (how !== 'one-error') await tn.letsPass(`after ${round}`, APART);
    }
    await tn.packet('probe', fromAway(2), { awaited: true });
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof errors, Kept>('Is a binding deleted whose packets do not arrive?', {
      outcomes: ['kept', 'deleted'],
      controls: (t) => [
        pre('there is a binding', both(t.mobility.acknowledged('registered', 0), t.answered('bound'))),
        post('the node lives', t.mobility.acknowledged('good update', 0)),
        post('and a binding can be made', t.answered('after')),
      ],
      judge: (t) => t.answered('probe')?.as('kept') ?? t.mobility.refusedByError('probe', 1)?.as('deleted'),
      plays: 'receiver',
      reads: ({ errors: how }) => [readings[how], reads(ARKKO, '2.3', 'obs', 'receiver', asSeen(['kept', 'deleted']))],
      lawful: ({ errors: how }) => (how === 'errors-that-persist' ? 'deleted' : 'kept'),
      turnedBy: ({ errors: how }) => [turns[how]],
      alsoKnownAs: ({ errors: how }) => (how === 'errors-that-persist' ? ['CN-6-1'] : []),
    }),
  },
});

/** From the home address as at home, so that nothing comes from where the binding says. */
function asking(sequence: number): Uint8Array {
  return echoPacket({ from: mobile.homeAddress, to: nutAddresses.ipv6, ...echoOf(sequence) });
}

const echoOf = (sequence: number) => ({ identifier: ABOUT, sequence, payload: new Uint8Array(8) });

/** An error of a router about the answer by way of the binding. */
function unreachable(sequence: number): Uint8Array {
  const about = echoPacket({ from: nutAddresses.ipv6, to: mobile.homeAddress, ...echoOf(sequence), kind: 'reply' });
  const endpoints = { source: mobile.careOfAddress, destination: nutAddresses.ipv6 };
  const originalPacket = viaCareOfAddress(about, mobile.careOfAddress);
  const message = { kind: 'destinationUnreachable', type: 1, code: 3, originalPacket } as const;
  return encoded(
    { from: endpoints.source, to: endpoints.destination },
    { protocol: ICMPV6, payload: encodeIcmpv6(message, endpoints) },
  );
}

const headers = { header: ['type-2-routing-header'] } as const;
const routedOutcomes = ['dropped', 'problem', 'answered'] as const;
type Routed = (typeof routedOutcomes)[number];

export const routingHeaders = scenario({
  name: 'routing-headers-to-correspondent',
  title: 'A type 2 routing header comes to a correspondent',
  dimensions: headers,
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }) {
    await tests(tn);
    await tn.sends('registered', update());
    await tn.packet('routed', routed());
    await tn.echo('life');
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof headers, Routed>('What becomes of a routing header that is for a mobile node?', {
      outcomes: routedOutcomes,
      controls: (t) => [
        pre('there is a binding', t.mobility.acknowledged('registered', 0)),
        post('the node lives', both(t.answered('life'), t.mobility.acknowledged('good update', 0))),
      ],
      judge: (t) => {
        const problem = t.mobility.problem('routed');
        const shown: Finding | undefined =
          problem && t.mobility.refusedByProblem('routed', problem.code, problem.pointer);
        return (
          t.answered('routed')?.as('answered') ?? shown?.as('problem') ?? t.silent('routed', 'life')?.as('dropped')
        );
      },
      plays: 'receiver',
      reads: [
        reads(RFC6275, '6.4', 'MUST', 'receiver', only(routedOutcomes, 'dropped', 'problem')),
        reads(RFC8200, '4.4', 'MUST', 'receiver', only(routedOutcomes, 'dropped', 'problem')),
        reads(ARKKO, '2.3', 'obs', 'receiver', asSeen(routedOutcomes)),
      ],
      lawful: 'dropped',
      turnedBy: [[mobilityMutants.followsAnyRoutingHeader, 'answered']],
      alsoKnownAs: ['CN-6-5'],
    }),
  },
});

/** An echo that would come to the correspondent if it took its own address for a home address. */
function routed(): Uint8Array {
  const ends = { from: mobile.careOfAddress, to: nutAddresses.ipv6 };
  const echo = echoPacket({ ...ends, identifier: ABOUT, sequence: 99, payload: new Uint8Array(8) });
  return viaCareOfAddress(echo, nutAddresses.ipv6);
}

/** `MJ`: no echo of the stage's own. */
const ABOUT = 0x4d4a;
const ICMPV6 = 58;
