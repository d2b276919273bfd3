/**
 * A home address option that IPsec verifies (DUPONT 2.2, recommendation A; RFC 6275 9.3.1): it stands before ESP or AH, and the SA is one of the home
 * address. Nobody has registered a binding; a correspondent that was told of one, by hand, is the measure of comparison.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { correspondent, homeAddressPair, mobile } from '../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../harness/vocabulary/mutants.ts';
import { fromCareOfAddress, udpPacket } from '../../harness/vocabulary/packets.ts';
import { nutAddresses, sinkPort } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC6275 } from '../requirements/documents.ts';

const suites = { esp: espSuites['null-sha256'], ah: ahSuites['ah-sha256'] } as const;

const told = {
  nothing: {},
  'to-verify': { verifiesByIpsec: true },
  binding: { bindings: [{ homeAddress: mobile.homeAddress, careOfAddress: mobile.careOfAddress }] },
} as const;

const datagram = (sourcePort: number, word: string): Uint8Array =>
  udpPacket({
    from: mobile.homeAddress,
    to: nutAddresses.ipv6,
    sourcePort,
    destinationPort: sinkPort,
    payload: new TextEncoder().encode(`touchstone ${word}`),
  });

function optionUnder(protocol: keyof typeof suites, id: 'DUPONT-A1' | 'DUPONT-A2') {
  return scenario({
    name: `option-under-${protocol}`,
    title: `A home address option before ${protocol.toUpperCase()}`,
    dimensions: { told: Object.keys(told) as (keyof typeof told)[] },
    given: ({ told: of }) => correspondent(told[of], [homeAddressPair('pair', { suite: suites[protocol] })]),
    async play({ tn, nut }) {
      await tn.esp('from home', { carries: datagram(4001, 'from home') });
      await tn.esp('away', { carries: fromCareOfAddress(datagram(4002, 'away'), mobile.careOfAddress) });
      await tn.esp('from home again', { carries: datagram(4003, 'from home again') });
      await tn.echo('after');
      await nut.reports('report');
    },
    questions: {
      [id]: question('Is a home address option accepted that an SA of the home address vouches for?', {
        outcomes: ['accepted', 'dropped'],
        controls: (t) => [
          pre('the SA works from the home address itself', t.delivered('from home', 'report')),
          post('and again', t.delivered('from home again', 'report')),
          post('both ways', t.answered('after')),
        ],
        judge: (t) =>
          t.delivered('away', 'report')?.as('accepted') ??
          t.undelivered('away', 'from home again', 'report')?.as('dropped'),
        plays: 'receiver',
        reads: ({ told: of }) => [
          reads(DUPONT, '2.2 A', 'MUST', 'receiver', { accepted: pass, dropped: fail }),
          reads(RFC6275, '9.3.1', of === 'binding' ? 'MUST' : 'SHOULD', 'receiver', {
            accepted: pass,
            dropped: fail,
          }),
        ],
        lawful: 'accepted',
        turnedBy: ({ told: of }) => [
          [mobilityMutants.policyByCareOfAddress, 'dropped'],
          ...(of === 'binding' ? [] : ([[mobilityMutants.asksForBindingAlways, 'dropped']] as const)),
          ...(protocol === 'ah' ? ([[mobilityMutants.leavesHomeAddressInPlace, 'dropped']] as const) : []),
        ],
      }),
    },
  });
}

export const optionUnderEsp = optionUnder('esp', 'DUPONT-A1');
export const optionUnderAh = optionUnder('ah', 'DUPONT-A2');
