/**
 * What AH covers (BELLOVIN 3.1; RFC 4302 3.3.3.1): a packet is changed on its way, one field at a time. What routers may change goes unnoticed, what they
 * may not spoils the packet. In transport mode no address is changed: the checksum of what is carried covers them too, so that nothing would tell
 * who dropped the packet.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedGateways, keyedHosts, keyingOf, laterKeyings } from '../../harness/vocabulary/keying.ts';
import { ahMutants, espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { changedOnTheWay } from '../../harness/vocabulary/tampers.ts';
import { ahSuites } from '../../harness/vocabulary/transforms.ts';
import { BELLOVIN, RFC4302 } from '../requirements/documents.ts';

type Family = 'ipv4' | 'ipv6';

interface Field {
  /** Where, in octets from the first of the IP header, and which bits are inverted; absent: the header of that family has no such field. */
  readonly at: Partial<Readonly<Record<Family, readonly [offset: number, mask: number]>>>;
  readonly mutable?: boolean;
  readonly onlyIn?: 'tunnel';
}

/** AH follows the header at once; its ICV has sixteen octets, and in IPv6 four that pad it. */
const fields: Readonly<Record<string, Field>> = {
  dscp: { at: { ipv4: [1, 0x28], ipv6: [0, 0x05] }, mutable: true },
  ecn: { at: { ipv4: [1, 0x01], ipv6: [1, 0x10] }, mutable: true },
  'flow-label': { at: { ipv6: [3, 0x5a] }, mutable: true },
  'dont-fragment': { at: { ipv4: [6, 0x40] }, mutable: true },
  'hop-limit': { at: { ipv4: [8, 0x03], ipv6: [7, 0x03] }, mutable: true },
  identification: { at: { ipv4: [5, 0x01] } },
  source: { at: { ipv4: [15, 0x40], ipv6: [23, 0x40] }, onlyIn: 'tunnel' },
  reserved: { at: { ipv4: [22, 0x01], ipv6: [42, 0x01] } },
  'sequence-number': { at: { ipv4: [31, 0x10], ipv6: [51, 0x10] } },
  icv: { at: { ipv4: [47, 0x01], ipv6: [67, 0x01] } },
  'icv-padding': { at: { ipv6: [71, 0x01] } },
};

const options = { suite: ahSuites['ah-sha256'] };

export const coveredFields = scenario({
  name: 'covered-fields',
  title: 'A field is changed on the way of a packet under AH',
  dimensions: {
    field: Object.keys(fields),
    mode: ['transport', 'tunnel'],
    family: ['ipv4', 'ipv6'],
    keying: laterKeyings,
  },
  where: ({ field, mode, family }) => {
    const { at, onlyIn = mode } = fields[field]!;
    return at[family] !== undefined && onlyIn === mode;
  },
  given: ({ mode, family, keying }) =>
    mode === 'transport'
      ? keyedHosts(keyingOf(keying), family, [transportPair('pair', family, options)])
      : keyedGateways(keyingOf(keying), { inner: family, outer: family }, [
          tunnelPair('pair', { inner: family, outer: family }, options),
        ]),
  async play(stage, { field, family, keying }) {
    const { tn, nut } = stage;
    await establish(stage, keyingOf(keying), ['pair']);
    await tn.echo('before');
    const [offset, mask] = fields[field]!.at[family]!;
    await tn.esp('changed', { carries: 'udp', onTheWay: changedOnTheWay(offset, mask) });
    await tn.esp('unchanged', { carries: 'udp' });
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'BELLOVIN-3.1a': question('Does AH notice that a field was changed on the way?', {
      outcomes: ['dropped', 'delivered'],
      controls: (t) => [
        pre('an unchanged packet is accepted', t.answered('before')),
        post('what is sent unchanged is delivered', t.delivered('unchanged', 'report')),
        post('a later unchanged packet is accepted', t.answered('after')),
      ],
      judge: (t) =>
        t.delivered('changed', 'report')?.as('delivered') ??
        t.undelivered('changed', 'unchanged', 'report')?.as('dropped'),
      plays: 'receiver',
      reads: ({ field }) => {
        const of = isMutable(field) ? { dropped: fail, delivered: pass } : { dropped: pass, delivered: fail };
        return [
          reads(BELLOVIN, '3.1', 'obs', 'receiver', of),
          reads(RFC4302, sectionOf(field), 'MUST', 'receiver', of),
        ];
      },
      lawful: ({ field }) => (isMutable(field) ? 'delivered' : 'dropped'),
      turnedBy: ({ field }) => {
        if (isMutable(field)) return [[ahMutants.takesDefaultsAway, 'dropped']];
        return [[espMutants.ignoresIcv, 'delivered']];
      },
    }),
  },
});

const isMutable = (field: string | undefined): boolean => fields[field!]!.mutable === true;

/** 3.4.4 has the receiver compute the ICV over what 3.3.3.1 says. */
function sectionOf(field: string | undefined): string {
  return ['reserved', 'sequence-number', 'icv', 'icv-padding'].includes(field!) ? '3.4.4' : '3.3.3.1';
}
