/**
 * Two entries of the peer authorization database name the same peer, one exactly and one by its domain, and permit different ranges. RFC 4301 has
 * the order decide, RFC 4945 the more specific entry; the peer asks for both ranges and shows by what works which entry it was.
 */
import { certificateOf, fqdn, signedWith } from '../../harness/vocabulary/credentials.ts';
import {
  anyoneOfTheAuthority,
  childBetween,
  mirroredChild,
  only,
  peering,
  tnName,
} from '../../harness/vocabulary/ike-intent.ts';
import { padMutants } from '../../harness/vocabulary/mutants.ts';
import { inner, innerPrefixes } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { AURA, RFC4301, RFC4945 } from '../requirements/documents.ts';
import { converses, impersonation, impersonationControls, noSaAfterClaim, verifies } from './impersonation.ts';

const peer = fqdn('mn1.example.com');
const certificate = certificateOf({ commonName: 'mn1', altNames: [{ dNSName: peer.value }] });

const exact = only(peer);
const domain = { ...anyoneOfTheAuthority, identity: { ...fqdn('.example.com'), match: 'sub-tree' } } as const;

const permitting = (remote: string) => childBetween(peering.child, 'tunnel', { local: innerPrefixes.nut.ipv4, remote });
const [own, outsiders] = [permitting(innerPrefixes.tn.ipv4), permitting(innerPrefixes.outsider.ipv4)];

export const entryOrder = scenario({
  name: 'entry-order',
  title: 'Two entries of the peer authorization database name the same peer',
  dimensions: { first: ['domain-first', 'exact-first'] },
  given: ({ first }) =>
    impersonation({
      mode: 'tunnel',
      nut: { expects: first === 'exact-first' ? exact : domain },
      children: [own],
      furtherEntries: {
        second: { expects: first === 'exact-first' ? domain : exact, children: [outsiders] },
        honest: { expects: only(fqdn(tnName)), children: [own] },
      },
      testerChildren: [{ ...mirroredChild(own), local: [own, outsiders].flatMap(({ remote }) => remote) }],
      claim: { identity: peer, credential: signedWith(certificate) },
    }),
  async play(stage) {
    const { tn, nut } = stage;
    await converses(stage, 'responder', 'before', { entry: 'honest' });
    await converses(stage, 'responder', 'claim', {
      face: 'claim',
      echo: { awaited: false },
      meanwhile: () => tn.echo('from outside', { from: inner.outsider.ipv4, awaited: false }),
    });
    await nut.closes('second entry closed', { connection: 'second', child: peering.child });
    await converses(stage, 'responder', 'after', { entry: 'honest' });
  },
  questions: {
    'AURA-PAD': question('Which of two entries decides that name the same peer?', {
      outcomes: ['first-entry', 'second-entry', 'refused'],
      controls: impersonationControls,
      judge: (t) =>
        t.established('claim', 'claim echo')?.as('first-entry') ??
        t.established('claim', 'from outside')?.as('second-entry') ??
        (t.ike.refused('claim', 'nut') && noSaAfterClaim(t))?.as('refused'),
      plays: verifies('responder'),
      reads: ({ first }) => {
        const order = { 'first-entry': pass, 'second-entry': fail, refused: fail };
        return [
          reads(AURA, '5.3', 'obs', 'implementation', {
            'first-entry': observed('the order of the entries decides'),
            'second-entry': observed('another order than that of the entries decides'),
            refused: observed('two entries for one peer are none'),
          }),
          reads(RFC4301, '4.4.3.1', 'MUST', 'implementation', order),
          reads(RFC4945, '3.1.10', 'MUST', 'receiver', {
            'first-entry': first === 'exact-first' ? pass : fail,
            'second-entry': first === 'exact-first' ? fail : pass,
            refused: fail,
          }),
        ];
      },
      lawful: 'first-entry',
      turnedBy: ({ first }) =>
        first === 'exact-first'
          ? [[padMutants.takesLastEntry, 'second-entry']]
          : [
              [padMutants.takesLastEntry, 'second-entry'],
              [padMutants.takesExactEntryFirst, 'second-entry'],
            ],
    }),
  },
});
