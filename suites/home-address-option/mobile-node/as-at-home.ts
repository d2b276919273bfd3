/**
 * A mobile node away from home begins IKE with an ordinary correspondent (DUPONT 3.3, recommendation O): as if it were at home, from its home address and for
 * its home address, in transport mode, and Mobile IPv6 carries that as it carries everything (RFC 6275 11.3.1): through the home agent, or straight with a home
 * address option where the correspondent has a binding.
 */
import { away, awayByHand, ways } from '../../../harness/vocabulary/away-intent.ts';
import {
  anyoneOfTheAuthority,
  connection,
  honestNut,
  honestTn,
  mirroredChild,
  peering,
} from '../../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  both,
  type Finding,
  type FoundMessage,
  type Judgement,
  post,
  pre,
} from '../../../harness/vocabulary/judging.ts';
import { mobileCast } from '../../../harness/vocabulary/moving-intent.ts';
import { mobileNodeMutants, mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { childOf, entryOf, pairBetween } from '../../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { answeredUnderEsp, basedOn } from '../../identity/home-addresses.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { wayOfFrame } from './ways.ts';

const { homeAddress, careOfAddress, correspondent } = away;
/** Of one protocol, so that life can be told apart from keys. */
const pair = pairBetween(
  peering.child,
  { local: homeAddress, remote: correspondent },
  { selector: { protocol: protocols.TCP } },
);
const keys = { connection: peering.connection, child: pair.name };

export const asAtHome = scenario({
  name: 'as-at-home',
  title: 'A mobile node away from home begins IKE with a correspondent',
  cast: mobileCast,
  dimensions: { way: ways, address: ['told', 'own-choice'] },
  given: ({ way, address }) => {
    const own = address === 'told' ? [homeAddress] : [];
    const expecting = { ...honestTn, expects: anyoneOfTheAuthority };
    const entry = entryOf(pair, [`${keys.connection}/${pair.name}`]);
    const child = childOf(pair);
    const asking = connection(keys.connection, own, [correspondent], honestNut, [child]);
    const asked = connection(keys.connection, [correspondent], [homeAddress, 'any'], expecting, [mirroredChild(child)]);
    return awayByHand(way, { nut: { spd: [entry], ike: [asking] }, cn: { ike: [asked] } });
  },
  async play({ cn, nut }) {
    await cn.echo('before');
    await nut.initiates('keys', keys);
    await cn.asksForLife('life', keys, { unlessRefused: 'keys' });
    await cn.syn('under the keys', { unlessRefused: 'keys' });
    await nut.reports('report');
    await cn.pingInClear('after', { to: careOfAddress });
  },
  questions: {
    'DUPONT-O': question('Does it begin as it would at home?', {
      outcomes: ['as-at-home', 'from-care-of-address', 'without-mobility', 'tunnelled', 'none'],
      controls: (t) => [
        pre('its home address is reached where it is', t.answered('before')),
        post('and it is there', t.answered('after')),
      ],
      judge,
      plays: ['initiator', 'sender'],
      reads: [
        reads(DUPONT, '3.3 O', 'SHOULD', 'initiator', {
          'as-at-home': pass,
          'from-care-of-address': fail,
          'without-mobility': fail,
          tunnelled: fail,
          none: fail,
        }),
        reads(RFC6275, '11.3.1', 'MUST', 'sender', {
          'as-at-home': pass,
          'from-care-of-address': pass,
          'without-mobility': fail,
          tunnelled: pass,
          none: fail,
        }),
      ],
      lawful: 'as-at-home',
      turnedBy: ({ way, address }) => [
        way === 'home-agent'
          ? [mobileNodeMutants.sendsWithoutTunnel, 'without-mobility']
          : [mobilityMutants.sendsIkeWithoutMobility, 'without-mobility'],
        ...(address === 'own-choice'
          ? ([[mobilityMutants.runsIkeFromCareOfAddress, 'from-care-of-address']] as const)
          : []),
      ],
    }),
  },
});

const isRequest = ({ header }: FoundMessage['ike']['message']): boolean => !header.flags.response;

/** As it was asked for: who answers says so only then (RFC 7296 1.3.1). */
const inTransportMode = (t: Account): Finding | undefined =>
  t.ike.heard('HDR, SK {IDr, [CERT+,] AUTH, N(USE_TRANSPORT_MODE), SA, TSi, TSr}', {
    by: 'cn',
    after: 'keys',
    response: true,
  });

function judge(t: Account): Judgement | undefined {
  const first = t.ike.messages('keys').find(({ frame, ike }) => frame.entry.from === 'nut' && isRequest(ike.message));
  const request = t.ike.heard('HDR, SAi1, KEi, Ni', { after: 'keys', response: false });
  if (!first || !request) return t.answered('after')?.as('none');
  const { way, source } = wayOfFrame(first.frame);
  if (source !== homeAddress) return request.as('from-care-of-address');
  if (way === 'plain') return request.as('without-mobility');
  const agreed = t.ike.childAgreed('keys');
  if (!agreed) return both(request, t.answered('after'))?.as('none');
  return (
    both(agreed, inTransportMode(t), basedOn(homeAddress, t, 'report'), answeredUnderEsp(t, 'under the keys'))?.as(
      'as-at-home',
    ) ?? agreed.as('tunnelled')
  );
}
