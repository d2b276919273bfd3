/**
 * Two products are told different things that go together: one offers more than the other has, and they agree on what they have in common (RFC 7296 2.7, 2.9). Whoever begins offers more.
 */
import type { Meeting } from '../../harness/vocabulary/meeting.ts';
import { childMutants, padMutants, rekeyingMutants } from '../../harness/vocabulary/mutants.ts';
import { innerPrefixes } from '../../harness/vocabulary/places.ts';
import type { Reads, Turn } from '../../harness/vocabulary/question.ts';
import { espSuites, proposalOf } from '../../harness/vocabulary/transforms.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { agreeing, meets, type Role } from './agreeing.ts';
import type { Outcome } from './crossing.ts';

interface Difference {
  readonly meeting: (role: Role) => Meeting;
  readonly reads: readonly Reads<Outcome>[];
  readonly turnedBy: (role: Role) => readonly Turn<Outcome>[];
}

const [several, one] = [[espSuites['aes-cbc-sha512'], espSuites['aes-gcm']], [espSuites['aes-gcm']]].map((suites) =>
  suites.map((suite) => proposalOf(suite)),
);

/** Behind each gateway. */
interface Networks {
  readonly nut: string;
  readonly peer: string;
}

const own: Networks = { nut: innerPrefixes.nut.ipv4, peer: innerPrefixes.tn.ipv4 };
/** What holds them. */
const wider: Networks = { nut: '10.1.0.0/16', peer: '10.2.0.0/16' };

const differences = {
  'more-suites': {
    meeting: (role) => {
      const [nuts, peers] = role === 'initiator' ? [several, one] : [one, several];
      return { child: { proposals: nuts! }, peersChild: { proposals: peers! } };
    },
    reads: [meets(RFC7296, '2.7')],
    turnedBy: (role) =>
      role === 'responder'
        ? [
            [childMutants.takesWhatIsOffered, 'otherwise'],
            [rekeyingMutants.looksAtFirstProposal, 'none'],
          ]
        : [[rekeyingMutants.wantsItsFirstChoice, 'none']],
  },
  'wider-networks': {
    meeting: (role) => {
      const [nuts, peers] = role === 'initiator' ? [wider, own] : [own, wider];
      const between = ({ nut, peer }: Networks, by: keyof Networks) => ({
        local: [{ addresses: by === 'nut' ? nut : peer }],
        remote: [{ addresses: by === 'nut' ? peer : nut }],
      });
      return { child: between(nuts, 'nut'), peersChild: between(peers, 'peer') };
    },
    reads: [meets(RFC7296, '2.9')],
    turnedBy: (role) =>
      role === 'responder' ? [[padMutants.refusesToNarrow, 'none']] : [[padMutants.wantsAnswerAsOffered, 'none']],
  },
} as const satisfies Record<string, Difference>;
type Name = keyof typeof differences;

const differenceOf = (by: Name): Difference => differences[by];

export const offering = agreeing({
  name: 'offering',
  title: 'One of two products offers more than the other has',
  by: Object.keys(differences) as Name[],
  given: (by, _family, role) => differenceOf(by).meeting(role),
  reads: (by) => differenceOf(by).reads,
  turnedBy: (by, role) => differenceOf(by).turnedBy(role),
});
