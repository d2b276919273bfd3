/**
 * The peer sends from elsewhere and says nothing of it: a NAT has given it another address, or it tries a path (RFC 7296 section 2.23, RFC 4555 section 3.8). Seen in
 * the field as IKE that answers the new address while ESP goes on to the old one (F07), and as an end behind a NAT that one packet turns away from its peer (F08).
 */
import { type Account, both, cause, pre } from '../../harness/vocabulary/judging.ts';
import { placesPeerBehindNat, saysInstead, together } from '../../harness/vocabulary/lies.ts';
import { mobikeMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC4555, RFC7296 } from '../requirements/documents.ts';
import { rekeysChild } from './create-child-sa.ts';
import { AGREED, addressAt, gatewaysThat, messageWentTo, wentTo } from './mobike.ts';

export const dynamicAddress = scenario({
  name: 'dynamic-address',
  title: 'A peer sends from elsewhere, and says nothing of it',
  dimensions: {
    behind: ['peer-behind', 'node-behind', 'both-behind', 'nobody-behind'],
    first: ['esp', 'ike'],
    mobike: ['', 'mobike'],
  },
  // A mover that speaks MOBIKE tries a path by a request, and without any NAT there is no ESP in UDP that could be followed.
  where: ({ mobike, first, behind }) => first === 'ike' || (mobike === '' && behind !== 'nobody-behind'),
  given: ({ mobike, behind }) => {
    const told = mobike === '' ? {} : { mobike: {} };
    const anywhere = mobike === '' ? {} : { remoteAddresses: ['any' as const] };
    return gatewaysThat({
      nut: { ...told, ...anywhere },
      tn: { ...told, ...(behind !== 'nobody-behind' && { encapsulation: 'forced' }) },
    });
  },
  misbehaves: ({ behind, mobike }) => {
    const alsoItself = behind === 'both-behind';
    return {
      tn: together(
        ...(behind === 'peer-behind' || behind === 'nobody-behind'
          ? []
          : [placesPeerBehindNat(places.home.ipv4, { alsoItself })]),
        ...(mobike === '' ? [] : [saysInstead('UPDATE_SA_ADDRESSES')]),
      ),
    };
  },
  async play({ tn, nut, lab }, { first }) {
    await tn.initiates('agree');
    await tn.echo('at home');
    await nut.echo('to home');
    await tn.movesTo(THERE);
    await tn.pingInClear('path', { from: addressAt(THERE), to: nutAddresses.ipv4 });
    if (first === 'esp') await tn.udp('from there');
    else await tn.asksForLife('from there');
    await nut.reports('report', {
      until: ({ sad }) =>
        sad.some(({ direction, destination }) => direction === 'out' && destination === addressAt(THERE)),
    });
    await nut.echo('to there');
    await nut.rekeysChild('asks there', undefined, { awaited: false });
    await lab.shows((t) => t.ike.heard(rekeysChild.asks, { after: 'asks there' }) !== undefined);
  },
  questions: {
    'RFC7296-2.23': question('Is a peer followed that a NAT moves, and is a node behind a NAT left alone?', {
      outcomes: ['follows', 'ike-alone', 'esp-alone', 'stays'],
      asks: ({ mobike }) => mobike === '',
      controls,
      judge,
      plays: 'receiver',
      reads: ({ behind }) => [
        behind === 'nobody-behind'
          ? reads(RFC7296, '2.23', 'obs', 'receiver', {
              follows: observed('followed without any NAT'),
              'ike-alone': observed('IKE alone goes there'),
              'esp-alone': observed('ESP alone goes there'),
              stays: observed('nothing moves where there is no NAT'),
            })
          : behind === 'peer-behind'
            ? reads(RFC7296, '2.23', 'SHOULD', 'receiver', {
                follows: pass,
                'ike-alone': fail,
                'esp-alone': fail,
                stays: fail,
              })
            : reads(RFC7296, '2.23', 'SHOULD NOT', 'receiver', {
                stays: pass,
                'ike-alone': fail,
                'esp-alone': fail,
                follows: fail,
              }),
      ],
      lawful: ({ behind }) => (behind === 'peer-behind' ? 'follows' : 'stays'),
      turnedBy: ({ behind }) =>
        behind === 'peer-behind'
          ? [
              [mobikeMutants.movesIkeAlone, 'ike-alone'],
              [mobikeMutants.followsNobody, 'stays'],
            ]
          : [[mobikeMutants.followsEverybody, 'follows']],
    }),
    'RFC4555-3.8-DYNAMIC': question('Does a request that says nothing of addresses change none?', {
      outcomes: ['stays', 'follows', 'ike-alone', 'esp-alone'],
      asks: ({ mobike }) => mobike !== '',
      controls: (t) => [...controls(t), pre('both speak MOBIKE', t.ike.heard(AGREED, { by: 'nut', response: true }))],
      judge,
      plays: 'receiver',
      reads: [
        reads(RFC4555, '3.8', 'MUST NOT', 'receiver', {
          stays: pass,
          follows: fail,
          'ike-alone': fail,
          'esp-alone': fail,
        }),
      ],
      lawful: 'stays',
      turnedBy: [[mobikeMutants.followsEverybody, 'follows']],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('the tunnel works at home', t.established('agree', 'at home')),
    cause('the new place is reachable', t.answered('path')),
  ];
}

function judge(t: Account) {
  const esp = wentTo(t, 'to there', addressAt(THERE));
  const ike = messageWentTo(t, rekeysChild.asks, 'asks there', addressAt(THERE));
  const [espAtHome, ikeAtHome] = [
    wentTo(t, 'to there', addressAt('home')),
    messageWentTo(t, rekeysChild.asks, 'asks there', addressAt('home')),
  ];
  return (
    both(esp, ike)?.as('follows') ??
    both(espAtHome, ike)?.as('ike-alone') ??
    both(esp, ikeAtHome)?.as('esp-alone') ??
    both(espAtHome, ikeAtHome)?.as('stays')
  );
}

const THERE = 'other-prefix';
