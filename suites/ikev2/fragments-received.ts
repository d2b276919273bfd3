/**
 * IKE_AUTH comes in fragments (RFC 7383 section 2.6): honest ones as a network delivers them, and such as nobody should send. The message is there in
 * full each time, so whoever passes over what is to be passed over has it.
 */

import { type Account, both, type Finding, seen } from '../../harness/vocabulary/judging.ts';
import { type FragmentLie, liesInFragments } from '../../harness/vocabulary/lies.ts';
import { fragmentMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import {
  impersonation,
  impersonationControls,
  playImpersonation,
  type Role,
  roles,
} from '../identity/impersonation.ts';
import { RFC7383 } from '../requirements/documents.ts';
import { answersAfter, splitAt } from './fragments.ts';

/** A request that cannot be read is refused; an answer that cannot be read is the end of it. */
const unreadable = { responder: 'refused', initiator: 'never-whole' } as const;
/** The rest is waited for, and the message asked for again. */
const awaited = { responder: 'never-whole', initiator: 'never-whole' } as const;

type Outcome = 'whole' | 'refused' | 'never-whole';

/** What the tester does, who is wrong about it, and what comes of that: where the node under test answers, and where it asked. */
const ways: Readonly<Record<FragmentLie, readonly [NodeMutant, Readonly<Record<Role, Outcome>>]>> = {
  'in-order': [fragmentMutants.readsPayloadOfLastFragment, unreadable],
  reversed: [fragmentMutants.readsPayloadOfEarliestFragment, unreadable],
  'each-twice': [fragmentMutants.countsEveryFragment, unreadable],
  'last-lost': [fragmentMutants.countsEveryFragment, unreadable],
  'number-zero': [fragmentMutants.takesAnyNumber, unreadable],
  'beyond-total': [fragmentMutants.takesAnyNumber, unreadable],
  'one-alone': [fragmentMutants.wantsSeveralFragments, awaited],
  'older-set': [fragmentMutants.mixesFragmentSets, unreadable],
  'newer-set': [fragmentMutants.keepsOlderFragments, unreadable],
  forged: [fragmentMutants.believesForgedFragments, unreadable],
  'forged-zero': [fragmentMutants.answersBadFragments, unreadable],
  'forged-newer': [fragmentMutants.startsOverUnverified, awaited],
  'later-next-payload': [fragmentMutants.readsPayloadOfLastFragment, unreadable],
};

export const fragmentsReceived = scenario({
  name: 'fragments-received',
  title: 'IKE_AUTH comes in fragments, and among them what should not come',
  dimensions: { way: Object.keys(ways) as FragmentLie[], role: roles },
  given: () => impersonation(splitAt(400)),
  misbehaves: ({ way }) => ({ tn: liesInFragments('claim', way) }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'RFC7383-2.6': question('Is a message put together of those of its fragments that count?', {
      outcomes: ['whole', 'refused', 'never-whole'],
      controls: (t) => [
        ...impersonationControls(t),
        seen('the tester sends fragments', t.ike.heard(IKE_AUTH, { by: 'tn', after: 'claim', before: 'claim echo' })),
      ],
      judge: (t) =>
        t.established('claim', 'claim echo')?.as('whole') ??
        t.ike.refused('claim', 'nut')?.as('refused') ??
        neverWhole(t)?.as('never-whole'),
      plays: ({ role }) => ['receiver', role as Role],
      reads: ({ way }) => [
        way === 'later-next-payload'
          ? reads(RFC7383, '2.6', 'obs', 'receiver', {
              whole: observed('Next Payload of later fragments is not looked at'),
              refused: observed('the message is refused'),
              'never-whole': observed('later fragments that name a payload are dropped'),
            })
          : reads(RFC7383, '2.6', 'MUST', 'receiver', { whole: pass, refused: fail, 'never-whole': fail }),
      ],
      lawful: 'whole',
      turnedBy: ({ way, role }): readonly Turn<Outcome>[] => {
        const [mutant, outcomes] = ways[way as FragmentLie];
        return [[mutant, outcomes[role as Role]]];
      },
    }),
  },
});

const IKE_AUTH = 'HDR, SKF {[IDi,] [IDr,] [CERT+,] [CERTREQ,] AUTH, SA, TSi, TSr}';

/** The answer is not understood, or there is none: nothing came of it, and the next conversation is as before. */
function neverWhole(t: Account): Finding | undefined {
  const unanswered = answersAfter(t, 'claim', 'after') === 0 ? t.established('after', 'after echo') : undefined;
  return t.silent('claim echo', 'after echo') ?? both(t.ike.heard(IKE_AUTH, { by: 'tn', after: 'claim' }), unanswered);
}
