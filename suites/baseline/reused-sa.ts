/**
 * Later packets use the SA that the first one had set up (MCDANIEL example; RFC 4301 5.1): a hundred of them, and one after a while in which nothing was said.
 */
import { type Account, finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { sadMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL, RFC4301 } from '../requirements/documents.ts';

const hundred = Array.from({ length: 100 }, (_, place) => `packet ${place}`);
/** Seconds without a word. */
const pause = 5;

export const reusedSa = scenario({
  name: 'reused-sa',
  title: 'A hundred packets, and one after a while',
  dimensions: { keying: keyings },
  given: ({ keying }) => keyedHosts(keying, 'ipv4', [transportPair('pair', 'ipv4', { start: 'trap' })]),
  lasts: () => pause,
  async play(stage, { keying }) {
    const { tn, nut } = stage;
    const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
    await tn.pingInClear('path', elsewhere);
    await establish(stage, keying, ['pair']);
    await nut.udp(hundred[0]!);
    for (const packet of hundred.slice(1)) await nut.udp(packet, { awaited: false });
    await tn.letsPass('a while', pause);
    await nut.udp('later');
    await tn.pingInClear('life', elsewhere);
  },
  questions: {
    'MCDANIEL-REUSE': question('Do later packets use the SA that is there?', {
      outcomes: ['same', 'another', 'kept-back'],
      controls: (t) => [
        pre('the first packet leaves under the SA', t.sentUnder(hundred[0]!, 'esp')),
        post('the node lives', t.answered('life')),
      ],
      judge,
      plays: 'sender',
      reads: [
        reads(MCDANIEL, 'example', 'obs', 'sender', { same: pass, another: fail, 'kept-back': fail }),
        reads(RFC4301, '5.1 3a', 'obs', 'sender', { same: pass, another: fail, 'kept-back': fail }),
      ],
      lawful: 'same',
      turnedBy: ({ keying }): readonly Turn<'another' | 'kept-back'>[] => [
        [sadMutants.usesEachOnce, keying === 'manual' ? 'kept-back' : 'another'],
      ],
    }),
  },
});

function judge(t: Account): Judgement | undefined {
  const sent = [...hundred, 'later'].map((name) => t.probe(name));
  const spis = sent.map((found) => found?.packet.esp?.spi);
  const other = spis.findIndex((spi) => spi !== undefined && spi !== spis[0]);
  if (other >= 0) {
    const says = 'this one leaves under another SA';
    return finding(says, t.evidenceOf(sent[other]!, says)).as('another');
  }
  if (sent.some((found) => !found)) return t.sentUnder(hundred[0]!, 'esp')?.as('kept-back');
  const says = `${sent.length} packets have one SPI`;
  return finding(says, t.evidenceOf(sent[0]!, 'the first'), t.evidenceOf(sent.at(-1)!, 'the last')).as('same');
}
