/**
 * Some traffic between two hosts is protected; what becomes of the rest (BELLOVIN 6 "must consider"; RFC 4301 4.4.1)? It goes in clear where nothing is said, is discarded where
 * that is said, or is protected in another way: here by AH, where the first has ESP. Echoes have a pair of their own, which proves life.
 */
import { type Account, both, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { type NodeMutant, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { sinkPort } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { BELLOVIN, RFC4301 } from '../requirements/documents.ts';
import { agreedOn } from './agreed.ts';

type Outcome = 'in-clear' | 'discarded' | 'protected' | 'mixed';

/** Of the tester. */
const PORT = 1_179;

const life = transportPair('life', 'ipv4', { spi: 0x3000, selector: { protocol: protocols.ICMP } });
const some = transportPair('some', 'ipv4', { selector: { protocol: protocols.UDP, remotePort: PORT } });
const rest = transportPair('rest', 'ipv4', { spi: 0x2000, suite: ahSuites['ah-sha256'] });

const fates = {
  unsaid: { lawful: 'in-clear', mutant: policyMutants.ignoresPorts, turned: 'mixed' },
  'to-be-discarded': { lawful: 'discarded', mutant: policyMutants.hasNoFinalEntry, turned: 'in-clear' },
  'under-ah': { lawful: 'protected', mutant: policyMutants.admitsPlaintext, turned: 'mixed' },
} as const satisfies Record<string, { lawful: Outcome; mutant: NodeMutant; turned: Outcome }>;
type Fate = keyof typeof fates;

const fateOf = ({ theRest }: Readonly<Record<string, string>>) => fates[theRest as Fate];
const pairsOf = (theRest: Fate) => (theRest === 'under-ah' ? [life, some, rest] : [life, some]);

const namesOf = (theRest: Fate) => pairsOf(theRest).map(({ name }) => name);

export const theRest = scenario({
  name: 'the-rest',
  title: 'What becomes of the traffic that is not protected',
  dimensions: { theRest: Object.keys(fates) as Fate[], keying: keyings },
  given: ({ theRest, keying }) =>
    keyedHosts(keying, 'ipv4', pairsOf(theRest), theRest === 'to-be-discarded' ? { unmatched: 'DISCARD' } : {}),
  async play(stage, { theRest, keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, namesOf(theRest));
    await tn.echo('before');
    await tn.udp('some', { sourcePort: PORT });
    await tn.udp('clear', { inClear: true });
    if (theRest === 'under-ah') await tn.udp('sealed');
    await nut.udp('own', { destinationPort: sinkPort, awaited: false });
    await tn.udp('some again', { sourcePort: PORT });
    await tn.echo('after');
    await nut.reports('report', {
      until: ({ delivered }) => delivered.filter(({ sourcePort }) => sourcePort === PORT).length > 1,
    });
  },
  questions: {
    'BELLOVIN-6c': question('What becomes of the traffic between two hosts of which some is protected?', {
      outcomes: ['in-clear', 'discarded', 'protected', 'mixed'],
      controls: (t, { theRest, keying }) => [
        ...agreedOn(t, keying!, namesOf(theRest as Fate)),
        pre('an echo goes under ESP both ways', t.answered('before')),
        pre('what is to be protected comes through', t.delivered('some', 'report')),
        post('and again', t.delivered('some again', 'report')),
        post('an echo goes under ESP again', t.answered('after')),
      ],
      judge,
      plays: ['receiver', 'sender'],
      reads: (at) => [
        reads(BELLOVIN, '6', 'obs', 'implementation', {
          'in-clear': observed('the rest goes in clear'),
          discarded: observed('the rest is discarded'),
          protected: observed('the rest is protected in another way'),
          mixed: observed('the rest goes another way out than in'),
        }),
        at.theRest === 'unsaid'
          ? reads(RFC4301, '4.4.1', 'obs', 'administrator', {
              'in-clear': observed('there is no final entry that discards, as there should be'),
              discarded: observed('what nothing is said of is discarded'),
              protected: observed('what nothing is said of is protected'),
              mixed: observed('what nothing is said of goes another way out than in'),
            })
          : reads(RFC4301, '5.1 3, 5.2 3b', 'MUST', 'implementation', {
              'in-clear': fail,
              discarded: fail,
              protected: fail,
              mixed: fail,
              [fateOf(at).lawful]: pass,
            }),
      ],
      lawful: (at) => fateOf(at).lawful,
      turnedBy: (at): readonly Turn<Outcome>[] => [[fateOf(at).mutant, fateOf(at).turned]],
    }),
  },
});

function judge(t: Account): Judgement | undefined {
  const entered = t.delivered('clear', 'report');
  const kept = t.undelivered('clear', 'after', 'report');
  const [inClear, sealed, unsent] = [t.sentUnder('own', 'clear'), t.sentUnder('own', 'esp'), t.unsent('own', 'after')];
  return (
    both(entered, inClear)?.as('in-clear') ??
    both(kept, unsent)?.as('discarded') ??
    both(kept, t.delivered('sealed', 'report'), sealed)?.as('protected') ??
    both(entered ?? kept, inClear ?? sealed ?? unsent)?.as('mixed')
  );
}
