/**
 * A packet comes under a child that it may not go under (RFC 4301 section 5.2 step 5): it is dropped, and its sender may be told by INVALID_SELECTORS, with the SPI of the child and
 * the start of the packet (RFC 7296 section 3.10.1).
 */
import { peering } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, type FoundMessage, type Judgement, post, pre, seen } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { addressMutants, unknownSpiMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { ipPacket } from '../../reference/wire/ip/packet.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { equal, u32 } from '../../reference/wire/octets.ts';
import { RFC4301, RFC7296 } from '../requirements/documents.ts';
import { between, type Node, nodes, olderIds, roles } from './nodes.ts';

const only = childName(peering.child);

export const otherSelectors = scenario({
  name: 'other-selectors',
  title: 'A packet comes under a child that is for others',
  dimensions: { packet: ['other-protocol'], node: nodes, role: roles },
  given: ({ node }) => forUdpAlone(node),
  async play({ tn, nut }, { role }) {
    await (role === 'initiator' ? nut : tn).initiates('establish', only);
    await tn.asksForLife('life', only, { unlessRefused: 'establish' });
    await tn.esp('twin', { carries: 'udp' });
    await tn.esp('stimulus', { carries: 'echo', awaited: false });
    await tn.esp('later', { carries: 'udp' });
    await tn.asksForLife('later life', only);
    await nut.reports('report', { until: (_state, t) => t.delivered('later') !== undefined });
  },
  questions: {
    'RFC7296-3.10.1-SELECTORS': question('Is it dropped, and its sender told, and rightly?', {
      outcomes: ['told', 'told-otherwise', 'silent', 'accepted'],
      controls: (t) => [
        pre('a packet that fits is delivered', t.delivered('twin', 'report')),
        seen('the other packet comes', t.sentUnder('stimulus', 'esp')),
        post('a packet that fits is delivered again', t.delivered('later', 'report')),
      ],
      judge: (t) => t.answered('stimulus')?.as('accepted') ?? judged(t),
      plays: 'receiver',
      reads: [
        reads(RFC4301, '5.2 5', 'MUST', 'receiver', {
          told: pass,
          'told-otherwise': pass,
          silent: pass,
          accepted: fail,
        }),
        reads(RFC7296, '3.10.1', 'obs', 'receiver', {
          told: pass,
          'told-otherwise': fail,
          silent: pass,
          accepted: observed('nothing is wrong with it, to the node'),
        }),
        reads(RFC7296, '3.10.1', 'MAY', 'receiver', {
          told: pass,
          'told-otherwise': observed('what is said is not of that packet'),
          silent: observed('nothing is said'),
          accepted: observed('nothing is said'),
        }),
        reads(RFC4301, '5.2 5', 'SHOULD', 'receiver', {
          told: pass,
          'told-otherwise': observed('what is said is not of that packet'),
          silent: observed('to be able to is asked for, to do it is not'),
          accepted: observed('nothing is said'),
        }),
      ],
      lawful: 'silent',
      turnedBy: [
        [addressMutants.carriesWhateverArrives, 'accepted'],
        [addressMutants.tellsOfMismatches, 'told'],
        [unknownSpiMutants.tellsOfMismatchesByPeersSpi, 'told-otherwise'],
        [unknownSpiMutants.tellsOfMismatchesWithoutPacket, 'told-otherwise'],
      ],
      alsoKnownAs: (at) => olderIds(at, { initiator: ['1.1.8.2'], responder: ['1.1.8.3'] }),
    }),
  },
});

function forUdpAlone(node: Node) {
  const [child] = between(node).parties.nut!.ike[0]!.children;
  const forUdp = (selectors: typeof child.local) => selectors.map((each) => ({ ...each, protocol: protocols.UDP }));
  return between(node, { child: { local: forUdp(child!.local), remote: forUdp(child!.remote) } });
}

function judged(t: Account): Judgement | undefined {
  const told = t.ike
    .messages('stimulus')
    .find((each) => each.frame.entry.from === 'nut' && complaintIn(each) !== undefined);
  if (!told) return t.silent('stimulus', 'later life')?.as('silent');
  return isAboutStimulus(t, complaintIn(told)!)
    ? t.ike.said(told, 'INVALID_SELECTORS, of that child and that packet').as('told')
    : t.ike.said(told, 'INVALID_SELECTORS, of another child or packet').as('told-otherwise');
}

function complaintIn({ ike: { payloads = [] } }: FoundMessage): PayloadOf<'N'> | undefined {
  const notifications = payloads.filter((payload): payload is PayloadOf<'N'> => payload.type === 'N');
  return notifications.find(({ notifyType }) => notifyType === notifyTypes.INVALID_SELECTORS);
}

/** The packet as it came, or what came out of it. */
function isAboutStimulus(t: Account, { spi, data }: PayloadOf<'N'>): boolean {
  const found = t.probe('stimulus')?.packet;
  const esp = found?.esp;
  if (!esp || !equal(spi, u32(esp.spi)) || data.length < LEAST_QUOTED) return false;
  return [esp.carrier, found.packet].some((packet) => equal(ipPacket.encode(packet).subarray(0, data.length), data));
}

/** Octets: a header, and what tells one packet from the next (RFC 792). */
const LEAST_QUOTED = 28;
