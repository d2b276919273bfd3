/**
 * ESP inside AH (BELLOVIN 3.1 "AH with ESP"; RFC 4301 4.3 and appendix E): two SAs on one packet, the inner one applied first. RFC 4301 demands it of nobody;
 * who offers it puts them in the order that was asked for, under the SPI of each, and lets in nothing that only the inner one protects.
 */
import { type Account, cause, finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { keyedGateways, keyedHosts, nested } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { manualSas, type Pair, transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { BELLOVIN, RFC4301 } from '../requirements/documents.ts';

type Family = 'ipv4' | 'ipv6';
const bundles = ['esp-in-ah', 'tunnel-in-ah', 'esp-in-ah-tunnel'] as const;

interface At {
  readonly bundle: (typeof bundles)[number];
  readonly family: Family;
  readonly numbers?: '' | 'esn';
}

const dimensions = { bundle: bundles, family: ['ipv4', 'ipv6'] } as const;

export const nestedSas = scenario({
  name: 'nested',
  title: 'ESP inside AH',
  dimensions: { ...dimensions, numbers: ['', 'esn'] },
  given: bundled,
  async play({ tn, nut }, { family }) {
    await tn.pingInClear('path', elsewhere(family));
    await tn.echo('inward');
    await nut.echo('outward', { awaited: false });
    await tn.pingInClear('life', elsewhere(family));
  },
  questions: {
    'BELLOVIN-3.1g': question('Is AH put around ESP, and are both taken off?', {
      outcomes: ['nested', 'other-order', 'other-spis', 'one-only', 'dropped'],
      controls: (t) => [
        cause('the node is reached on the same link', t.answered('path')),
        post('and still is', t.answered('life')),
      ],
      judge: (t, at) => judgedLayers(t, pairsOf(at as unknown as At)) ?? t.silent('inward', 'life')?.as('dropped'),
      plays: ['sender', 'receiver'],
      reads: [
        reads(BELLOVIN, '3.1', 'obs', 'implementation', {
          nested: observed('both protocols on one packet'),
          'other-order': observed('both protocols, the other way about'),
          'other-spis': observed('both protocols under other SAs'),
          'one-only': observed('one protocol'),
          dropped: observed('no bundle'),
        }),
        reads(RFC4301, 'E', 'obs', 'implementation', {
          nested: pass,
          'other-order': fail,
          'other-spis': fail,
          'one-only': fail,
          dropped: observed('nested SAs are not required (4.3)'),
        }),
      ],
      lawful: 'nested',
      turnedBy: [
        [policyMutants.forgetsNesting, 'one-only'],
        [policyMutants.dropsWhatIsNested, 'dropped'],
      ],
    }),
  },
});

export const innerAlone = scenario({
  name: 'inner-alone',
  title: 'ESP alone where ESP inside AH is asked for',
  dimensions: { arrives: ['esp-alone'], ...dimensions },
  given: bundled,
  async play({ tn }, { family }) {
    await tn.pingInClear('path', elsewhere(family));
    await tn.echo('before');
    await tn.esp('stimulus', { under: 'inner', awaited: false });
    await tn.echo('after');
    await tn.pingInClear('life', elsewhere(family));
  },
  questions: {
    'BELLOVIN-3.1g': question('Is let in what only the inner one of two SAs protects?', {
      outcomes: ['dropped', 'delivered'],
      controls: (t) => [
        pre('what both protect is accepted', t.answered('before')),
        post('what both protect is accepted again', t.answered('after')),
      ],
      judge: (t) => t.answered('stimulus')?.as('delivered') ?? t.silent('stimulus', 'after')?.as('dropped'),
      plays: 'receiver',
      reads: [
        reads(BELLOVIN, '3.1', 'obs', 'receiver', {
          dropped: observed('both are demanded'),
          delivered: observed('ESP alone will do'),
        }),
        reads(RFC4301, '4.3', 'obs', 'receiver', {
          dropped: pass,
          delivered: observed('the nesting is a matter of forwarding tables, outside of the IPsec module'),
        }),
      ],
      lawful: 'dropped',
      turnedBy: [[policyMutants.takesInnerAlone, 'delivered']],
    }),
  },
});

function pairsOf({ bundle, family, numbers = '' }: At): readonly [inner: Pair, outer: Pair] {
  const families = { inner: family, outer: family };
  const options = { extendedSequenceNumbers: numbers === 'esn' };
  const hosts = transportPair('outer', family).selector;
  const around = { ...options, suite: ahSuites['ah-sha256'], spi: 0x2000 };
  const selector = { ...hosts, protocol: protocols.ESP };
  return [
    bundle === 'tunnel-in-ah' ? tunnelPair('inner', families, options) : transportPair('inner', family, options),
    bundle === 'esp-in-ah-tunnel'
      ? tunnelPair('outer', families, { ...around, selector })
      : transportPair('outer', family, { ...around, selector }),
  ];
}

function bundled(at: At) {
  const pairs = pairsOf(at);
  const options = { policy: nested(...pairs) };
  return at.bundle === 'tunnel-in-ah'
    ? keyedGateways('manual', { inner: at.family, outer: at.family }, pairs, options)
    : keyedHosts('manual', at.family, pairs, options);
}

/** In the other family, of which the policy says nothing. */
function elsewhere(family: Family) {
  const other = family === 'ipv4' ? 'ipv6' : 'ipv4';
  return { from: places.home[other], to: nutAddresses[other] };
}

/** What the node put around its answer to `inward`, and around `outward`, a packet of its own: the SAs of these pairs, the inner one first. */
export function judgedLayers(t: Account, pairs: readonly Pair[]): Judgement | undefined {
  const wanted = pairs.toReversed().map((pair) => ({ protocol: pair.suite.protocol, spi: manualSas(pair)[1].spi }));
  const [answer, own] = [t.answer('inward'), t.probe('outward')];
  if (!answer || !own) return undefined;
  const outcomes = [answer, own].map(({ frame: { esp } }) => {
    if (esp.length < wanted.length) return 'one-only';
    if (esp.some(({ protocol }, depth) => protocol !== wanted[depth]?.protocol)) return 'other-order';
    return esp.every(({ spi }, depth) => spi === wanted[depth]!.spi) ? 'nested' : 'other-spis';
  });
  const evidence = [answer, own].map((each) => t.evidenceOf(each, each.frame.esp.map(headerText).join(' around ')));
  const says = [answer, own].map(({ frame: { esp } }) => esp.map(headerText).join(' around ')).join('; ');
  return finding(says, ...evidence).as(outcomes.find((one) => one !== 'nested') ?? 'nested');
}

const headerText = ({ protocol, spi }: { readonly protocol: string; readonly spi: number }): string =>
  `${protocol} 0x${spi.toString(16)}`;
