/**
 * What becomes of keys when the mobile node moves (ARKKO 2.3: home address, SAs and IKE endpoint are bound to each other and to fixed addresses). The SAs are
 * the home address's and need nothing; the IKE SA that made them was begun from a care-of address that is gone. Nothing here tells the home agent so: no
 * binding update with the K bit (RFC 4877 7.4), no MOBIKE.
 */
import { peering } from '../../../harness/vocabulary/ike-intent.ts';
import { host } from '../../../harness/vocabulary/intent.ts';
import {
  type Account,
  both,
  type Finding,
  finding,
  type Judgement,
  post,
  pre,
} from '../../../harness/vocabulary/judging.ts';
import { mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { homeAddressMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { homeAgentFor, mobileNode } from '../../identity/home-addresses.ts';
import { ARKKO, RFC4877, RFC7296 } from '../../requirements/documents.ts';

const face = { ...mobileNode('mn1'), addresses: host(mobile.homeAddress) };
const { homeAddress, otherCareOfAddress } = mobile;
const fromHome = { from: homeAddress };

export const keysAfterMoving = scenario({
  name: 'keys-after-moving',
  title: 'A mobile node with keys for its home address moves',
  dimensions: { to: ['other-prefix'] },
  given: () => {
    const entry = { addresses: host(homeAddress) };
    return homeAgentFor({ entries: { [peering.connection]: entry }, faces: { [peering.connection]: face } });
  },
  async play({ tn, nut }) {
    await tn.initiates('before');
    await tn.echo('before echo');
    await tn.asksForLife('before life');
    await tn.movesTo('other-prefix');
    await tn.udp('away', fromHome);
    await tn.asksForLife('life away');
    await tn.udp('away again', fromHome);
    await nut.reports('report', { until: ({ delivered }) => delivered.length >= 2 });
    await nut.closes('closed by it');
    await tn.movesTo('home');
    await tn.presents(peering.connection);
    await tn.initiates('after');
    await tn.echo('after echo');
  },
  questions: {
    'ARKKO-2.3c': question('What is left of IKE and its SAs when the care-of address changes?', {
      outcomes: ['ike-follows', 'ike-answers', 'ike-lost', 'nothing'],
      controls: (t) => [
        pre('the SAs work where they were made', t.established('before', 'before echo')),
        pre('and so does IKE', t.ike.informed('before life')),
        post('new ones can be made', t.established('after', 'after echo')),
      ],
      judge,
      plays: ['receiver', 'responder'],
      reads: [
        reads(ARKKO, '2.3', 'obs', 'implementation', {
          'ike-follows': observed('no binding at all: IKE follows whoever has its keys'),
          'ike-answers': observed('a binding of the IKE SA to the care-of address that it was begun from'),
          'ike-lost': observed('a binding of the IKE SA to the care-of address, which not even an answer leaves'),
          nothing: observed('a binding of everything to the care-of address'),
        }),
        reads(RFC4877, '4.4', 'MUST', 'implementation', {
          'ike-follows': pass,
          'ike-answers': pass,
          'ike-lost': pass,
          nothing: fail,
        }),
        reads(RFC7296, '2.11', 'MUST', 'receiver', {
          'ike-follows': pass,
          'ike-answers': pass,
          'ike-lost': fail,
          nothing: fail,
        }),
      ],
      lawful: 'ike-answers',
      turnedBy: [
        [homeAddressMutants.followsEveryRequest, 'ike-follows'],
        [homeAddressMutants.answersWhereIkeBegan, 'ike-lost'],
      ],
    }),
  },
});

function judge(t: Account): Judgement | undefined {
  const carried = both(t.delivered('away', 'report'), t.delivered('away again', 'report'));
  if (!carried) return both(t.sent('away'), t.established('after', 'after echo'))?.as('nothing');
  const answered = t.ike.informed('life away');
  if (!answered) return both(carried, t.established('after', 'after echo'))?.as('ike-lost');
  const asked = requestTo(t, 'closed by it');
  return both(carried, answered, asked)?.as(asked?.says.endsWith(otherCareOfAddress) ? 'ike-follows' : 'ike-answers');
}

/** Where the first request of its own went. */
function requestTo(t: Account, moment: string): Finding | undefined {
  const request = t.ike.heard('HDR, SK {[D]}', { after: moment, response: false });
  const found = t.ike
    .messages(moment)
    .find(({ frame, ike }) => frame.entry.from === 'nut' && !ike.message.header.flags.response);
  return request && found && finding(`it asks ${found.ike.carrier.destination}`, ...request.evidence);
}
