/**
 * A flow under ESP between a mobile node and a correspondent while the mobile node leaves home, moves on and comes back (RFC
 * 6275 10.4.2, 10.4.5, 11.3.1; DUPONT 2.5, recommendation F): once it has acknowledged where the mobile node is, what is sent reaches it there, both ways,
 * under the SAs that there were.
 */
import {
  flowThroughHomeAgent,
  home,
  signallingPair,
  throughHomeAgent,
} from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, both, type Finding, finding, post, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted } from './judging.ts';

/** Where the mobile node goes, and the update by which each place is told. */
const places = [
  { place: 'foreign-1', update: 'leaves', at: home.careOfAddress },
  { place: 'foreign-2', update: 'moves on', at: home.otherCareOfAddress },
] as const;

/** Asked as soon as the acknowledgement is there; nothing is asked between a move and its acknowledgement. */
const asked = places.flatMap(({ update }) => [`${update}: first`, `${update}: second`, `${update}: answered`]);

export const homeHandover = scenario({
  name: 'home-handover',
  title: 'A flow under ESP through a home agent while the mobile node moves',
  cast: throughHomeAgent,
  dimensions: { signalling: ['in-clear', 'under-esp'] },
  given: ({ signalling }) => flowThroughHomeAgent(signalling === 'under-esp' ? [signallingPair()] : []),
  async play({ tn, cn }) {
    await cn.echo('at home', toMobileNode);
    for (const [index, { place, update, at }] of places.entries()) {
      await tn.movesTo(place);
      await tn.sends(update, homeUpdate({ at, sequenceNumber: index + 1 }));
      await cn.echo(`${update}: first`, toMobileNode);
      await cn.echo(`${update}: second`, toMobileNode);
      await tn.echo(`${update}: answered`, { to: mobileIpv6.correspondent });
    }
    await tn.movesTo('home');
    await tn.sends('comes home', homeUpdate({ at: 'home', alternate: 'none', lifetime: 0, sequenceNumber: 3 }));
    await cn.echo('home again', { ...toMobileNode, untilAnswered: true });
  },
  questions: {
    'DUPONT-F': question(
      'Is a flow lost that goes on after the home agent has acknowledged where its mobile node is?',
      {
        outcomes: ['none lost', 'some lost'],
        controls: (t) => [
          pre('the flow is there at home', t.answered('at home')),
          ...places.map(({ update }) => pre(`acknowledged: ${update}`, accepted(t, update))),
          seen('it goes on under the SAs that there were', sameSas(t)),
          post('it is there at home again', t.answered('home again')),
        ],
        judge: (t) => {
          const lost = asked.find((name) => !t.answered(name));
          if (lost !== undefined) return t.silent(lost, 'home again')?.as('some lost');
          return both(...asked.map((name) => t.answered(name)))?.as('none lost');
        },
        plays: 'receiver',
        reads: [
          reads(DUPONT, '2.5 F', 'SHOULD', 'receiver', { 'none lost': pass, 'some lost': fail }),
          reads(RFC6275, '10.4.2', 'MUST', 'receiver', { 'none lost': pass, 'some lost': fail }),
        ],
        lawful: 'none lost',
        turnedBy: [
          [mobilityMutants.tunnelsToHomeAddress, 'some lost'],
          [mobilityMutants.opensNoTunnel, 'some lost'],
        ],
      },
    ),
  },
});

/** Both ends keep one SPI, and its numbers go on. */
function sameSas(t: Account): Finding | undefined {
  const ways = (['tn', 'cn'] as const).map((name) => {
    const found = t.espHeaders(name).filter(({ header }) => flowSpis.has(header.spi));
    const numbers = found.map(({ header }) => header.sequenceNumber);
    const [first, last] = [found[0], found.at(-1)];
    const goOn = numbers.every((number, index) => index === 0 || number > numbers[index - 1]!);
    if (!first || !last || first.header.spi !== last.header.spi || !goOn) return undefined;
    const says = `${name}: SPI ${first.header.spi}, numbers ${numbers[0]} to ${numbers.at(-1)}`;
    return finding(says, t.evidenceOf(first, says), t.evidenceOf(last, says));
  });
  return both(...ways);
}

const toMobileNode = { to: home.address } as const;

const flowSpis: ReadonlySet<number> = new Set([0x5001, 0x5002]);
