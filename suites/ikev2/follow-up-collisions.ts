/**
 * What the node does about a child while the IKE SA is rekeyed with several exchanges of keys (RFC 9370 section 2.2.4): until the last of them it is being rekeyed,
 * and RFC 7296 2.25 says what may not be done then. What RFC 9370 leaves to that is only observed.
 */
import { saying } from '../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  type Exchange,
  type Finding,
  type FoundMessage,
  type Judgement,
  notificationsIn,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { additionalKeyMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ikeProposal } from '../../harness/vocabulary/transforms.ts';
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import { hex } from '../../reference/wire/octets.ts';
import { RFC9370 } from '../requirements/documents.ts';
import { rekeysChild, rekeysIkeSa } from './create-child-sa.ts';
import { keyingOf, settle } from './crossing.ts';
import { roles } from './nodes.ts';

const { 'ml-kem-768': ML_KEM_768 } = keyExchangeMethods;

const only = childName('pair');
const followsUp = 'HDR, SK {KEi, N(ADDITIONAL_KEY_EXCHANGE)}';
const begun = { awaited: false } as const;

const acts = { 'rekeys-child': rekeysChild.asks, 'closes-child': 'HDR, SK {D}' } as const;
type Act = keyof typeof acts;

/** Two hosts whose IKE SA is rekeyed in CREATE_CHILD_SA and one IKE_FOLLOWUP_KE. */
function withFurtherKeys(role: 'responder' | 'initiator') {
  const said = { proposals: [{ ...ikeProposal, additionalKeyExchanges: [[ML_KEM_768]] }], fragmentation: {} };
  return saying(keyedHosts(keyingOf(role), 'ipv4', [transportPair('pair', 'ipv4')], { knowsPeer: true }), {
    nut: said,
    tn: said,
  });
}

/** The moments from which on messages are held. */
const [FOLLOWING, ASKING, ANSWERING] = ['the tester follows up', 'the node asks', 'the tester answers'];

export const followUpMeetsChild = scenario({
  name: 'follow-up-meets-child',
  title: 'The node begins with a child between two exchanges of keys of the other side',
  dimensions: { role: roles, own: Object.keys(acts) as Act[] },
  given: ({ role }) => withFurtherKeys(role),
  async play(stage, { role, own }) {
    const { tn, nut, lab } = stage;
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    await lab.holds(FOLLOWING, followsUp, { from: 'tn', response: false });
    await tn.rekeysIke('rekey', only, begun);
    await lab.catches(FOLLOWING);
    await lab.holds(ASKING, acts[own], { from: 'nut', response: false });
    await (own === 'rekeys-child' ? nut.rekeysChild('own', only, begun) : nut.closesChild('own', only, begun));
    await lab.shows((t) => ownRequest(t, own as Act) !== undefined || (following(t)?.requests.length ?? 0) > SENDINGS);
    await lab.releases(FOLLOWING);
    await lab.shows((t) => answer(t) !== undefined && ownRequest(t, own as Act) !== undefined);
    await lab.releases(ASKING);
    await (own === 'rekeys-child' ? settle(stage) : tn.asksForLife('life'));
  },
  questions: {
    'RFC9370-2.2.4-COLLISION': question('Is the rekeying refused for now, while a child is rekeyed or closed?', {
      outcomes: ['temporary-failure', 'waits', 'another-error', 'as-usual'],
      controls: (t, { own }) => [
        pre('the child carries traffic', t.answered('before')),
        pre('the node has something to ask', asksAt(t, own as Act)),
        post('an IKE SA lives', t.ike.informed('life')),
      ],
      judge: (t, { own }) => judgedAnswer(t, own as Act),
      plays: ['responder', 'receiver'],
      reads: [
        reads(RFC9370, '2.2.4', 'obs', 'implementation', {
          'temporary-failure': pass,
          waits: pass,
          'another-error': observed('the exchange of keys is refused, and not for now'),
          'as-usual': observed('the IKE SA is replaced while a request about a child of it is not answered'),
        }),
      ],
      lawful: 'temporary-failure',
      turnedBy: [[additionalKeyMutants.replacesBetween, 'as-usual']],
    }),
  },
});

export const followUpTurn = scenario({
  name: 'follow-up-turn',
  title: 'Something else is to be asked when an exchange of keys is to be followed up',
  dimensions: { role: roles },
  given: ({ role }) => withFurtherKeys(role),
  async play(stage, { role }) {
    const { tn, nut, lab } = stage;
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    await lab.holds(ANSWERING, rekeysIkeSa.answers.replace('}', ', N(ADDITIONAL_KEY_EXCHANGE)}'), {
      from: 'tn',
      response: true,
    });
    await nut.rekeysIke('rekey', only, begun);
    await lab.catches(ANSWERING);
    await nut.rekeysChild('own', only, begun);
    await lab.releases(ANSWERING);
    await lab.shows((t) => asked(t, followsUp) !== undefined && asked(t, rekeysChild.asks) !== undefined);
    await settle(stage);
  },
  questions: {
    'RFC9370-2.2.4-TURN': question('What comes first, the next exchange of keys or what else the node has to ask?', {
      outcomes: ['keys-first', 'child-first'],
      controls: (t) => [
        pre('the child carries traffic', t.answered('before')),
        post('an IKE SA lives', t.ike.informed('life')),
      ],
      judge: whichFirst,
      plays: ['initiator', 'sender'],
      reads: [
        reads(RFC9370, '2.2.4', 'obs', 'implementation', {
          'keys-first': pass,
          'child-first': observed('another request comes between the exchanges of keys'),
        }),
      ],
      lawful: 'keys-first',
      turnedBy: [[additionalKeyMutants.asksBetween, 'child-first']],
    }),
  },
});

const ownRequest = (t: Account, own: Act): FoundMessage | undefined =>
  t.ike.exchange(acts[own], { by: 'nut', after: ASKING })?.requests[0];

function asksAt(t: Account, own: Act): Finding | undefined {
  const request = ownRequest(t, own);
  return request && t.ike.said(request, acts[own]);
}

const following = (t: Account): Exchange | undefined => t.ike.exchange(followsUp, { by: 'tn', after: 'rekey' });

const answer = (t: Account): FoundMessage | undefined => following(t)?.responses[0];

const ikeSaOf = ({ ike }: FoundMessage): string => hex(ike.message.header.initiatorSPI);

/** Who has not asked before it was replaced asks on the IKE SA that is there then. */
function judgedAnswer(t: Account, own: Act): Judgement | undefined {
  const [said, request] = [answer(t), ownRequest(t, own)];
  if (!said || !request) return undefined;
  if (ikeSaOf(request) !== ikeSaOf(said)) return t.ike.said(request, 'it asks when the IKE SA is replaced').as('waits');
  const [error] = said.ike.payloads?.some(({ type }) => type === 'KE') ? [] : notificationsIn(said.ike);
  if (error === undefined) return t.ike.said(said, 'it answers as usual').as('as-usual');
  return t.ike
    .said(said, `it answers ${error}`)
    .as(error === 'TEMPORARY_FAILURE' ? 'temporary-failure' : 'another-error');
}

/** Of the follow-up that is held, until the node would have asked. */
const SENDINGS = 2;

const asked = (t: Account, request: string): FoundMessage | undefined =>
  t.ike.exchange(request, { by: 'nut', after: ANSWERING })?.requests[0];

function whichFirst(t: Account): Judgement | undefined {
  const [keys, child] = [asked(t, followsUp), asked(t, rekeysChild.asks)];
  if (!keys || !child) return undefined;
  return keys.frame.entry.place < child.frame.entry.place
    ? t.ike.said(keys, 'it goes on with the keys').as('keys-first')
    : t.ike.said(child, 'it asks for a child first').as('child-first');
}
