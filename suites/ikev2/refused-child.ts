/**
 * A child that cannot be had (RFC 7296 1.2, 2.7, 2.9, 2.21): who is asked says why, and the IKE SA stays, whether it was made for that child or had it asked
 * of it later; who is refused does not give the IKE SA up either.
 */
import { peering } from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Judgement } from '../../harness/vocabulary/judging.ts';
import { both } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { childMutants, messageMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { espProposal } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { converses } from '../identity/impersonation.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { aroundControls, between, type Node, type Numbers, nodes, olderIds, roles } from './nodes.ts';

const numbers = {
  first: { initiator: ['1.1.6.8', '1.1.6.12'], responder: ['1.1.6.9'] },
  further: { responder: ['1.2.4.1'] },
} as const satisfies Record<string, Numbers>;

const only = childName(peering.child);
const unwanted = childName('unwanted');

export const refusedChild = scenario({
  name: 'refused-child',
  title: 'A child is asked for that the two cannot agree on',
  dimensions: { reason: ['proposal'], when: ['first', 'further'], node: nodes, role: roles },
  given: ({ node, role }) => telling(node, role),
  async play(stage, { when, role }) {
    const { tn, nut } = stage;
    const asking = role === 'initiator' ? nut : tn;
    await converses(stage, role, 'before', { face: peering.connection });
    await tn.presents(peering.connection);
    if (when === 'further') {
      await asking.initiates('establish', only);
      await tn.asksForLife('established', only, { unlessRefused: 'establish' });
    }
    await asking.initiates('asked', unwanted);
    await tn.asksForLife('life', only);
    await nut.closes('closed', only);
    await converses(stage, role, 'after', { face: peering.connection });
  },
  questions: {
    'RFC7296-2.21-CHILD': question('Is the child refused with its reason, and does the IKE SA stay?', {
      outcomes: ['refused-alone', 'ended', 'made', 'another-reason'],
      controls: aroundControls,
      judge: (t, { role }) => judged(t, role === 'initiator' ? 'tn' : 'nut'),
      plays: ({ role }) => role as 'initiator' | 'responder',
      reads: [
        reads(RFC7296, '2.7', 'MUST', 'implementation', {
          'refused-alone': pass,
          ended: fail,
          made: fail,
          'another-reason': fail,
        }),
      ],
      lawful: 'refused-alone',
      turnedBy: ({ role, when }) => [
        ...(role === 'responder' ? [[childMutants.takesWhatIsOffered, 'made'] as const] : []),
        ...(role === 'responder' && when === 'further'
          ? []
          : [[messageMutants.endsWithRefusedChild, 'ended'] as const]),
      ],
      alsoKnownAs: (at) => olderIds(at, numbers[at.when as keyof typeof numbers]),
    }),
  },
});

/** Beside a child for echoes, one that both are told of and not told the same. */
function telling(node: Node, role: string) {
  const [all] = between(node).parties.nut!.ike[0]!.children;
  const forProtocol = (protocol: number, name: string, proposals = all!.proposals) => ({
    ...all!,
    name,
    proposals,
    local: all!.local.map((each) => ({ ...each, protocol })),
    remote: all!.remote.map((each) => ({ ...each, protocol })),
  });
  const echoes = forProtocol(protocols.ICMPv6, peering.child);
  const asked = forProtocol(protocols.UDP, 'unwanted', [elsewhere]);
  const answered = forProtocol(protocols.UDP, 'unwanted');
  const [nut, tn] = role === 'initiator' ? [asked, answered] : [answered, asked];
  const mirrored = (child: typeof echoes) => ({ ...child, local: child.remote, remote: child.local });
  return between(node, { children: [echoes, nut], testerChildren: [mirrored(echoes), mirrored(tn)] });
}

/** AES-CBC of 256 bits with HMAC-SHA-512, which only who asks has. */
const elsewhere = { ...espProposal, encryption: [{ id: 12, keyLength: 256 }], integrity: [14] };

function judged(t: Account, by: 'nut' | 'tn'): Judgement | undefined {
  const refused = t.ike.refused('asked', by, 'NO_PROPOSAL_CHOSEN');
  const alive = t.ike.heard('HDR, SK {}', { after: 'life', before: 'closed', response: true });
  if (refused) return alive ? both(refused, alive)?.as('refused-alone') : refused.as('ended');
  return t.ike.childAgreed('asked')?.as('made') ?? t.ike.refused('asked', by)?.as('another-reason');
}
