/**
 * A child has one group and its IKE SA another (RFC 7296 1.3, 2.17). The child of IKE_AUTH negotiates none, so that nobody sees a difference before the first rekeying: that one is by the
 * child's own group, or not at all.
 */
import { whoseChildren } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, type FoundMessage, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const child = childName('pair');
const pair = transportPair('pair', 'ipv4');
/** The IKE SA has the first, the child of the node the second. */
const groups = { ike: 31, child: 19 } as const;

const offers: Readonly<Record<string, readonly number[] | undefined>> = {
  'it-asks': [groups.child],
  'asked-for-group-of-ike': [groups.ike],
  'asked-for-none': undefined,
};

export const groupOfChild = scenario({
  name: 'group-of-child',
  title: 'A child whose group is not that of its IKE SA is rekeyed',
  dimensions: { rekeying: ['it-asks', 'asked-for-group-of-ike', 'asked-for-none'] },
  given: ({ rekeying }) => {
    const told = keyedHosts('ikev2', 'ipv4', [pair]);
    const { nut, tn } = told.parties;
    return {
      ...told,
      parties: { nut: withGroups(nut!, [groups.child]), tn: withGroups(tn!, offers[rekeying]) },
    };
  },
  async play(stage, { rekeying }) {
    const { tn, nut } = stage;
    await establish(stage, 'ikev2', ['pair']);
    await tn.echo('before');
    await (rekeying === 'it-asks' ? nut : tn).rekeysChild('rekeys', child);
    await tn.asksForLife('life');
    await tn.echo('after');
  },
  questions: {
    'FIELD-F06': question('Which group is a child rekeyed with that has one of its own?', {
      outcomes: ['own', 'of-ike', 'none', 'refused'],
      controls: (t) => [
        pre('the child of IKE_AUTH carries traffic', t.answered('before')),
        post('the IKE SA lives', t.ike.informed('life')),
        post('and a child carries traffic', t.answered('after')),
      ],
      judge,
      plays: ({ rekeying }) => (rekeying === 'it-asks' ? 'initiator' : 'responder'),
      reads: ({ rekeying }) => [
        rekeying === 'it-asks'
          ? reads(RFC7296, '2.17', 'obs', 'initiator', { own: pass, 'of-ike': fail, none: fail, refused: fail })
          : reads(RFC7296, '2.7', 'MUST', 'responder', { own: fail, 'of-ike': fail, none: fail, refused: pass }),
      ],
      lawful: ({ rekeying }) => (rekeying === 'it-asks' ? 'own' : 'refused'),
      reported: [
        reported('Libreswan', 1234, 'ends that disagree find out when the first child ends'),
        reported('Libreswan', 1265, "IKE's group is silently taken"),
      ],
      turnedBy: ({ rekeying }): readonly Turn<'none' | 'of-ike'>[] => [
        rekeying === 'it-asks'
          ? [childMutants.takesGroupOfIke, 'of-ike']
          : [childMutants.takesWhatIsOffered, rekeying === 'asked-for-none' ? 'none' : 'of-ike'],
      ],
    }),
  },
});

/** With these groups; as they are without. */
const withGroups = (party: Parameters<typeof whoseChildren>[0], keyExchangeMethods: readonly number[] | undefined) =>
  whoseChildren(party, (own) => own.map((each) => ({ ...each, ...(keyExchangeMethods && { keyExchangeMethods }) })));

/** By the KE payload of what the node says in the exchange. */
function judge(t: Account): Judgement | undefined {
  const refusal = t.ike.refused('rekeys', 'nut');
  if (refusal) return refusal.as('refused');
  const said = t.ike.messages('rekeys').find(isRekeying);
  const group = said?.ike.payloads?.find((payload) => payload.type === 'KE')?.group;
  if (!said) return undefined;
  const finding = t.ike.said(said, group === undefined ? 'no group' : `group ${group}`);
  if (group === undefined) return finding.as('none');
  return finding.as(group === groups.child ? 'own' : 'of-ike');
}

const isRekeying = ({ frame, ike }: FoundMessage): boolean =>
  frame.entry.from === 'nut' && (ike.payloads?.some(({ type }) => type === 'SA') ?? false);
