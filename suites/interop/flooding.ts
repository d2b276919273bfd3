/** Somebody floods one of two products with first requests while the other one is to begin with it (RFC 7296 2.6): it asks for cookies then, and the other one returns what it is given. */
import { withAttacker } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Finding, notificationsIn, seen } from '../../harness/vocabulary/judging.ts';
import { meeting, twoProducts } from '../../harness/vocabulary/meeting.ts';
import { messageMutants } from '../../harness/vocabulary/mutants.ts';
import { udpPacket } from '../../harness/vocabulary/packets.ts';
import { attackerAddresses, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { observed, question } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { FLOOD, GROWN, requestOfNobody } from '../ikev2/flood.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { agree, begins, figure, meets, type Role, roles, unprotectedIn } from './agreeing.ts';
import { beside, judgedWhenDone, outcomes } from './continuing.ts';
import { after, before, judgeConversation, speak, speaking } from './crossing.ts';
import { report } from './holdings.ts';

export const flooding = scenario({
  name: 'flooding',
  title: 'Somebody floods one of two products',
  cast: { ...twoProducts, attacker: 'stranger' },
  dimensions: { by: ['flooded'], role: roles },
  given: ({ role }) => withAttacker(meeting({ initiator: begins(role), told: anywhere }), 'ipv4'),
  async play(stage, { role }) {
    const flooded = floodedIn(role);
    const from = attackerAddresses.ipv4;
    const to = addresses[flooded];
    await stage[flooded].hasRun(GROWN);
    await speak(stage, before, unprotectedIn({}, 'ipv4'));
    // The link layer knows the other by its answer.
    await stage.attacker.pingInClear('neighbour', { from, to });
    for (let place = 0; place < FLOOD; place++) {
      const payload = requestOfNobody(place);
      await stage.attacker.packet(
        `flood ${place}`,
        udpPacket({ from, to, sourcePort: 500, destinationPort: 500, payload }),
      );
    }
    await agree(stage, role);
    await speak(stage);
    await report(stage);
    await speak(stage, after, unprotectedIn({}, 'ipv4'));
  },
  questions: {
    'MCDANIEL-FLOW': question('Do the two agree with cookies, while one of them is flooded?', {
      outcomes,
      controls: (t, { role }) => [
        speaking(t, before),
        seen('it was flooded', answeredFlood(t, floodedIn(role as Role))),
        speaking(t, after),
      ],
      judge: (t, { role }) => judgedWhenDone(judgeConversation(t), cookieReturned(t, role as Role)),
      plays: ({ role }) => [role as Role, 'sender', 'receiver'],
      reads: [
        beside(figure, observed('the two agree, and no cookie is asked for'), figure.of.none),
        beside(meets(RFC7296, '2.6', 'SHOULD'), observed('no cookie is asked for'), observed('nothing else was said')),
      ],
      lawful: 'both-ways',
      turnedBy: ({ role }) =>
        role === 'responder'
          ? [[messageMutants.asksForNoCookie, 'undone']]
          : [[messageMutants.returnsNoCookie, 'none']],
    }),
  },
});

const addresses = { nut: nutAddresses.ipv4, peer: places.home.ipv4 } as const;

/** Whoever floods the peer may be somebody that it expects. */
const anywhere = { peer: { remoteAddresses: [nutAddresses.ipv4, 'any'] } } as const;

/** Who answers. */
const floodedIn = (role: Role): 'nut' | 'peer' => (begins(role) === 'nut' ? 'peer' : 'nut');

function answeredFlood(t: Account, party: string): Finding | undefined {
  const answer = t.ike.messages('flood 0').find(({ frame }) => frame.entry.from === party);
  return answer && t.ike.said(answer, 'the first answer to the flood');
}

/** Asked for by one and returned by the other, both in clear. */
function cookieReturned(t: Account, role: Role): Finding | undefined {
  const from = (party: string) =>
    t.ike
      .messages('establish')
      .find(({ frame, ike }) => frame.entry.from === party && notificationsIn(ike).includes('COOKIE'));
  const [asked, returned] = [from(floodedIn(role)), from(begins(role))];
  return asked && returned && both(t.ike.said(asked, 'a cookie is asked for'), t.ike.said(returned, 'and returned'));
}
