/**
 * A home address option without IPsec, RFC 6275 9.3.1 and 9.3.3 (DUPONT 2.2 A, "no false verification"): a binding to where the packet comes from is all
 * that vouches for it. What has none is dropped, and its sender told by a Binding Error; a kernel without the rest of Mobile IPv6 has no such message.
 */
import { type Account, cause, post, pre } from '../../../harness/vocabulary/judging.ts';
import {
  type BindingByHand,
  type CorrespondentNodeConfiguration,
  correspondent,
  mobile,
} from '../../../harness/vocabulary/mobile-intent.ts';
import { hostMutants, mobilityMutants, type NodeMutant } from '../../../harness/vocabulary/mutants.ts';
import { fromCareOfAddress } from '../../../harness/vocabulary/packets.ts';
import { nutAddresses } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, type Reads, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { datagram } from './correspondents.ts';

const { homeAddress, otherHomeAddress, careOfAddress, otherCareOfAddress } = mobile;
const bound: readonly BindingByHand[] = [{ homeAddress, careOfAddress }];

type Outcome = 'told' | 'told-wrong' | 'problem' | 'dropped' | 'delivered';

interface Option {
  readonly names: string;
  readonly from: string;
  readonly bindings?: readonly BindingByHand[];
  readonly lawful: Outcome;
  readonly turnedBy: readonly (readonly [NodeMutant, Outcome])[];
  readonly section: '9.3.1' | '9.3.3' | '6.3';
  readonly alsoKnownAs?: readonly string[];
}

const { takesOptionsInClear, takesAnyCareOfAddress, believesNoBinding, takesAnyHomeAddress } = mobilityMutants;
const { sendsNoBindingError, sendsErrorsToNobody, takesOwnAddress } = mobilityMutants;

const unroutable = (names: string, alsoKnownAs: readonly string[] = []): Option => ({
  names,
  from: careOfAddress,
  lawful: 'dropped',
  turnedBy: [[takesAnyHomeAddress, 'told']],
  section: '9.3.1',
  alsoKnownAs,
});

const options = {
  unknown: {
    names: homeAddress,
    from: careOfAddress,
    lawful: 'told',
    turnedBy: [
      [takesOptionsInClear, 'delivered'],
      [sendsNoBindingError, 'dropped'],
    ],
    section: '9.3.1',
    alsoKnownAs: ['CN-6-2-1'],
  },
  bound: {
    names: homeAddress,
    from: careOfAddress,
    bindings: bound,
    lawful: 'delivered',
    turnedBy: [[believesNoBinding, 'told']],
    section: '9.3.1',
    alsoKnownAs: ['CN-6-2-2'],
  },
  'bound-elsewhere': {
    names: homeAddress,
    from: otherCareOfAddress,
    bindings: bound,
    lawful: 'told',
    turnedBy: [[takesAnyCareOfAddress, 'delivered']],
    section: '9.3.1',
    alsoKnownAs: ['CN-6-2-2', 'CN-6-2-3'],
  },
  'other-is-bound': {
    names: otherHomeAddress,
    from: careOfAddress,
    bindings: bound,
    lawful: 'told',
    turnedBy: [[takesOptionsInClear, 'delivered']],
    section: '9.3.1',
    alsoKnownAs: ['CN-6-2-2'],
  },
  multicast: unroutable('ff1e::9', ['CN-6-3-2']),
  'link-local': unroutable('fe80::9'),
  unspecified: unroutable('::'),
  loopback: unroutable('::1'),
  'ipv4-mapped': unroutable('::ffff:192.0.2.2'),
  own: { ...unroutable(nutAddresses.ipv6), turnedBy: [[takesOwnAddress, 'told']], section: '6.3' },
  'from-multicast': {
    names: homeAddress,
    from: 'ff1e::9',
    lawful: 'dropped',
    turnedBy: [[hostMutants.takesFromGroups, 'told']],
    section: '9.3.3',
    alsoKnownAs: ['CN-6-3-1'],
  },
  'multicast-from-multicast': {
    names: 'ff1e::8',
    from: 'ff1e::9',
    lawful: 'dropped',
    turnedBy: [[hostMutants.knowsNoGroups, 'told']],
    section: '9.3.3',
    alsoKnownAs: ['CN-6-3-3'],
  },
  'from-unspecified': {
    names: homeAddress,
    from: '::',
    lawful: 'dropped',
    turnedBy: [[sendsErrorsToNobody, 'told']],
    section: '9.3.3',
  },
} as const satisfies Record<string, Option>;

type OptionName = keyof typeof options;
const optionOf = (name: string | undefined): Option => options[name as OptionName];

const speaking = { 'by-hand': {}, signalling: { signalling: {} } } as const satisfies Record<
  string,
  CorrespondentNodeConfiguration
>;

export const optionInClear = scenario({
  name: 'option-in-clear',
  title: 'A home address option without IPsec',
  dimensions: {
    way: ['clear'],
    option: Object.keys(options) as OptionName[],
    node: Object.keys(speaking) as (keyof typeof speaking)[],
  },
  given: ({ option, node }) => {
    const { bindings } = optionOf(option);
    return correspondent({ ...speaking[node], ...(bindings && { bindings }) }, []);
  },
  async play({ tn, nut }, { option }) {
    const { names, from } = optionOf(option);
    // What answers it goes by the router, which is known to be there by then; a group answers nothing.
    const elsewhere = { from: otherCareOfAddress, to: nutAddresses.ipv6 } as const;
    const clear = { from: careOfAddress, to: nutAddresses.ipv6 } as const;
    await tn.pingInClear('path', elsewhere);
    await tn.udp('without option', { ...clear, inClear: true });
    await tn.packet('option', fromCareOfAddress(datagram(4001, 'option', names), from));
    await tn.udp('without option again', { ...clear, inClear: true });
    await tn.pingInClear('after', from === careOfAddress ? clear : elsewhere);
    await nut.reports('report');
  },
  questions: {
    'DUPONT-A4': question('What becomes of a home address option in clear?', {
      outcomes: ['told', 'told-wrong', 'problem', 'dropped', 'delivered'],
      controls: (t) => [
        pre('the node answers to another place', t.answered('path')),
        pre('without the option a packet is delivered', t.delivered('without option', 'report')),
        post('and again', t.delivered('without option again', 'report')),
        cause('the node is alive, and answers in clear', t.answered('after')),
      ],
      judge: (t, { option }) =>
        t.delivered('option', 'report')?.as('delivered') ??
        objected(t, optionOf(option)) ??
        t.unobjected('option', 'after')?.as('dropped'),
      plays: 'receiver',
      reads: ({ option, node }) => readings(optionOf(option), node),
      lawful: ({ option }) => optionOf(option).lawful,
      turnedBy: ({ option }) => optionOf(option).turnedBy,
      alsoKnownAs: ({ option }) => optionOf(option).alsoKnownAs ?? [],
    }),
  },
});

function objected(t: Account, { names, from }: Option) {
  const said = t.objection('option');
  if (said?.kind !== 'bindingError') return said?.shown.as('problem');
  const right =
    said.status === UNKNOWN_BINDING &&
    said.homeAddress === names &&
    said.source === nutAddresses.ipv6 &&
    said.destination === from;
  return said.shown.as(right ? 'told' : 'told-wrong');
}

function readings({ lawful, section }: Option, node: string | undefined): readonly Reads<Outcome>[] {
  if (lawful === 'delivered') {
    const of = { delivered: pass, told: fail, 'told-wrong': fail, problem: fail, dropped: fail };
    return [reads(DUPONT, '2.2 A', 'obs', 'receiver', of), reads(RFC6275, '9.3.1', 'MUST', 'receiver', of)];
  }
  const refused = { told: pass, 'told-wrong': pass, problem: pass, dropped: pass, delivered: fail };
  return [
    reads(DUPONT, '2.2 A', 'MUST', 'receiver', refused),
    ...(section === '6.3' ? [] : [reads(RFC6275, '9.3.1', 'MUST', 'receiver', refused)]),
    ...answerReadings(lawful, section, node),
  ];
}

/** What is said of the answer. Whether a home address that is none is told of, too, depends on how much "the above tests" means (9.3.1). */
function answerReadings(
  lawful: Outcome,
  section: Option['section'],
  node: string | undefined,
): readonly Reads<Outcome>[] {
  if (section === '9.3.3') {
    const silent = { told: fail, 'told-wrong': fail, problem: pass, dropped: pass, delivered: pass };
    return [reads(RFC6275, '9.3.3', 'MUST NOT', 'receiver', silent)];
  }
  if (lawful === 'told' && node === 'signalling') {
    const of = { told: pass, 'told-wrong': fail, problem: fail, dropped: fail, delivered: fail };
    return [reads(RFC6275, '9.3.3', 'MUST', 'receiver', of)];
  }
  const seen = {
    told: observed('a Binding Error'),
    'told-wrong': observed('a Binding Error that says something else'),
    problem: observed('an ICMPv6 error'),
    dropped: observed('silence'),
    delivered: observed('it is delivered'),
  };
  return [reads(RFC6275, section === '6.3' ? '6.3' : '9.3.3', 'obs', 'receiver', seen)];
}

const UNKNOWN_BINDING = 1;
