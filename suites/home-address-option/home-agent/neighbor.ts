/**
 * Who has the addresses of a mobile node, asked on its home link (RFC 6275 10.4.1, RFC 4861 7.2.8): while it is away the home agent answers for its home
 * address, and with the L bit for its link-local address, by its own address of the link layer; before and after it does not.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, post, pre } from '../../../harness/vocabulary/judging.ts';
import { hostMutants, mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC4861, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted } from './judging.ts';

const askings = ['multicast', 'unicast', 'detection', 'unicast-without-link-layer'] as const;

/** The last number of a title, by what is asked and what for: global and link-local with L0, then with L1. */
const numbers: Readonly<Record<string, readonly [number, number, number, number]>> = {
  multicast: [1, 10, 4, 7],
  unicast: [2, 11, 5, 8],
  detection: [3, 12, 6, 9],
  'unicast-without-link-layer': [13, 16, 14, 15],
};
const groups: Readonly<Record<string, string>> = { there: 'HA_4_2', ended: 'HA_4_3', moved: 'HA_4_4' };
/** Titles that no catalogue has. */
const unknown: ReadonlySet<string> = new Set(['HA_4_4_10', 'HA_4_4_11', 'HA_4_4_12', 'HA_4_4_16']);

export const homeNeighbor = scenario({
  name: 'home-neighbor',
  title: 'Who has the addresses of a mobile node on its home link',
  cast: onHomeLink,
  dimensions: {
    binding: ['there', 'ended', 'moved'],
    asked: askings,
    target: ['home-address', 'link-local-address'],
    compatibility: ['l0', 'l1'],
  },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }, { binding, asked, target, compatibility }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    const linkLocalAddressCompatibility = compatibility === 'l1';
    await tn.sends('update', homeUpdate({ linkLocalAddressCompatibility }));
    await neighbor.solicits('learns', { target: home.address, from: home.neighbor });
    if (binding === 'moved') {
      await tn.movesTo('foreign-2');
      const there = { at: home.otherCareOfAddress, sequenceNumber: 2, linkLocalAddressCompatibility };
      await tn.sends('next', homeUpdate(there));
    }
    if (binding === 'ended') {
      await tn.sends('next', homeUpdate({ sequenceNumber: 2, lifetime: 0, linkLocalAddressCompatibility }));
    }
    const address = target === 'home-address' ? home.address : home.linkLocal;
    await neighbor.solicits('who has it', {
      target: address,
      from: asked === 'detection' ? '::' : home.neighbor,
      // To the home agent itself where it is one question: whoever else might answer is not asked.
      ...(asked.startsWith('unicast') && { to: home.agent }),
      namesLinkLayer: asked === 'multicast' || asked === 'unicast',
    });
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.4.1': question('Does the home agent answer for this address?', {
      outcomes: ['answered', 'answered overriding', 'answered otherwise', 'silent'],
      controls: (t, { binding }) => [
        pre('the home agent is alive', t.answered('alive')),
        pre('registered', accepted(t, 'update')),
        ...(binding === 'there' ? [] : [pre('the next update was accepted', accepted(t, 'next'))]),
        post('still alive', t.answered('still alive')),
      ],
      judge: (t, { asked }) => judged(t, asked),
      plays: 'receiver',
      reads: ({ binding, target, compatibility }) => {
        const isIts = answers(binding, target, compatibility);
        return [
          reads(RFC6275, '10.4.1', 'MUST', 'receiver', {
            answered: isIts ? pass : fail,
            'answered overriding': isIts ? pass : fail,
            'answered otherwise': fail,
            silent: isIts ? fail : pass,
          }),
          ...(isIts
            ? [
                reads(RFC4861, '7.2.8', 'MUST', 'receiver', {
                  answered: pass,
                  'answered overriding': fail,
                  'answered otherwise': fail,
                  silent: fail,
                }),
              ]
            : []),
        ];
      },
      lawful: ({ binding, target, compatibility }) => (answers(binding, target, compatibility) ? 'answered' : 'silent'),
      turnedBy({ binding, target, compatibility }) {
        if (answers(binding, target, compatibility)) {
          return [
            [mobilityMutants.interceptsNothing, 'silent'],
            [hostMutants.overridesAsProxy, 'answered overriding'],
          ];
        }
        if (binding === 'ended' && (target === 'home-address' || compatibility === 'l1')) {
          return [[mobilityMutants.interceptsForEver, 'answered']];
        }
        return [
          [hostMutants.answersForEveryone, 'answered'],
          ...(binding === 'ended' ? [] : ([[mobilityMutants.defendsLinkLocalAlways, 'answered']] as const)),
        ];
      },
      alsoKnownAs({ binding, asked, target, compatibility }) {
        const place = (compatibility === 'l1' ? 2 : 0) + (target === 'home-address' ? 0 : 1);
        const id = `${groups[binding]}_${numbers[asked]![place]}`;
        return unknown.has(id) ? [] : [id];
      },
    }),
  },
});

const answers = (binding: string, target: string, compatibility: string): boolean =>
  binding !== 'ended' && (target === 'home-address' || compatibility === 'l1');

function judged(t: Account, asked: string) {
  const answer = t.neighbors.answer('who has it');
  if (!answer) return t.neighbors.silent('who has it', t.answer('still alive'))?.as('silent');
  const shown = t.neighbors.shown(
    answer,
    `advertised to ${answer.destination}${answer.override ? ', overriding' : ''}`,
  );
  // Who asked one node knows its address of the link layer: the option may be left out (RFC 4861 4.4).
  const mayBeLeftOut = asked.startsWith('unicast');
  const { linkLayerAddress = mayBeLeftOut ? answer.found.frame.sourceMac : undefined } = answer;
  const isOwn = linkLayerAddress === answer.found.frame.sourceMac && !answer.router;
  if (!isOwn) return shown?.as('answered otherwise');
  return shown?.as(answer.override ? 'answered overriding' : 'answered');
}
