/**
 * ESP and AH as children of IKE (BELLOVIN 3.1 "virtually all packages support both"; RFC 4301 3.2, RFC 7296 3.3): the node's policy wants one of them, and
 * the tester offers that, the other, or both as alternatives. A bundle is not to be had: one proposal is for one protocol.
 */

import { cause, post } from '../../harness/vocabulary/judging.ts';
import { childName, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { offersBesides } from '../../harness/vocabulary/lies.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { childOf, transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites, proposalOf } from '../../harness/vocabulary/transforms.ts';
import { BELLOVIN, RFC4301, RFC7296 } from '../requirements/documents.ts';

const suites = { esp: espSuites['aes-cbc-sha256'], ah: ahSuites['ah-sha256'] } as const;
type Protocol = keyof typeof suites;
type Outcome = Protocol | 'refused';

const pairUnder = (protocol: Protocol) => transportPair('pair', 'ipv4', { suite: suites[protocol] });
const other = (protocol: Protocol): Protocol => (protocol === 'ah' ? 'esp' : 'ah');

export const offeredProtocols = scenario({
  name: 'offered-protocols',
  title: 'A child under ESP, under AH, or under whichever',
  dimensions: { wanted: ['esp', 'ah'], offered: ['alone', 'besides', 'not'] },
  given: ({ wanted, offered }) => {
    const told = keyedHosts('ikev2', 'ipv4', [pairUnder(wanted)]);
    if (offered !== 'not') return told;
    const { tn } = told.parties;
    const { protocol: _protocol, ...child } = tn!.ike[0]!.children[0]!;
    const { protocol, proposals } = childOf(pairUnder(other(wanted)));
    const children = [{ ...child, proposals, ...(protocol && { protocol }) }];
    return { ...told, parties: { ...told.parties, tn: { ...tn!, ike: [{ ...tn!.ike[0]!, children }] } } };
  },
  misbehaves: ({ wanted, offered }) => {
    const suite = suites[other(wanted)];
    return { tn: offered === 'besides' ? offersBesides(suite.protocol, proposalOf(suite)) : {} };
  },
  async play({ tn }) {
    const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
    await tn.pingInClear('path', elsewhere);
    await tn.initiates('establish', childName('pair'));
    await tn.pingInClear('life', elsewhere);
  },
  questions: {
    'BELLOVIN-3.1c': question('Is a child made under the protocol that policy wants, and under no other?', {
      outcomes: ['esp', 'ah', 'refused'],
      controls: (t) => [
        cause('the node is reached on the same link', t.answered('path')),
        post('and still is', t.answered('life')),
      ],
      judge: (t) =>
        t.ike.childAgreed('establish', 'ESP')?.as('esp') ??
        t.ike.childAgreed('establish', 'AH')?.as('ah') ??
        t.ike.refused('establish', 'nut')?.as('refused'),
      plays: 'responder',
      reads: ({ wanted, offered }) => {
        const of = (outcome: Outcome) => ({ esp: fail, ah: fail, refused: fail, [outcome]: pass });
        return [
          reads(BELLOVIN, '3.1', 'obs', 'implementation', {
            esp: observed('ESP is negotiated'),
            ah: observed('AH is negotiated'),
            refused: observed('no child is made'),
          }),
          offered === 'not'
            ? reads(RFC7296, '2.7', 'MUST', 'responder', of('refused'))
            : wanted === 'esp'
              ? reads(RFC4301, '3.2', 'MUST', 'implementation', of('esp'))
              : reads(RFC4301, '3.2', 'MAY', 'implementation', {
                  esp: observed('ESP in the place of AH'),
                  ah: pass,
                  refused: observed('AH is not there'),
                }),
        ];
      },
      lawful: ({ wanted, offered }) => (offered === 'not' ? 'refused' : (wanted as Protocol)),
      turnedBy: ({ wanted, offered }): readonly Turn<Outcome>[] => {
        if (offered === 'not') return [[childMutants.takesWhatIsOffered, other(wanted as Protocol)]];
        return [[wanted === 'ah' ? childMutants.knowsEspOnly : childMutants.knowsAhOnly, 'refused']];
      },
    }),
  },
});
