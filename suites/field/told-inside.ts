/**
 * A router behind the tester says through the tunnel that a packet of the host was too long (RFC 4301 6.2): that is for the host, whom the node under test passes it on to; of the tunnel's own path it says nothing.
 */
import { both, cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { addressMutants } from '../../harness/vocabulary/mutants.ts';
import { echoPacket, tooBigPacket } from '../../harness/vocabulary/packets.ts';
import { alongPath, PATH_TUNNEL, pathCast } from '../../harness/vocabulary/path-intent.ts';
import { inner } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC4301 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

/** Octets: what the router says, and a packet of the host that is longer. */
const NARROW = 1_300;
const LONG = 1_380;

export const toldInside = scenario({
  name: 'told-inside',
  title: 'A message about the length of a path that comes through the tunnel',
  cast: pathCast,
  dimensions: { message: ['inside'], family: ['ipv4', 'ipv6'], keying: ['manual', 'ikev2'] } as const,
  given: ({ family, keying }) => alongPath(keying, family),
  async play(stage, { family, keying }) {
    const { tn, host, lab } = stage;
    const through = { from: inner.host[family], to: inner.tn[family] };
    const long = (sequence: number) => {
      const payload = new Uint8Array(LONG - headers[family]);
      return echoPacket({ ...through, identifier: 0x4d56, sequence, payload }, { dontFragment: true });
    };
    await establish(stage, keying, [PATH_TUNNEL]);
    await tn.echo('before');
    await host.packet('long before', long(1));
    await lab.shows((t) => t.answered('long before') !== undefined);
    const toHost = { from: inner.outsider[family], to: inner.host[family] };
    await tn.esp('stimulus', { carries: tooBigPacket(toHost, NARROW, long(1).subarray(0, 548)) });
    await host.pingInClear('between', through);
    await host.packet('long after', long(2));
    await lab.shows((t) => (t.answered('long after') ?? t.objection('long after')) !== undefined);
    await tn.echo('after');
  },
  questions: {
    'FIELD-F11': question('Is what a router behind the tunnel says passed on to the host that it is for?', {
      outcomes: ['passed-on', 'dropped', 'believed'],
      controls: (t) => [
        pre('the tunnel works', t.answered('before')),
        pre('a long packet of the host is answered', t.answered('long before')),
        cause(
          'the node passes packets on to the host',
          both(t.passedOn('between', { what: 'answer' }) && t.answered('between'), t.answered('after')),
        ),
        post('the tunnel works still', t.answered('after')),
      ],
      judge: (t) =>
        t.objection('long after')?.shown.as('believed') ??
        t.objection('long before')?.shown.as('passed-on') ??
        t.unobjected('long before', 'between')?.as('dropped'),
      plays: 'receiver',
      reads: [
        reads(RFC4301, '6.2', 'MUST', 'receiver', {
          'passed-on': pass,
          dropped: observed('by configuration, or for good'),
          believed: fail,
        }),
      ],
      lawful: 'passed-on',
      reported: [reported('strongSwan', 925, 'a Packet Too Big for a packet of the tunnel changed nothing')],
      turnedBy: [[addressMutants.refusesForeignErrors, 'dropped']],
    }),
  },
});

/** Octets of IP and echo together. */
const headers = { ipv4: 28, ipv6: 48 } as const;
