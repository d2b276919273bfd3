/**
 * IKE of a mobile node with an ordinary correspondent (DUPONT 3.3, recommendation O), seen from the correspondent: what it is asked comes from a home address, by
 * way of the home agent or straight with a home address option, and as it has a binding, both its answers go by a type 2 routing header (RFC 6275 9.3.2). Without
 * a binding it is IKE as with anybody.
 */
import { peering } from '../../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  both,
  type FoundMessage,
  type Judgement,
  post,
  pre,
} from '../../../harness/vocabulary/judging.ts';
import { correspondentAskedFromHome, homeAddressPair, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { routingHeaderOf } from '../../../reference/wire/ip/home-addresses.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { answeredUnderEsp } from '../../identity/home-addresses.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';

const { homeAddress, careOfAddress } = mobile;
/** Of one protocol, so that life can be told apart from keys. */
const pair = homeAddressPair(peering.child, { selector: { protocol: protocols.TCP } });
const keys = { connection: peering.connection, child: pair.name };

export const keysOfMobileNode = scenario({
  name: 'keys-of-mobile-node',
  title: 'A mobile node begins IKE from its home address',
  dimensions: { asked: ['through-home-agent', 'with-option'] },
  given: ({ asked }) => correspondentAskedFromHome(pair, { byOption: asked === 'with-option' }),
  async play({ tn, nut }) {
    await tn.echo('before');
    await tn.initiates('keys', keys);
    await tn.syn('under the keys', { unlessRefused: 'keys' });
    await nut.reports('report');
    await tn.echo('after');
  },
  questions: {
    'DUPONT-O': question('By which way do both its answers go to the home address?', {
      outcomes: ['by-routing-header', 'to-home-address', 'to-care-of-address', 'unanswered'],
      controls: (t) => [
        pre('the home address and the correspondent speak', t.answered('before')),
        post('and do so afterwards', t.answered('after')),
      ],
      judge,
      plays: ['responder', 'sender'],
      reads: [
        reads(DUPONT, '3.3 O', 'SHOULD', 'responder', {
          'by-routing-header': pass,
          'to-home-address': pass,
          'to-care-of-address': fail,
          unanswered: fail,
        }),
        reads(RFC6275, '9.3.2', 'SHOULD', 'sender', {
          'by-routing-header': pass,
          'to-home-address': fail,
          'to-care-of-address': fail,
          unanswered: fail,
        }),
      ],
      lawful: 'by-routing-header',
      turnedBy: [[mobilityMutants.sendsIkeWithoutMobility, 'to-home-address']],
    }),
  },
});

function judge(t: Account): Judgement | undefined {
  const answers = t.ike
    .messages('keys')
    .filter(({ frame, ike }) => frame.entry.from === 'nut' && ike.message.header.flags.response);
  const works = both(t.ike.childAgreed('keys'), answeredUnderEsp(t, 'under the keys'));
  if (!works) return t.answered('after')?.as('unanswered');
  return works.as(
    answers.every(isRouted) ? 'by-routing-header' : answers.some(isToCareOf) ? 'to-care-of-address' : 'to-home-address',
  );
}

const isRouted = ({ ike: { carrier } }: FoundMessage): boolean =>
  carrier.version === 6 &&
  carrier.destination === careOfAddress &&
  routingHeaderOf(carrier)?.addresses?.[0] === homeAddress;

const isToCareOf = (found: FoundMessage): boolean =>
  found.ike.carrier.destination === careOfAddress && !isRouted(found);
