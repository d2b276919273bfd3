/**
 * ESP for integrity alone (BELLOVIN 3.1; RFC 2410, which RFC 8221 5 has as MUST): NULL in the place of a cipher. What is carried can be read on the wire, in both directions,
 * and is dropped where its ICV is not right.
 */
import { type Account, both, finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, establishing, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { childMutants, espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { flippedAt } from '../../harness/vocabulary/tampers.ts';
import { espSuites } from '../../harness/vocabulary/transforms.ts';
import { hex } from '../../reference/wire/octets.ts';
import { BELLOVIN, RFC8221 } from '../requirements/documents.ts';

const PAIR = 'pair';

export const integrityAlone = scenario({
  name: 'integrity-alone',
  title: 'ESP without encryption',
  dimensions: { encryption: ['null'], keying: keyings },
  given: ({ keying }) => keyedHosts(keying, 'ipv4', [transportPair(PAIR, 'ipv4', { suite: espSuites['null-sha256'] })]),
  async play(stage, { keying }) {
    const { tn } = stage;
    const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
    const unlessRefused = establishing(PAIR);
    await tn.pingInClear('path', elsewhere);
    await establish(stage, keying, [PAIR]);
    await tn.esp('readable', { unlessRefused });
    await tn.esp('altered', { afterSealing: flippedAt(-1), awaited: false });
    await tn.esp('unaltered', { unlessRefused });
    await tn.pingInClear('life', elsewhere);
  },
  questions: {
    'BELLOVIN-3.1e': question('Does ESP without encryption carry what can be read, and drop what was altered?', {
      outcomes: ['readable', 'unreadable', 'unchecked', 'refused'],
      controls: (t) => [
        pre('the node is reached on the same link', t.answered('path')),
        post('and still is', t.answered('life')),
      ],
      judge,
      plays: ['sender', 'receiver'],
      reads: [
        reads(BELLOVIN, '3.1', 'obs', 'implementation', {
          readable: observed('integrity alone'),
          unreadable: observed('what is carried cannot be read'),
          unchecked: observed('not even integrity'),
          refused: observed('no ESP without encryption'),
        }),
        reads(RFC8221, '5', 'MUST', 'implementation', {
          readable: pass,
          unreadable: fail,
          unchecked: fail,
          refused: fail,
        }),
      ],
      lawful: 'readable',
      turnedBy: ({ keying }) => [
        [espMutants.ignoresIcv, 'unchecked'],
        ...(keying === 'ikev2' ? ([[childMutants.choosesOneOfEachTransform, 'refused']] as const) : []),
      ],
    }),
  },
});

function judge(t: Account): Judgement | undefined {
  const answer = t.answer('readable');
  if (!answer) return (t.ike.refused(establishing(PAIR), 'nut') ?? t.silent('readable', 'life'))?.as('refused');
  const unchecked = t.answered('altered')?.as('unchecked');
  if (unchecked) return unchecked;
  const isReadable = hex(answer.frame.entry.octets).includes(hex(new TextEncoder().encode('integrity-alone readable')));
  const says = `what is carried can ${isReadable ? '' : 'not '}be read in frame ${answer.frame.entry.number}`;
  const carried = finding(says, t.evidenceOf(answer, says));
  return both(carried, t.silent('altered', 'unaltered'))?.as(isReadable ? 'readable' : 'unreadable');
}
