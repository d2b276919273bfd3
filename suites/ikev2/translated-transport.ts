/**
 * Transport mode through a NAT (RFC 7296 section 2.23.1): each side sees other addresses than its peer does, and puts its own view in the place of what TSi and TSr
 * say. TCP and UDP have summed the addresses of their sender (RFC 3948 section 3.1.2).
 */
import { type Account, both, cause, type Finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { translationMutants } from '../../harness/vocabulary/mutants.ts';
import { type Pair, pairBetween } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { type Behind, endsSeen, hostsThroughTranslator } from '../../harness/vocabulary/translated.ts';
import { RFC3948, RFC7296 } from '../requirements/documents.ts';
import { type Role, roles } from './nodes.ts';

export const translatedTransport = scenario({
  name: 'translated-transport',
  title: 'A NAT stands between two hosts that protect their traffic in transport mode',
  modeMatters: true,
  dimensions: { behind: ['tester', 'node'], role: roles },
  given: ({ behind }) => hostsThroughTranslator(behind as Behind, (ends) => pairBetween('hosts', ends)),
  async play({ tn, nut }, { behind, role }) {
    const seen = endsSeen[behind as Behind];
    const to = { to: seen.tn.local, unlessRefused: 'agree' } as const;
    const besides = at(behind as Behind);
    await tn.pingInClear('path', besides);
    await (role === 'responder' ? tn : nut).initiates('agree');
    if (role === 'initiator') await tn.asksForLife('alive', undefined, { unlessRefused: 'agree' });
    await tn.echo('echo', to);
    await nut.echo('echo back', { to: seen.nut.remote, unlessRefused: 'agree' });
    await tn.syn('tcp', to);
    await tn.udp('udp', { to: seen.tn.local });
    await tn.echo('after', to);
    await nut.reports('report');
    await tn.pingInClear('life', besides);
  },
  questions: {
    'RFC7296-2.23.1': question('Is a child of transport mode agreed on through a NAT, and does it carry both ways?', {
      outcomes: ['carries', 'carries-nothing', 'refused'],
      controls: (t) => [
        cause('the way through the router is there', t.answered('path')),
        post('the node lives', t.answered('life')),
      ],
      judge: (t) =>
        both(t.established('agree', 'echo'), t.answered('echo back'))?.as('carries') ??
        refusal(t)?.as('refused') ??
        both(t.ike.childAgreed('agree'), t.silent('echo', 'life'))?.as('carries-nothing'),
      plays: ({ role }) => role as Role,
      reads: [
        reads(RFC7296, '2.23.1', 'MUST', 'implementation', { carries: pass, 'carries-nothing': fail, refused: fail }),
      ],
      lawful: 'carries',
      turnedBy: ({ behind }) => [
        [behind === 'tester' ? translationMutants.takesPeerAtItsWord : translationMutants.isNobodyElse, 'refused'],
      ],
    }),
    'RFC7296-2.23.1-CHECKSUM': question('Is TCP and UDP taken that has summed other addresses?', {
      outcomes: ['taken', 'dropped'],
      controls: (t) => [
        pre('what sums no addresses is carried', t.established('agree', 'echo')),
        post('and still is', t.answered('after')),
      ],
      judge: (t) =>
        both(t.answered('tcp'), t.delivered('udp', 'report'))?.as('taken') ??
        (t.silent('tcp', 'after') ?? t.undelivered('udp', 'after', 'report'))?.as('dropped'),
      plays: 'receiver',
      reads: [
        reads(RFC3948, '3.1.2', 'MUST', 'receiver', { taken: pass, dropped: fail }),
        reads(RFC7296, '2.23.1', 'MUST', 'receiver', { taken: pass, dropped: fail }),
      ],
      lawful: 'taken',
      turnedBy: [[translationMutants.comparesChecksumsAsTheyCome, 'dropped']],
    }),
  },
});

export const tunnelInstead = scenario({
  name: 'tunnel-instead',
  title:
    'A client behind a NAT asks for transport mode, and policy has a tunnel for the address that it says is its own',
  modeMatters: true,
  dimensions: { behind: ['tester'], role: ['responder'] },
  given: ({ behind }) => hostsThroughTranslator(behind as Behind, tunnelFor(endsSeen[behind as Behind].tn.remote)),
  async play({ tn }, { behind }) {
    const besides = at(behind as Behind);
    await tn.pingInClear('path', besides);
    await tn.initiates('agree');
    await tn.pingInClear('life', besides);
  },
  questions: {
    'RFC7296-2.23.1-UNDONE': question('Is the tunnel made that policy has, of the addresses as they came?', {
      outcomes: ['tunnel', 'transport', 'refused'],
      controls: (t) => [
        cause('the way through the router is there', t.answered('path')),
        post('the node lives', t.answered('life')),
      ],
      judge: (t) => {
        const answers = { after: 'agree', by: 'nut', response: true } as const;
        return (
          t.ike.heard('HDR, SK {IDr, [CERT,] AUTH, N(USE_TRANSPORT_MODE), SA, TSi, TSr}', answers)?.as('transport') ??
          t.ike.heard('HDR, SK {IDr, [CERT,] AUTH, SA, TSi, TSr}', answers)?.as('tunnel') ??
          t.ike.refused('agree', 'nut')?.as('refused')
        );
      },
      plays: 'responder',
      reads: [
        reads(RFC7296, '2.23.1', 'MAY', 'responder', {
          tunnel: pass,
          transport: observed('transport mode, where policy has a tunnel'),
          refused: observed('what asks for transport mode is looked up for that alone'),
        }),
      ],
      lawful: 'tunnel',
      turnedBy: [[translationMutants.neverLooksAgain, 'refused']],
    }),
  },
});

/** The node under test is told of a tunnel to where the tester is seen, for the address that the tester knows itself by. */
function tunnelFor(real: string) {
  return (ends: Pair['ends']): Pair => {
    const pair = pairBetween('hosts', { ...ends, remote: real });
    return ends.remote === real ? pair : { ...pair, mode: 'tunnel', ends };
  };
}

/** In so many words, by deleting what it has just been given, or by going on without it. */
function refusal(t: Account): Finding | undefined {
  const [deletion] = t.ike.deletions('nut', 'agree');
  return (
    t.ike.refused('agree', 'nut') ??
    t.ike.givenUp('agree', 'nut') ??
    (deletion && t.ike.said(deletion.message, 'the node deletes what it has just been given'))
  );
}

/** IPv6, which nobody protects and nobody translates. */
function at(behind: Behind) {
  const [near, far] = [places.home.ipv6, places['other-prefix'].ipv6];
  return behind === 'tester' ? { from: far, to: nutAddresses.ipv6 } : { from: near, to: far };
}
