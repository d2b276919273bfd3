/**
 * What is rekeyed has keys of several exchanges too: those after CREATE_CHILD_SA are made in IKE_FOLLOWUP_KE, each tied to the one before by what the responder
 * says in ADDITIONAL_KEY_EXCHANGE (RFC 9370 section 2.2.4). Whoever cannot tell what an exchange belongs to says STATE_NOT_FOUND.
 */
import { negotiated, peering, saying } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, cause, type Judgement, post, pre, seen } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { tells } from '../../harness/vocabulary/lies.ts';
import { additionalKeyMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { espProposal, ikeProposal } from '../../harness/vocabulary/transforms.ts';
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import { type Role, roles } from '../identity/impersonation.ts';
import { RFC9370 } from '../requirements/documents.ts';

const { Curve25519, Curve448, '256-bit random ECP group': P256, 'ml-kem-768': ML_KEM_768 } = keyExchangeMethods;

const further = {
  'ecp256-then-curve448': [[P256], [Curve448]],
  'ml-kem-768': [[ML_KEM_768]],
} as const satisfies Record<string, readonly (readonly number[])[]>;
type Methods = keyof typeof further;

const only = childName(peering.child);
const followsUp = 'HDR, SK {KEi, N(ADDITIONAL_KEY_EXCHANGE)}';

/** The child alone, or the IKE SA, has several exchanges of keys. */
function exchanging(what: string, additionalKeyExchanges: readonly (readonly number[])[]) {
  if (what === 'child')
    return negotiated({
      child: { proposals: [{ ...espProposal, keyExchangeMethods: [Curve25519], additionalKeyExchanges }] },
    });
  const said = { proposals: [{ ...ikeProposal, additionalKeyExchanges }], fragmentation: {} };
  return saying(negotiated(), { nut: said, tn: said });
}

async function rekeys({ tn, nut, lab }: Stage, what: string, role: Role): Promise<void> {
  const asking = role === 'initiator' ? nut : tn;
  const by = role === 'initiator' ? 'nut' : 'tn';
  const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
  await tn.pingInClear('path', elsewhere);
  await asking.initiates('establish', only);
  await tn.asksForLife('life', only, { unlessRefused: 'establish' });
  await tn.echo('before', { unlessRefused: 'establish' });
  await (what === 'ike-sa' ? asking.rekeysIke('rekey', only) : asking.rekeysChild('rekey', only));
  await lab.shows(
    (t) =>
      (t.ike.exchange('HDR, SK {D}', { by, after: 'rekey' })?.responses.length ?? 0) > 0 || refused(t) !== undefined,
  );
  await tn.echo('after');
  await tn.asksForLife('later life', only);
  await tn.pingInClear('still there', elsewhere);
}

export const followUpKeys = scenario({
  name: 'follow-up-keys',
  title: 'Further keys are exchanged when a child or the IKE SA is rekeyed',
  dimensions: { what: ['child', 'ike-sa'], methods: Object.keys(further) as Methods[], role: roles },
  given: ({ what, methods }) => exchanging(what!, further[methods as Methods]),
  play: (stage, { what, role }) => rekeys(stage, what!, role as Role),
  questions: {
    'RFC9370-2.2.4': question('Does what is rekeyed have the keys of all exchanges?', {
      outcomes: ['agreed', 'first-alone', 'refused', 'other-keys'],
      controls,
      judge: (t, { what }) => judged(t, what!),
      plays: ({ role }) => role as Role,
      reads: [
        reads(RFC9370, '2.2.4', 'MUST', 'implementation', {
          agreed: pass,
          'first-alone': observed(
            'what is rekeyed has the keys of one exchange, which the proposals allow nobody to choose',
          ),
          refused: fail,
          'other-keys': fail,
        }),
      ],
      lawful: 'agreed',
      turnedBy: ({ what, role }) => [
        [additionalKeyMutants.forgetsFollowUps, 'other-keys'],
        ...(role === 'initiator' ? [[additionalKeyMutants.losesTheLink, 'refused'] as const] : []),
        ...(what === 'ike-sa' ? [[additionalKeyMutants.rekeysWithFirstKeysAlone, 'refused'] as const] : []),
      ],
    }),
  },
});

export const followUpUnknown = scenario({
  name: 'follow-up-unknown',
  title: 'A key exchange comes that nothing precedes',
  dimensions: { what: ['child', 'ike-sa'], role: ['responder'] },
  given: ({ what }) => exchanging(what!, [[P256]]),
  misbehaves: () => ({
    tn: tells('another link', { exchange: 'IKE_FOLLOWUP_KE', kind: 'request', times: 1 }, otherLink),
  }),
  play: (stage, { what, role }) => rekeys(stage, what!, role as Role),
  questions: {
    'RFC9370-2.2.4-LINK': question('Is it refused, and the rekeying done when it is begun anew?', {
      outcomes: ['not-found', 'refused-otherwise', 'taken'],
      controls: (t) => [
        ...controls(t),
        seen('it is sent', t.ike.heard(followsUp, { by: 'tn', after: 'rekey', response: false })),
      ],
      judge: judgedLink,
      plays: ['responder', 'receiver'],
      reads: [
        reads(RFC9370, '2.2.4', 'MUST', 'implementation', {
          'not-found': pass,
          'refused-otherwise': fail,
          taken: fail,
        }),
      ],
      lawful: 'not-found',
      turnedBy: [[additionalKeyMutants.takesEveryFollowUp, 'taken']],
    }),
  },
});

function otherLink(message: IkeMessage): IkeMessage {
  const payloads = message.payloads.map((payload) =>
    payload.type === 'N' && payload.notifyType === notifyTypes.ADDITIONAL_KEY_EXCHANGE
      ? { ...payload, data: new Uint8Array(16).fill(0xa5) }
      : payload,
  );
  return { ...message, payloads };
}

function controls(t: Account) {
  return [
    cause('the node is reached on the same link', t.answered('path')),
    pre('the two agree and speak', t.established('establish', 'before')),
    post('and it still is', t.answered('still there')),
  ];
}

/** In a message about the rekeying: an end of it that a Delete says is none. */
function refused(t: Account) {
  return t.ike.refused('rekey', 'nut') ?? t.ike.refused('rekey', 'tn');
}

function judged(t: Account, what: string): Judgement | undefined {
  const works = t.answered('after') && t.ike.informed('later life');
  const further = t.ike.messages('rekey').find(({ ike }) => {
    const { exchangeType, flags } = ike.message.header;
    return exchangeType === exchangeTypes.IKE_FOLLOWUP_KE && flags.response && ike.payloads !== undefined;
  });
  const no = refused(t);
  if (no) return no.as('refused');
  if (further === undefined) return works?.as('first-alone');
  if (works) return t.ike.said(further, `the ${what} has further keys`).as('agreed');
  return t.answered('still there')?.as('other-keys');
}

function judgedLink(t: Account): Judgement | undefined {
  const refusal = refused(t);
  if (!refusal) return t.ike.childAgreed('rekey')?.as('taken');
  const notFound = t.ike.refused('rekey', 'nut', 'STATE_NOT_FOUND');
  return notFound ? notFound.as('not-found') : refusal.as('refused-otherwise');
}
