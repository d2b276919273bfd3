/**
 * What AH covers, and ESP does not (BELLOVIN 3.1; RFC 4302 3.3.3.1, RFC 4303 3.1.1): a packet is changed on its way, one field at a time. Under AH what routers
 * may change goes unnoticed, and what they may not spoils the packet; ESP protects nothing before it. In transport mode no address is changed: the checksum of what is carried covers them too, so that nothing would tell
 * who dropped the packet.
 */
import { type Account, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedGateways, keyedHosts, keyingOf, laterKeyings } from '../../harness/vocabulary/keying.ts';
import { ahMutants, espMutants, headerMutants, ipsecMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { changedOnTheWay } from '../../harness/vocabulary/tampers.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { BELLOVIN, MCDANIEL, RFC4302, RFC4303 } from '../requirements/documents.ts';

type Family = 'ipv4' | 'ipv6';

interface Field {
  /** Where, in octets from the first of the IP header, and which bits are inverted; absent: the header of that family has no such field. */
  readonly at: Partial<Readonly<Record<Family, readonly [offset: number, mask: number]>>>;
  readonly mutable?: boolean;
  readonly onlyIn?: 'tunnel';
  /** Of AH itself. */
  readonly ofAh?: true;
  /** Another number in every packet: nothing could be held against one. */
  readonly everNew?: true;
}

/** AH follows the header at once; its ICV has sixteen octets, and in IPv6 four that pad it. */
const fields: Readonly<Record<string, Field>> = {
  dscp: { at: { ipv4: [1, 0x28], ipv6: [0, 0x05] }, mutable: true },
  ecn: { at: { ipv4: [1, 0x01], ipv6: [1, 0x10] }, mutable: true },
  'flow-label': { at: { ipv6: [3, 0x5a] }, mutable: true },
  'dont-fragment': { at: { ipv4: [6, 0x40] }, mutable: true },
  'hop-limit': { at: { ipv4: [8, 0x03], ipv6: [7, 0x03] }, mutable: true },
  identification: { at: { ipv4: [5, 0x01] }, everNew: true },
  source: { at: { ipv4: [15, 0x40], ipv6: [23, 0x40] }, onlyIn: 'tunnel' },
  reserved: { at: { ipv4: [22, 0x01], ipv6: [42, 0x01] }, ofAh: true },
  'sequence-number': { at: { ipv4: [31, 0x10], ipv6: [51, 0x10] }, ofAh: true },
  icv: { at: { ipv4: [47, 0x01], ipv6: [67, 0x01] }, ofAh: true },
  'icv-padding': { at: { ipv6: [71, 0x01] }, ofAh: true },
};

const protections = { '': ahSuites['ah-sha256'], esp: espSuites['aes-cbc-sha256'] } as const;
type Protection = keyof typeof protections;

type At = Readonly<Record<string, string>>;

/** How both questions are answered. */
const noticed = {
  outcomes: ['dropped', 'delivered'] as const,
  controls: (t: Account) => [
    pre('an unchanged packet is accepted', t.answered('before')),
    post('what is sent unchanged is delivered', t.delivered('unchanged', 'report')),
    post('a later unchanged packet is accepted', t.answered('after')),
  ],
  judge: (t: Account) =>
    t.delivered('changed', 'report')?.as('delivered') ?? t.undelivered('changed', 'unchanged', 'report')?.as('dropped'),
  plays: 'receiver' as const,
  lawful: (at: At) => (isCovered(at) ? 'dropped' : 'delivered') as 'dropped' | 'delivered',
  turnedBy: (at: At): readonly Turn<'dropped' | 'delivered'>[] => {
    if (isCovered(at)) return [[espMutants.ignoresIcv, 'delivered']];
    if (at.protection === '') return [[ahMutants.takesDefaultsAway, 'dropped']];
    return [[at.field === 'source' ? ipsecMutants.checksOuterSource : headerMutants.wantsHeaderAsUsual, 'dropped']];
  },
};

export const coveredFields = scenario({
  name: 'covered-fields',
  title: 'A field is changed on the way of a packet under AH, or under ESP',
  dimensions: {
    // Cases of AH go by the names they had when there were no others.
    protection: Object.keys(protections) as Protection[],
    field: Object.keys(fields),
    mode: ['transport', 'tunnel'],
    family: ['ipv4', 'ipv6'],
    keying: laterKeyings,
  },
  where: ({ protection, field, mode, family }) => {
    const { at, onlyIn = mode, ofAh, everNew } = fields[field]!;
    return at[family] !== undefined && onlyIn === mode && (protection === '' || !(ofAh || everNew));
  },
  given: ({ protection, mode, family, keying }) => {
    const [families, options] = [{ inner: family, outer: family }, { suite: protections[protection] }];
    return mode === 'transport'
      ? keyedHosts(keyingOf(keying), family, [transportPair('pair', family, options)])
      : keyedGateways(keyingOf(keying), families, [tunnelPair('pair', families, options)]);
  },
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
    'BELLOVIN-3.1a': question('Is it noticed that a field was changed on the way?', {
      ...noticed,
      reads: (at) => [reads(BELLOVIN, '3.1', 'obs', 'receiver', readingOf(at)), specified(at)],
    }),
    'MCDANIEL-TRANSPORT': question('Does transport mode secure the header too?', {
      ...noticed,
      asks: ({ field, mode }) => mode === 'transport' && !fields[field!]!.ofAh,
      // It has both protocols secure the payload only, and for AH that is not so.
      reads: (at) => [
        reads(MCDANIEL, 'transforms', 'obs', 'receiver', {
          delivered: pass,
          dropped: observed('the header before it is secured too'),
        }),
        specified(at),
      ],
    }),
  },
});

/** Fields of AH itself, and those before it that routers leave alone. */
function isCovered({ protection, field }: At): boolean {
  return protection === '' && fields[field!]!.mutable !== true;
}

function readingOf(at: At) {
  return isCovered(at) ? { dropped: pass, delivered: fail } : { dropped: fail, delivered: pass };
}

/** RFC 4302 3.4.4 has the receiver compute the ICV over what 3.3.3.1 says; what ESP leaves out, RFC 4303 only tells. */
function specified(at: At) {
  if (at.protection !== '')
    return reads(RFC4303, at.mode === 'tunnel' ? '3.1.2' : '3.1.1', 'obs', 'receiver', readingOf(at));
  return reads(RFC4302, fields[at.field!]!.ofAh ? '3.4.4' : '3.3.3.1', 'MUST', 'receiver', readingOf(at));
}
