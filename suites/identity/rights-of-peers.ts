/**
 * Two peers authenticate themselves, and one may have less than the other (ARKKO 3.3 "rights differ"; RFC 4301 4.4.3.3): what policy permits one peer, the other asks for.
 * The other has a certificate as well, or proves nothing at all (RFC 7619) and is let in as nobody.
 */
import { certificateOf, fqdn, nobody, nullAuthentication, signedWith } from '../../harness/vocabulary/credentials.ts';
import { childBetween, mirroredChild, only, peering, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { both } from '../../harness/vocabulary/judging.ts';
import { padMutants } from '../../harness/vocabulary/mutants.ts';
import { inner, innerPrefixes } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC4301 } from '../requirements/documents.ts';
import { converses, impersonation, impersonationControls, noSaAfterClaim, verifies } from './impersonation.ts';

const guest = fqdn('guest.example');
const guests = {
  certified: {
    claim: {
      identity: guest,
      credential: signedWith(certificateOf({ commonName: 'guest', altNames: [{ dNSName: guest.value }] })),
    },
    expects: only(guest),
  },
  unauthenticated: {
    claim: { identity: nobody, credential: nullAuthentication },
    expects: { identity: nobody, authentication: 'null', trustAnchors: [] },
  },
} as const;

/** The administrator's network is the outsider's, the guest's the tester's own. */
const permitting = (remote: string) => childBetween(peering.child, 'tunnel', { local: innerPrefixes.nut.ipv4, remote });
const [admins, guestsOwn] = [permitting(innerPrefixes.outsider.ipv4), permitting(innerPrefixes.tn.ipv4)];

export const rightsOfPeers = scenario({
  name: 'rights-of-peers',
  title: 'A peer asks for what another one may have',
  dimensions: { guest: Object.keys(guests) as (keyof typeof guests)[], asks: ['its-own', 'the-others'] },
  given: ({ guest, asks }) =>
    impersonation({
      mode: 'tunnel',
      nut: { expects: only(fqdn(tnName)) },
      children: [admins],
      testerChildren: [{ ...mirroredChild(admins), local: [admins, guestsOwn].flatMap(({ remote }) => remote) }],
      furtherEntries: { guests: { expects: guests[guest].expects, children: [guestsOwn] } },
      faces: { honest: { children: [mirroredChild(admins)] } },
      claim: {
        ...guests[guest].claim,
        children: [mirroredChild(asks === 'its-own' ? guestsOwn : admins)],
      },
    }),
  async play(stage, { asks }) {
    const asAdmin = { echo: { from: inner.outsider.ipv4 } };
    await converses(stage, 'responder', 'before', asAdmin);
    await converses(stage, 'responder', 'claim', {
      face: 'claim',
      entry: 'guests',
      ...(asks === 'the-others' && asAdmin),
    });
    await converses(stage, 'responder', 'after', asAdmin);
  },
  questions: {
    'ARKKO-3.3b': question('Does a peer get what policy permits it, and not what it permits another?', {
      outcomes: ['granted', 'refused'],
      controls: impersonationControls,
      judge: (t) =>
        t.established('claim', 'claim echo')?.as('granted') ??
        both(t.ike.refused('claim', 'nut') ?? t.ike.childAgreed('claim'), noSaAfterClaim(t))?.as('refused'),
      plays: verifies('responder'),
      reads: ({ asks }) => [
        reads(ARKKO, '3.3', 'obs', 'implementation', {
          granted: observed(asks === 'its-own' ? 'each has its own' : 'whoever is let in has the rights of all'),
          refused: observed(asks === 'its-own' ? 'one peer alone is served' : 'rights differ among peers'),
        }),
        asks === 'its-own'
          ? reads(RFC4301, '4.4.3.3', 'MUST', 'implementation', { granted: pass, refused: fail })
          : reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', { granted: fail, refused: pass }),
      ],
      lawful: ({ asks }) => (asks === 'its-own' ? 'granted' : 'refused'),
      turnedBy: ({ asks }) => [
        asks === 'its-own' ? [padMutants.readsOneEntry, 'refused'] : [padMutants.grantsWhatIsAsked, 'granted'],
      ],
    }),
  },
});
