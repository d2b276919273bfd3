/**
 * What a responder lets in (BELLOVIN 8d; RFC 4301 4.4.3): the designated peer for what was designated, and neither somebody else with credentials as good, nor the same peer
 * for other traffic. Each is asked between two conversations with the designated peer.
 */
import { certificateOf, fqdn, signedWith } from '../../harness/vocabulary/credentials.ts';
import { childBetween, mirroredChild, only, peering, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, both, type Judgement } from '../../harness/vocabulary/judging.ts';
import { padMutants } from '../../harness/vocabulary/mutants.ts';
import { inner, innerPrefixes } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { BELLOVIN, RFC4301 } from '../requirements/documents.ts';
import {
  converses,
  type Face,
  impersonation,
  impersonationControls,
  judgeClaim,
  noSaAfterClaim,
  verifies,
} from './impersonation.ts';

const undesignated = fqdn('somebody.example');
const permitted = childBetween(peering.child, 'tunnel', {
  local: innerPrefixes.nut.ipv4,
  remote: innerPrefixes.tn.ipv4,
});

const claims = {
  'another-peer': {
    identity: undesignated,
    credential: signedWith(certificateOf({ commonName: 'somebody', altNames: [{ dNSName: undesignated.value }] })),
  },
  'another-selector': {
    children: [mirroredChild({ ...permitted, remote: [{ addresses: innerPrefixes.outsider.ipv4 }] })],
  },
} as const satisfies Record<string, Face>;

export const designatedPeer = scenario({
  name: 'designated-peer',
  title: 'Somebody else, or the same peer for other traffic',
  dimensions: { claim: Object.keys(claims) as (keyof typeof claims)[] },
  given: ({ claim }) =>
    impersonation({
      mode: 'tunnel',
      nut: { expects: only(fqdn(tnName)) },
      children: [permitted],
      testerChild: { local: [{ addresses: innerPrefixes.tn.ipv4 }, { addresses: innerPrefixes.outsider.ipv4 }] },
      claim: claims[claim],
      faces: { honest: { children: [mirroredChild(permitted)] } },
    }),
  async play(stage, { claim }) {
    await converses(stage, 'responder', 'before');
    await converses(stage, 'responder', 'claim', {
      face: 'claim',
      ...(claim === 'another-selector' && { echo: { from: inner.outsider.ipv4 } }),
    });
    await converses(stage, 'responder', 'after');
  },
  questions: {
    'BELLOVIN-8d': question('Does a responder let in the designated peer for what was designated, and nothing else?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: (t, { claim }) =>
        claim === 'another-peer' ? judgeClaim(t, { accepted: 'established', refused: 'refused' }) : judgeSelector(t),
      plays: verifies('responder'),
      reads: ({ claim }) => [
        reads(BELLOVIN, '8(d)', 'MUST', 'responder', { refused: pass, established: fail }),
        reads(RFC4301, claim === 'another-peer' ? '4.4.3.1' : '4.4.3.4', 'MUST', 'receiver', {
          refused: pass,
          established: fail,
        }),
      ],
      lawful: 'refused',
      turnedBy: ({ claim }) => [
        [claim === 'another-peer' ? padMutants.takesAnyPeer : padMutants.grantsWhatIsAsked, 'established'],
      ],
    }),
  },
});

function judgeSelector(t: Account): Judgement | undefined {
  return (
    t.established('claim', 'claim echo')?.as('established') ??
    both(t.ike.refused('claim', 'nut', 'TS_UNACCEPTABLE') ?? t.ike.childAgreed('claim'), noSaAfterClaim(t))?.as(
      'refused',
    )
  );
}
