/**
 * An IKE SA is interrupted, and resumed by a ticket (RFC 5723): with keys from the old ones and no exchange of keys. A ticket that is forged or was used is
 * rejected, and the session begins in full; and who does not resume takes no notice.
 */

import { fqdn } from '../../harness/vocabulary/credentials.ts';
import { only as named, negotiated, peering, saying, tnName } from '../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  both,
  cause,
  type FoundMessage,
  type Judgement,
  notificationsIn,
  post,
  pre,
  seen,
} from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { garblesFirst, tells } from '../../harness/vocabulary/lies.ts';
import { resumptionMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { ikeMessage } from '../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { type Role, roles } from '../identity/impersonation.ts';
import { RFC5723 } from '../requirements/documents.ts';
import { aroundControls, between, CLAIM, playAround } from './nodes.ts';

const only = childName(peering.child);
const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
const presents = 'HDR, Ni, N(TICKET_OPAQUE)';
const takes = 'HDR, Nr';

/** The node under test expects anyone whom the authority certifies, or the tester by its name. */
const bothResume = (expects: string) =>
  saying(negotiated(expects === 'by-name' ? { nut: { expects: named(fqdn(tnName)) } } : {}), {
    nut: { resumption: {} },
    tn: { resumption: {} },
  });

/** Once more from the first message to an echo, after an interruption. */
async function resumes({ tn, nut }: Stage, role: Role, moment: string): Promise<void> {
  const client = role === 'initiator' ? nut : tn;
  await client.suspends(`${moment} interrupted`, only);
  await client.initiates(moment, only);
  await tn.asksForLife(`${moment} alive`, only, { unlessRefused: moment });
  await tn.echo(`${moment} echo`, { unlessRefused: moment });
}

async function begins({ tn, nut }: Stage, role: Role): Promise<void> {
  await tn.pingInClear('path', elsewhere);
  await (role === 'initiator' ? nut : tn).initiates('establish', only);
  await tn.asksForLife('life', only, { unlessRefused: 'establish' });
  await tn.echo('before', { unlessRefused: 'establish' });
}

export const resumedSession = scenario({
  name: 'session-resumed',
  title: 'A session is interrupted, and resumed by a ticket',
  dimensions: { expects: ['anyone', 'by-name'], role: roles },
  given: ({ expects }) => bothResume(expects!),
  async play(stage, { role }) {
    await begins(stage, role as Role);
    await resumes(stage, role as Role, 'resume');
    await stage.nut.reports('report');
    await stage.tn.pingInClear('still there', elsewhere);
  },
  questions: {
    'RFC5723-4.3': question('Do both end up with the keys of the resumed session?', {
      outcomes: ['resumed', 'in-full', 'failed'],
      controls,
      judge(t, { role }) {
        const by = role === 'initiator' ? 'tn' : 'nut';
        const works = t.established('resume', 'resume echo');
        if (!works) return t.answered('still there')?.as('failed');
        return (
          both(t.ike.heard(takes, { by, after: 'resume', response: true }), works)?.as('resumed') ?? works.as('in-full')
        );
      },
      plays: ({ role }) => role as Role,
      reads: [
        reads(RFC5723, '4.3', 'MUST', 'implementation', {
          resumed: pass,
          'in-full': observed('it gives no ticket, or presents none'),
          failed: fail,
        }),
      ],
      lawful: 'resumed',
      turnedBy: ({ role }) => [
        [resumptionMutants.leavesOutTheLabel, 'failed'],
        [resumptionMutants.padsResumedKey, 'failed'],
        ...(role === 'responder' ? [[resumptionMutants.refusesTickets, 'in-full'] as const] : []),
      ],
    }),
    'RFC5723-4.3.4': question('Does what was resumed go without a word?', {
      outcomes: ['gone', 'told', 'kept'],
      asks: ({ role, expects }) => role === 'responder' && expects === 'by-name',
      controls: (t) => [...controls(t), seen('it is resumed', t.established('resume', 'resume echo'))],
      judge(t) {
        const [deletion] = t.ike.deletions('nut', 'resume');
        if (deletion) return t.ike.said(deletion.message, 'it says Delete').as('told');
        const one = t.reported('report', 'ikeSas', 'one IKE SA', ({ ikeSas }) => ikeSas.length === 1);
        return one?.as('gone') ?? t.reported('report', 'ikeSas', 'more', ({ ikeSas }) => ikeSas.length > 1)?.as('kept');
      },
      plays: 'responder',
      reads: [reads(RFC5723, '4.3.4', 'SHOULD', 'responder', { gone: pass, told: fail, kept: fail })],
      lawful: 'gone',
      turnedBy: [[resumptionMutants.keepsInterrupted, 'kept']],
    }),
  },
});

export const rejectedTickets = scenario({
  name: 'session-ticket-rejected',
  title: 'A ticket is forged, or was used before',
  dimensions: { ticket: ['forged', 'used'], role: roles },
  // A client hears TICKET_NACK whatever the reason is.
  where: ({ ticket, role }) => role === 'responder' || ticket === 'forged',
  given: () => bothResume('by-name'),
  misbehaves: ({ ticket, role }) => ({ tn: role === 'responder' ? otherTicket(ticket!) : rejects }),
  async play(stage, { ticket, role }) {
    await begins(stage, role as Role);
    if (ticket === 'used') await resumes(stage, role as Role, 'first');
    await resumes(stage, role as Role, 'resume');
    await stage.tn.pingInClear('still there', elsewhere);
  },
  questions: {
    'RFC5723-4.3.2-REJECTED': question('Is it rejected with TICKET_NACK, and does the session begin in full?', {
      outcomes: ['in-full', 'silent', 'taken', 'gives-up'],
      controls: (t, { ticket, role }) => [
        ...controls(t),
        // A ticket is used only when an IKE SA was established with it (4.3.1).
        ...(ticket === 'used' ? [seen('it was used', t.established('first', 'first echo'))] : []),
        seen(
          'it is presented',
          t.ike.heard(presents, { by: role === 'initiator' ? 'nut' : 'tn', after: 'resume', response: false }),
        ),
      ],
      judge(t, { role }) {
        const by = role === 'initiator' ? 'tn' : 'nut';
        const rejected = t.ike.heard('HDR, N(TICKET_NACK)', { by, after: 'resume', response: true });
        const taken = t.ike.heard(takes, { by, after: 'resume', response: true });
        if (rejected) return t.established('resume', 'resume echo')?.as('in-full') ?? rejected.as('gives-up');
        return taken?.as('taken') ?? t.answered('still there')?.as('silent');
      },
      plays: ({ role }) => role as Role,
      reads: ({ ticket }) => [
        reads(RFC5723, ticket === 'used' ? '4.3.1' : '4.3.2', ticket === 'used' ? 'SHOULD' : 'MUST', 'implementation', {
          'in-full': pass,
          silent: fail,
          taken: fail,
          'gives-up': fail,
        }),
      ],
      lawful: 'in-full',
      turnedBy: ({ ticket, role }) => {
        if (role === 'initiator') return [[resumptionMutants.givesUpWithTheTicket, 'gives-up']];
        return ticket === 'used'
          ? [[resumptionMutants.takesTicketsTwice, 'taken']]
          : [
              [resumptionMutants.takesForgedTickets, 'taken'],
              [resumptionMutants.saysNothingOfTickets, 'silent'],
            ];
      },
    }),
  },
});

export const unknownResumption = scenario({
  name: 'session-resume-unknown',
  title: 'IKE_SESSION_RESUME comes to who does not resume',
  dimensions: { node: ['end-node'] },
  given: () => between('end-node'),
  misbehaves: () => ({
    tn: garblesFirst('IKE_SESSION_RESUME', { exchange: 'IKE_SA_INIT', kind: 'request', ikeSa: CLAIM }, asResumption),
  }),
  play: (stage) => playAround(stage, 'responder'),
  questions: {
    'RFC5723-4.3.2-UNKNOWN': question('What is said to a ticket where nobody resumes?', {
      outcomes: ['dropped', 'refused', 'rejected', 'taken'],
      controls: (t) => [
        ...aroundControls(t),
        seen('it is presented', t.ike.heard(presents, { by: 'tn', response: false })),
      ],
      judge: judgedUnknown,
      plays: ['receiver', 'responder'],
      reads: [
        reads(RFC5723, '4.3.2', 'obs', 'responder', {
          dropped: observed('it is dropped'),
          refused: observed('an error is told (RFC 7296 1.5)'),
          rejected: observed('it knows tickets, and rejects this one'),
          taken: fail,
        }),
      ],
      lawful: 'dropped',
      turnedBy: [[resumptionMutants.resumesUnasked, 'rejected']],
    }),
  },
});

function controls(t: Account) {
  return [
    cause('the node is reached on the same link', t.answered('path')),
    pre('the two agree and speak', t.established('establish', 'before')),
    post('and it still is', t.answered('still there')),
  ];
}

/** It presents a ticket with another last octet; or, of those it was given, always the first. */
function otherTicket(ticket: string) {
  let first: Uint8Array | undefined;
  const change = (data: Uint8Array) => {
    first ??= data;
    return ticket === 'used' ? first : data.with(-1, data.at(-1)! ^ 1);
  };
  return tells(`a ticket that is ${ticket}`, { exchange: 'IKE_SESSION_RESUME', kind: 'request' }, (message) => ({
    ...message,
    payloads: message.payloads.map((payload) =>
      payload.type === 'N' && payload.notifyType === notifyTypes.TICKET_OPAQUE
        ? { ...payload, data: change(payload.data) }
        : payload,
    ),
  }));
}

/** A gateway that takes no ticket, whoever made it. */
const rejects = tells('TICKET_NACK', { exchange: 'IKE_SESSION_RESUME', kind: 'response' }, (message) => ({
  ...message,
  header: { ...message.header, responderSPI: new Uint8Array(8) },
  payloads: [notification('TICKET_NACK', new Uint8Array())],
}));

/** A first request, with the same SPI and nonce, as if there was a ticket. */
function asResumption(octets: Uint8Array): Uint8Array {
  const { header, payloads } = ikeMessage.decode(octets).value;
  const { initiatorSPI, responderSPI, flags, messageId } = header;
  return ikeMessage.encode({
    header: { initiatorSPI, responderSPI, flags, messageId, exchangeType: exchangeTypes.IKE_SESSION_RESUME },
    payloads: [
      ...payloads.filter(({ type }) => type === 'Nonce'),
      notification('TICKET_OPAQUE', new Uint8Array(32).fill(0x5a)),
    ],
  });
}

function notification(name: keyof typeof notifyTypes, data: Uint8Array): Payload {
  return { type: 'N', protocolId: 0, spi: new Uint8Array(), notifyType: notifyTypes[name], data };
}

function judgedUnknown(t: Account): Judgement | undefined {
  const [, again] = t.ike.messages('claim').filter(isFirstOfTester);
  const end = again?.frame.entry.place ?? Number.POSITIVE_INFINITY;
  const answer = t.ike.messages('claim').find(({ frame }) => frame.entry.from === 'nut' && frame.entry.place < end);
  if (!answer) return t.established('claim', 'claim echo')?.as('dropped');
  const names = notificationsIn(answer.ike);
  const said = t.ike.said(answer, `it answers ${names.join(', ')}`);
  if (names.includes('TICKET_NACK')) return said.as('rejected');
  return said.as(answer.ike.message.payloads.some(({ type }) => type === 'Nonce') ? 'taken' : 'refused');
}

function isFirstOfTester({ frame, ike }: FoundMessage): boolean {
  const { messageId, flags } = ike.message.header;
  return frame.entry.from === 'tn' && messageId === 0 && !flags.response;
}
