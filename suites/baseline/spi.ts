/**
 * The SPI names the SA (MCDANIEL "architecture"; RFC 4301 4.1, RFC 4303 2.1 and 3.4.2, RFC 4302 2.4 and 3.4.2). The stimulus is right in all but what names its
 * SA: keys, ICV and inner packet are those of the SA that exists, so nothing but the lookup can drop it.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedGateways, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { EspByHand } from '../../harness/vocabulary/stage.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { MCDANIEL, RFC4301, RFC4302, RFC4303 } from '../requirements/documents.ts';

/** Keyed by hand the SAs stand under 0x1001 (to the node) and 0x1002 (from it). */
const names = {
  unknown: { order: { spi: 0x7777 }, turnedBy: [espMutants.ignoresSpi] },
  zero: { order: { spi: 0 }, turnedBy: [espMutants.ignoresSpi] },
  'reserved-1': { order: { spi: 1 }, turnedBy: [espMutants.ignoresSpi] },
  'reserved-255': { order: { spi: 255 }, turnedBy: [espMutants.ignoresSpi] },
  'opposite-direction': { order: { reversed: true }, turnedBy: [espMutants.keepsOneTable] },
  'other-protocol': { order: { protocol: protocols.AH }, turnedBy: [espMutants.takesAhForEsp] },
} as const satisfies Record<string, { order: EspByHand; turnedBy: readonly NodeMutant[] }>;
type Name = keyof typeof names;

const sixInFour = { inner: 'ipv6', outer: 'ipv4' } as const;

/** Whatever SA it is sealed under. */
const toTheNode = { outerSource: places.home.ipv4, outerDestination: nutAddresses.ipv4 };

export const spi = scenario({
  name: 'spi',
  title: 'Only the exact SA accepts',
  dimensions: {
    named: Object.keys(names) as Name[],
    mode: ['transport', 'tunnel'],
    keying: keyings,
    protection: laterProtections,
  },
  // Of AH called ESP there is nothing that could be opened by mistake.
  where: ({ named, protection }) => named !== 'other-protocol' || protection === '',
  given: ({ mode, keying, protection }) => {
    const options = { suite: protectionOf(protection) };
    return mode === 'transport'
      ? keyedHosts(keying, 'ipv4', [transportPair('pair', 'ipv4', options)])
      : keyedGateways(keying, sixInFour, [tunnelPair('pair', sixInFour, options)]);
  },
  async play(stage, { named, keying }) {
    const { tn } = stage;
    await establish(stage, keying, ['pair']);
    await tn.esp('before', { sequenceNumber: 1n });
    await tn.esp('stimulus', { sequenceNumber: 2n, ...toTheNode, ...names[named].order, awaited: false });
    await tn.esp('after', { sequenceNumber: 3n });
  },
  questions: {
    'MCDANIEL-SPI': question('Is a packet accepted that names no SA for it?', {
      outcomes: ['dropped', 'accepted'],
      controls: (t) => [
        pre('the SA accepts what names it', t.answered('before')),
        post('the SA accepts what names it, again', t.answered('after')),
      ],
      judge: (t) => t.answered('stimulus')?.as('accepted') ?? t.silent('stimulus', 'after')?.as('dropped'),
      plays: 'receiver',
      // That nobody sends SPI 0, and that 1 to 255 are kept back (RFC 4303 2.1), is not for a receiver: it has no SA under them.
      reads: ({ protection }) => [
        reads(MCDANIEL, 'architecture', 'obs', 'implementation', { dropped: pass, accepted: fail }),
        reads(RFC4301, '5.2 3a', 'MUST', 'receiver', { dropped: pass, accepted: fail }),
        reads(protection === 'ah' ? RFC4302 : RFC4303, '3.4.2', 'MUST', 'receiver', { dropped: pass, accepted: fail }),
      ],
      lawful: 'dropped',
      turnedBy: ({ named }) => names[named as Name].turnedBy.map((mutant): Turn<'accepted'> => [mutant, 'accepted']),
    }),
  },
});
