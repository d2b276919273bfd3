/**
 * A request that cannot be granted, for what it says or does not say (RFC 7296 1.3.2, 2.15, 2.21): refused, and with the error that is meant for it.
 */
import { peering } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, inconclusive, type Judgement } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { type Meant, tells } from '../../harness/vocabulary/lies.ts';
import { identityMutants, messageMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { errorSince, wasTold } from './altered-exchange.ts';
import { aroundControls, between, CLAIM, nodes, olderIds, playAround } from './nodes.ts';

type Outcome = 'as-meant' | 'another-error' | 'granted';

interface Way {
  readonly exchange: Meant['exchange'];
  readonly change: (payload: Payload) => readonly Payload[];
  readonly error: string;
  readonly section: string;
  readonly mutant: readonly [NodeMutant, Outcome];
  readonly number: string;
}

const ways = {
  'without-selectors': {
    exchange: 'IKE_AUTH',
    change: (payload) => (payload.type === 'TSr' ? [] : [payload]),
    error: 'INVALID_SYNTAX',
    section: '2.21.2',
    mutant: [messageMutants.wantsNoPayloads, 'another-error'],
    number: '1.1.8.2',
  },
  'false-authentication': {
    exchange: 'IKE_AUTH',
    change: (payload) => [
      payload.type === 'AUTH' ? { ...payload, method: 9, data: new Uint8Array(64).fill(7) } : payload,
    ],
    error: 'AUTHENTICATION_FAILED',
    section: '2.21.2',
    mutant: [identityMutants.verifiesNoSignature, 'granted'],
    number: '1.2.8.1',
  },
  'rekeying-without-group': {
    exchange: 'CREATE_CHILD_SA',
    change: (payload) => {
      if (payload.type !== 'SA') return [payload];
      const withNone = payload.proposals.map((proposal) => ({
        ...proposal,
        transforms: proposal.transforms.map((each) => (each.type === KEY_EXCHANGE ? { ...each, id: 0 } : each)),
      }));
      return [{ ...payload, proposals: withNone }];
    },
    error: 'NO_PROPOSAL_CHOSEN',
    section: '1.3.2',
    mutant: [messageMutants.takesAnyIkeProposal, 'another-error'],
    number: '1.2.6.8',
  },
} as const satisfies Record<string, Way>;
type WayName = keyof typeof ways;

/** Of `transformTypes`. */
const KEY_EXCHANGE = 4;

export const refusedRequests = scenario({
  name: 'refused-requests',
  title: 'A request comes that cannot be granted',
  dimensions: { way: Object.keys(ways) as WayName[], node: nodes },
  given: ({ node }) => between(node),
  misbehaves: ({ way }) => {
    const { exchange, change }: Way = ways[way as WayName];
    const altered = ({ payloads, ...rest }: IkeMessage): IkeMessage => ({
      ...rest,
      payloads: payloads.flatMap(change),
    });
    return { tn: tells(way, { exchange, kind: 'request', ikeSa: CLAIM, times: 1 }, altered) };
  },
  play: (stage, { way }) =>
    playAround(stage, 'responder', {
      meanwhile: async () => {
        if (ways[way as WayName].exchange === 'CREATE_CHILD_SA')
          await stage.tn.rekeysIke('rekey', childName(peering.child));
      },
    }),
  questions: {
    'RFC7296-2.21-REQUEST': question('Is it refused, and with the error that is meant for it?', {
      outcomes: ['as-meant', 'another-error', 'granted'],
      controls: (t, { way }) => [...aroundControls(t), wasTold(t, way!)],
      judge: (t, { way }) => judged(t, ways[way as WayName]),
      plays: ['responder', 'receiver'],
      reads: ({ way }) => [
        reads(RFC7296, ways[way as WayName].section, 'MUST', 'receiver', {
          'as-meant': pass,
          'another-error': observed('it is refused for another reason'),
          granted: fail,
        }),
      ],
      lawful: 'as-meant',
      turnedBy: ({ way }) => [ways[way as WayName].mutant],
      alsoKnownAs: ({ way, node }) =>
        olderIds({ node: node!, role: 'responder' }, { responder: [ways[way as WayName].number] }),
    }),
  },
});

function judged(t: Account, { exchange, error }: Way): Judgement | undefined {
  const said = errorSince(t, exchange === 'CREATE_CHILD_SA' ? 'rekey' : 'claim');
  if (said)
    return t.ike.said(said.message, `it answers ${said.name}`).as(said.name === error ? 'as-meant' : 'another-error');
  const granted = exchange === 'CREATE_CHILD_SA' ? t.ike.childAgreed('rekey') : t.ike.childAgreed('claim');
  return granted?.as('granted') ?? inconclusive('I-TIME', 'neither an error nor an SA');
}
