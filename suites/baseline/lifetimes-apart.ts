/**
 * An IKE SA and its children live for very different times (DUPONT 3.4 Q). In IKEv2 each side ends what it likes when it likes (RFC 7296 2.8): whichever of the two is
 * replaced again and again, the other goes on as it is. Where the IKE SA ends without a successor its children end with it (1.4.1).
 */
import { type Account, both, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { hex } from '../../reference/wire/octets.ts';
import { keyingOf } from '../ikev2/crossing.ts';
import { DUPONT, RFC7296 } from '../requirements/documents.ts';

type Role = 'responder' | 'initiator';
type Outcome = 'goes-on' | 'heaped' | 'ends';

const rounds = [1, 2, 3] as const;
const child = childName('pair');

const turns: Readonly<Record<'child' | 'ike-sa', Readonly<Record<Role, readonly [NodeMutant, Outcome]>>>> = {
  child: {
    responder: [childMutants.forgetsDeletedChildren, 'heaped'],
    initiator: [childMutants.keepsReplacedChild, 'heaped'],
  },
  'ike-sa': {
    responder: [childMutants.leavesChildrenBehind, 'ends'],
    initiator: [childMutants.leavesChildrenBehind, 'ends'],
  },
};

export const replacedAgain = scenario({
  name: 'replaced-again',
  title: 'One of IKE SA and child is replaced three times',
  dimensions: { shorter: ['child', 'ike-sa'], role: ['responder', 'initiator'] },
  given: ({ role }) => keyedHosts(keyingOf(role), 'ipv4', [transportPair('pair', 'ipv4')]),
  async play(stage, { shorter, role }) {
    const { tn, nut, lab } = stage;
    const [asking, by] = role === 'initiator' ? ([nut, 'nut'] as const) : ([tn, 'tn'] as const);
    await establish(stage, keyingOf(role), ['pair']);
    await tn.asksForLife('life', child);
    await tn.echo('before');
    for (const round of rounds) {
      const name = `round ${round}`;
      await (shorter === 'child' ? asking.rekeysChild(name, child) : asking.rekeysIke(name, child));
      await lab.shows((t) => t.ike.refused(name, 'nut') !== undefined || isClosed(t, by, name));
      await tn.echo(`${name} echo`);
    }
    await tn.echo('after');
    await tn.asksForLife('later life', child);
    await nut.reports('report', { until: ({ sad }) => sad.length === 2 });
  },
  questions: {
    'DUPONT-Q': question('Does the one go on while the other is replaced again and again?', {
      outcomes: ['goes-on', 'heaped', 'ends'],
      controls: (t) => [
        pre('the two agree and speak', t.answered('before')),
        ...rounds.map((round) =>
          pre(`it is replaced, ${round}`, t.ike.settled(`round ${round}`) && replaced(t, round)),
        ),
        post('an IKE SA lives', t.ike.informed('later life')),
      ],
      judge: (t, { shorter }) => judgeRounds(t, shorter as 'child' | 'ike-sa'),
      plays: ({ role }) => role as Role,
      reads: [
        reads(DUPONT, '3.4 Q', 'MUST', 'implementation', { 'goes-on': pass, heaped: pass, ends: fail }),
        reads(RFC7296, '2.8', 'SHOULD', 'implementation', { 'goes-on': pass, heaped: fail, ends: fail }),
      ],
      lawful: 'goes-on',
      turnedBy: ({ shorter, role }): readonly Turn<Outcome>[] => [turns[shorter as 'child'][role as Role]],
    }),
  },
});

export const endedFirst = scenario({
  name: 'ended-first',
  title: 'The IKE SA ends before its child',
  dimensions: { shorter: ['ike-sa-ends'], role: ['responder', 'initiator'] },
  given: ({ role }) => keyedHosts(keyingOf(role), 'ipv4', [transportPair('pair', 'ipv4')]),
  async play(stage, { role }) {
    const { tn, nut } = stage;
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    await nut.reports('standing');
    await tn.closes('ends', child);
    await nut.reports('report', { until: ({ sad }) => sad.length === 0 });
    await tn.initiates('again', child);
    await tn.echo('after');
  },
  questions: {
    'DUPONT-Q': question('Does a child outlive the IKE SA that it was made on?', {
      outcomes: ['ends', 'goes-on'],
      controls: (t) => [
        pre('the two agree and speak', t.answered('before')),
        pre(
          'the child stands',
          t.reported('standing', 'sad', 'a pair of SAs', ({ sad }) => sad.length === 2),
        ),
        pre('the end of the IKE SA is answered', t.ike.informed('ends')),
        post('the two can begin anew', t.established('again', 'after')),
      ],
      judge: (t) =>
        t.reported('report', 'sad', 'no SA', ({ sad }) => sad.length === 0)?.as('ends') ??
        t.reported('report', 'sad', 'the SAs stand', ({ sad }) => sad.length > 0)?.as('goes-on'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '3.4 Q', 'obs', 'receiver', {
          ends: observed('a child of IKEv2 ends with its IKE SA'),
          'goes-on': observed('a child outlives its IKE SA'),
        }),
        reads(RFC7296, '1.4.1', 'MUST', 'receiver', { ends: pass, 'goes-on': fail }),
      ],
      lawful: 'ends',
      turnedBy: [[childMutants.forgetsDeletions, 'goes-on']],
    }),
  },
});

/** Who replaces it closes the old one. */
const isClosed = (t: Account, by: string, after: string): boolean =>
  t.ike.exchange('HDR, SK {D}', { by, after })?.responses[0] !== undefined;

const replaced = (t: Account, round: number) =>
  t.ike.refused(`round ${round}`, 'nut') ? undefined : t.answered('before');

/** By the SPIs of what is not replaced, at the beginning and at the end. */
function judgeRounds(t: Account, shorter: 'child' | 'ike-sa'): Judgement | undefined {
  const echoes = [...rounds.map((round) => `round ${round} echo`), 'after'];
  const carried = both(...echoes.map((each) => t.answered(each)));
  const [first, last] = shorter === 'child' ? ['life', 'later life'].map(ikeSpi) : ['before', 'after'].map(espSpi);
  const isSame = first!(t) !== undefined && first!(t) === last!(t);
  const silent = echoes.map((each) => t.silent(each, 'later life')).find((each) => each !== undefined);
  if (!carried) return silent?.as('ends');
  if (!isSame) return t.ike.informed('later life')?.as('ends');
  const heap = t.reported('report', 'sad', 'more SAs than one pair', ({ sad }) => sad.length > 2);
  return heap?.as('heaped') ?? carried.as('goes-on');
}

const espSpi = (moment: string) => (t: Account) => t.probe(moment)?.packet.esp?.spi;

const ikeSpi = (moment: string) => (t: Account) => {
  const request = t.ike.messages(moment).find(({ frame }) => frame.entry.from === 'tn');
  return request && hex(request.ike.message.header.initiatorSPI);
};
