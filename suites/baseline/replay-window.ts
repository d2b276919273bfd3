/**
 * The anti-replay window, cell by cell (MCDANIEL "replay"; RFC 4303 and RFC 4302, 3.4.3): what is unseen and inside it is accepted once, what is newer
 * moves it, what is older is dropped, and only what is authentic moves anything. Every packet has its own sequence number by hand; that
 * the node is alive shows in a second SA with a window of its own.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings, protect } from '../../harness/vocabulary/keying.ts';
import { correspondent, homeAddressPair, mobile } from '../../harness/vocabulary/mobile-intent.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { flippedAt } from '../../harness/vocabulary/tampers.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { MCDANIEL, RFC4302, RFC4303 } from '../requirements/documents.ts';
import { cellExists, cellNames, cellOf, cellTurns, climbOf, windows } from './replay-cells.ts';

export const replayWindow = scenario({
  name: 'replay-window',
  title: 'The anti-replay window',
  // From `away`: the peer is a mobile node, and what the question is about comes behind a home address option, where all else came from home.
  dimensions: {
    window: Object.keys(windows),
    cell: cellNames,
    keying: keyings,
    protection: laterProtections,
    place: ['', 'away'],
  },
  where: (at) => cellExists(at) && (at.place === '' || isAskedAway(at)),
  given: ({ window, keying, protection, place }) => {
    const { size, extended = false, from } = windows[window]!;
    const options = {
      suite: protectionOf(protection),
      replayWindow: size,
      extendedSequenceNumbers: extended,
      ...(from && { sequenceNumber: from }),
    };
    if (place === 'away') {
      const pairs = [homeAddressPair('one', options), homeAddressPair('other', { ...options, spi: 0x2000 })];
      return correspondent({ verifiesByIpsec: true }, pairs, { by: 'any' });
    }
    const one = transportPair('one', 'ipv4', options);
    const other = transportPair('other', 'ipv4', { ...options, spi: 0x2000 });
    return keyedHosts(keying, 'ipv4', [one, other], { policy: [protect(one, [one, other])] });
  },
  async play(stage, at) {
    const { tn } = stage;
    const { first, past, forged, stimulus, newer, on = 'one' } = cellOf(at);
    await establish(stage, at.keying, ['one', 'other']);
    for (const under of ['one', 'other'])
      for (const sequenceNumber of climbOf(at))
        await tn.esp(`${under} climbs to ${sequenceNumber}`, { sequenceNumber, under });
    await tn.esp('first', { sequenceNumber: first });
    for (const sequenceNumber of past) await tn.esp(`past ${sequenceNumber}`, { sequenceNumber });
    const away = at.place === 'away' ? { careOfAddress: mobile.careOfAddress } : {};
    if (forged)
      await tn.esp('forged', {
        ...away,
        sequenceNumber: forged,
        afterSealing: flippedAt(at.protection === 'ah' ? AH_ICV : -1),
        awaited: false,
      });
    await tn.esp('stimulus', { ...away, sequenceNumber: stimulus, under: on, awaited: false });
    await tn.esp('newer', { ...away, sequenceNumber: newer, awaited: false });
    await tn.esp('alive', { sequenceNumber: first + 1n, under: 'other' });
  },
  questions: {
    'MCDANIEL-REPLAY': question('Is what arrives accepted, as its place in the window says?', {
      outcomes: ['accepted', 'dropped'],
      controls: (t, at) => [
        ...climbOf(at).map((number) => pre(`the counter climbs to ${number}`, t.answered(`one climbs to ${number}`))),
        pre('the first packet is accepted', t.answered('first')),
        ...cellOf(at).past.map((number) => pre(`number ${number} is accepted`, t.answered(`past ${number}`))),
        cellOf(at).outcome === 'dropped'
          ? post('a newer one is accepted', t.answered('newer'))
          : post('the node is alive', t.answered('alive') ?? t.answered('newer')),
      ],
      judge: (t) =>
        t.answered('stimulus')?.as('accepted') ??
        (t.silent('stimulus', 'newer') ?? t.silent('stimulus', 'alive'))?.as('dropped'),
      plays: 'receiver',
      reads: (at) => {
        const of =
          cellOf(at).outcome === 'accepted' ? { accepted: pass, dropped: fail } : { accepted: fail, dropped: pass };
        const document = at.protection === 'ah' ? RFC4302 : RFC4303;
        if (at.cell === 'zero')
          return [
            reads(MCDANIEL, 'replay', 'obs', 'receiver', zero),
            reads(document, '3.4.3', 'obs', 'receiver', zero),
          ];
        return [
          reads(MCDANIEL, 'replay', 'obs', 'receiver', of),
          reads(
            document,
            windows[at.window!]!.extended ? `3.4.3, ${at.protection === 'ah' ? 'B2' : 'A2'}` : '3.4.3',
            'MUST',
            'receiver',
            of,
          ),
        ];
      },
      lawful: (at) => cellOf(at).outcome,
      turnedBy: cellTurns,
    }),
  },
});

/** One window lies where it is wherever packets come from; of those that differ in how it is counted, one of each kind. */
function isAskedAway({ window, keying }: Readonly<Record<string, string>>): boolean {
  return keying === 'manual' && (window === '64' || window === 'esn-64');
}

/** The first octet of the ICV in AH (RFC 4302 2). */
const AH_ICV = 12;

/** No sender begins with it (RFC 4303 2.2), but no sentence has a receiver refuse it; MCDANIEL's counters begin there. */
const zero = {
  accepted: observed('number 0 is accepted like any that was not seen'),
  dropped: observed('number 0 counts as seen'),
};
