/**
 * A mobile node that is a correspondent, too (RFC 6275 9.3.3, 9.4, 11.3.1): another mobile node speaks to its home address, and its answers go from there, by
 * its home agent while it is away.
 */
import { pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import { mobileNodeMutants as mutants } from '../../../harness/vocabulary/mutants.ts';
import { echoPacket, fromCareOfAddress, mobilityPacket } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { registersFrom } from './acts.ts';
import { correspondent, passedOn, REGISTERED } from './registering-acts.ts';

const { homeAddress, homeAgent } = mobileIpv6;
const ends = { from: correspondent, to: homeAddress };
const cookie = new Uint8Array(8).fill(0x5a);
/** Of the other mobile node, whose care-of address the correspondent's is then. */
const otherHomeAddress = '2001:db8:4::4';

interface Asking {
  readonly packet: Uint8Array;
  readonly answer: 'homeTest' | 'careOfTest' | 'bindingError';
  readonly ids: readonly string[];
}

const asked: Readonly<Record<string, Asking>> = {
  'home-test-init': {
    packet: mobilityPacket(ends, { kind: 'homeTestInit', homeInitCookie: cookie, options: [] }),
    answer: 'homeTest',
    ids: ['MN-2-1-1-3-001'],
  },
  'care-of-test-init': {
    packet: mobilityPacket(ends, { kind: 'careOfTestInit', careOfInitCookie: cookie, options: [] }),
    answer: 'careOfTest',
    ids: ['MN-2-1-2-3-001'],
  },
  'unknown-home-address': {
    packet: fromCareOfAddress(
      echoPacket({ from: otherHomeAddress, to: homeAddress, identifier: 79, sequence: 1, payload: new Uint8Array(8) }),
      correspondent,
    ),
    answer: 'bindingError',
    ids: ['MN-4-1-2-3-001'],
  },
};

export const asCorrespondent = scenario({
  name: 'as-correspondent',
  title: 'Another mobile node speaks to the home address of a mobile node that is away',
  cast: mobileCast,
  dimensions: { asked: Object.keys(asked) },
  given: () => moving({ isCorrespondent: true }),
  async play(stage, { asked: what }) {
    const { nut, ha, cn } = stage;
    await cn.echo('at home', { untilAnswered: true });
    await registersFrom(stage, 'foreign-1');
    await ha.answers('asks', REGISTERED, passedOn(asked[what]!.packet));
    await cn.hears('answer', asked[what]!.answer, { to: correspondent, after: 'asks' });
    await nut.echo('life', { to: correspondent, awaited: false });
  },
  questions: {
    'RFC6275-11.3.1': question('Does its answer go by the home agent, from the home address?', {
      outcomes: ['by the home agent', 'another way', 'none'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it registers', t.mobility.heardWas(REGISTERED)),
        seen('it speaks', t.sent('life')),
      ],
      judge: (t) => {
        const answer = t.mobility.heardAt('answer');
        if (!answer) return t.sent('life')?.as('none');
        const isRight = answer.source === homeAddress && answer.tunnel?.destination === homeAgent;
        const says = `from ${answer.source}, ${answer.tunnel ? `in a tunnel to ${answer.tunnel.destination}` : 'directly'}`;
        return t.mobility.shown(answer, says)?.as(isRight ? 'by the home agent' : 'another way');
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.3.1', 'MUST', 'sender', { 'by the home agent': pass, 'another way': fail, none: fail }),
      ],
      lawful: 'by the home agent',
      turnedBy: [[mutants.sendsWithoutTunnel, 'another way']],
      alsoKnownAs: ({ asked: what }) => asked[what]!.ids,
    }),
  },
});
