/**
 * One flow under ESP while its mobile node is at home, away, and elsewhere again (DUPONT 2.2 on the modes of communication, 2.5 recommendation F; RFC 6275
 * 11.3.1, 11.3.2): the SA is one of the home address, so that nothing of it changes: the same SPI, the next number, inside the tunnel to the home agent. The
 * home agent is the reference's own.
 */
import { type Account, both, type Finding, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving, payloadPair } from '../../../harness/vocabulary/moving-intent.ts';
import { espMutants, mobileNodeMutants as mutants } from '../../../harness/vocabulary/mutants.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { asksForLife, fromLink } from './acts.ts';

/** In this order, from both ends; what is sent between a move and its acknowledgement may be lost, and is not among them. */
const probes = ['at home', 'from home', 'away', 'from away', 'elsewhere', 'from elsewhere'] as const;

export const threeWays = scenario({
  name: 'three-ways',
  title: 'A flow under ESP at home, away, and elsewhere',
  cast: mobileCast,
  dimensions: { first: ['correspondent-speaks', 'mobile-node-speaks'] },
  given: () => moving({ homeAgentActs: true, pairs: [payloadPair()], trustsPolicy: true }),
  async play(stage, { first }) {
    const { cn, ha, nut } = stage;
    const speak = async (ofCorrespondent: string, ofMobileNode: string) => {
      if (first === 'correspondent-speaks') await cn.echo(ofCorrespondent);
      await nut.echo(ofMobileNode, { to: CORRESPONDENT });
      if (first === 'mobile-node-speaks') await cn.echo(ofCorrespondent);
    };
    await cn.echo('before', { untilAnswered: true });
    await speak('at home', 'from home');
    await nut.movesTo('foreign-1');
    await cn.echo('under way', { awaited: false });
    await ha.hears('update from foreign-1', 'bindingUpdate', fromLink('foreign-1'));
    await ha.hears('acknowledged', 'bindingAcknowledgement', {
      of: 'ha',
      after: 'update from foreign-1',
      within: 5_000,
    });
    await nut.reports('away', { until: ({ bindingUpdates = [] }) => bindingUpdates.some(({ settled }) => settled) });
    await speak('away', 'from away');
    await nut.movesTo('foreign-2');
    await cn.echo('under way again', { awaited: false });
    await ha.hears('update from foreign-2', 'bindingUpdate', fromLink('foreign-2'));
    await ha.hears('acknowledged again', 'bindingAcknowledgement', {
      of: 'ha',
      after: 'update from foreign-2',
      within: 5_000,
    });
    await nut.reports('elsewhere reported', {
      until: ({ bindingUpdates = [] }) => bindingUpdates.some(({ settled }) => settled),
    });
    await speak('elsewhere', 'from elsewhere');
    await cn.echo('at last');
    await asksForLife(stage, 'still there', 'update from foreign-2');
  },
  questions: {
    'DUPONT-2.2-MODES': question('Does the flow go on under the same SA, whichever way it goes?', {
      outcomes: ['goes on', 'stops', 'under another SA'],
      controls: (t) => [
        pre('the flow is there at home', t.answered('before')),
        post('it moved twice', t.mobility.heardWas('update from foreign-2')),
      ],
      judge: (t) => {
        const spis = new Set(t.espHeaders('nut').map(({ header }) => header.spi));
        if (spis.size > 1) return underSas(t)?.as('under another SA');
        const answered = all(probes.filter((name) => !name.startsWith('from')).map((name) => t.answered(name)));
        return answered?.as('goes on') ?? isThere(t)?.as('stops');
      },
      plays: 'sender',
      reads: [
        reads(DUPONT, '2.2', 'obs', 'sender', {
          'goes on': observed('IPsec is untouched by where the node is'),
          stops: observed('the flow ends where the node moves'),
          'under another SA': observed('SAs are made anew for each place'),
        }),
        reads(RFC6275, '11.3.2', 'MUST', 'sender', { 'goes on': pass, stops: fail, 'under another SA': fail }),
      ],
      lawful: 'goes on',
      turnedBy: [[mutants.opensNotItsTunnel, 'stops']],
      alsoKnownAs: ['MN-4-1-1-2-007', 'MN-4-1-1-2-004', 'MN-4-1-2-2-007'],
    }),
    'DUPONT-2.6': question('Which addresses has the tunnel of the mobile node, outside and inside?', {
      outcomes: ['care-of and home address', 'no tunnel', 'others'],
      controls: (t) => [
        pre('the flow is there at home', t.answered('before')),
        post('it speaks from elsewhere', t.sent('from elsewhere')),
      ],
      judge: (t) => {
        const [found, sent] = [t.probe('from away'), t.sent('from away')];
        const outer = found?.frame.packets[0]?.packet;
        if (!found || !outer || !sent) return undefined;
        if (outer.protocol !== IPV6) return sent.as('no tunnel');
        const isRight =
          outer.source.startsWith('2001:db8:2:') &&
          outer.destination === mobileIpv6.homeAgent &&
          found.packet.packet.source === mobileIpv6.homeAddress;
        return sent.as(isRight ? 'care-of and home address' : 'others');
      },
      plays: 'sender',
      reads: [
        reads(DUPONT, '2.6', 'obs', 'sender', {
          'care-of and home address': observed('outside where it is, inside who it is'),
          'no tunnel': observed('from the home address on a foreign link'),
          others: observed('other addresses'),
        }),
        reads(RFC6275, '11.3.1', 'MUST', 'sender', {
          'care-of and home address': pass,
          'no tunnel': fail,
          others: fail,
        }),
      ],
      lawful: 'care-of and home address',
      turnedBy: [[mutants.sendsWithoutTunnel, 'no tunnel']],
      alsoKnownAs: ['MN-4-1-1-2-001'],
    }),
    'DUPONT-F': question(
      'Do the numbers of the SA go on over both moves, with nothing lost that was sent after an acknowledgement?',
      {
        outcomes: ['none lost', 'some lost', 'begun anew'],
        controls: (t) => [
          pre('the flow is there at home', t.answered('before')),
          post('it moved twice', t.mobility.heardWas('update from foreign-2')),
        ],
        judge: (t) => {
          const numbers = sequenceNumbers(t);
          if (numbers.some((number, place) => place > 0 && number <= numbers[place - 1]!))
            return underSas(t)?.as('begun anew');
          const all_ = all(probes.map((name) => t.answered(name)));
          return all_?.as('none lost') ?? isThere(t)?.as('some lost');
        },
        plays: 'sender',
        reads: [
          reads(DUPONT, '2.5 F', 'SHOULD', 'sender', { 'none lost': pass, 'some lost': fail, 'begun anew': fail }),
          reads(RFC6275, '11.3.2', 'MUST', 'sender', { 'none lost': pass, 'some lost': fail, 'begun anew': fail }),
        ],
        lawful: 'none lost',
        turnedBy: [
          [mutants.opensNotItsTunnel, 'some lost'],
          [espMutants.neverCounts, 'begun anew'],
        ],
      },
    ),
  },
});

/** Where it moved last, after all that the flow had to carry. */
const isThere = (t: Account) => both(t.mobility.heardWas('update from foreign-2'), t.answered('still there'));

/** Of the mobile node's ESP, each frame once: as it left, not as a router passed it on. */
function sequenceNumbers(t: Account): readonly number[] {
  return t.espHeaders('nut').map(({ header }) => header.sequenceNumber);
}

function underSas(t: Account): Finding | undefined {
  const found = t.espHeaders('nut');
  const [first, last] = [found[0], found.at(-1)];
  return (
    first && last && finding('ESP of the mobile node', t.evidenceOf(first, 'the first'), t.evidenceOf(last, 'the last'))
  );
}

function all(findings: readonly (Finding | undefined)[]): Finding | undefined {
  return findings.length === 0 ? undefined : both(...findings);
}

const CORRESPONDENT = mobileIpv6.correspondent;
const IPV6 = 41;
