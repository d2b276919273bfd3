/**
 * Two layers of IPsec (BELLOVIN 4; RFC 2401 4.5 case 4, which RFC 4301 4.3 demands no longer): ESP between two hosts, inside an ESP tunnel between the gateways before them.
 * Here each gateway is its host. Whoever offers it puts both around what it sends, and lets in nothing that lacks one.
 */
import { host } from '../../harness/vocabulary/intent.ts';
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { keyedGateways, nested } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { type Families, type Pair, pairBetween, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { BELLOVIN, RFC4301 } from '../requirements/documents.ts';
import { judgedLayers } from './nested.ts';

const families = {
  ipv4: { inner: 'ipv4', outer: 'ipv4' },
  ipv6: { inner: 'ipv6', outer: 'ipv6' },
  'ipv6-in-ipv4': { inner: 'ipv6', outer: 'ipv4' },
} as const satisfies Record<string, Families>;

function layers({ inner: within, outer }: Families): readonly [host: Pair, tunnel: Pair] {
  const ends = { local: inner.nut[within], remote: inner.tn[within] };
  const selector = { local: host(ends.local), remote: host(ends.remote), protocol: protocols.ESP };
  return [pairBetween('host', ends), tunnelPair('tunnel', { inner: within, outer }, { spi: 0x2000, selector })];
}

/** `inner-alone`: what has the layer of the hosts alone is let in. */
type Outcome = 'nested' | 'other-order' | 'other-spis' | 'one-only' | 'dropped' | 'inner-alone';

export const twoLayers = scenario({
  name: 'two-layers',
  title: 'ESP between hosts in an ESP tunnel',
  dimensions: { families: Object.keys(families) as (keyof typeof families)[] },
  given: (at) => {
    const pairs = layers(families[at.families]);
    return keyedGateways('manual', families[at.families], pairs, { policy: nested(...pairs) });
  },
  async play({ tn, nut }, at) {
    const { outer } = families[at.families];
    const clear = { from: places.home[outer], to: nutAddresses[outer] };
    await tn.pingInClear('path', clear);
    await tn.echo('inward');
    await nut.echo('outward', { awaited: false });
    await tn.esp('host alone', { under: 'host' });
    await tn.pingInClear('life', clear);
  },
  questions: {
    'BELLOVIN-4b': question('Are both layers put around what is sent, and demanded of what arrives?', {
      outcomes: ['nested', 'other-order', 'other-spis', 'one-only', 'dropped', 'inner-alone'],
      controls: (t) => [
        pre('the node is reached outside of both', t.answered('path')),
        post('and still is', t.answered('life')),
      ],
      judge: (t, at) => {
        const put = judgedLayers(t, layers(families[at.families as keyof typeof families]));
        const alone = put?.outcome === 'nested' ? t.answered('host alone') : undefined;
        return alone?.as('inner-alone') ?? put ?? t.silent('inward', 'life')?.as('dropped');
      },
      plays: ['sender', 'receiver'],
      reads: [
        reads(BELLOVIN, '4', 'obs', 'implementation', {
          nested: observed('two layers'),
          'other-order': observed('two layers, the other way about'),
          'other-spis': observed('two layers under other SAs'),
          'one-only': observed('one layer'),
          dropped: observed('no two layers'),
          'inner-alone': observed('the layer of the hosts alone will do'),
        }),
        reads(RFC4301, 'E', 'obs', 'implementation', {
          nested: pass,
          'other-order': fail,
          'other-spis': fail,
          'one-only': fail,
          dropped: observed('nested SAs are not required (4.3)'),
          'inner-alone': observed('the nesting is a matter of forwarding tables, outside of the IPsec module'),
        }),
      ],
      lawful: 'nested',
      turnedBy: (): readonly Turn<Outcome>[] => [
        [policyMutants.forgetsNesting, 'one-only'],
        [policyMutants.dropsWhatIsNested, 'dropped'],
        [policyMutants.takesInnerAlone, 'inner-alone'],
      ],
    }),
  },
});
