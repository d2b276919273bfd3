/**
 * A peer has lost everything and begins anew (RFC 7296 section 2.4): that it says INITIAL_CONTACT ends what it has forgotten, whether it says so in its request or in its answer; and
 * that it begins anew, or that somebody else does, ends nothing.
 */
import { certificateOf, fqdn, signedWith } from '../../harness/vocabulary/credentials.ts';
import { connection, honestTn, negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, both, type Judgement, pre, seen } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { tells } from '../../harness/vocabulary/lies.ts';
import { messageLifeMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { type At, between, type Node, nodes, olderIds, roles } from './nodes.ts';

const ANOTHER = 'another.example';
const another = {
  ...honestTn,
  identity: fqdn(ANOTHER),
  credential: signedWith(certificateOf({ commonName: ANOTHER, altNames: [{ dNSName: ANOTHER }], key: 'p256Three' })),
};

export const restartedPeer = scenario({
  name: 'restarted-peer',
  title: 'A peer has lost its IKE SAs, and begins anew',
  dimensions: {
    says: ['initial-contact', 'nothing', 'initial-contact-as-another'],
    node: ['', ...nodes],
    role: ['', ...roles],
  },
  where: ({ says, node, role }) =>
    says === 'initial-contact' ? (node === '') === (role === '') : node !== '' && role === 'responder',
  given: ({ node }) => (node === '' ? negotiated({ mode: 'tunnel' }) : withAnother(node)),
  misbehaves: ({ says, role }) => {
    if (role === 'initiator') return { tn: saysItInAnswers() };
    return { tn: says === 'nothing' ? keepsItBack() : {} };
  },
  async play(stage, at) {
    const { tn, nut } = stage;
    if (at.role === 'initiator') {
      await playCrossing(stage);
      return;
    }
    await tn.initiates('agree');
    await tn.echo('before');
    await nut.reports('report before', { until: ({ ikeSas }) => ikeSas.length === 1 });
    await tn.presents(at.says === 'initial-contact-as-another' ? ANOTHER : peering.connection);
    await tn.initiates('again', anew(at));
    if (at.node === '') await tn.echo('after');
    else await tn.asksForLife('life', anew(at));
    await nut.reports('report', { until: ({ ikeSas }) => ikeSas.length === 1 });
  },
  questions: {
    'RFC7296-2.4': question('Does INITIAL_CONTACT end what the peer has forgotten?', {
      outcomes: ['ended', 'kept'],
      asks: ({ says }) => says === 'initial-contact',
      controls: (t, at) => [
        pre('the child carries traffic before', t.established('agree', 'before')),
        seen('the peer says it', saidIt(t, at)),
        pre('the two have agreed anew', begunAnew(t, at)),
      ],
      judge: (t, at) => both(oneLeft(t), begunAnew(t, at))?.as('ended') ?? severalLeft(t)?.as('kept'),
      plays: ({ role }) => (role === 'initiator' ? 'initiator' : 'responder'),
      reads: ({ role }) => [
        reads(RFC7296, '2.4', 'MAY', role === 'initiator' ? 'initiator' : 'responder', {
          ended: pass,
          kept: observed('what the peer has forgotten stays until it is found dead'),
        }),
      ],
      lawful: 'ended',
      turnedBy: ({ role }) => [
        [messageLifeMutants.keepsWhatIsForgotten, 'kept'],
        ...(role === 'initiator' ? [[messageLifeMutants.hearsInitialContactInRequests, 'kept'] as const] : []),
      ],
      alsoKnownAs: (at) => olderIds(at, { initiator: ['1.1.3.4'], responder: ['1.1.3.3'] }),
    }),
    'RFC7296-2.4-OTHERS': question('Does an IKE SA end no other of which nobody has said that it is gone?', {
      outcomes: ['kept', 'closed', 'ended'],
      asks: ({ says }) => says !== 'initial-contact',
      controls: (t, at) => [
        pre('the child carries traffic before', t.established('agree', 'before')),
        pre('the two have agreed anew', begunAnew(t, at)),
      ],
      judge: (t, at) => judgeOthers(t, at),
      plays: 'responder',
      reads: [
        reads(RFC7296, '2.4', 'MUST', 'responder', {
          kept: pass,
          closed: observed('it deletes the older IKE SA, and says so'),
          ended: fail,
        }),
      ],
      lawful: 'kept',
      turnedBy: ({ says }) => [
        [says === 'nothing' ? messageLifeMutants.keepsOneIkeSa : messageLifeMutants.forgetsEverybody, 'ended'],
      ],
    }),
  },
});

/**
 * The node has asked for an IKE SA, and nobody has heard it; meanwhile the peer asks for one and gets it, and loses it. So the node comes to have two with one peer, which it
 * would not ask for itself.
 */
async function playCrossing({ tn, nut, lab }: Stage): Promise<void> {
  await lab.holds(ASKING, 'HDR, SAi1, KEi, Ni', { from: 'nut', response: false });
  await nut.initiates('again', only, { awaited: false });
  await lab.catches(ASKING);
  await tn.initiates('agree');
  await tn.echo('before');
  await nut.reports('report before', { until: hasOneEstablished });
  await tn.presents(peering.connection);
  await lab.releases(ASKING);
  await lab.shows((t) => answerToNode(t) !== undefined);
  await tn.asksForLife('life');
  await nut.reports('report', { until: ({ ikeSas }) => ikeSas.length === 1 });
}

function withAnother(node: Node) {
  const intent = between(node);
  const tn = intent.parties.tn!;
  const [own] = tn.ike;
  const face = connection(ANOTHER, own!.localAddresses, own!.remoteAddresses, another, own!.children);
  return { ...intent, parties: { ...intent.parties, tn: { ...tn, ike: [own!, face] } } };
}

const only = childName(peering.child);
const anew = ({ says }: At) => (says === 'initial-contact-as-another' ? { ...only, connection: ANOTHER } : only);

const isIt = (payload: Payload): boolean => payload.type === 'N' && payload.notifyType === notifyTypes.INITIAL_CONTACT;

const keepsItBack = () =>
  tells('no INITIAL_CONTACT', { exchange: 'IKE_AUTH', kind: 'request', ikeSa: 2 }, (message) => ({
    ...message,
    payloads: message.payloads.filter((payload) => !isIt(payload)),
  }));

const saysItInAnswers = () =>
  tells('INITIAL_CONTACT', { exchange: 'IKE_AUTH', kind: 'response' }, (message) => {
    const { INITIAL_CONTACT: notifyType } = notifyTypes;
    const says: Payload = { type: 'N', protocolId: 0, spi: new Uint8Array(), notifyType, data: new Uint8Array() };
    return { ...message, payloads: [...message.payloads, says] };
  });

type Told = Parameters<NonNullable<NonNullable<Parameters<Stage['nut']['reports']>[1]>['until']>>[0];

function hasOneEstablished({ ikeSas }: Told): boolean {
  return ikeSas.filter(({ state }) => state === 'established').length === 1;
}

function saidIt(t: Account, { role }: At) {
  return role === 'initiator'
    ? t.ike.heard(`HDR, SK {${ANSWER}, N(INITIAL_CONTACT)}`, { by: 'tn', after: ASKING, response: true })
    : t.ike.heard(`HDR, SK {${REQUEST}, N(INITIAL_CONTACT)}`, { by: 'tn', after: 'again' });
}

/** The one of the node's own asking. */
function answerToNode(t: Account) {
  return t.ike.exchange(`HDR, SK {${REQUEST}}`, { by: 'nut', after: ASKING })?.responses[0];
}

function begunAnew(t: Account, { node, role }: At) {
  if (role === 'initiator') {
    const answer = answerToNode(t);
    return answer && both(t.ike.said(answer, 'a child was agreed'), t.ike.informed('life'));
  }
  return node === '' ? t.established('again', 'after') : both(t.ike.childAgreed('again'), t.ike.informed('life'));
}

const oneLeft = (t: Account) => t.reported('report', 'ikeSas', 'one IKE SA', ({ ikeSas }) => ikeSas.length === 1);
const severalLeft = (t: Account) =>
  t.reported('report', 'ikeSas', 'the older one is there', ({ ikeSas }) => ikeSas.length > 1);

function judgeOthers(t: Account, at: At): Judgement | undefined {
  const deletion = t.ike.deletions('nut', 'again').find(({ deleted }) => typeof deleted === 'string');
  if (deletion) return t.ike.said(deletion.message, 'it deletes the older IKE SA').as('closed');
  return severalLeft(t)?.as('kept') ?? both(oneLeft(t), begunAnew(t, at))?.as('ended');
}

const ASKING = 'its request';
const REQUEST = 'IDi, [CERT+,] [CERTREQ+,] [IDr,] AUTH, SA, TSi, TSr';
const ANSWER = 'IDr, [CERT+,] AUTH, SA, TSi, TSr';
