/**
 * What becomes of the old when a child or the IKE SA is rekeyed (RFC 7296 2.8, 2.18): who rekeys closes what was replaced, the new one is used from then on, and
 * until it is closed the old one is read still. A child has keys of its own exchange where a group was agreed (2.17).
 */
import { peering } from '../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  both,
  type Finding,
  finding,
  type Judgement,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { childMutants, rekeyingMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { espProposal } from '../../harness/vocabulary/transforms.ts';
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import { hex } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { type At, between, nodes, olderIds, roles } from './nodes.ts';

const only = childName(peering.child);
const forwardSecret = [{ ...espProposal, keyExchangeMethods: [keyExchangeMethods.Curve25519] }];

const whats = ['child', 'child-with-group', 'ike-sa'] as const;

export const rekeyed = scenario({
  name: 'rekeyed',
  title: 'A child, or the IKE SA, is rekeyed',
  dimensions: { what: whats, node: nodes, role: roles },
  given: ({ what, node }) => between(node, what === 'child-with-group' ? { child: { proposals: forwardSecret } } : {}),
  async play(stage, { what, role }) {
    const { tn, nut, lab } = stage;
    const asking = role === 'initiator' ? nut : tn;
    const by = role === 'initiator' ? 'nut' : 'tn';
    await asking.initiates('establish', only);
    await tn.asksForLife('life', only, { unlessRefused: 'establish' });
    await tn.echo('before');
    await lab.holds('closing', 'HDR, SK {D}', { from: by, response: false });
    await (what === 'ike-sa' ? asking.rekeysIke('rekey', only) : asking.rekeysChild('rekey', only));
    await lab.catches('closing');
    // Who asks for it to be closed may be about to take it away: what it has done by now is seen, not what it is at.
    await nut.reports('closing said');
    await tn.echo('meanwhile');
    await lab.releases('closing');
    await lab.shows((t) => t.ike.deletions(by, 'rekey').length > 0 && closed(t, by) !== undefined);
    await tn.echo('after');
    await tn.asksForLife('later life', only);
  },
  questions: {
    'RFC7296-2.8-CLOSED': question('Does who rekeys close what was replaced, and does the other agree?', {
      outcomes: ['closed', 'refused', 'kept'],
      controls: (t) => [pre('the two agree and speak', t.established('establish', 'before'))],
      judge: (t, at) => judgeClosing(t, at),
      plays: ({ role }) => role as 'initiator' | 'responder',
      reads: ({ what }) => [
        reads(RFC7296, what === 'ike-sa' ? '2.18' : '2.8', 'SHOULD', 'implementation', {
          closed: pass,
          refused: observed('a minimal implementation does not rekey in place'),
          kept: fail,
        }),
      ],
      lawful: 'closed',
      turnedBy: ({ what, role }) => {
        if (role === 'initiator')
          return what === 'ike-sa'
            ? [[rekeyingMutants.keepsReplacedIkeSa, 'kept']]
            : [[childMutants.keepsReplacedChild, 'kept']];
        return what === 'ike-sa'
          ? [[rekeyingMutants.neverReplacesIkeSa, 'refused']]
          : [[childMutants.findsNoRekeyedChild, 'refused']];
      },
      alsoKnownAs: (at) =>
        at.what === 'ike-sa'
          ? // A Delete is the valid message on the old IKE SA.
            olderIds(at, { initiator: ['1.2.4.1'], responder: ['1.2.6.2', '1.2.6.4'] })
          : olderIds(at, { initiator: ['1.2.3.1'], responder: ['1.2.5.1'] }),
    }),
    'RFC7296-2.8-USED': question('Is the new one used, and the old one still read until it is closed?', {
      outcomes: ['used', 'old-unread', 'unused'],
      controls: (t) => [
        pre('the two agree and speak', t.established('establish', 'before')),
        post(
          'it was rekeyed',
          t.ike.deletions('nut', 'rekey').concat(t.ike.deletions('tn', 'rekey')).length > 0
            ? finding('the old one was closed')
            : undefined,
        ),
      ],
      judge: (t, { what }) => {
        const isNew = what === 'ike-sa' ? newIkeSaLives(t) : newChildCarries(t);
        const later = both(t.answered('after'), t.ike.informed('later life'), isNew);
        if (!later) return unused(t, isNew)?.as('unused');
        return both(t.answered('meanwhile'), later)?.as('used') ?? later.as('old-unread');
      },
      plays: ({ role }) => [role as 'initiator' | 'responder', 'sender', 'receiver'],
      reads: ({ role }) => [
        reads(RFC7296, '2.8', 'MUST', 'implementation', {
          used: pass,
          'old-unread': role === 'initiator' ? observed('what it has asked to close it does not read (1.4.1)') : fail,
          unused: fail,
        }),
      ],
      lawful: 'used',
      turnedBy: ({ what }) =>
        what === 'ike-sa'
          ? [[childMutants.leavesChildrenBehind, 'unused']]
          : [[rekeyingMutants.keysWithoutSecret, 'unused']],
      alsoKnownAs: (at) => {
        if (at.what === 'ike-sa') return olderIds(at, { initiator: ['1.2.4.2'], responder: ['1.2.6.3'] });
        if (at.what === 'child-with-group') return olderIds(at, { initiator: ['1.2.3.7'], responder: ['1.2.5.5'] });
        return olderIds(at, { initiator: ['1.2.3.2', '1.2.3.8'], responder: ['1.2.5.2', '1.2.5.6'] });
      },
    }),
  },
});

function closed(t: Account, by: 'nut' | 'tn') {
  return t.ike.exchange('HDR, SK {D}', { by, after: 'rekey' })?.responses[0];
}

function judgeClosing(t: Account, { role }: At): Judgement | undefined {
  const by = role === 'initiator' ? 'nut' : 'tn';
  const answer = closed(t, by);
  if (answer) return t.ike.said(answer, 'the Delete of the old one is answered').as('closed');
  const isThere = t.ike.informed('later life') ?? t.answered('after');
  return t.ike.refused('rekey', 'nut')?.as('refused') ?? isThere?.as('kept');
}

/** Nothing goes through it while the node is there, or the old one is used on. */
function unused(t: Account, isNew: Finding | undefined): Finding | undefined {
  const isOld = isNew === undefined ? both(t.answered('after'), t.ike.informed('later life')) : undefined;
  return isOld ?? t.silent('after', 'later life');
}

/** Its packets have another SPI, both ways. */
function newChildCarries(t: Account): Finding | undefined {
  const spis = (moment: string) => [t.probe(moment)?.packet.esp?.spi, t.answer(moment)?.packet.esp?.spi];
  const [before, after] = [spis('before'), spis('after')];
  return after.every((spi, way) => spi !== undefined && spi !== before[way])
    ? finding('both directions have another SPI')
    : undefined;
}

/** What is asked last is asked under other SPIs than what was asked first. */
function newIkeSaLives(t: Account): Finding | undefined {
  const spiAt = (moment: string) => {
    const request = t.ike.messages(moment).find(({ frame }) => frame.entry.from === 'tn');
    return request && hex(request.ike.message.header.initiatorSPI);
  };
  return spiAt('later life') !== spiAt('life') ? finding('it has other SPIs') : undefined;
}
