/**
 * A payload of a type that nobody has defined (RFC 7296 2.5): skipped where it is not critical, and where it is, the message is rejected, a request with the
 * name of the type.
 */
import type { Account, Judgement } from '../../harness/vocabulary/judging.ts';
import { tells } from '../../harness/vocabulary/lies.ts';
import { messageMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { TAKEN_FOR_ANOTHER } from '../../harness/vocabulary/tampers.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { RFC7296 } from '../requirements/documents.ts';
import {
  alters,
  errorOf,
  exchangesAsked,
  isFirst,
  meanwhileOf,
  objection,
  takenAsUsual,
  wasTold,
} from './altered-exchange.ts';
import { type At, aroundControls, between, CLAIM, nodes, olderIds, playAround, roles } from './nodes.ts';

type Outcome = 'skipped' | 'named' | 'rejected';

/** The first that IKEv1 had, the last before those of IKEv2, and the last for private use. */
const types = ['1', '32', '255'] as const;
/** As which tshark reads it all the same. */
const IKEV1_SA: (typeof types)[number] = '1';

export const unknownPayloads = scenario({
  name: 'unknown-payloads',
  title: 'A message has a payload of a type that nobody knows',
  dimensions: { flag: ['plain', 'critical'], type: types, exchange: exchangesAsked, node: nodes, role: roles },
  where: ({ type, exchange }) => type === '255' || exchange === 'ike-auth',
  given: ({ node }) => between(node),
  misbehaves: ({ flag, type, exchange, role }) => ({
    tn: tells(
      'unknown payload',
      alters(exchange, role, CLAIM),
      (message) => {
        const unknown: Payload = {
          type: 'unknown',
          payloadType: Number(type),
          critical: flag === 'critical',
          data: Uint8Array.of(1, 2, 3, 4),
        };
        return { ...message, payloads: [...message.payloads, unknown] };
      },
      type === IKEV1_SA ? TAKEN_FOR_ANOTHER : undefined,
    ),
  }),
  play: (stage, { exchange, role }) => playAround(stage, role, { meanwhile: meanwhileOf(stage, exchange, role) }),
  questions: {
    'RFC7296-2.5-UNKNOWN': question('Is a payload skipped that is not critical, and a critical one rejected?', {
      outcomes: ['skipped', 'named', 'rejected'],
      controls: (t) => [...aroundControls(t), wasTold(t, 'unknown payload')],
      judge: (t, at) => judged(t, at),
      plays: ({ role }) => ['receiver', role as 'initiator' | 'responder'],
      reads: ({ flag, role }) => {
        if (flag === 'plain')
          return [reads(RFC7296, '2.5', 'MUST', 'receiver', { skipped: pass, named: fail, rejected: fail })];
        const rejected = role === 'initiator' ? pass : fail;
        return [reads(RFC7296, '2.5', 'MUST', 'receiver', { skipped: fail, named: pass, rejected })];
      },
      lawful: ({ flag, role }) => (flag === 'plain' ? 'skipped' : role === 'responder' ? 'named' : 'rejected'),
      turnedBy: ({ flag, role }): readonly Turn<Outcome>[] =>
        flag === 'critical'
          ? [[messageMutants.skipsCriticalPayloads, 'skipped']]
          : [[messageMutants.refusesUnknownPayloads, role === 'responder' ? 'named' : 'rejected']],
      alsoKnownAs: (at) => {
        if (at.flag === 'plain') return olderIds(at, { initiator: ['1.1.4.1'], responder: ['1.1.4.3'] });
        return olderIds(at, { initiator: ['1.1.4.2'], responder: ['1.1.4.4'] });
      },
    }),
  },
});

function judged(t: Account, { exchange, role, type }: At): Judgement | undefined {
  const error = errorOf(t, exchange!);
  const named =
    error?.name === 'UNSUPPORTED_CRITICAL_PAYLOAD' &&
    error.message.ike.payloads?.some(
      (each) => each.type === 'N' && each.data.length === 1 && each.data[0] === Number(type),
    );
  if (named) return objection(t, exchange!)?.as('named');
  // An answer has agreed already when it is read.
  const taken = error === undefined || isFirst(exchange!) ? takenAsUsual(t, exchange!, role!) : undefined;
  return taken?.as('skipped') ?? (objection(t, exchange!) ?? t.established('after', 'after echo'))?.as('rejected');
}
