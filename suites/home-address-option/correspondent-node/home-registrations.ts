/**
 * The H bit at a node that is no home agent (RFC 6275 9.5.1, 10.3.1): a home registration is refused, an existing binding stays what it is, and with
 * nonce indices the update is none at all.
 */
import { correspondent } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { deletion, fromAway, goodUpdate, homeTestInit, tests, update } from './acts.ts';
import { aroundUpdate, cameOf, only, type UpdateOutcome, updateOutcomes } from './update-outcomes.ts';

const dimensions = {
  update: ['h-registration', 'h-re-registration', 'h-deletion'],
  nonceIndices: ['alone', 'with-nonce-indices'],
} as const;
interface At {
  readonly update: (typeof dimensions.update)[number];
  readonly nonceIndices: (typeof dimensions.nonceIndices)[number];
}

export const homeRegistrations = scenario({
  name: 'home-registrations',
  title: 'A correspondent is asked to be a home agent',
  dimensions,
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, { update: what, nonceIndices }) {
    const asked =
      what === 'h-deletion'
        ? deletion({ homeRegistration: true })
        : update({ sequenceNumber: 2, homeRegistration: true });
    const { authorization, ...bare } = asked;
    await tests(tn);
    if (what !== 'h-registration') await tn.sends('registered', update());
    await tn.sends('wrong', {
      ...(nonceIndices === 'alone' ? bare : { ...bare, authorization: authorization! }),
      awaited: false,
    });
    await tn.sends('between', homeTestInit('between'));
    await tn.packet('probe', fromAway(1), { awaited: true });
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof dimensions, UpdateOutcome>('Does a correspondent take home registrations?', {
      outcomes: updateOutcomes,
      controls: aroundUpdate,
      judge: (t, at) => {
        if (at.update === 'h-re-registration') return cameOf(t, { name: 'wrong' });
        return cameOf(t, { name: 'wrong', probe: 'probe', deletes: at.update === 'h-deletion' });
      },
      plays: 'receiver',
      reads: (at) => [
        reads(
          RFC6275,
          at.update === 'h-registration' ? '10.3.1' : '9.5.1',
          'MUST',
          'receiver',
          only(updateOutcomes, expected(at)),
        ),
        reads(ARKKO, '2.3', 'obs', 'receiver', only(updateOutcomes, expected(at))),
      ],
      lawful: expected,
      turnedBy: (at) => [turnOf(at)],
      alsoKnownAs: ({ update: what, nonceIndices }) => {
        const place = dimensions.update.indexOf(what) + 1;
        return [`CN-5-3-${nonceIndices === 'alone' ? place : place + 3}`];
      },
    }),
  },
});

function expected({ update: what, nonceIndices }: At): UpdateOutcome {
  if (nonceIndices === 'with-nonce-indices') return 'discarded';
  return what === 'h-registration' ? '131' : '139';
}

function turnOf({ update: what, nonceIndices }: At): Turn<UpdateOutcome> {
  if (nonceIndices === 'with-nonce-indices') {
    return [mobilityMutants.asksForNoNonceIndices, what === 'h-registration' ? '131' : '139'];
  }
  return what === 'h-registration'
    ? [mobilityMutants.playsHomeAgent, 'accepted']
    : [mobilityMutants.changesTypeOfRegistration, '131'];
}
