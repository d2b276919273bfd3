/**
 * Two products speak in each mode (RFC 4301 4.1), with every family in every other, under ESP and under AH: two hosts in transport mode, or two gateways that carry what the networks behind
 * them say in tunnels (DUPONT D).
 */

import type { Meeting } from '../../harness/vocabulary/meeting.ts';
import { addressMutants, childMutants } from '../../harness/vocabulary/mutants.ts';
import type { Reads } from '../../harness/vocabulary/question.ts';
import { ahSuites, proposalOf } from '../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC4301, RFC4302, RFC4303 } from '../requirements/documents.ts';
import { agreeing, meets } from './agreeing.ts';
import type { Outcome } from './crossing.ts';

const settings = {
  'transport-ipv4': { mode: 'transport', family: 'ipv4' },
  'transport-ipv6': { mode: 'transport', family: 'ipv6' },
  '4in4': { family: 'ipv4', innerFamily: 'ipv4' },
  '6in4': { family: 'ipv4', innerFamily: 'ipv6' },
  '4in6': { family: 'ipv6', innerFamily: 'ipv4' },
  '6in6': { family: 'ipv6', innerFamily: 'ipv6' },
} as const satisfies Record<string, Meeting>;
type Setting = keyof typeof settings;

const named = Object.keys(settings) as Setting[];
const byAh = (by: string): boolean => by.startsWith('ah-');
const settingOf = (by: string): Setting => by.replace(/^(ah|esp)-/, '') as Setting;
const isMixed = (setting: Setting): boolean => setting === '6in4' || setting === '4in6';

export const modes = agreeing({
  name: 'modes',
  title: 'Two products speak in each mode, with every family in every other',
  by: ['esp', 'ah'].flatMap((protocol) => named.map((setting) => `${protocol}-${setting}`)),
  given: (by) => ({
    ...settings[settingOf(by)],
    ...(byAh(by) && { child: { protocol: 'AH', proposals: [proposalOf(ahSuites['ah-sha256'])] } }),
  }),
  reads: (by): readonly Reads<Outcome>[] => [
    byAh(by) ? meets(RFC4301, '3.2', 'MAY') : meets(RFC4301, '4.1'),
    byAh(by) ? meets(RFC4302, '3.1') : meets(RFC4303, '3.1'),
    ...(by.includes('transport') ? [] : [meets(DUPONT, '2.4 D')]),
  ],
  turnedBy: (by, role) => [
    ...(isMixed(settingOf(by)) ? ([[addressMutants.tunnelsOwnFamily, 'none']] as const) : []),
    ...(byAh(by) && role === 'responder' ? ([[childMutants.knowsEspOnly, 'none']] as const) : []),
  ],
});
