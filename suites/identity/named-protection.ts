/**
 * A policy names one protection, ESP or AH, in transport or in tunnel mode (BELLOVIN 8b; RFC 4301 4.1), and the peer offers another one; or it answers with tunnel mode where it
 * was asked for transport mode (RFC 7296 1.3.1). What is agreed on shows in the answer of IKE_AUTH, whatever passes afterwards.
 */
import { mirroredChild } from '../../harness/vocabulary/ike-intent.ts';
import { host } from '../../harness/vocabulary/intent.ts';
import { type Account, cause, type Finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { childOf, type Pair, transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { protocolIds } from '../../reference/wire/ike/registry.ts';
import { BELLOVIN, RFC4301, RFC7296 } from '../requirements/documents.ts';
import { type Role, roles } from './impersonation.ts';

const forms = ['esp-transport', 'esp-tunnel', 'ah-transport', 'ah-tunnel'] as const;
type Form = (typeof forms)[number];
type Outcome = 'as-named' | 'other' | 'refused';

/** Of the same traffic between the same hosts. */
function pairOf(form: Form): Pair {
  const suite = form.startsWith('ah') ? ahSuites['ah-sha256'] : espSuites['aes-cbc-sha256'];
  const hosts = { local: host(nutAddresses.ipv4), remote: host(places.home.ipv4) };
  return form.endsWith('transport')
    ? transportPair(PAIR, 'ipv4', { suite })
    : tunnelPair(PAIR, { inner: 'ipv4', outer: 'ipv4' }, { suite, selector: hosts });
}

const isModeAlone = (named: Form, offered: string): boolean => offered.startsWith(`offers-${named.split('-')[0]}-`);
const formOf = (offered: string): Form => offered.slice('offers-'.length) as Form;

export const namedProtection = scenario({
  name: 'named-protection',
  title: 'Another protection is offered than policy names',
  dimensions: { named: forms, offered: forms.map((form) => `offers-${form}` as const), role: roles },
  // One thing is other than named. An initiator offers one protocol, which nobody can answer with another; who offers tunnel mode is never answered with transport mode.
  where: ({ named, offered, role }) => {
    if (formOf(offered) === named) return false;
    if (role === 'initiator') return named.endsWith('transport') && isModeAlone(named, offered);
    return isModeAlone(named, offered) || (named === 'esp-transport' && offered === 'offers-ah-transport');
  },
  given: ({ named, offered }) => {
    const told = keyedHosts('ikev2', 'ipv4', [pairOf(named)]);
    const [honest] = told.parties.tn!.ike;
    const other = { ...honest!, name: OTHER, children: [mirroredChild(childOf(pairOf(formOf(offered))))] };
    return { ...told, parties: { ...told.parties, tn: { ...told.parties.tn!, ike: [honest!, other] } } };
  },
  async play({ tn, nut }, { role }) {
    const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
    const peer = childName(PAIR);
    const meets = async (moment: string, face: string) => {
      const faced = { connection: face, child: PAIR };
      await tn.presents(face);
      if (role === 'responder') await tn.initiates(moment, faced);
      else {
        await nut.initiates(moment, peer);
        await tn.asksForLife(`${moment} alive`, faced, { unlessRefused: moment });
      }
    };
    await tn.pingInClear('path', elsewhere);
    await meets('before', peer.connection);
    await tn.echo('before echo', { unlessRefused: 'before' });
    await nut.closes('before closed', peer);
    await meets('claim', OTHER);
    await nut.closes('claim closed', peer);
    await meets('after', peer.connection);
    await tn.echo('after echo', { unlessRefused: 'after' });
    await tn.pingInClear('life', elsewhere);
  },
  questions: {
    'BELLOVIN-8b': question('Is a child made under another protection than policy names?', {
      outcomes: ['as-named', 'refused', 'other'],
      controls: (t) => [
        cause('the node is reached on the same link', t.answered('path')),
        pre('what policy names is agreed on, and works', t.established('before', 'before echo')),
        post('and again', t.established('after', 'after echo')),
        post('the node still is reached', t.answered('life')),
      ],
      judge: (t, { named }) => judge(t, named as Form),
      plays: ({ role }) => role as Role,
      reads: ({ named, offered }) => {
        const of = { 'as-named': pass, refused: pass, other: fail };
        return [
          reads(BELLOVIN, '8(b)', 'MUST', 'implementation', of),
          reads(RFC4301, '4.4.1.2', 'MUST', 'implementation', of),
          ...(isModeAlone(named as Form, offered!)
            ? [
                reads(RFC7296, '1.3.1', 'obs', 'implementation', {
                  ...of,
                  other: observed('whoever finds tunnel mode unacceptable is to delete the SA; this one does not'),
                }),
              ]
            : []),
        ];
      },
      lawful: ({ named, offered, role }) =>
        role === 'responder' && named!.endsWith('tunnel') && isModeAlone(named as Form, offered!)
          ? 'as-named'
          : 'refused',
      turnedBy: ({ named, offered }): readonly Turn<Outcome>[] => {
        if (!isModeAlone(named as Form, offered!)) return [[childMutants.takesWhatIsOffered, 'other']];
        return named!.endsWith('tunnel')
          ? [[childMutants.goesByWhatIsAsked, 'refused']]
          : [[childMutants.fallsBackToTunnel, 'other']];
      },
    }),
  },
});

function judge(t: Account, named: Form): Judgement | undefined {
  const form = agreedForm(t.ike.settled('claim'));
  if (!form) return t.ike.refused('claim', 'nut')?.as('refused');
  return takenBack(t)?.as('refused') ?? t.ike.childAgreed('claim')?.as(form === named ? 'as-named' : 'other');
}

/** What an answer of IKE_AUTH makes; undefined where it makes no child. */
function agreedForm(found: ReturnType<Account['ike']['settled']>): Form | undefined {
  const payloads = found?.ike.payloads ?? [];
  const proposal = payloads.find((payload) => payload.type === 'SA')?.proposals[0];
  if (!proposal) return undefined;
  const isTransport = payloads.some(
    (payload) => payload.type === 'N' && payload.notifyType === notifyTypes.USE_TRANSPORT_MODE,
  );
  return `${proposal.protocolId === protocolIds.AH ? 'ah' : 'esp'}-${isTransport ? 'transport' : 'tunnel'}`;
}

/** An initiator that will not have what it was given deletes it. */
function takenBack(t: Account): Finding | undefined {
  const end = t.mark('claim closed')?.place ?? Number.POSITIVE_INFINITY;
  const deletion = t.ike.deletions('nut', 'claim').find(({ message }) => message.frame.entry.place < end);
  return deletion && t.ike.said(deletion.message, 'the node deletes what it has just been given');
}

const PAIR = 'pair';
const OTHER = 'other';
