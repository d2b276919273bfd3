/**
 * Updates of addresses that are not to be obeyed (RFC 4555 sections 3.5 and 3.9): of a peer that may not decide, from an address that policy does not allow, and over a path on which
 * somebody has changed addresses where that is forbidden.
 */
import { type Account, cause, pre, seen } from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { saysBesides, saysInstead } from '../../harness/vocabulary/lies.ts';
import { mobikeMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { addressOctets } from '../../reference/wire/address.ts';
import { concat, u16 } from '../../reference/wire/octets.ts';
import { RFC4555 } from '../requirements/documents.ts';
import { addressAt, gatewaysThat, speakAfterTheMove, UPDATE, wentTo } from './mobike.ts';

export const mobikeRefusals = scenario({
  name: 'mobike-refusals',
  title: 'An update of addresses that is not to be obeyed',
  dimensions: { update: ['of-responder', 'without-mobike', 'from-unacceptable', 'through-nat', 'without-nat'] },
  given({ update }) {
    const nut = {
      ...(update !== 'without-mobike' && { mobike: {} }),
      ...(update !== 'of-responder' && { remoteAddresses: ['any' as const] }),
      ...(update === 'from-unacceptable' && { remoteAddresses: [places.home.ipv4] }),
    };
    return gatewaysThat({ nut, tn: { mobike: {} } });
  },
  misbehaves: ({ update }) => ({ tn: lies[update as Update] }),
  async play(stage, { update }) {
    const { tn } = stage;
    await establish(stage, update === 'of-responder' ? 'ikev2-nut-initiates' : 'ikev2');
    await tn.echo('at home');
    await tn.movesTo(THERE);
    await tn.pingInClear('path', { from: addressAt(THERE), to: nutAddresses.ipv4 });
    await speakAfterTheMove(stage);
  },
  questions: {
    'RFC4555-3.5': question('Does an update of addresses change nothing that may not be obeyed?', {
      outcomes: ['stays', 'follows'],
      asks: ({ update }) => update === 'of-responder' || update === 'without-mobike',
      controls,
      judge: (t) => followed(t)?.as('follows') ?? stayed(t)?.as('stays'),
      plays: 'receiver',
      reads: [reads(RFC4555, '3.5', 'MUST NOT', 'receiver', { stays: pass, follows: fail })],
      lawful: 'stays',
      turnedBy: [[mobikeMutants.obeysEverybody, 'follows']],
    }),
    'RFC4555-3.5-POLICY': question('Does a peer hear that it may not be where it is?', {
      outcomes: ['refused', 'stays', 'follows'],
      asks: ({ update }) => update === 'from-unacceptable',
      controls,
      judge: (t) =>
        refusal(t, 'UNACCEPTABLE_ADDRESSES')?.as('refused') ?? followed(t)?.as('follows') ?? stayed(t)?.as('stays'),
      plays: 'responder',
      reads: [reads(RFC4555, '3.5', 'MUST', 'responder', { refused: pass, stays: fail, follows: fail })],
      lawful: 'refused',
      turnedBy: [[mobikeMutants.takesAnyAddress, 'follows']],
    }),
    'RFC4555-3.9': question('Is an update refused whose addresses somebody changed, where that is forbidden?', {
      outcomes: ['refused', 'stays', 'follows'],
      asks: ({ update }) => update === 'through-nat' || update === 'without-nat',
      controls,
      judge: (t) =>
        refusal(t, 'UNEXPECTED_NAT_DETECTED')?.as('refused') ?? followed(t)?.as('follows') ?? stayed(t)?.as('stays'),
      plays: 'responder',
      reads: ({ update }) => [
        reads(
          RFC4555,
          '3.9',
          'MUST',
          'responder',
          update === 'through-nat'
            ? { refused: pass, stays: fail, follows: fail }
            : { follows: pass, refused: fail, stays: observed('the update is not obeyed') },
        ),
      ],
      lawful: ({ update }) => (update === 'through-nat' ? 'refused' : 'follows'),
      turnedBy: ({ update }): readonly Turn<'refused' | 'stays' | 'follows'>[] =>
        update === 'through-nat'
          ? [[mobikeMutants.ignoresNoNats, 'follows']]
          : [[mobikeMutants.seesNatsEverywhere, 'refused']],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('the tunnel works at home', t.established('establish all', 'at home')),
    cause('the new place is reachable', t.answered('path')),
    seen('the update is sent', t.ike.heard(UPDATE, { by: 'tn', response: false })),
    cause('the node is there', t.ike.informed('life')),
  ];
}

const followed = (t: Account) => wentTo(t, 'to there', addressAt(THERE));
const stayed = (t: Account) => wentTo(t, 'to there', addressAt('home'));
const refusal = (t: Account, name: string) => t.ike.heard(`HDR, SK {N(${name})}`, { by: 'nut', response: true });

const THERE = 'other-prefix';

/** What NO_NATS_ALLOWED says of a message from there to the node, or from another address. */
const noNats = (source: string) =>
  concat(addressOctets(source), addressOctets(nutAddresses.ipv4), u16(NAT_T), u16(NAT_T));
const NAT_T = 4500;

const lies = {
  'of-responder': saysInstead('NO_ADDITIONAL_ADDRESSES', 'UPDATE_SA_ADDRESSES'),
  'without-mobike': saysBesides('UPDATE_SA_ADDRESSES'),
  'from-unacceptable': {},
  'through-nat': saysBesides('NO_NATS_ALLOWED', noNats(places['same-prefix'].ipv4)),
  'without-nat': saysBesides('NO_NATS_ALLOWED', noNats(addressAt(THERE))),
};
type Update = keyof typeof lies;
