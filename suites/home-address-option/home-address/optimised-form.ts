/**
 * The optimised form as a correspondent sends it (DUPONT 1 and 2.2; RFC 6275 9.3.2 and 11.3.2): IPsec comes first and is of the home address, mobility after
 * it, so that the SA is the same with a binding and without one, and ESP or AH stands behind the routing header.
 */
import { type Account, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, homeAddressPair, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { routingHeaderIn } from '../../../harness/vocabulary/packets.ts';
import { manualSas } from '../../../harness/vocabulary/pairs.ts';
import { nutAddresses } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { espSuites } from '../../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { protections, told } from './correspondents.ts';

const { homeAddress, careOfAddress } = mobile;

const suites = { ...protections, 'aes-gcm': espSuites['aes-gcm'] } as const;
type Protection = keyof typeof suites | 'clear';

const pairsOf = (protection: string) =>
  protection === 'clear' ? [] : [homeAddressPair('pair', { suite: suites[protection as keyof typeof suites] })];

/** As a packet of the node under test to the home address is seen on the wire. */
type Form = 'by-care-of-address' | 'to-home-address' | 'unprotected' | 'unverifiable' | 'other';

export const optimisedForm = scenario({
  name: 'optimised-form',
  title: 'What a correspondent sends to a mobile node',
  dimensions: {
    binding: ['optimised', 'triangular'],
    protection: ['clear', ...Object.keys(suites)] as Protection[],
  },
  // Without IPsec there is nothing that a verified option could have left behind.
  where: ({ binding, protection }) => binding === 'optimised' || protection !== 'clear',
  given: ({ binding, protection }) =>
    correspondent(binding === 'optimised' ? told.binding : told['to-verify'], pairsOf(protection)),
  async play({ tn, nut }, { binding }) {
    const clear = { from: careOfAddress, to: nutAddresses.ipv6 } as const;
    await tn.pingInClear('before', clear);
    // The mobile node is seen to be away, which is no binding (section 6.3).
    if (binding === 'triangular') await tn.esp('away', { careOfAddress });
    await nut.echo('to home');
    await tn.pingInClear('after', clear);
  },
  questions: {
    'DUPONT-2.2-MODES': question('In which form does a packet to the home address leave?', {
      outcomes: ['by-care-of-address', 'to-home-address', 'unprotected', 'unverifiable', 'other'],
      controls: (t) => [
        pre('the care-of address is answered', t.answered('before')),
        post('and again', t.answered('after')),
      ],
      judge: (t, { protection }) => judged(t, protection!),
      plays: ['sender', 'receiver'],
      reads: ({ binding }) => [
        reads(DUPONT, '2.2', 'obs', 'sender', {
          'by-care-of-address': observed('optimised: a routing header, and IPsec of the home address behind it'),
          'to-home-address': observed('to the home address, IPsec as if nobody were away'),
          unprotected: observed('IPsec is not asked about the home address'),
          unverifiable: observed('the ICV is not of the packet as it arrives'),
          other: observed('another form'),
        }),
        binding === 'optimised'
          ? reads(RFC6275, '9.3.2', 'SHOULD', 'sender', {
              ...noForm,
              'by-care-of-address': pass,
              'to-home-address': fail,
            })
          : reads(RFC6275, '6.3', 'MUST NOT', 'receiver', {
              'by-care-of-address': fail,
              'to-home-address': pass,
              unprotected: pass,
              unverifiable: pass,
              other: pass,
            }),
        reads(RFC6275, '9.3.2', 'MUST', 'sender', { ...noForm, 'by-care-of-address': pass, 'to-home-address': pass }),
      ],
      lawful: ({ binding }) => (binding === 'optimised' ? 'by-care-of-address' : 'to-home-address'),
      turnedBy: ({ binding, protection }): readonly Turn<Form>[] =>
        binding === 'optimised'
          ? [
              [mobilityMutants.sendsToHomeAddress, 'to-home-address'],
              ...(protection === 'clear' ? [] : ([[mobilityMutants.policyByCareOfAddress, 'unprotected']] as const)),
              ...(protection === 'ah' ? ([[mobilityMutants.leavesRoutingInPlace, 'unverifiable']] as const) : []),
            ]
          : [[mobilityMutants.remembersOption, 'by-care-of-address']],
      alsoKnownAs: ({ binding, protection }) => (binding === 'optimised' && protection === 'clear' ? ['CN-1-3'] : []),
    }),
  },
});

/** The SPD is asked about the home address, and the ICV is of the packet as it arrives. */
const noForm = { unprotected: fail, unverifiable: fail, other: fail } as const;

function judged(t: Account, protection: string) {
  const sent = t.sent('to home');
  const probe = t.probe('to home');
  if (!sent || !probe) {
    // What does not verify carries nothing for anybody, and is known by its place.
    const unread = t.espHeaders('nut', 'to home').find(({ header }) => header.state === 'bad-icv');
    return unread && finding('a wrong ICV', t.evidenceOf(unread, 'a wrong ICV')).as('unverifiable');
  }
  const { packet, frame } = probe;
  const header = frame.esp[0];
  if (protection !== 'clear') {
    if (!header) return sent.as('unprotected');
    if (header.spi !== outboundSpi(protection)) return sent.as('other');
  }
  const { destination } = frame.packets[0]!.packet;
  const routed = routingHeaderIn(packet.packet)?.addresses?.[0];
  if (destination === homeAddress && routed === undefined) return sent.as('to-home-address');
  return sent.as(destination === careOfAddress && routed === homeAddress ? 'by-care-of-address' : 'other');
}

function outboundSpi(protection: string): number {
  const [pair] = pairsOf(protection);
  return manualSas(pair!)[1].spi;
}
