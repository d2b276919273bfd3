/**
 * What the node itself sends is formed as RFC 7296 3 says: the header of its exchange, its payloads and no other, nothing in what is reserved. It asks, where
 * it began the IKE SA, and answers, where the tester did.
 */
import { fqdn } from '../../harness/vocabulary/credentials.ts';
import { only as onlyOf, peering, tnName } from '../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  both,
  type FoundMessage,
  finding,
  type Judgement,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { messageMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { makesChild, rekeysChild, rekeysIkeSa } from './create-child-sa.ts';
import { between, type Node, type Numbers, nodes, olderIds, type Role, roles } from './nodes.ts';

interface Form {
  readonly exchangeType: number;
  readonly request: string;
  readonly response: string;
  readonly section: string;
  readonly numbers: Numbers;
}

const { IKE_SA_INIT, IKE_AUTH, CREATE_CHILD_SA, INFORMATIONAL } = exchangeTypes;
const child = makesChild.asks;

const forms = {
  'ike-sa-init': {
    exchangeType: IKE_SA_INIT,
    request: 'HDR, SAi1, KEi, Ni',
    response: 'HDR, SAr1, KEr, Nr, [CERTREQ+]',
    section: '1.2',
    numbers: { initiator: ['1.1.1.1'], responder: ['1.1.1.1'] },
  },
  'ike-auth': {
    exchangeType: IKE_AUTH,
    request: 'HDR, SK {IDi, [CERT+,] [CERTREQ+,] [IDr,] AUTH, SAi2, TSi, TSr}',
    response: 'HDR, SK {IDr, [CERT+,] AUTH, SAr2, TSi, TSr}',
    section: '1.2',
    numbers: { initiator: ['1.1.1.2'], responder: ['1.1.1.2'] },
  },
  'new-child': {
    exchangeType: CREATE_CHILD_SA,
    request: child,
    response: child,
    section: '1.3.1',
    numbers: { initiator: ['1.2.5.1'] },
  },
  'rekeyed-child': {
    exchangeType: CREATE_CHILD_SA,
    request: rekeysChild.asks,
    response: child,
    section: '1.3.3',
    numbers: { initiator: ['1.2.1.1'], responder: ['1.2.1.1'] },
  },
  'rekeyed-ike-sa': {
    exchangeType: CREATE_CHILD_SA,
    request: rekeysIkeSa.asks,
    response: rekeysIkeSa.answers,
    section: '1.3.2',
    numbers: { responder: ['1.2.6.1'] },
  },
  'closed-child': {
    exchangeType: INFORMATIONAL,
    request: 'HDR, SK {D}',
    response: 'HDR, SK {D}',
    section: '1.4.1',
    numbers: { initiator: ['1.1.3.7', '1.3.1.1'], responder: ['1.1.3.6', '1.3.1.1'] },
  },
  'closed-ike-sa': {
    exchangeType: INFORMATIONAL,
    request: 'HDR, SK {D}',
    response: 'HDR, SK {}',
    section: '1.4.1',
    numbers: { initiator: ['1.1.3.6'], responder: ['1.1.3.5'] },
  },
  liveness: {
    exchangeType: INFORMATIONAL,
    request: 'HDR, SK {}',
    response: 'HDR, SK {}',
    section: '1.4',
    numbers: { responder: ['1.1.3.4'] },
  },
} as const satisfies Record<string, Form>;
type FormName = keyof typeof forms;

const only = childName(peering.child);

async function asks({ tn, nut }: Stage, form: FormName, role: Role): Promise<void> {
  const asking = role === 'initiator' ? nut : tn;
  switch (form) {
    case 'new-child':
      return asking.initiates('asked', childName('further'));
    case 'rekeyed-child':
      return asking.rekeysChild('asked', only);
    case 'rekeyed-ike-sa':
      return asking.rekeysIke('asked', only);
    case 'closed-child':
      return asking.closesChild('asked', only);
    case 'closed-ike-sa':
      return asking.closes('asked', only);
    case 'liveness':
      return tn.asksForLife('asked', only);
    default:
      return;
  }
}

export const messageForms = scenario({
  name: 'message-forms',
  title: 'What the node sends has the form of its exchange',
  dimensions: { form: Object.keys(forms) as FormName[], node: nodes, role: roles },
  // A node asks for life when nothing was heard for long (liveness.ts).
  where: ({ form, role }) => form !== 'liveness' || role === 'responder',
  given: ({ node, form }) => (form === 'new-child' ? withFurtherChild(node) : between(node)),
  async play(stage, { form, role }) {
    const { tn, nut } = stage;
    await (role === 'initiator' ? nut : tn).initiates('establish', only);
    await tn.asksForLife('life', only, { unlessRefused: 'establish' });
    await tn.echo('before');
    await asks(stage, form, role);
    if (form === 'closed-ike-sa') await (role === 'initiator' ? nut : tn).initiates('anew', only);
    else if (form === 'closed-child') await (role === 'initiator' ? nut : tn).initiates('another', only);
    await tn.asksForLife('later life', only);
    await tn.echo('after', { untilAnswered: true });
  },
  questions: {
    'RFC7296-3-FORM': question('Is what it sends formed as it should be?', {
      outcomes: ['well-formed', 'malformed'],
      controls: (t) => [
        pre('the two agree and speak', t.established('establish', 'before')),
        post('they speak on', t.answered('after')),
      ],
      judge: (t, { form, role }) => judged(t, forms[form as FormName], form!, role as Role),
      plays: ({ role }) => ['sender', role as Role],
      reads: ({ form, role }) => [
        reads(RFC7296, '3.1', 'MUST', 'sender', { 'well-formed': pass, malformed: fail }),
        reads(RFC7296, forms[form as FormName].section, 'MUST', role as Role, { 'well-formed': pass, malformed: fail }),
      ],
      lawful: 'well-formed',
      turnedBy: ({ form, role }) => [
        [messageMutants.speaksLaterMinorVersion, 'malformed'],
        ...(isEmpty(forms[form as FormName], role as Role)
          ? []
          : [[messageMutants.callsPayloadsCritical, 'malformed'] as const]),
      ],
      alsoKnownAs: (at) => olderIds(at, forms[at.form as FormName].numbers),
    }),
  },
});

/** A second child, which is for UDP alone. */
function withFurtherChild(node: Node) {
  const [only] = between(node).parties.nut!.ike[0]!.children;
  const forUdp = (selectors: typeof only.local) => selectors.map((each) => ({ ...each, protocol: protocols.UDP }));
  const further = { ...only!, name: 'further', local: forUdp(only!.local), remote: forUdp(only!.remote) };
  // A peer that is known by name is known again, and the further child asked for on the IKE SA there is.
  return between(node, { nut: { expects: onlyOf(fqdn(tnName)) }, children: [only!, further] });
}

const notationFor = ({ request, response }: Form, role: Role): string => (role === 'initiator' ? request : response);
const isEmpty = (form: Form, role: Role): boolean => notationFor(form, role) === 'HDR, SK {}';

function judged(t: Account, form: Form, name: string, role: Role): Judgement | undefined {
  const after = name === 'ike-sa-init' || name === 'ike-auth' ? 'establish' : 'asked';
  const notation = notationFor(form, role);
  const isOne = ({ frame, ike: { message } }: FoundMessage) =>
    frame.entry.from === 'nut' &&
    message.header.exchangeType === form.exchangeType &&
    message.header.flags.response === (role === 'responder');
  const message = t.ike.messages(after).find(isOne);
  if (!message) return undefined;
  const named = t.ike.heard(notation, { after, exchange: form.exchangeType, response: role === 'responder' });
  const faults = faultsOf(message.ike.message, message.ike.payloads ?? [], role);
  if (!named) faults.push(`it is not ${notation}`);
  if (faults.length > 0) return t.ike.said(message, faults.join('; ')).as('malformed');
  return both(named, finding('nothing is set that should not be'))?.as('well-formed');
}

/** Against section 3.1 and 3.2, of a message that was opened. */
function faultsOf({ header }: IkeMessage, payloads: IkeMessage['payloads'], role: Role): string[] {
  const isFirst = header.exchangeType === IKE_SA_INIT;
  const faults: readonly (readonly [string, boolean])[] = [
    ['the version is not 2.0', header.majorVersion !== 2 || header.minorVersion !== 0],
    ['reserved flags are set', (header.flags.reservedHigh ?? 0) + (header.flags.reservedLow ?? 0) > 0],
    ['the version flag is set', header.flags.version],
    ['the initiator flag is wrong', header.flags.initiator !== (role === 'initiator')],
    ['the SPI of the initiator is zero', isZero(header.initiatorSPI)],
    ['the SPI of the responder is wrong', isZero(header.responderSPI) !== (isFirst && role === 'initiator')],
    ['the Message ID of the first exchange is not 0', isFirst && header.messageId !== 0],
    ['a payload is called critical', payloads.some((payload) => payload.critical === true)],
    ['reserved bits of a payload are set', payloads.some((payload) => (payload.reservedBits ?? 0) > 0)],
    ['a nonce is not of 16 to 256 octets', payloads.some(hasBadNonce)],
  ];
  return faults.flatMap(([says, holds]) => (holds ? [says] : []));
}

function hasBadNonce(payload: IkeMessage['payloads'][number]): boolean {
  return payload.type === 'Nonce' && (payload.data.length < 16 || payload.data.length > 256);
}

const isZero = (octets: Uint8Array): boolean => octets.every((octet) => octet === 0);
