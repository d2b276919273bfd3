/**
 * What a peer says that nobody asked for: a status notification of an extension that was not agreed on (RFC 7296 section 3.10.1; RFC 5685, RFC 5723), or an error in clear, which anybody can
 * write (sections 2.4 and 2.21.4). The connection goes on, and the request is answered.
 */

import { negotiated } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, both, cause, pre, seen } from '../../harness/vocabulary/judging.ts';
import { garblesFirst, saysBesides } from '../../harness/vocabulary/lies.ts';
import { messageLifeMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { addressOctets } from '../../reference/wire/address.ts';
import { ikeMessage } from '../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { concat, u32 } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';

const statuses = {
  // A gateway of IPv4 (RFC 5685 section 7.2).
  redirect: ['REDIRECT', concat(Uint8Array.of(1, 4), addressOctets(places['same-prefix'].ipv4))],
  'redirect-supported': ['REDIRECT_SUPPORTED', new Uint8Array()],
  ticket: ['TICKET_LT_OPAQUE', concat(u32(3600), new Uint8Array(32))],
  'window-size': ['SET_WINDOW_SIZE', u32(16)],
} as const;
const errors = {
  'unknown-spi-in-clear': 'INVALID_IKE_SPI',
  'authentication-failed-in-clear': 'AUTHENTICATION_FAILED',
  'invalid-syntax-in-clear': 'INVALID_SYNTAX',
} as const;

export const unaskedMessages = scenario({
  name: 'unasked-messages',
  title: 'A peer says what nobody asked for',
  dimensions: {
    says: [...Object.keys(statuses), ...Object.keys(errors)],
  },
  given: () => negotiated({ mode: 'tunnel' }),
  misbehaves: ({ says }) => {
    const status = statuses[says as keyof typeof statuses];
    if (status) return { tn: saysBesides(status[0], status[1]) };
    return { tn: inClear(errors[says as keyof typeof errors]) };
  },
  async play({ tn, nut }) {
    await tn.initiates('agree');
    await tn.echo('before');
    await tn.asksForLife('asks');
    await tn.echo('after');
    await tn.pingInClear('life', { from: places.home.ipv4, to: nutAddresses.ipv4 });
    await nut.reports('report');
  },
  questions: {
    'RFC7296-3.10.1-UNASKED': question('Is a status ignored that belongs to nothing agreed on?', {
      outcomes: ['goes-on', 'ended'],
      asks: ({ says }) => says in statuses,
      controls,
      judge,
      plays: 'receiver',
      reads: [reads(RFC7296, '3.10.1', 'MUST', 'receiver', { 'goes-on': pass, ended: fail })],
      lawful: 'goes-on',
      turnedBy: [[messageLifeMutants.takesStatusForError, 'ended']],
    }),
    'RFC7296-2.4-CLEAR': question('Does an error in clear end no IKE SA?', {
      outcomes: ['goes-on', 'ended'],
      asks: ({ says }) => !(says in statuses),
      controls,
      judge,
      plays: 'receiver',
      reads: [reads(RFC7296, '2.4', 'MUST NOT', 'receiver', { 'goes-on': pass, ended: fail })],
      lawful: 'goes-on',
      turnedBy: [[messageLifeMutants.believesErrorsInClear, 'ended']],
    }),
  },
});

function controls(t: Account, { says = '' }: Readonly<Record<string, string>>) {
  const status = statuses[says as keyof typeof statuses];
  const [error] = t.ike.messages('asks').filter(({ ike }) => ike.state === 'unprotected');
  return [
    pre('the tunnel works before', t.established('agree', 'before')),
    status
      ? seen('it is said', t.ike.heard(`HDR, SK {N(${status[0]})}`, { by: 'tn', after: 'asks' }))
      : seen('it is said in clear', error && t.ike.said(error, says)),
    cause('the node is alive', t.answered('life')),
  ];
}

function judge(t: Account) {
  const ended = t.reported('report', 'ikeSas', 'no IKE SA is established', ({ ikeSas }) =>
    ikeSas.every(({ state }) => state !== 'established'),
  );
  // Who ends it may have answered first, and an echo is answered until its SAs are gone.
  return ended?.as('ended') ?? both(t.ike.informed('asks'), t.answered('after'))?.as('goes-on');
}

/** The first time that it asks for life it says this instead, and nothing protects it. */
function inClear(name: keyof typeof notifyTypes) {
  return garblesFirst(`${name} in clear`, { exchange: 'INFORMATIONAL', kind: 'request' }, (octets) => {
    const { initiatorSPI, responderSPI, exchangeType, flags, messageId } = ikeMessage.decode(octets).value.header;
    const header = { initiatorSPI, responderSPI, exchangeType, flags, messageId };
    return ikeMessage.encode({
      header,
      payloads: [
        { type: 'N', protocolId: 0, spi: new Uint8Array(), notifyType: notifyTypes[name], data: new Uint8Array() },
      ],
    });
  });
}
