/**
 * Which addresses a home agent tests before it accepts (RFC 6275 10.3.1): the home address, with the L bit the link-local address of the same interface
 * identifier, too. Somebody on the home link may have one of them; then the whole update is refused with status 134.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { both, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { answers, answerTo, only } from './judging.ts';

const claimed = { 'home-address': home.address, 'link-local-address': home.linkLocal } as const;

/** Of the catalogues before this one. */
const refused: Readonly<Record<string, string>> = {
  'l0 home-address asked-for': 'HA_2_4_1',
  'l1 home-address asked-for': 'HA_2_4_2',
  'l1 link-local-address asked-for': 'HA_2_4_3',
  'l0 home-address unasked': 'HA_2_4_4',
  'l1 home-address unasked': 'HA_2_4_5',
  'l1 link-local-address unasked': 'HA_2_4_6',
  'l0 link-local-address asked-for': 'HA_2_3_3',
};

export const homeDetection = scenario({
  name: 'home-detection',
  title: 'Addresses that a home agent tests, and one that is in use',
  cast: onHomeLink,
  dimensions: {
    compatibility: ['l0', 'l1'],
    inUse: ['nothing', 'home-address', 'link-local-address'],
    acknowledgement: ['asked-for', 'unasked'],
  },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }, { compatibility, inUse, acknowledgement }) {
    await neighbor.pingInClear('alive');
    const fields = {
      linkLocalAddressCompatibility: compatibility === 'l1',
      acknowledge: acknowledgement === 'asked-for',
    };
    const updated = tn.sends('update', homeUpdate(fields));
    if (inUse !== 'nothing') {
      const whenTested = inUse === 'link-local-address' && compatibility === 'l1' ? home.linkLocal : home.address;
      await neighbor.claims('in use', claimed[inUse], { whenTested });
    }
    await updated;
    await neighbor.pingInClear('still alive');
  },
  questions: {
    'RFC6275-10.3.1-DAD': question('Is a registration refused where somebody has the address on the home link?', {
      outcomes: answers,
      controls: (t) => [
        pre('the home agent is alive', t.answered('alive')),
        pre('somebody has the address', t.sent('in use') ?? t.answered('still alive')),
      ],
      judge: (t) => {
        const told = answerTo(t, 'update', DUPLICATE, 'update');
        return (
          told ??
          both(t.mobility.shown(t.mobility.sent('update'), 'the update'), t.answered('still alive'))?.as('silent')
        );
      },
      plays: 'receiver',
      asks: ({ inUse }) => inUse !== 'nothing',
      reads: ({ compatibility, inUse }) => [
        reads(RFC6275, '10.3.1', 'MUST', 'receiver', only(lawful(compatibility, inUse), answers)),
      ],
      lawful: ({ compatibility, inUse }) => lawful(compatibility, inUse),
      turnedBy: ({ compatibility, inUse }) =>
        lawful(compatibility, inUse) === 'accepted'
          ? [[mobilityMutants.defendsLinkLocalAlways, 'refused']]
          : [
              [mobilityMutants.ignoresDuplicates, 'accepted'],
              ...(inUse === 'link-local-address' ? ([[mobilityMutants.forgetsLinkLocal, 'accepted']] as const) : []),
            ],
      alsoKnownAs({ compatibility, inUse, acknowledgement }) {
        const known = refused[`${compatibility} ${inUse} ${acknowledgement}`];
        return known === undefined ? [] : [known];
      },
    }),
    'RFC6275-10.4.1-ANNOUNCED': question('Which addresses does a home agent take over on the home link?', {
      outcomes: ['the home address', 'both', 'none'],
      controls: (t) => [
        pre('the home agent is alive', t.answered('alive')),
        pre('and still', t.answered('still alive')),
      ],
      judge(t) {
        const unasked = { after: 'update', where: ({ solicited }: { solicited: boolean }) => !solicited };
        const taken = (address: string) =>
          both(
            t.neighbors.shown(t.neighbors.tested(address, { after: 'update' }), `${address} is tested`),
            t.neighbors.shown(t.neighbors.advertised(address, unasked), `${address} is advertised`),
          );
        const [global, local] = [taken(home.address), taken(home.linkLocal)];
        return (
          both(global, local)?.as('both') ?? global?.as('the home address') ?? t.answered('still alive')?.as('none')
        );
      },
      plays: 'receiver',
      asks: ({ inUse }) => inUse === 'nothing',
      reads: ({ compatibility }) => [
        reads(RFC6275, '10.3.1', 'MUST', 'receiver', {
          both: compatibility === 'l1' ? pass : fail,
          'the home address': compatibility === 'l0' ? pass : fail,
          none: fail,
        }),
      ],
      lawful: ({ compatibility }) => (compatibility === 'l1' ? 'both' : 'the home address'),
      turnedBy: ({ compatibility }) =>
        compatibility === 'l1'
          ? [[mobilityMutants.forgetsLinkLocal, 'the home address']]
          : [[mobilityMutants.defendsLinkLocalAlways, 'both']],
      alsoKnownAs: ({ compatibility, acknowledgement }) =>
        compatibility === 'l1' && acknowledgement === 'asked-for' ? ['HA_2_3_2', 'HA_4_1_2'] : [],
    }),
  },
});

const lawful = (compatibility: string, inUse: string) =>
  compatibility === 'l0' && inUse === 'link-local-address' ? 'accepted' : 'refused';

/** Status of a binding acknowledgement. */
const DUPLICATE = 134;
