/**
 * A translator of addresses stands before the peer (BELLOVIN 3.1, RFC 3715 2.1): what AH covers it cannot change unseen, ESP covers no address of its own header, and
 * IKEv2 finds the translator and puts ESP into UDP (RFC 7296 2.23). In transport mode an echo of IPv4 is carried, whose checksum knows no address.
 */
import { type Account, cause, type Finding, type Judgement, post } from '../../harness/vocabulary/judging.ts';
import { establish, establishing, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants, headerMutants, translationMutants } from '../../harness/vocabulary/mutants.ts';
import { pairBetween, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { behindTranslator, translation } from '../../harness/vocabulary/translated.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { BELLOVIN, RFC4302, RFC4303, RFC7296 } from '../requirements/documents.ts';

type Outcome = 'in-udp' | 'in-ip' | 'dropped' | 'refused';
type At = Readonly<Record<string, string>>;

const PAIR = 'pair';

const isAh = ({ protection }: At): boolean => protection!.startsWith('ah');
const isTransport = ({ protection }: At): boolean => protection!.endsWith('transport');

function pairWith(at: At, remote: string) {
  const options = {
    suite: isAh(at) ? ahSuites['ah-sha256'] : espSuites['aes-cbc-sha256'],
    encapsulation: at.protection === 'udp-tunnel',
  };
  const ends = { local: nutAddresses.ipv4, remote };
  return isTransport(at)
    ? pairBetween(PAIR, ends, { ...options, selector: { protocol: protocols.ICMP } })
    : { ...tunnelPair(PAIR, { inner: 'ipv4', outer: 'ipv4' }, options), ends };
}

export const translator = scenario({
  name: 'translator',
  title: 'A translator of addresses before the peer',
  dimensions: {
    protection: ['esp-tunnel', 'esp-transport', 'udp-tunnel', 'ah-tunnel', 'ah-transport'],
    keying: keyings,
  },
  // IKEv2 puts ESP into UDP by itself.
  where: ({ protection, keying }) => keying === 'manual' || protection !== 'udp-tunnel',
  given: (at) => behindTranslator(at.keying, isTransport(at) ? 'hosts' : 'gateways', (remote) => pairWith(at, remote)),
  async play(stage, { keying }) {
    const { tn } = stage;
    const past = { from: translation.inside, to: nutAddresses.ipv4, inClear: true } as const;
    await tn.syn('path', past);
    await establish(stage, keying, [PAIR]);
    // Waited for in vain where nothing is to come: what goes in clear may be faster than what goes under ESP.
    await tn.echo('stimulus', { unlessRefused: establishing(PAIR) });
    await tn.syn('life', past);
    await tn.pingInClear('end', { from: places['other-prefix'].ipv6, to: nutAddresses.ipv6 });
  },
  questions: {
    'BELLOVIN-3.1f': question('What comes through where addresses are translated, and how?', {
      outcomes: ['in-udp', 'in-ip', 'dropped', 'refused'],
      controls: (t) => [
        cause('what nobody protects passes the translator both ways', t.answered('path')),
        post('and still does', t.answered('life')),
        post('the node lives', t.answered('end')),
      ],
      judge: (t) =>
        carried(t) ??
        (t.ike.refused(establishing(PAIR), 'nut') ?? takenBack(t))?.as('refused') ??
        t.silent('stimulus', 'life')?.as('dropped'),
      plays: ['receiver', 'sender'],
      reads: (at) => [
        reads(BELLOVIN, '3.1', 'obs', 'implementation', {
          'in-udp': observed('ESP passes in UDP'),
          'in-ip': observed(
            isAh(at) ? 'AH passes, whose addresses are others' : 'ESP passes where addresses alone change',
          ),
          dropped: observed('nothing passes'),
          refused: observed('nothing is agreed on'),
        }),
        specified(at),
      ],
      lawful: lawfulAt,
      turnedBy: (at): readonly Turn<Outcome>[] => {
        if (isAh(at)) return [[espMutants.ignoresIcv, 'in-ip']];
        const turn: Turn<Outcome> = [headerMutants.wantsHeaderAsUsual, 'dropped'];
        if (at.keying !== 'ikev2') return [turn];
        // Who sees no translator puts no selectors of transport mode right, either.
        return [turn, [translationMutants.seesNoTranslator, isTransport(at) ? 'refused' : 'in-ip']];
      },
    }),
  },
});

function lawfulAt(at: At): Outcome {
  if (isAh(at)) return 'dropped';
  return at.protection === 'udp-tunnel' || at.keying !== 'manual' ? 'in-udp' : 'in-ip';
}

/** RFC 7296 2.23 has both use UDP where one of them sees a translator. */
function specified(at: At) {
  if (isAh(at))
    return reads(RFC4302, '3.4.4', 'MUST', 'receiver', { dropped: pass, refused: pass, 'in-ip': fail, 'in-udp': fail });
  const passes = { 'in-udp': pass, 'in-ip': pass, dropped: fail, refused: fail };
  return at.keying === 'manual'
    ? reads(RFC4303, '3.1.2', 'obs', 'receiver', passes)
    : reads(RFC7296, '2.23', 'MUST', 'implementation', { ...passes, 'in-ip': fail });
}

/** An initiator that cannot use what it was given deletes it (RFC 7296 2.21.2). */
function takenBack(t: Account): Finding | undefined {
  const [deletion] = t.ike.deletions('nut', establishing(PAIR));
  return deletion && t.ike.said(deletion.message, 'the node deletes what it has just been given');
}

function carried(t: Account): Judgement | undefined {
  const answer = t.answer('stimulus');
  return t.answered('stimulus')?.as(answer?.packet.esp?.encapsulated ? 'in-udp' : 'in-ip');
}
