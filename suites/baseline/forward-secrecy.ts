/**
 * The optional second Diffie-Hellman exchange (MCDANIEL "IKE"; RFC 7296 1.3, 2.17): a child of CREATE_CHILD_SA, a further one or one that replaces another,
 * has keys of an exchange of its own where policy names a group for it. The group is policy's on both sides: what the two do not share is refused.
 */
import { fqdn } from '../../harness/vocabulary/credentials.ts';
import { only, saying, tnName, whoseChildren } from '../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  both,
  cause,
  type FoundMessage,
  type Judgement,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants, type NodeMutant, rekeyingMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { MCDANIEL, RFC7296 } from '../requirements/documents.ts';
import { spiOf } from './children.ts';

type Outcome = 'exchanged' | 'derived' | 'other-keys' | 'refused';

interface Groups {
  /** Of the node under test, and of the tester; none is no exchange. */
  readonly nut?: number;
  readonly tn?: number;
  readonly lawful: Outcome;
  readonly turns: readonly (readonly [NodeMutant, Outcome])[];
  /** What an initiator without its policy says; a tester that is asked takes either. */
  readonly turnsInitiator?: readonly (readonly [NodeMutant, Outcome])[];
}

const { keysWithoutSecret, offersNoGroup, insistsOnGroup } = rekeyingMutants;
const { takesWhatIsOffered, takesGroupOfIke } = childMutants;
const [own, another] = [31, 19] as const;

const groups = {
  both: {
    nut: own,
    tn: own,
    lawful: 'exchanged',
    turns: [[keysWithoutSecret, 'other-keys']],
    turnsInitiator: [
      [keysWithoutSecret, 'other-keys'],
      [offersNoGroup, 'derived'],
    ],
  },
  neither: {
    lawful: 'derived',
    turns: [[insistsOnGroup, 'refused']],
    turnsInitiator: [[takesGroupOfIke, 'exchanged']],
  },
  'asked-for-none': { nut: own, lawful: 'refused', turns: [[takesWhatIsOffered, 'derived']] },
  'asked-for-one': { tn: own, lawful: 'refused', turns: [[takesWhatIsOffered, 'exchanged']] },
  'asked-for-another': { nut: own, tn: another, lawful: 'refused', turns: [[takesWhatIsOffered, 'exchanged']] },
} as const satisfies Record<string, Groups>;
type GroupsName = keyof typeof groups;

const groupsOf = (name: string): Groups => groups[name as GroupsName];
const isShared = (name: string): boolean => groupsOf(name).nut === groupsOf(name).tn;

/** For echoes, and further for connections. */
const pairs = {
  first: transportPair('first', 'ipv4', { selector: { protocol: protocols.ICMP } }),
  further: transportPair('further', 'ipv4', { selector: { protocol: protocols.TCP } }),
} as const;

export const forwardSecrecy = scenario({
  name: 'forward-secrecy',
  title: 'A child has keys of its own, or of its IKE SA',
  dimensions: {
    child: ['further', 'rekeyed'],
    groups: Object.keys(groups) as GroupsName[],
    role: ['responder', 'initiator'],
  },
  where: ({ groups: name, role }) => role === 'responder' || groupsOf(name).turnsInitiator !== undefined,
  given: ({ groups: name, role }) => {
    const told = saying(keyedHosts('ikev2', 'ipv4', Object.values(pairs)), { nut: { remote: only(fqdn(tnName)) } });
    const proposed = (group: number | undefined) => (proposals: Proposals) =>
      proposals.map((each) => ({ ...each, ...(group && { keyExchangeMethods: [group] }) }));
    const either = (proposals: Proposals) => [...proposed(own)(proposals), ...proposals];
    const nut = whoseChildren(told.parties.nut!, proposed(groupsOf(name).nut));
    const tn = whoseChildren(told.parties.tn!, role === 'initiator' ? either : proposed(groupsOf(name).tn));
    return { ...told, parties: { nut, tn } };
  },
  async play(stage, { child, role }) {
    const { tn, nut, lab } = stage;
    const [asking, by] = role === 'initiator' ? ([nut, 'nut'] as const) : ([tn, 'tn'] as const);
    await establish(stage, 'ikev2', ['first']);
    await tn.echo('before');
    if (child === 'rekeyed') {
      await asking.rekeysChild('asks', childName('first'));
      await lab.shows((t) => t.ike.refused('asks', 'nut') !== undefined || isReplaced(t, by));
      await tn.echo('through it');
    } else {
      await asking.initiates('asks', childName('further'));
      await tn.syn('through it', { unlessRefused: 'asks' });
    }
    await tn.asksForLife('life', childName('first'));
  },
  questions: {
    'MCDANIEL-PFS': question(
      'Has a child keys of an exchange of its own where policy names a group, and nowhere else?',
      {
        outcomes: ['exchanged', 'derived', 'other-keys', 'refused'],
        controls: (t) => [
          pre('the child of IKE_AUTH carries traffic', t.answered('before')),
          cause('a CREATE_CHILD_SA exchange asks for it', isAsked(t)),
          cause('what the node agreed to is used', t.ike.refused('asks', 'nut') ?? t.sentUnder('through it', 'esp')),
          post('the IKE SA lives', t.ike.informed('life')),
        ],
        judge,
        plays: ({ role }) => role as 'initiator' | 'responder',
        reads: ({ groups: name, role }) => {
          const { lawful } = groupsOf(name);
          const outcome = (each: Outcome) => (each === lawful ? pass : fail);
          const of = {
            exchanged: outcome('exchanged'),
            derived: outcome('derived'),
            'other-keys': fail,
            refused: outcome('refused'),
          };
          return [
            reads(MCDANIEL, 'IKE', 'obs', 'implementation', of),
            isShared(name)
              ? reads(RFC7296, '2.17', 'obs', 'implementation', of)
              : reads(RFC7296, '2.7', 'MUST', role as 'responder', of),
          ];
        },
        lawful: ({ groups: name }) => groupsOf(name).lawful,
        turnedBy: ({ groups: name, role }): readonly Turn<Outcome>[] => {
          const { turns, turnsInitiator } = groupsOf(name);
          return role === 'initiator' ? (turnsInitiator ?? []) : turns;
        },
      },
    ),
  },
});

type Proposals = Parameters<Parameters<typeof whoseChildren>[1]>[0];

/** By the KE payload of what the node says in the exchange, and by what comes through the child. */
function judge(t: Account, { child }: Readonly<Record<string, string>>): Judgement | undefined {
  const agreed = t.ike.childAgreed('asks');
  if (!agreed) return t.ike.refused('asks', 'nut')?.as('refused');
  const said = saidByNode(t);
  if (!said) return undefined;
  const isNew = child === 'further' || spiOf(t, 'before') !== spiOf(t, 'through it');
  const carried = isNew ? t.answered('through it') : undefined;
  if (!carried) return agreed.as('other-keys');
  const hasExchange = said.ike.payloads?.some(({ type }) => type === 'KE');
  const finding = t.ike.said(said, hasExchange ? 'a KE payload' : 'no KE payload');
  return both(finding, carried)?.as(hasExchange ? 'exchanged' : 'derived');
}

/** A further child may come by an IKE SA of its own as well, which says nothing of this. */
const ofCreation = (t: Account): readonly FoundMessage[] =>
  t.ike.messages('asks').filter(({ ike }) => ike.message.header.exchangeType === exchangeTypes.CREATE_CHILD_SA);

function isAsked(t: Account) {
  const [request] = ofCreation(t);
  return request && t.ike.said(request, 'CREATE_CHILD_SA');
}

const saidByNode = (t: Account): FoundMessage | undefined =>
  ofCreation(t).find(({ frame, ike }) => frame.entry.from === 'nut' && ike.payloads?.some(isSa));

/** Who rekeyed closes what was replaced, and from then on everybody uses the new one (2.8). */
const isReplaced = (t: Account, by: string): boolean =>
  t.ike.exchange('HDR, SK {D}', { by, after: 'asks' })?.responses[0] !== undefined;

const isSa = ({ type }: { readonly type: string }): boolean => type === 'SA';
