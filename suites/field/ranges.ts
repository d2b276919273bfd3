/**
 * A traffic selector is a range of addresses, which need not be a prefix (RFC 7296 2.9, 3.13.1). The peer has less than the prefix that the node permits, and says so as it asks, or in its
 * answer. To narrow it to a prefix within is lawful.
 */
import { negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { inner } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

/** With the peer's own inner address, which begins it and no prefix of that length. */
const range = [inner.tn.ipv4, '10.2.0.200'] as const;
const whole = { connection: peering.connection, child: peering.child };
const elsewhere = { from: inner.tn.ipv6, to: inner.nut.ipv6 };

export const ranges = scenario({
  name: 'ranges',
  title: 'The peer has a range of addresses that is no prefix',
  dimensions: { role: ['responder', 'initiator'] },
  given: () => {
    const told = negotiated({ mode: 'tunnel' });
    const { tn } = told.parties;
    const ike = tn!.ike.map((each) => ({
      ...each,
      children: each.children.map((child) => ({ ...child, local: [{ addresses: range }] })),
    }));
    return { ...told, parties: { ...told.parties, tn: { ...tn!, ike } } };
  },
  async play({ tn, nut }, { role }) {
    await tn.pingInClear('path', elsewhere);
    await (role === 'initiator' ? nut : tn).initiates('asks', whole);
    await tn.echo('through', { unlessRefused: 'asks' });
    await tn.pingInClear('afterwards', elsewhere);
  },
  questions: {
    'FIELD-F13': question('Is a child made for a range that is no prefix?', {
      outcomes: ['made', 'refused', 'useless'],
      controls: (t) => [pre('the node is reached', t.answered('path')), post('and still is', t.answered('afterwards'))],
      judge: (t) =>
        t.established('asks', 'through')?.as('made') ??
        t.ike.refused('asks', 'nut')?.as('refused') ??
        t.ike
          .deletions('nut', 'asks')
          .map(({ message }) => t.ike.said(message, 'it deletes what was granted').as('refused'))[0] ??
        t.ike.childAgreed('asks')?.as('useless'),
      plays: ({ role }) => role as 'responder' | 'initiator',
      reads: [reads(RFC7296, '3.13.1', 'obs', 'implementation', { made: pass, refused: fail, useless: fail })],
      lawful: 'made',
      reported: [reported('Libreswan', 3030, 'a range was refused')],
      turnedBy: ({ role }) =>
        role === 'initiator'
          ? [[childMutants.grantsPrefixesOnly, 'refused']]
          : [[childMutants.knowsPrefixesOnly, 'refused']],
    }),
  },
});
