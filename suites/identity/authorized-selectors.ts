/**
 * Which addresses an authenticated peer may have (AURA 5.3; RFC 4301 4.4.3.3, RFC 7296 2.9). The policy permits the tester one range; it asks for
 * part of that, for somebody else's, for one around both. As responder the tester lies in its answer, for its offer is the other's.
 */

import { childBetween, mirroredChild, peering } from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Judgement } from '../../harness/vocabulary/judging.ts';
import { both, inconclusive } from '../../harness/vocabulary/judging.ts';
import { answersSelectors } from '../../harness/vocabulary/lies.ts';
import { padMutants } from '../../harness/vocabulary/mutants.ts';
import { inner, innerPrefixes } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { AURA, RFC4301, RFC7296 } from '../requirements/documents.ts';
import { converses, impersonation, impersonationControls, noSaAfterClaim, roles, verifies } from './impersonation.ts';

type Family = 'ipv4' | 'ipv6';

/** As the tester names them; the range permitted is `innerPrefixes.tn`, and `around` holds the outsider's too. */
const ranges = {
  ipv4: { part: '10.2.0.0/25', around: '10.2.0.0/15', own: `${inner.tn.ipv4}/32` },
  ipv6: { part: '2001:db8:a2::/65', around: '2001:db8:a2::/47', own: `${inner.tn.ipv6}/128` },
} as const;

const asked = (range: string, family: Family): readonly string[] =>
  ({
    own: [ranges[family].part],
    others: [innerPrefixes.outsider[family]],
    wider: [ranges[family].around],
    'own-then-wider': [ranges[family].own, ranges[family].around],
  })[range]!;

const isLie = (range: string, role: string): boolean => role === 'initiator' && range !== 'own';

export const authorizedSelectors = scenario({
  name: 'authorized-selectors',
  title: 'Which addresses an authenticated peer is granted',
  dimensions: { range: ['own', 'others', 'wider', 'own-then-wider'], family: ['ipv4', 'ipv6'], role: roles },
  where: ({ range, role }) => role === 'responder' || range !== 'own-then-wider',
  given: ({ range, family, role }) => {
    const between = { local: innerPrefixes.nut[family], remote: innerPrefixes.tn[family] };
    const permitted = mirroredChild(childBetween(peering.child, 'tunnel', between));
    const claimed = { ...permitted, local: asked(range, family).map((addresses) => ({ addresses })) };
    const liar = { ...permitted, local: [{ addresses: ranges[family].around }] };
    return impersonation({
      mode: 'tunnel',
      family,
      testerChild: { local: [{ addresses: innerPrefixes.tn[family] }, { addresses: innerPrefixes.outsider[family] }] },
      claim: { children: [isLie(range, role) ? liar : claimed] },
      faces: { honest: { children: [permitted] } },
    });
  },
  misbehaves: ({ range, family, role }) => ({
    tn: isLie(range, role) ? answersSelectors('claim', asked(range, family)[0]!) : {},
  }),
  async play(stage, { range, family, role }) {
    const outsider = inner.outsider[family];
    const echo = range === 'others' && role === 'responder' ? { from: outsider } : {};
    await converses(stage, role, 'before');
    await converses(stage, role, 'claim', {
      face: 'claim',
      echo: { ...echo, ...(isLie(range, role) && { awaited: false }) },
      meanwhile: async () => {
        await stage.tn.esp('beyond', {
          from: outsider,
          under: `claim/${peering.child}`,
          awaited: false,
          unlessRefused: 'claim',
        });
        // Whatever a disappointed initiator has to say about its child, it has said when it answers this.
        if (isLie(range, role))
          await stage.tn.asksForLife('claim settled', { connection: 'claim', child: peering.child });
      },
    });
    await converses(stage, role, 'after');
  },
  questions: {
    'AURA-PAD': question('Is a peer granted the addresses that are its own, and no others?', {
      alsoKnownAs: ['IKEv2.SGW.I.1.1.7.1', 'IKEv2.SGW.R.1.1.7.1', 'IKEv2.SGW.R.1.1.7.3'],
      outcomes: ['granted', 'narrowed', 'refused'],
      controls: impersonationControls,
      judge: (t, { range }) => judgeGrant(t, range === 'own'),
      plays: ({ role }) => verifies(role!),
      reads: ({ range, role }) => {
        const own = { granted: pass, narrowed: pass, refused: fail };
        const others = { granted: fail, narrowed: pass, refused: pass };
        const of = range === 'own' ? own : others;
        return [
          reads(AURA, '5.3', 'obs', 'implementation', of),
          range === 'own'
            ? reads(RFC4301, '4.4.3.3', 'MUST', 'implementation', of)
            : reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', of),
          role === 'initiator' ? toInitiator(range) : toResponder(range),
        ];
      },
      lawful: ({ range, role }) => {
        if (range === 'own') return 'granted';
        return range === 'others' || role === 'initiator' ? 'refused' : 'narrowed';
      },
      turnedBy: ({ range, role }) => {
        if (role === 'initiator')
          return range === 'own'
            ? [[padMutants.wantsAnswerAsOffered, 'refused']]
            : [[padMutants.takesAnyAnswer, 'granted']];
        if (range === 'own') return [[padMutants.wantsSelectorsAsConfigured, 'refused']];
        const granted = [padMutants.grantsWhatIsAsked, 'granted'] as const;
        return range === 'others' ? [granted] : [granted, [padMutants.refusesToNarrow, 'refused']];
      },
    }),
  },
});

/** How RFC 7296 has a responder narrow: MUST where the first selector may be granted, SHOULD where only a part may. */
function toResponder(range: string) {
  const narrows = { granted: fail, narrowed: pass, refused: fail };
  if (range === 'own') return reads(RFC7296, '2.9', 'MUST', 'responder', { ...narrows, granted: pass });
  if (range === 'own-then-wider') return reads(RFC7296, '2.9', 'MUST', 'responder', narrows);
  if (range === 'wider') return reads(RFC7296, '2.9', 'SHOULD', 'responder', narrows);
  return reads(RFC7296, '2.9', 'obs', 'responder', { ...narrows, refused: pass });
}

/** What an initiator does with the answer is not said. */
function toInitiator(range: string) {
  const answer = range === 'own' ? 'a narrower answer' : 'an answer beyond the offer';
  return reads(RFC7296, '2.9', 'obs', 'responder', {
    granted: observed(`${answer} is believed`),
    narrowed: observed(`${answer} is cut down to the offer`),
    refused: observed(`${answer} ends the child`),
  });
}

/** By what gets through: an outsider's echo, only the tester's own, or nothing for want of an SA. */
function judgeGrant(t: Account, isOwn: boolean): Judgement | undefined {
  const own = t.established('claim', 'claim echo');
  if (isOwn && own) return own.as('granted');
  const beyond = t.answered('beyond');
  if (beyond) return beyond.as('granted');
  const narrowed = both(own, t.silent('beyond', 'after echo'));
  if (narrowed) return narrowed.as('narrowed');
  const refused = t.ike.refused('claim', 'nut');
  const unacceptable = t.ike.refused('claim', 'nut', 'TS_UNACCEPTABLE');
  if (refused && !unacceptable) return inconclusive('I-CAUSE', refused.says, ...refused.evidence);
  return both(unacceptable ?? t.ike.childAgreed('claim'), noSaAfterClaim(t))?.as('refused');
}
