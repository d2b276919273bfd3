/**
 * SAs come in pairs (AURA 3; RFC 4301 4.1): IKE makes both at once. By hand each is made by itself, and works without the other; what has no SA in its own
 * direction goes nowhere.
 */
import { type Account, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, type Keying, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { keyManagementMutants, type NodeMutant, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { AURA, RFC4301 } from '../requirements/documents.ts';

type Outcome = 'inward' | 'outward' | 'both' | 'neither' | 'in-clear';

interface Sas {
  readonly keying: Keying;
  /** Those that the node under test is given; both where it is not said. */
  readonly direction?: 'in' | 'out';
  readonly lawful: Outcome;
  readonly turns: readonly (readonly [NodeMutant, Outcome])[];
}

const half = [policyMutants.sendsWhenSpokenTo, 'inward'] as const;

const sas = {
  'in-by-hand': {
    keying: 'manual',
    direction: 'in',
    lawful: 'inward',
    turns: [
      [policyMutants.findsSasInPairs, 'neither'],
      [keyManagementMutants.leaksWithoutSa, 'in-clear'],
    ],
  },
  'out-by-hand': {
    keying: 'manual',
    direction: 'out',
    lawful: 'outward',
    turns: [[policyMutants.sendsWhenSpokenTo, 'neither']],
  },
  'both-by-hand': { keying: 'manual', lawful: 'both', turns: [half] },
  ikev2: { keying: 'ikev2', lawful: 'both', turns: [half] },
  'ikev2-nut-initiates': { keying: 'ikev2-nut-initiates', lawful: 'both', turns: [half] },
} as const satisfies Record<string, Sas>;
type SasName = keyof typeof sas;

const sasOf = (name: string): Sas => sas[name as SasName];

export const oneWaySas = scenario({
  name: 'one-way-sas',
  title: 'An SA without the other of its pair',
  dimensions: { sas: Object.keys(sas) as SasName[] },
  given: ({ sas: name }) => {
    const { keying, direction } = sasOf(name);
    const told = keyedHosts(keying, 'ipv4', [transportPair('pair', 'ipv4', { selector: { protocol: protocols.UDP } })]);
    const { nut, tn } = told.parties;
    const manual = nut!.manual.filter((each) => direction === undefined || each.direction === direction);
    return { ...told, parties: { nut: { ...nut!, manual }, tn: tn! } };
  },
  async play(stage, { sas: name }) {
    const { tn, nut } = stage;
    await tn.pingInClear('path');
    await establish(stage, sasOf(name).keying, ['pair']);
    await nut.udp('from it', { awaited: sasOf(name).direction !== 'in' });
    await tn.udp('to it');
    await tn.pingInClear('life');
    await nut.reports('report');
  },
  questions: {
    'AURA-SPD-3': question('Does an SA work in its own direction, whether or not there is one in the other?', {
      outcomes: ['inward', 'outward', 'both', 'neither', 'in-clear'],
      controls: (t) => [
        pre('the node is reached on the link', t.answered('path')),
        pre('the tester sends under its SA', t.sentUnder('to it', 'esp')),
        post('the node is still reached', t.answered('life')),
      ],
      judge,
      plays: ['sender', 'receiver'],
      reads: ({ sas: name }) => {
        const right = (outcome: Outcome) => (outcome === sasOf(name).lawful ? pass : fail);
        const of = {
          inward: right('inward'),
          outward: right('outward'),
          both: right('both'),
          neither: fail,
          'in-clear': fail,
        };
        return [
          reads(AURA, '3', 'obs', 'implementation', of),
          reads(RFC4301, '4.1', 'obs', 'implementation', of),
          reads(RFC4301, '5.1 3a', 'MUST', 'sender', { ...underEsp, 'in-clear': fail }),
        ];
      },
      lawful: ({ sas: name }) => sasOf(name).lawful,
      turnedBy: ({ sas: name }): readonly Turn<Outcome>[] => sasOf(name).turns,
    }),
  },
});

const underEsp = { inward: pass, outward: pass, both: pass, neither: pass } as const;

function judge(t: Account): Judgement | undefined {
  const leaked = t.sentUnder('from it', 'clear');
  if (leaked) return leaked.as('in-clear');
  const sent = t.sentUnder('from it', 'esp');
  const came = t.delivered('to it', 'report');
  if (sent && came) return came.as('both');
  if (sent) return t.undelivered('to it', 'life', 'report')?.as('outward');
  const kept = t.unsent('from it', 'life');
  return came ? kept && came.as('inward') : kept?.as('neither');
}
