/**
 * A packet of ESP comes under an SPI that the node never gave out (RFC 7296 sections 1.5 and 2.21.4): its sender may be told, over the IKE SA with it where there is one, and without
 * protection where there is none.
 */
import { peering } from '../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  type FoundMessage,
  finding,
  type Judgement,
  post,
  pre,
  seen,
} from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { unknownSpiMutants } from '../../harness/vocabulary/mutants.ts';
import { encoded, type PacketEnds } from '../../harness/vocabulary/packets.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { concat, equal, u32 } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { between, nodes, olderIds, roles } from './nodes.ts';

const only = childName(peering.child);
const SPI = 0x1122_3344;

const stray = (ends: PacketEnds) =>
  encoded(ends, { protocol: protocols.ESP, payload: concat(u32(SPI), u32(1), new Uint8Array(48)) });
/** It is no packet of anybody's SA. */
const byHand = { tamper: { name: 'ESP under an SPI of nobody', apply: (octets: Uint8Array) => octets } };
const there = { from: places.home.ipv6, to: nutAddresses.ipv6 } as const;
const elsewhere = { from: places.home.ipv4, to: nutAddresses.ipv4 } as const;

export const unknownSpi = scenario({
  name: 'unknown-spi',
  title: 'A packet comes under an SPI of nobody',
  dimensions: { sender: ['peer', 'stranger'], node: nodes, role: roles },
  // With a stranger there is no IKE SA that anybody has begun.
  where: ({ sender, role }) => sender === 'peer' || role === 'responder',
  given: ({ node }) => between(node),
  async play({ tn, nut }, { sender, role }) {
    if (sender === 'stranger') {
      await tn.pingInClear('path', elsewhere);
      await tn.packet('stray', stray(elsewhere), byHand);
      await tn.pingInClear('elsewhere', elsewhere);
      return;
    }
    await (role === 'initiator' ? nut : tn).initiates('establish', only);
    await tn.asksForLife('life', only, { unlessRefused: 'establish' });
    await tn.echo('before');
    await tn.packet('stray', stray(there), byHand);
    await tn.asksForLife('later life', only);
    await tn.echo('after');
  },
  questions: {
    'RFC7296-1.5-SPI': question('Is its sender told?', {
      outcomes: ['told', 'told-in-clear', 'told-otherwise', 'silent'],
      controls: (t, { sender }) => [
        sender === 'peer'
          ? pre('the two agree and speak', t.established('establish', 'before'))
          : pre('the node is reached', t.answered('path')),
        seen('the packet comes', strayIn(t)),
        ...(sender === 'peer'
          ? [post('the IKE SA lives', t.ike.informed('later life')), post('traffic goes on', t.answered('after'))]
          : [post('the node is there', t.answered('elsewhere'))]),
      ],
      judge: (t) => judged(t),
      plays: 'receiver',
      reads: ({ sender }) =>
        sender === 'peer'
          ? [
              reads(RFC7296, '1.5', 'MAY', 'receiver', {
                told: pass,
                'told-in-clear': observed('it is told without protection'),
                'told-otherwise': observed('another SPI is named'),
                silent: observed('nothing is said'),
              }),
              reads(RFC7296, '2.21.4', 'SHOULD', 'receiver', {
                told: pass,
                'told-in-clear': fail,
                'told-otherwise': fail,
                silent: fail,
              }),
            ]
          : [
              reads(RFC7296, '1.5', 'MAY', 'receiver', {
                told: pass,
                'told-in-clear': pass,
                'told-otherwise': observed('another SPI is named'),
                silent: observed('nothing is said'),
              }),
            ],
      lawful: ({ sender }) => (sender === 'peer' ? 'told' : 'told-in-clear'),
      turnedBy: ({ sender }) => [
        [unknownSpiMutants.saysNothingOfUnknownSpis, 'silent'],
        [unknownSpiMutants.namesSpiTurned, 'told-otherwise'],
        ...(sender === 'peer' ? [[unknownSpiMutants.tellsOfUnknownSpisInClear, 'told-in-clear'] as const] : []),
      ],
      alsoKnownAs: (at) => (at.sender === 'peer' ? olderIds(at, { initiator: ['1.3.4.1'] }) : []),
    }),
  },
});

function strayIn(t: Account) {
  const found = t.espHeaders('tn', 'stray').find(({ header }) => header.spi === SPI);
  return found && finding('ESP under an SPI of nobody', t.evidenceOf(found, 'the packet'));
}

function judged(t: Account): Judgement | undefined {
  const told = t.ike.messages('stray').find((each) => each.frame.entry.from === 'nut' && spiIn(each) !== undefined);
  if (!told) return (t.ike.informed('later life') ?? t.answered('elsewhere'))?.as('silent');
  if (!equal(spiIn(told)!, u32(SPI))) return t.ike.said(told, 'INVALID_SPI names another').as('told-otherwise');
  return told.ike.state === 'opened'
    ? t.ike.said(told, 'INVALID_SPI over the IKE SA').as('told')
    : t.ike.said(told, 'INVALID_SPI in clear').as('told-in-clear');
}

/** What it says of an SPI of ESP or AH, protected or not. */
function spiIn({ ike: { message, payloads = [] } }: FoundMessage): Uint8Array | undefined {
  for (const payload of [...message.payloads, ...payloads])
    if (payload.type === 'N' && payload.notifyType === notifyTypes.INVALID_SPI) return payload.data;
  return undefined;
}
