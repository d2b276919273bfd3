/**
 * No false verification (DUPONT 2.2, recommendation A: "providing authentication", "successful"; RFC 6275 6.3 and 9.3.1): a lie of `lies.ts` beside the same
 * packet with the truth in it, which passes.
 */
import { type Account, cause, type Finding, finding, post, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { fromCareOfAddress } from '../../../harness/vocabulary/packets.ts';
import { nutAddresses } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, type Reads, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import {
  ARKKO,
  DUPONT,
  RFC4301,
  RFC4302,
  RFC4303,
  RFC4443,
  RFC6275,
  RFC8200,
  RFC8221,
} from '../../requirements/documents.ts';
import { datagram, refusals } from './correspondents.ts';
import { isTold, type LieName, lieOf, lies, pairsOf, toldFor } from './lies.ts';

const { careOfAddress, homeAddress } = mobile;

type At = Readonly<Record<string, string>>;

export const falseVerification = scenario({
  name: 'false-verification',
  title: 'A home address option that nothing vouches for as it stands',
  dimensions: {
    lie: Object.keys(lies) as LieName[],
    way: ['esp', 'ah', 'clear'],
    told: ['to-verify', 'binding'],
  },
  where: isTold,
  given: (at) => correspondent(toldFor(at), pairsOf(at), { by: 'any' }),
  async play({ tn, nut }, at) {
    const clear = { from: careOfAddress, to: nutAddresses.ipv6 } as const;
    const truth = (number: number, name: string) =>
      at.way === 'clear'
        ? tn.packet(name, fromCareOfAddress(datagram(4000 + number, name), careOfAddress))
        : tn.esp(name, { carries: datagram(4000 + number, name), careOfAddress, sequenceNumber: BigInt(number) });
    await truth(1, 'truth');
    await tn.pingInClear('before', clear);
    await nut.reports('before');
    for (const [place, stimulus] of stimuliOf(at).entries()) {
      if ('packet' in stimulus) await tn.packet(lieName(place), stimulus.packet);
      else await tn.esp(lieName(place), { ...stimulus.sealed, sequenceNumber: LIE_NUMBER });
    }
    await truth(21, 'truth again');
    await tn.pingInClear('after', clear);
    await nut.reports('report');
  },
  questions: {
    'DUPONT-A4': question('Is an option refused that nothing vouches for?', {
      outcomes: ['dropped', 'refused', 'delivered'],
      controls,
      judge: (t, at) =>
        first(at, (name) => t.delivered(name, 'report'))?.as('delivered') ??
        first(at, (name) => t.objection(name)?.shown)?.as('refused') ??
        dropped(t, at)?.as('dropped'),
      plays: 'receiver',
      reads: readings,
      lawful: ({ lie }) => (answered.has(lie) ? 'refused' : 'dropped'),
      turnedBy: ({ lie, told }) => [[lieOf(lie).turnedBy, lieOf(lie).turnsTo?.(told) ?? 'delivered']],
      alsoKnownAs: ({ lie }) => (lie === 'multicast' ? ['CN-6-3-2'] : []),
    }),
    'ARKKO-2.3c': question('Does an SA serve another home address of its peer?', {
      asks: ({ lie }) => lie === 'other-home-address',
      outcomes: ['tied', 'free'],
      controls,
      judge: (t, at) => first(at, (name) => t.delivered(name, 'report'))?.as('free') ?? dropped(t, at)?.as('tied'),
      plays: 'receiver',
      reads: [
        reads(ARKKO, '2.3', 'obs', 'receiver', {
          tied: observed('the SA stays with the home address it was made for, whatever the mobile node has now'),
          free: observed('the SA serves whatever home address its peer names'),
        }),
      ],
      lawful: 'tied',
      turnedBy: ({ lie }) => [[lieOf(lie).turnedBy, 'free']],
    }),
  },
});

function controls(t: Account, at: At) {
  const reached = first(at, (name) => t.delivered(name, 'report') ?? t.objection(name)?.shown);
  return [
    pre('the truth is taken', t.delivered('truth', 'report', homeAddress)),
    pre('the node answers in clear', t.answered('before')),
    seen('the lie reached the node', reached ?? t.counted(refusals, 'before', 'report')),
    post('the truth is taken again', t.delivered('truth again', 'report', homeAddress)),
    cause('the node is alive', t.answered('after')),
  ];
}

const stimuliOf = (at: At) => lieOf(at.lie).stimuli(at.way as 'esp' | 'ah' | 'clear', pairsOf(at)[0]!);
const lieName = (place: number): string => `lie ${place + 1}`;
const namesOf = (at: At): readonly string[] => stimuliOf(at).map((_, place) => lieName(place));

function first(at: At, shown: (name: string) => Finding | undefined): Finding | undefined {
  return namesOf(at)
    .map(shown)
    .find((each) => each !== undefined);
}

/** Every one of them, without a word. */
function dropped(t: Account, at: At): Finding | undefined {
  const all = namesOf(at).flatMap((name) => [
    t.undelivered(name, 'truth again', 'report'),
    t.unobjected(name, 'after'),
  ]);
  const shown = all.filter((each) => each !== undefined);
  if (shown.length !== all.length) return undefined;
  return finding(shown.map(({ says }) => says).join('; '), ...shown.flatMap(({ evidence }) => evidence));
}

type Outcome = 'dropped' | 'refused' | 'delivered';

const notDelivered = { dropped: pass, refused: pass, delivered: fail };
const seenAs = {
  dropped: observed('dropped in silence'),
  refused: observed('refused aloud'),
  delivered: observed('delivered'),
};

function readings({ lie, way }: At): readonly Reads<Outcome>[] {
  const ofDupont = reads<Outcome>(DUPONT, '2.2 A', 'MUST', 'receiver', notDelivered);
  switch (lie as LieName) {
    case 'bad-icv':
      return [
        ofDupont,
        reads(way === 'ah' ? RFC4302 : RFC4303, way === 'ah' ? '3.4.4' : '3.4.4.1', 'MUST', 'receiver', notDelivered),
      ];
    case 'no-authentication':
      return [ofDupont, reads(RFC8221, '4', 'obs', 'administrator', seenAs)];
    case 'other-home-address':
      return [ofDupont, reads(RFC4301, '5.2', 'MUST', 'receiver', notDelivered)];
    case 'own':
      return [reads(DUPONT, '2.2 A', 'obs', 'receiver', seenAs), reads(RFC6275, '6.3', 'obs', 'receiver', seenAs)];
    case 'two-options':
    case 'two-headers':
    case 'inside':
    case 'before-and-inside':
      return [ofDupont, reads(RFC6275, '6.3', 'obs', 'sender', seenAs)];
    case 'length-15':
    case 'length-17':
    case 'inside-length-15':
      return [
        ofDupont,
        reads(RFC4443, '3.4', 'MUST', 'receiver', notDelivered),
        reads(RFC4443, '3.4', 'SHOULD', 'receiver', { dropped: fail, refused: pass, delivered: fail }),
      ];
    case 'forged-behind-ah':
      return [ofDupont, reads(RFC8200, '4', 'MUST', 'receiver', { dropped: pass, refused: fail, delivered: fail })];
    case 'hop-by-hop':
    case 'unknown-inside':
      return [ofDupont, reads(RFC8200, '4.2', 'MUST', 'receiver', { dropped: fail, refused: pass, delivered: fail })];
    default:
      return [ofDupont, reads(RFC6275, '9.3.1', 'MUST', 'receiver', notDelivered)];
  }
}

/** A field that cannot be processed is told of (RFC 4443 3.4, RFC 8200 4.2). */
const answered: ReadonlySet<string | undefined> = new Set([
  'length-15',
  'length-17',
  'inside-length-15',
  'unknown-inside',
  'hop-by-hop',
]);
const LIE_NUMBER = 11n;
