/**
 * The node under test has an IKE_AUTH to send that is too large for one datagram (RFC 7383 sections 2.3 to 2.5): to a peer that wants fragments, and to
 * one that has not said so.
 */
import { negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import type { Family } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Finding, finding, pre } from '../../harness/vocabulary/judging.ts';
import { fragmentMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { payloadTypes } from '../../reference/wire/ike/registry.ts';
import { aloneControls, converses, conversesAlone, type Role, roles } from '../identity/impersonation.ts';
import { RFC7383 } from '../requirements/documents.ts';
import { atLength, fragmentsIn, largestDatagram } from './fragments.ts';

const face = peering.connection;

export const fragmentsSent = scenario({
  name: 'fragments-sent',
  title: 'IKE_AUTH is too large for one datagram, and the peer wants fragments',
  dimensions: { peer: ['wants-fragments'], family: ['ipv4', 'ipv6'], role: roles },
  given: ({ family }) => negotiated({ ...atLength, family, fragmentation: { nut: {}, tn: {} } }),
  play: (stage, { role }) => converses(stage, role, 'asked', { face }),
  questions: {
    'RFC7383-2.3': question('Does a node say that it wants fragments?', {
      outcomes: ['said', 'unsaid'],
      controls: (t) => [pre('the two agree', t.established('asked', 'asked echo'))],
      judge: (t) =>
        t.ike.heard(`${FIRST}, N(IKEV2_FRAGMENTATION_SUPPORTED)`, { by: 'nut' })?.as('said') ??
        t.ike.heard(FIRST, { by: 'nut' })?.as('unsaid'),
      plays: ({ role }) => role as Role,
      reads: ({ role }) => [
        reads(RFC7383, '2.3', 'obs', role as Role, { said: pass, unsaid: observed('fragments are not to be had') }),
      ],
      lawful: 'said',
      turnedBy: [[fragmentMutants.keepsQuietOfFragments, 'unsaid']],
    }),
    'RFC7383-2.5': question('Is a message split as its receiver has to put it together?', {
      outcomes: ['well-split', 'badly-split', 'whole'],
      controls: (t) => [pre('the two agree', t.established('asked', 'asked echo'))],
      judge: (t) =>
        both(t.ike.heard(inFragments, { by: 'nut' }), wellSplit(t))?.as('well-split') ??
        t.ike.heard(inFragments, { by: 'nut' })?.as('badly-split') ??
        t.ike.heard(whole, { by: 'nut' })?.as('whole'),
      plays: ({ role }) => ['sender', role as Role],
      reads: [
        reads(RFC7383, '2.5', 'MUST', 'sender', {
          'well-split': pass,
          'badly-split': fail,
          whole: observed('the message is not split'),
        }),
      ],
      lawful: 'well-split',
      turnedBy: [
        [fragmentMutants.namesPayloadInEveryFragment, 'badly-split'],
        [fragmentMutants.neverSplits, 'whole'],
      ],
    }),
    'RFC7383-2.5.1': question('Is no datagram of it larger than is recommended for a path that nobody knows?', {
      outcomes: ['within', 'beyond'],
      controls: (t) => [pre('the two agree', t.established('asked', 'asked echo'))],
      judge: (t, { family }) => {
        const largest = largestDatagram(t, 'nut', 'asked');
        const sent = t.ike.heard(whole, { by: 'nut' });
        const measured = largest > 0 ? finding(`the largest datagram has ${largest} octets`) : undefined;
        return both(sent, measured)?.as(largest <= recommended[family as Family] ? 'within' : 'beyond');
      },
      plays: ({ role }) => ['sender', role as Role],
      reads: [
        reads(RFC7383, '2.5.1', 'SHOULD', 'sender', {
          within: pass,
          beyond: observed('datagrams are larger than 576 octets, or 1280 in IPv6'),
        }),
      ],
      lawful: 'within',
      turnedBy: [[fragmentMutants.takesLinkForPath, 'beyond']],
    }),
  },
});

export const fragmentsUnasked = scenario({
  name: 'fragments-unasked',
  title: 'IKE_AUTH is too large for one datagram, and the peer has not said that it wants fragments',
  dimensions: { peer: ['says-nothing'], role: roles },
  given: () => negotiated({ ...atLength, fragmentation: { nut: {} } }),
  play: (stage, { role }) => conversesAlone(stage, role, 'asked', { face }),
  questions: {
    'RFC7383-2.4': question('Does a peer get no fragments that has not asked for them?', {
      outcomes: ['whole', 'fragmented'],
      controls: aloneControls,
      judge: (t) =>
        t.ike.heard(inFragments, { by: 'nut' })?.as('fragmented') ?? t.ike.heard(whole, { by: 'nut' })?.as('whole'),
      plays: ({ role }) => ['sender', role as Role],
      reads: [reads(RFC7383, '2.4', 'MUST NOT', 'sender', { whole: pass, fragmented: fail })],
      lawful: 'whole',
      turnedBy: [[fragmentMutants.splitsUnasked, 'fragmented']],
    }),
  },
});

/** Numbers from 1 in one set, and a payload named in the first alone. */
function wellSplit(t: Account): Finding | undefined {
  const fragments = fragmentsIn(t, 'nut', 'asked');
  const numbers = new Set(fragments.map(({ fragmentNumber }) => fragmentNumber));
  const total = fragments[0]?.totalFragments;
  const isWell = fragments.every(
    ({ fragmentNumber, totalFragments, innerNextPayload, messageId }) =>
      messageId === 1 &&
      totalFragments === total &&
      fragmentNumber >= 1 &&
      fragmentNumber <= totalFragments &&
      (innerNextPayload !== payloadTypes.NONE) === (fragmentNumber === 1),
  );
  return isWell && numbers.size === total ? finding(`${total} fragments, each with its number`) : undefined;
}

const recommended: Readonly<Record<Family, number>> = { ipv4: 576, ipv6: 1280 };

const FIRST = 'HDR, SA, KE, Ni, [CERTREQ]';
const AUTH = '{[IDi,] [IDr,] [CERT+,] [CERTREQ,] AUTH, SA, TSi, TSr}';
const whole = `HDR, SK ${AUTH}`;
const inFragments = `HDR, SKF ${AUTH}`;
