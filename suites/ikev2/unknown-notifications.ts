/**
 * A notification of a type that nobody has defined (RFC 7296 3.10.1): in a request it is ignored, whatever its number; in an answer an unknown status is,
 * and an unknown error says that the request has failed.
 */
import type { Account, Judgement } from '../../harness/vocabulary/judging.ts';
import { tells } from '../../harness/vocabulary/lies.ts';
import { messageMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { alters, exchangesAsked, meanwhileOf, objection, takenAsUsual, wasTold } from './altered-exchange.ts';
import { type At, aroundControls, between, CLAIM, nodes, olderIds, playAround, roles } from './nodes.ts';

/** The last of each range before what is for private use. */
const unknown = { error: 8191, status: 40_959 } as const;
type Kind = keyof typeof unknown;

const fails = ({ kind, role }: At): boolean => kind === 'error' && role === 'initiator';

export const unknownNotifications = scenario({
  name: 'unknown-notifications',
  title: 'A message has a notification of a type that nobody knows',
  dimensions: { kind: Object.keys(unknown) as Kind[], exchange: exchangesAsked, node: nodes, role: roles },
  // Nothing comes of an answer to a Delete; and in an answer to IKE_SA_INIT it might be anybody's (2.21.1).
  where: ({ exchange, role }) =>
    exchange === 'ike-auth' || exchange === 'create-child-sa' || (exchange === 'ike-sa-init' && role === 'responder'),
  given: ({ node }) => between(node),
  misbehaves: ({ kind, exchange, role }) => ({
    tn: tells('unknown notification', alters(exchange, role, CLAIM), (message) => {
      const notification: Payload = {
        type: 'N',
        protocolId: 0,
        spi: new Uint8Array(),
        notifyType: unknown[kind as Kind],
        data: new Uint8Array(),
      };
      return { ...message, payloads: [...message.payloads, notification] };
    }),
  }),
  play: (stage, { exchange, role }) => playAround(stage, role, { meanwhile: meanwhileOf(stage, exchange, role) }),
  questions: {
    'RFC7296-3.10.1': question('Is a notification ignored that nobody knows, unless it is an error in an answer?', {
      outcomes: ['ignored', 'failed'],
      controls: (t) => [...aroundControls(t), wasTold(t, 'unknown notification')],
      judge: (t, at) => judged(t, at),
      plays: ({ role }) => ['receiver', role as 'initiator' | 'responder'],
      reads: (at) => [
        fails(at)
          ? reads(RFC7296, '3.10.1', 'MUST', 'receiver', { ignored: fail, failed: pass })
          : reads(RFC7296, '3.10.1', 'MUST', 'receiver', { ignored: pass, failed: fail }),
      ],
      lawful: (at) => (fails(at) ? 'failed' : 'ignored'),
      turnedBy: (at) => {
        if (fails(at)) return [[messageMutants.ignoresUnknownErrors, 'ignored']];
        if (at.role === 'responder') return [[messageMutants.refusesUnknownNotifies, 'failed']];
        return [[messageMutants.takesUnknownNotifyForError, 'failed']];
      },
      alsoKnownAs: (at) =>
        olderIds(at, { initiator: [at.kind === 'error' ? '1.1.11.4' : '1.1.11.5'], responder: ['1.1.11.5'] }),
    }),
  },
});

function judged(t: Account, { exchange, role }: At): Judgement | undefined {
  const failed = objection(t, exchange!) ?? t.established('after', 'after echo');
  return takenAsUsual(t, exchange!, role!)?.as('ignored') ?? failed?.as('failed');
}
