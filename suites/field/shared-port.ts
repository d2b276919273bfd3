/**
 * ESP and IKE share UDP port 4500, told apart by four zero octets in the place of an SPI (RFC 3948 2.2, RFC 7296 2.23). What tells them apart in a capture by how it looks takes one for the other: here ESP
 * comes whose octets read as a header of IKE, a first request without its marker, and one with a marker to port 500.
 */
import { saying } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, cause, type Finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { keyedGateways } from '../../harness/vocabulary/keying.ts';
import { keyManagementMutants } from '../../harness/vocabulary/mutants.ts';
import { udpPacket } from '../../harness/vocabulary/packets.ts';
import { tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { otherwise } from '../../harness/vocabulary/transforms.ts';
import { encapsulateIke } from '../../reference/wire/ike/non-esp-marker.ts';
import { ikePorts } from '../../reference/wire/ike/registry.ts';
import { hex, unhex } from '../../reference/wire/octets.ts';
import { firstRequest } from '../first-request.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const arrivals = ['esp-like-ike', 'ike-without-marker', 'ike-with-marker-on-500'] as const;
const [STIMULUS, TWIN] = ['a1a2a3a4a5a6a7a8', 'b1b2b3b4b5b6b7b8'];

export const sharedPort = scenario({
  name: 'shared-port',
  title: 'ESP that looks like IKE, and IKE without the marker that says so',
  dimensions: { arrives: arrivals },
  given: () =>
    saying(
      keyedGateways('ikev2', { inner: 'ipv4', outer: 'ipv4' }, [
        tunnelPair('pair', { inner: 'ipv4', outer: 'ipv4' }, { suite: otherwise }),
      ]),
      { nut: { remoteAddresses: ['any'] }, tn: { encapsulation: 'forced' } },
    ),
  async play({ tn, lab }, { arrives }) {
    const port = arrives === 'ike-with-marker-on-500' ? ikePorts.IKE : ikePorts['IKE-NAT-T'];
    await tn.initiates('agree');
    await tn.echo('before');
    if (arrives === 'esp-like-ike') await tn.esp('stimulus', { initializationVector: LIKE_A_HEADER });
    else await tn.packet('stimulus', asItShould(port, STIMULUS), { tamper: asItShouldNot(port) });
    await tn.packet('twin', asItShould(port, TWIN));
    await lab.shows((t) => answerTo(t, TWIN) !== undefined);
    await tn.echo('after');
  },
  questions: {
    'FIELD-F19': question('Is what comes to the ports of IKE taken for what it is?', {
      outcomes: ['told-apart', 'mistaken'],
      controls: (t) => [
        pre('ESP comes in UDP, and is answered', inUdp(t)),
        cause('a first request is answered that is as it should be', answerTo(t, TWIN)),
        post('ESP is still answered', t.answered('after')),
      ],
      judge: (t, { arrives }) =>
        arrives === 'esp-like-ike'
          ? (t.answered('stimulus')?.as('told-apart') ?? t.silent('stimulus', 'after')?.as('mistaken'))
          : (answerTo(t, STIMULUS)?.as('mistaken') ?? answerTo(t, TWIN)?.as('told-apart')),
      plays: 'receiver',
      reads: ({ arrives }) => [
        arrives === 'esp-like-ike'
          ? reads(RFC7296, '2.23', 'MUST', 'receiver', { 'told-apart': pass, mistaken: fail })
          : reads(RFC7296, arrives === 'ike-without-marker' ? '2' : '3.1', 'obs', 'receiver', {
              'told-apart': pass,
              mistaken: observed('IKE is known by how it looks'),
            }),
      ],
      lawful: 'told-apart',
      reported: [reported('Arkime', 3940, 'ESP on port 4500 was shown as IKE')],
      turnedBy: ({ arrives }) => [
        arrives === 'ike-with-marker-on-500'
          ? [keyManagementMutants.expectsMarkersAnywhere, 'mistaken']
          : [keyManagementMutants.knowsIkeByItsHeader, 'mistaken'],
      ],
    }),
  },
});

/** The IV follows SPI and sequence number: the responder's SPI of IKE, next payload SK, version 2, INFORMATIONAL, from the initiator, Message ID 2. */
const LIKE_A_HEADER = `c1c2c3c4c5c6c7c8${'2e202508'}00000002`;

/** As the node is told to accept it, with the base point of Curve25519 for a public value. */
const requestOf = (initiatorSPI: string): Uint8Array =>
  firstRequest({
    initiatorSPI: unhex(initiatorSPI),
    publicValue: new Uint8Array(32).with(0, 9),
    nonce: unhex(initiatorSPI.repeat(4)),
  });

function toPort(port: number, payload: Uint8Array): Uint8Array {
  const ends = { from: places.home.ipv4, to: nutAddresses.ipv4 };
  return udpPacket({ ...ends, sourcePort: port, destinationPort: port, payload });
}

function asItShould(port: number, initiatorSPI: string): Uint8Array {
  const message = requestOf(initiatorSPI);
  return toPort(port, port === ikePorts.IKE ? message : encapsulateIke(message));
}

/** The same request with a marker where none is, or without one. */
function asItShouldNot(port: number) {
  const message = requestOf(STIMULUS);
  const isMarked = port === ikePorts.IKE;
  return {
    name: isMarked ? 'marked as on port 4500' : 'without its marker',
    apply: () => toPort(port, isMarked ? encapsulateIke(message) : message),
  };
}

function answerTo(t: Account, initiatorSPI: string): Finding | undefined {
  const answer = t.ike
    .messages('stimulus')
    .find(({ frame, ike }) => frame.entry.from === 'nut' && hex(ike.message.header.initiatorSPI) === initiatorSPI);
  return answer && t.ike.said(answer, 'it answers');
}

function inUdp(t: Account): Finding | undefined {
  return t.answer('before')?.packet.esp?.encapsulated ? t.answered('before') : undefined;
}
