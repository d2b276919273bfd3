/**
 * What the ICV of AH covers where a home address option stands before it (RFC 6275 9.3.1 and 11.3.2): the packet as if the home address were its source and
 * the care-of address in the option. Of two packets that differ in nothing but that, one is right.
 */
import { both, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, homeAddressPair, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { espMutants, mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fromCareOfAddress, underAh } from '../../../harness/vocabulary/packets.ts';
import { manualSas } from '../../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ahSuites } from '../../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { allTold, datagram, told, worksFromHome } from './correspondents.ts';

const suites = { 'ah-sha256': ahSuites['ah-sha256'], 'ah-sha1': ahSuites['ah-sha1'] } as const;
type SuiteName = keyof typeof suites;

const pairOf = (suite: SuiteName) => homeAddressPair('pair', { suite: suites[suite] });

export const ahCoverage = scenario({
  name: 'home-address-under-ah',
  title: 'Over which addresses AH authenticates',
  dimensions: { told: allTold, covers: ['addresses'], suite: Object.keys(suites) as SuiteName[] },
  given: ({ told: of, suite }) => correspondent(told[of], [pairOf(suite)]),
  async play({ tn, nut }, { suite }) {
    const [sa] = manualSas(pairOf(suite));
    if (sa.protocol !== 'AH') throw new TypeError('wanted an SA of AH');
    const away = (port: number, word: string) => fromCareOfAddress(datagram(port, word), mobile.careOfAddress);
    await tn.echo('before');
    await tn.esp('from home', { carries: datagram(4001, 'from home') });
    await tn.packet('as at home', underAh(away(4002, 'as at home'), { sa, sequenceNumber: 11n }));
    await tn.packet(
      'as on the wire',
      underAh(away(4003, 'on the wire'), { sa, sequenceNumber: 12n, asOnTheWire: true }),
    );
    await tn.esp('from home again', { carries: datagram(4004, 'from home again'), sequenceNumber: 13n });
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'DUPONT-A2': question('Over which addresses does AH authenticate a packet with a home address option?', {
      outcomes: ['as-at-home', 'as-on-the-wire', 'either', 'neither'],
      controls: (t) => [
        pre('both ways before', t.answered('before')),
        ...worksFromHome(t),
        post('both ways', t.answered('after')),
      ],
      judge: (t) => {
        const accepted = (name: string) => t.delivered(name, 'report');
        const refused = (name: string) => t.undelivered(name, 'from home again', 'report');
        return (
          both(accepted('as at home'), accepted('as on the wire'))?.as('either') ??
          both(accepted('as at home'), refused('as on the wire'))?.as('as-at-home') ??
          both(refused('as at home'), accepted('as on the wire'))?.as('as-on-the-wire') ??
          both(refused('as at home'), refused('as on the wire'))?.as('neither')
        );
      },
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.2 A', 'MUST', 'receiver', {
          'as-at-home': pass,
          'as-on-the-wire': fail,
          either: fail,
          neither: fail,
        }),
        reads(RFC6275, '9.3.1', 'MUST', 'receiver', {
          'as-at-home': pass,
          'as-on-the-wire': fail,
          either: fail,
          neither: observed('no option before AH is taken at all'),
        }),
      ],
      lawful: 'as-at-home',
      turnedBy: [
        [mobilityMutants.leavesHomeAddressInPlace, 'as-on-the-wire'],
        [espMutants.ignoresIcv, 'either'],
        [mobilityMutants.policyByCareOfAddress, 'neither'],
      ],
    }),
  },
});
