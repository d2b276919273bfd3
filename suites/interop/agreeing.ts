/**
 * Two products agree (MCDANIEL, figure 1): they get keys by IKEv2, in one way or another, and traffic goes both ways under what both were told, nothing of it in clear; afterwards both
 * hold the same SAs. Ways of agreeing are points of such a scenario, whatever they are ways of.
 */
import type { Family } from '../../harness/vocabulary/intent.ts';
import type { Account, Control } from '../../harness/vocabulary/judging.ts';
import { type Meeting, meeting, twoProducts } from '../../harness/vocabulary/meeting.ts';
import { keyManagementMutants, type NodeMutant, padMutants, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, type Reads, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL } from '../requirements/documents.ts';
import {
  type Addresses,
  after,
  before,
  judgeConversation,
  type Outcome,
  outcomes,
  speak,
  speaking,
} from './crossing.ts';
import { type Both, hasPairs, report } from './holdings.ts';

/** Of the product that the case is about. */
export type Role = 'initiator' | 'responder';
export const roles = ['initiator', 'responder'] as const;

export interface Agreement<By extends string> {
  readonly name: string;
  readonly title: string;
  readonly by: readonly By[];
  /** Of both headers, where they are a dimension; IPv4, and unnamed, otherwise. */
  readonly families?: readonly Family[];
  /** Of the product that the case is about; where one is enough, the other order of the two products is the other one. */
  readonly roles?: readonly Role[];
  readonly given: (by: By, family: Family, role: Role) => Meeting;
  /** Pairs of SAs that come about; one unless said. */
  readonly pairs?: number;
  /** What else must be there for the outcome to count. */
  readonly controls?: (t: Account, by: By, role: Role) => readonly Control[];
  /** What the documents say of this way, beside MCDANIEL's figure. */
  readonly reads: (by: By) => readonly Reads<Outcome>[];
  /** Beside what turns every such case. */
  readonly turnedBy?: (by: By, role: Role) => readonly Turn<Outcome>[];
}

export function agreeing<By extends string>(agreement: Agreement<By>) {
  const { name, title, by: ways, families = [''], given, controls = () => [], pairs = 1 } = agreement;
  return scenario({
    name,
    title,
    cast: twoProducts,
    dimensions: { by: ways, role: agreement.roles ?? roles, family: families },
    given: ({ by, role, family }) =>
      meeting({ family: familyOf(family), initiator: begins(role), ...given(by, familyOf(family), role) }),
    async play(stage, { by, role, family }) {
      const unprotected = unprotectedIn(given(by, familyOf(family), role), familyOf(family));
      await speak(stage, before, unprotected);
      await agree(stage, role);
      await speak(stage);
      await report(stage, '', hasPairs(pairs));
      await speak(stage, after, unprotected);
    },
    questions: {
      'MCDANIEL-FLOW': question('Do the two agree, and does traffic go both ways under what they agreed on?', {
        outcomes,
        controls: (t, { by, role }) => [
          speaking(t, before),
          ...controls(t, by as By, role as Role),
          speaking(t, after),
        ],
        judge: (t) => judgeConversation(t),
        plays: ({ role }) => [role as Role, 'sender', 'receiver'],
        reads: ({ by }) => [figure, ...agreement.reads(by as By)],
        lawful: 'both-ways',
        turnedBy: ({ by, role }) => [...turns, ...(agreement.turnedBy?.(by as By, role as Role) ?? [])],
      }),
    },
  });
}

/** Who is told to begin does. */
export async function agree(stage: Both, role: Role, name = 'establish'): Promise<void> {
  await stage[begins(role)].initiates(name);
}

export const begins = (role: Role): keyof typeof twoProducts => (role === 'initiator' ? 'nut' : 'peer');

export const familyOf = (family: Family | ''): Family => family || 'ipv4';

/** Between which addresses nothing is protected: the outer ones of a tunnel, and those of the other family where hosts, or whoever is behind a translator, are known by the one. */
export function unprotectedIn({ mode = 'tunnel', family: told, translated }: Meeting, family: Family): Addresses {
  if (translated) return { nut: nutAddresses.ipv6, peer: places['other-prefix'].ipv6 };
  const protectedFamily = told ?? family;
  const other = protectedFamily === 'ipv4' ? 'ipv6' : 'ipv4';
  const unprotected = mode === 'tunnel' ? protectedFamily : other;
  return { nut: nutAddresses[unprotected], peer: places.home[unprotected] };
}

/** A sentence that is met when the two speak as they were told. */
export function meets(
  document: Parameters<typeof reads>[0],
  section: string,
  level: Reads<Outcome>['level'] = 'MUST',
): Reads<Outcome> {
  const none = level === 'MAY' ? observed('it is not there, as it need not be') : fail;
  const other = level === 'MAY' ? observed('it is there, and the two do not speak by it') : fail;
  return reads<Outcome>(document, section, level, 'implementation', {
    'both-ways': pass,
    otherwise: other,
    'at-odds': other,
    'one-way': other,
    'in-clear': other,
    none,
  });
}

export const figure = reads<Outcome>(MCDANIEL, 'figure 1', 'obs', 'implementation', {
  'both-ways': observed('the two agree and speak under it'),
  otherwise: observed('the two speak under something else than they were told'),
  'at-odds': observed('the two speak, and hold different SAs'),
  'one-way': observed('the two agree, and speak one way'),
  'in-clear': observed('the two agree on nothing and speak in clear'),
  none: observed('the two agree on nothing'),
});

/** Two rules at once: nobody is known, and what has no SA is sent all the same. */
const leaksToStrangers: NodeMutant = {
  name: 'leaksToStrangers',
  rule: keyManagementMutants.leaksWithoutSa.rule,
  says: 'a peer that is not known gets no SA, and what was to go through one goes without',
  apply: (rules) => padMutants.knowsNoNames.apply(keyManagementMutants.leaksWithoutSa.apply(rules)),
};

const turns: readonly Turn<Outcome>[] = [
  [padMutants.knowsNoNames, 'none'],
  [leaksToStrangers, 'in-clear'],
  [policyMutants.sendsWhenSpokenTo, 'one-way'],
];
