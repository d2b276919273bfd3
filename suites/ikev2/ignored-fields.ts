/**
 * What a receiver ignores (RFC 7296 2.5, 3.1): RESERVED fields, the minor version, and the flag of who speaks a higher version too. Each message of the four
 * exchanges has them set in its turn, and what it says is otherwise as ever.
 */

import { tells } from '../../harness/vocabulary/lies.ts';
import { messageMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { RFC7296 } from '../requirements/documents.ts';
import {
  alters,
  became,
  type ExchangeAsked,
  exchangesAsked,
  isFirst,
  meanwhileOf,
  wasTold,
} from './altered-exchange.ts';
import { aroundControls, between, CLAIM, type Numbers, nodes, olderIds, playAround, roles } from './nodes.ts';

const header = (change: Partial<IkeMessage['header']>) => (message: IkeMessage) => ({
  ...message,
  header: { ...message.header, ...change },
});

/** Every reserved field that a payload has, from its generic header on. */
function reservedIn(payload: Payload): Payload {
  const octets = (count: number) => new Uint8Array(count).fill(0xff);
  switch (payload.type) {
    case 'SA': {
      const proposals = payload.proposals.map((proposal) => ({
        ...proposal,
        reserved: octets(1),
        transforms: proposal.transforms.map((each) => ({ ...each, reserved: octets(1), reserved2: octets(1) })),
      }));
      return { ...payload, proposals, reservedBits: 0x7f };
    }
    case 'KE':
      return { ...payload, reserved: octets(2), reservedBits: 0x7f };
    case 'IDi':
    case 'IDr':
    case 'AUTH':
    case 'TSi':
    case 'TSr':
      return { ...payload, reserved: octets(3), reservedBits: 0x7f };
    default:
      return { ...payload, reservedBits: 0x7f };
  }
}

const ways = {
  'reserved-fields': (message: IkeMessage): IkeMessage => ({ ...message, payloads: message.payloads.map(reservedIn) }),
  'reserved-flags': (message: IkeMessage) =>
    header({ flags: { ...message.header.flags, reservedHigh: 3, reservedLow: 7 } })(message),
  'minor-version': header({ minorVersion: 1 }),
  'version-flag': (message: IkeMessage) => header({ flags: { ...message.header.flags, version: true } })(message),
} as const;
type Way = keyof typeof ways;

const mutants = {
  'reserved-fields': messageMutants.mindsReservedFields,
  'reserved-flags': messageMutants.mindsReservedFields,
  'minor-version': messageMutants.mindsMinorVersions,
  'version-flag': messageMutants.mindsVersionFlag,
} as const satisfies Record<Way, unknown>;

const numbers: Partial<Record<Way, Partial<Record<ExchangeAsked, Numbers>>>> = {
  'reserved-fields': {
    'ike-sa-init': { initiator: ['1.1.11.1'], responder: ['1.1.11.1'] },
    'ike-auth': { initiator: ['1.1.11.2'], responder: ['1.1.11.2'] },
    'create-child-sa': { initiator: ['1.2.7.1'], responder: ['1.2.9.1'] },
    informational: { initiator: ['1.3.3.1'], responder: ['1.3.3.1'] },
  },
  'minor-version': { 'ike-sa-init': { responder: ['1.1.4.1'] } },
  'version-flag': { 'ike-sa-init': { initiator: ['1.1.11.3'], responder: ['1.1.11.3'] } },
};

export const ignoredFields = scenario({
  name: 'ignored-fields',
  title: 'A message has fields set that nobody looks at',
  dimensions: { way: Object.keys(ways) as Way[], exchange: exchangesAsked, node: nodes, role: roles },
  // A node that drops an answer asks for it until it gives up; only before IKE_AUTH is done does it begin anew at once.
  where: ({ way, exchange }) => way === 'reserved-fields' || isFirst(exchange),
  given: ({ node }) => between(node),
  misbehaves: ({ way, exchange, role }) => ({ tn: tells(way, alters(exchange, role, CLAIM), ways[way as Way]) }),
  play: (stage, { exchange, role }) => playAround(stage, role, { meanwhile: meanwhileOf(stage, exchange, role) }),
  questions: {
    'RFC7296-2.5-RESERVED': question('Is a message taken whatever its reserved fields hold?', {
      outcomes: ['taken', 'minded'],
      controls: (t, { way }) => [...aroundControls(t), wasTold(t, way)],
      judge: (t, at) => became(t, at, { taken: 'taken', otherwise: 'minded' }),
      plays: ['receiver'],
      reads: ({ way }) => [
        reads(RFC7296, way === 'version-flag' ? '3.1' : '2.5', 'MUST', 'receiver', { taken: pass, minded: fail }),
      ],
      lawful: 'taken',
      turnedBy: ({ way }) => [[mutants[way as Way], 'minded']],
      alsoKnownAs: (at) => olderIds(at, numbers[at.way as Way]?.[at.exchange as ExchangeAsked] ?? {}),
    }),
  },
});
