/**
 * No Binding Error before IPsec has spoken (DUPONT 2.2, recommendation A; RFC 6275 9.3.1): whether an option is good is decided by the SA, so that a packet
 * under ESP or AH is never answered by one, be it one packet or a flood. A correspondent that signals shows afterwards that it has the message.
 */
import { type Account, both, type Control, cause, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, homeAddressPair, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fromCareOfAddress } from '../../../harness/vocabulary/packets.ts';
import { nutAddresses } from '../../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { allProtections, datagram, protections, told, worksFromHome } from './correspondents.ts';

const { careOfAddress, otherCareOfAddress, otherHomeAddress, homeAddress } = mobile;

const nodes = {
  nothing: told.nothing,
  'to-verify': told['to-verify'],
  'bound-elsewhere': { bindings: [{ homeAddress, careOfAddress: otherCareOfAddress }] },
  signalling: { signalling: {} },
} as const;

const away = (number: number): string => `away ${number}`;
const numbersUpTo = (count: string): readonly number[] =>
  Array.from({ length: Number(count) }, (_, place) => place + 1);

export const noBindingError = scenario({
  name: 'binding-error-before-ipsec',
  title: 'Packets with an option under IPsec, and Binding Errors',
  dimensions: {
    node: Object.keys(nodes) as (keyof typeof nodes)[],
    packets: ['1', '10', '100'],
    protection: allProtections,
  },
  given: ({ node, protection }) =>
    correspondent(nodes[node], [homeAddressPair('pair', { suite: protections[protection], replayWindow: 128 })]),
  async play({ tn, nut }, { node, packets }) {
    const clear = { from: careOfAddress, to: nutAddresses.ipv6 } as const;
    await tn.pingInClear('before', clear);
    await tn.esp('from home', { carries: datagram(4001, 'from home') });
    for (const number of numbersUpTo(packets)) {
      await tn.esp(away(number), { carries: datagram(47_000 + number, away(number)), careOfAddress });
      // No faster than the node takes them.
      if (number % 10 === 0) await tn.echo(`after ${number}`);
    }
    await tn.esp('from home again', { carries: datagram(4002, 'from home again') });
    await tn.pingInClear('alive', clear);
    if (node === 'signalling') {
      const elicited = datagram(4003, 'elicited', otherHomeAddress);
      await tn.packet('elicited', fromCareOfAddress(elicited, careOfAddress));
    }
    await tn.pingInClear('after', clear);
    await tn.echo('end');
    await nut.reports('report');
  },
  questions: {
    'DUPONT-A5': question('Is no packet under IPsec answered by a Binding Error?', {
      outcomes: ['none', 'binding-error'],
      controls: (t, { node }) => [
        pre('the node answers in clear', t.answered('before')),
        ...worksFromHome(t),
        ...(node === 'signalling' ? [hasTheMessage(t)] : []),
        cause('the node is alive', both(t.answered('after'), t.answered('end'))),
      ],
      judge: (t, { packets }) => {
        const about = t.mobility.heard('bindingError', { where: (error) => error.homeAddress === homeAddress });
        if (about) return finding(ABOUT, t.evidenceOf(about.found, ABOUT)).as('binding-error');
        const silence = numbersUpTo(packets).map((number) => t.unobjected(away(number), 'alive'));
        return silence.every((each) => each !== undefined) ? silence.at(-1)!.as('none') : undefined;
      },
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.2 A', 'MUST', 'receiver', { none: pass, 'binding-error': fail }),
        reads(RFC6275, '9.3.1', 'SHOULD', 'receiver', { none: pass, 'binding-error': fail }),
      ],
      lawful: 'none',
      turnedBy: [[mobilityMutants.asksForBindingAlways, 'binding-error']],
    }),
  },
});

const ABOUT = 'a Binding Error about a packet under IPsec';

/** One about another home address, whose option came in clear: the silence before it is no dumbness. One that came too early shows as much. */
function hasTheMessage(t: Account): Control {
  const error = t.mobility.heard('bindingError');
  return post(
    'the node has that message',
    error && finding('a Binding Error', t.evidenceOf(error.found, 'the message')),
  );
}
