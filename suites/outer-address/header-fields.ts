/**
 * What the two headers of a tunnel take from each other (DUPONT D, the copies; RFC 4301 5.1.2.1): DSCP and ECN go out, DSCP does not come in.
 * The node's echo replies show both. What ECN does on its way in is `congestion-marks.ts`.
 */

import { type Account, cause, type Finding, finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { headerMutants } from '../../harness/vocabulary/mutants.ts';
import { echoPacket, type HeaderFields } from '../../harness/vocabulary/packets.ts';
import { inner } from '../../harness/vocabulary/places.ts';
import { fail, observed, type Part, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4301, RFC6040 } from '../requirements/documents.ts';
import { gateways, TUNNEL } from './gateways.ts';

interface Copy {
  /** Fields of the request, inside and outside. */
  readonly inside: HeaderFields;
  readonly outside?: HeaderFields;
  /** Which header of the reply is looked at, for which field, and what stands there. */
  readonly sees: readonly ['inner' | 'outer', 'dscp' | 'ecn', number];
}

const copies = {
  'd6-dscp-out': { inside: { dscp: 10 }, sees: ['outer', 'dscp', 10] },
  'd6-dscp-in': { inside: { dscp: 10 }, outside: { dscp: 46 }, sees: ['inner', 'dscp', 10] },
  'd6-ecn-out': { inside: { ecn: 2 }, sees: ['outer', 'ecn', 2] },
} as const satisfies Record<string, Copy>;
type Field = keyof typeof copies;

const breaks = {
  'd6-dscp-out': headerMutants.clearsOuterDscp,
  'd6-dscp-in': headerMutants.copiesDscpIn,
  'd6-ecn-out': headerMutants.clearsOuterEcn,
} as const satisfies Record<Field, unknown>;

export const headerFields = scenario({
  name: 'header-fields',
  title: 'What inner and outer header take from each other',
  dimensions: { copies: Object.keys(copies) as Field[], family: ['ipv4', 'ipv6'], keying: ['manual', 'ikev2'] },
  given: ({ family, keying }) => gateways(keying, { inner: family, outer: family }),
  async play(stage, { copies: field, family, keying }) {
    const { tn } = stage;
    const { inside, outside }: Copy = copies[field];
    const ends = { from: inner.tn[family], to: inner.nut[family] };
    const request = { ...ends, identifier: 0x4436, sequence: 1, payload: new Uint8Array(16) };
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('before');
    await tn.esp('stimulus', {
      carries: echoPacket(request, inside),
      ...(outside && { outerHeader: outside }),
      awaited: true,
    });
    await tn.echo('after');
  },
  questions: {
    'DUPONT-D': question('Do the headers of a tunnel take from each other what they should?', {
      outcomes: ['as-tabled', 'otherwise'],
      controls: (t, at) => [
        pre('the tunnel works', t.answered('before')),
        pre('the request is answered', t.answered('stimulus')),
        ...(copyAt(at).sees[0] === 'outer'
          ? [cause('the answer is of the class of the request', seen(t, ['inner', ...rest(copyAt(at))]))]
          : []),
        post('the tunnel works still', t.answered('after')),
      ],
      judge: (t, at) => seen(t, copyAt(at).sees)?.as('as-tabled') ?? t.answered('stimulus')?.as('otherwise'),
      plays: (at) => partAt(at),
      reads: (at) => [
        reads(DUPONT, '2.4 D', 'obs', 'implementation', {
          'as-tabled': observed('the headers take from each other what RFC 4301 tables'),
          otherwise: observed('the headers take something else from each other'),
        }),
        ofTable(at),
        ...(at.copies === 'd6-ecn-out'
          ? [reads(RFC6040, '4.1', 'MUST', 'sender', { 'as-tabled': pass, otherwise: fail })]
          : []),
      ],
      lawful: 'as-tabled',
      turnedBy: ({ copies: field }) => [[breaks[field as Field], 'otherwise']],
    }),
  },
});

/** The outer header is the encapsulator's, the inner one behind the tunnel the decapsulator's. */
const partAt = (at: Readonly<Record<string, string>>): Part => (copyAt(at).sees[0] === 'outer' ? 'sender' : 'receiver');

/** The tables say what is done, one for each version of IP; only for a DSCP that comes in 5.1.2 says that it is not permitted. */
function ofTable(at: Readonly<Record<string, string>>) {
  const of = { 'as-tabled': pass, otherwise: fail };
  if (at.copies === 'd6-dscp-in') return reads(RFC4301, '5.1.2', 'MUST NOT', 'receiver', of);
  return reads(RFC4301, at.family === 'ipv4' ? '5.1.2.1' : '5.1.2.2', 'obs', partAt(at), {
    ...of,
    // An implementation MAY be told to map it.
    ...(at.copies === 'd6-dscp-out' && { otherwise: observed('the outer DSCP is another than the inner') }),
  });
}

const copyAt = (at: Readonly<Record<string, string>>): Copy => copies[at.copies as Field];
const rest = ({ sees: [, field, value] }: Copy) => [field, value] as const;

/** That this header of the answer has this value in this field. */
function seen(t: Account, [header, field, value]: Copy['sees']): Finding | undefined {
  const answer = t.answer('stimulus');
  const packet = header === 'inner' ? answer?.packet.packet : answer?.packet.esp?.carrier;
  if (!answer || (packet?.[field] ?? 0) !== value || !packet) return undefined;
  const says = `${field} ${value} in the ${header} header of the answer`;
  return finding(says, t.evidenceOf(answer, says));
}
