/**
 * What a verified option is good for (DUPONT 2.2, recommendation A; RFC 6275 6.3 and 9.3.1): upper layers see the home address, and that is all. It makes no
 * state, so that an answer goes where it went before, and the next packet gains nothing.
 */
import { post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, homeAddressPair, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fromCareOfAddress, routingHeaderIn } from '../../../harness/vocabulary/packets.ts';
import { nutAddresses } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { allProtections, allTold, datagram, protections, told, worksFromHome } from './correspondents.ts';

const { homeAddress, careOfAddress, otherCareOfAddress } = mobile;

export const seenUpstairs = scenario({
  name: 'verified-option-upstairs',
  title: 'Where a packet with a verified option comes from, as upper layers see it',
  dimensions: { after: ['upstairs'], told: allTold, protection: allProtections },
  given: ({ told: of, protection }) =>
    correspondent(told[of], [homeAddressPair('pair', { suite: protections[protection] })]),
  async play({ tn, nut }) {
    await tn.esp('from home', { carries: datagram(4001, 'from home') });
    await tn.esp('away', { carries: datagram(4002, 'away'), careOfAddress });
    await tn.esp('from home again', { carries: datagram(4003, 'from home again') });
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'DUPONT-A3': question('Do upper layers see the home address?', {
      outcomes: ['home-address', 'care-of-address', 'dropped'],
      controls: (t) => [...worksFromHome(t), post('both ways', t.answered('after'))],
      judge: (t) =>
        t.delivered('away', 'report', homeAddress)?.as('home-address') ??
        t.delivered('away', 'report')?.as('care-of-address') ??
        t.undelivered('away', 'from home again', 'report')?.as('dropped'),
      plays: 'receiver',
      reads: ({ told: of }) => [
        reads(DUPONT, '2.2 A', 'MUST', 'receiver', { 'home-address': pass, 'care-of-address': fail, dropped: fail }),
        reads(RFC6275, '9.3.1', 'MUST', 'receiver', {
          'home-address': pass,
          'care-of-address': fail,
          dropped: of === 'binding' ? fail : observed('upper layers see nothing of it'),
        }),
      ],
      lawful: 'home-address',
      // The checksum of the datagram is over its home address.
      turnedBy: [[mobilityMutants.showsCareOfAddress, 'dropped']],
      alsoKnownAs: ({ told: of }) => (of === 'binding' ? ['CN-6-4-1', 'CN-6-4-2'] : []),
    }),
  },
});

export const answerToVerified = scenario({
  name: 'verified-option-answer',
  title: 'Where the answer to a packet with a verified option goes',
  dimensions: { after: ['answer'], told: allTold, protection: allProtections },
  given: ({ told: of, protection }) =>
    correspondent(told[of], [homeAddressPair('pair', { suite: protections[protection] })]),
  async play({ tn }) {
    await tn.esp('from home');
    await tn.esp('away', { careOfAddress });
    await tn.esp('from home again');
  },
  questions: {
    'DUPONT-A3': question('Does the answer go to the home address, by way of a binding only where there is one?', {
      outcomes: ['to-home-address', 'by-care-of-address', 'silent'],
      controls: (t) => [
        pre('the SA works from the home address itself', t.answered('from home')),
        post('and again', t.answered('from home again')),
      ],
      judge: (t) => {
        const answer = t.answer('away');
        if (!answer) return t.silent('away', 'from home again')?.as('silent');
        const routed = routingHeaderIn(answer.packet.packet) !== undefined;
        return t.answered('away')?.as(routed ? 'by-care-of-address' : 'to-home-address');
      },
      plays: ['receiver', 'sender'],
      reads: ({ told: of }) => [
        reads(DUPONT, '2.2 A', 'MUST', 'receiver', {
          'to-home-address': pass,
          'by-care-of-address': of === 'binding' ? pass : fail,
          silent: fail,
        }),
        of === 'binding'
          ? reads(RFC6275, '9.3.2', 'SHOULD', 'sender', {
              'to-home-address': fail,
              'by-care-of-address': pass,
              silent: fail,
            })
          : reads(RFC6275, '6.3', 'MUST NOT', 'receiver', {
              'to-home-address': pass,
              'by-care-of-address': fail,
              silent: pass,
            }),
      ],
      lawful: ({ told: of }) => (of === 'binding' ? 'by-care-of-address' : 'to-home-address'),
      turnedBy: ({ told: of }) =>
        of === 'binding'
          ? [[mobilityMutants.sendsToHomeAddress, 'to-home-address']]
          : [
              [mobilityMutants.remembersOption, 'by-care-of-address'],
              [mobilityMutants.asksForBindingAlways, 'silent'],
            ],
      alsoKnownAs: ({ told: of }) => (of === 'binding' ? ['CN-1-3'] : []),
    }),
  },
});

const later = { 'clear-from-there': careOfAddress, 'clear-from-elsewhere': otherCareOfAddress } as const;
const allLater = Object.keys(later) as (keyof typeof later)[];

/** IPsec is asked for echoes only, so that nothing but a binding can let an option in clear pass. */
const echoesOnly = { selector: { protocol: 58 } } as const;

export const nextPacket = scenario({
  name: 'verified-option-next-packet',
  title: 'What a packet in clear gains by a verified option before it',
  dimensions: { after: allLater, told: allTold, protection: allProtections },
  given: ({ told: of, protection }) =>
    correspondent(told[of], [homeAddressPair('pair', { suite: protections[protection], ...echoesOnly })]),
  async play({ tn, nut }, { after }) {
    const clear = { from: careOfAddress, to: nutAddresses.ipv6, inClear: true } as const;
    await tn.udp('clear', clear);
    await tn.esp('from home');
    await tn.esp('verified', { careOfAddress, awaited: false });
    await tn.esp('from home again');
    await tn.packet('next', fromCareOfAddress(datagram(4001, 'next'), later[after]));
    await tn.udp('clear again', clear);
    await tn.pingInClear('after', { from: careOfAddress, to: nutAddresses.ipv6 });
    await nut.reports('report');
  },
  questions: {
    'DUPONT-A3': question('Is the next option as good as it was before, in clear?', {
      outcomes: ['refused', 'accepted'],
      controls: (t) => [
        pre('a packet in clear comes from the care-of address', t.delivered('clear', 'report', careOfAddress)),
        pre('the SA works from the home address itself', t.answered('from home')),
        post('and again', t.answered('from home again')),
        post('the node is alive', t.answered('after')),
        post('what has no option still comes from there', t.delivered('clear again', 'report', careOfAddress)),
      ],
      judge: (t) =>
        t.delivered('next', 'report')?.as('accepted') ?? t.undelivered('next', 'clear again', 'report')?.as('refused'),
      plays: 'receiver',
      reads: (at) => {
        const of = isBound(at) ? { accepted: pass, refused: fail } : { accepted: fail, refused: pass };
        return [
          reads(DUPONT, '2.2 A', 'MUST', 'receiver', of),
          reads(RFC6275, isBound(at) ? '9.3.1' : '6.3', isBound(at) ? 'MUST' : 'MUST NOT', 'receiver', of),
        ];
      },
      lawful: (at) => (isBound(at) ? 'accepted' : 'refused'),
      turnedBy: (at): readonly Turn<'refused' | 'accepted'>[] => {
        if (isBound(at)) return [[mobilityMutants.believesNoBinding, 'refused']];
        if (at.told === 'binding') return [[mobilityMutants.takesAnyCareOfAddress, 'accepted']];
        const remembering = [mobilityMutants.remembersOption, 'accepted'] as const;
        return [
          [mobilityMutants.takesOptionsInClear, 'accepted'],
          ...(at.after === 'clear-from-there' ? [remembering] : []),
        ];
      },
    }),
  },
});

const isBound = ({ after, told: of }: Readonly<Record<string, string>>): boolean =>
  of === 'binding' && after === 'clear-from-there';
