/**
 * A rekeying offers two groups, and its KE payload is of the one that the node does not take: INVALID_KE_PAYLOAD says which it wants (RFC 7296 1.3, 1.3.2), and the peer asks
 * again. What ends the IKE SA (INVALID_SYNTAX) is a refusal, too.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { ProposalConfiguration } from '../../harness/vocabulary/transforms.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const child = childName('pair');
const pair = transportPair('pair', 'ipv4');
const groups = { other: 19, own: 31 } as const;
const withGroups = (proposal: ProposalConfiguration, ...keyExchangeMethods: readonly number[]) => ({
  ...proposal,
  keyExchangeMethods,
});

export const otherGroup = scenario({
  name: 'other-group',
  title: 'A rekeying whose KE is of a group that the node does not take',
  dimensions: { rekeyed: ['child', 'ike'], offered: ['in-one-proposal', 'in-two'] },
  given: ({ offered }) => {
    const told = keyedHosts('ikev2', 'ipv4', [pair]);
    const { nut, tn } = told.parties;
    const wanting = (proposals: readonly ProposalConfiguration[]) => [withGroups(proposals[0]!, groups.own)];
    const offering = ([one]: readonly ProposalConfiguration[]) =>
      offered === 'in-two'
        ? [withGroups(one!, groups.other), withGroups(one!, groups.own)]
        : [withGroups(one!, groups.other, groups.own)];
    return {
      ...told,
      parties: {
        nut: { ...nut!, ike: nut!.ike.map((each) => withProposals(each, wanting)) },
        tn: { ...tn!, ike: tn!.ike.map((each) => withProposals(each, offering)) },
      },
    };
  },
  async play(stage, { rekeyed }) {
    const { tn } = stage;
    await establish(stage, 'ikev2', ['pair']);
    await tn.echo('before');
    if (rekeyed === 'child') await tn.rekeysChild('rekeys', child);
    else await tn.rekeysIke('rekeys', child);
    await tn.pingInClear('elsewhere', { from: places.home.ipv6, to: nutAddresses.ipv6 });
  },
  questions: {
    'FIELD-F05': question('Is the peer told which group to take?', {
      outcomes: ['told', 'refused', 'left-alone'],
      controls: (t) => [
        pre('the child carries traffic', t.answered('before')),
        post('the node is there', t.answered('elsewhere')),
      ],
      judge: (t) => {
        const told = t.ike.heard('HDR, SK {N(INVALID_KE_PAYLOAD)}', { by: 'nut', after: 'rekeys', response: true });
        const agreed = t.ike.childAgreed('rekeys');
        if (told) return agreed ? told.as('told') : told.as('left-alone');
        return t.ike.refused('rekeys', 'nut')?.as('refused');
      },
      plays: 'responder',
      reads: [reads(RFC7296, '1.3', 'MUST', 'responder', { told: pass, refused: fail, 'left-alone': fail })],
      lawful: 'told',
      reported: [reported('strongSwan', 3024, 'NO_PROPOSAL_CHOSEN, where a group was in common (6.0.4)')],
      turnedBy: [[childMutants.looksAtFirstGroupOnly, 'refused']],
    }),
  },
});

type Connection = ReturnType<typeof keyedHosts>['parties'][string]['ike'][number];

function withProposals(
  connection: Connection,
  change: (proposals: readonly ProposalConfiguration[]) => readonly ProposalConfiguration[],
): Connection {
  return {
    ...connection,
    proposals: change(connection.proposals),
    children: connection.children.map((each) => ({ ...each, proposals: change(each.proposals) })),
  };
}
