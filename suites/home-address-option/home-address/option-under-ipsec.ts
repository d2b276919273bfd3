/**
 * A home address option that IPsec verifies (DUPONT 2.2, recommendation A; RFC 6275 9.3.1): it stands before ESP or AH, and the SA is one of the home
 * address. Nobody has registered a binding; a correspondent that was told of one, by hand, is the measure of comparison.
 */
import { post } from '../../../harness/vocabulary/judging.ts';
import { establish, keyingOf, laterKeyings } from '../../../harness/vocabulary/keying.ts';
import { correspondent, homeAddressPair, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites, type ProtectingSuite } from '../../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { allTold, datagram, type Protection, protections, told, worksFromHome } from './correspondents.ts';

/** Beside the first of each protocol, which goes by no name. */
const suites: Readonly<Record<Protection, Readonly<Record<string, ProtectingSuite>>>> = {
  esp: {
    '': protections.esp,
    'aes-gcm': espSuites['aes-gcm'],
    'aes-gmac': espSuites['aes-gmac'],
    'aes-cbc-sha256': espSuites['aes-cbc-sha256'],
  },
  ah: {
    '': protections.ah,
    'ah-sha1': ahSuites['ah-sha1'],
    'ah-sha512': ahSuites['ah-sha512'],
    'ah-gmac': ahSuites['ah-gmac'],
  },
};

function optionUnder(protocol: Protection, id: 'DUPONT-A1' | 'DUPONT-A2') {
  return scenario({
    name: `option-under-${protocol}`,
    title: `A home address option before ${protocol.toUpperCase()}`,
    dimensions: { told: allTold, suite: Object.keys(suites[protocol]), keying: laterKeyings },
    where: ({ suite, keying }) => suite === '' || keying === '',
    given: ({ told: of, suite, keying }) =>
      correspondent(told[of], [homeAddressPair('pair', { suite: suites[protocol][suite]! })], {
        keying: keyingOf(keying),
      }),
    async play({ tn, nut }, { keying }) {
      await establish({ tn, nut }, keyingOf(keying), ['pair']);
      await tn.esp('from home', { carries: datagram(4001, 'from home') });
      await tn.esp('away', { carries: datagram(4002, 'away'), careOfAddress: mobile.careOfAddress });
      await tn.esp('from home again', { carries: datagram(4003, 'from home again') });
      await tn.echo('after');
      await nut.reports('report');
    },
    questions: {
      [id]: question('Is a home address option accepted that an SA of the home address vouches for?', {
        outcomes: ['accepted', 'dropped'],
        controls: (t) => [...worksFromHome(t), post('both ways', t.answered('after'))],
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
        alsoKnownAs: ({ told: of }) => (of === 'binding' ? ['CN-6-4-2'] : []),
      }),
    },
  });
}

export const optionUnderEsp = optionUnder('esp', 'DUPONT-A1');
export const optionUnderAh = optionUnder('ah', 'DUPONT-A2');
