/** The tester is at another address and says so (RFC 4555 section 3.5): the SAs go there, and what it asks besides is answered. */
import { type Account, both, cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { mobikeMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { equal } from '../../reference/wire/octets.ts';
import { DUPONT, RFC4555 } from '../requirements/documents.ts';
import { notificationIn } from './exchanges.ts';
import { AGREED, addressAt, mobikeGateways, speakAfterTheMove, updateAnswered, updateOf, wentTo } from './mobike.ts';

export const mobikeUpdate = scenario({
  name: 'mobike-update',
  title: 'A peer that speaks MOBIKE is at another address, and says so',
  dimensions: { elsewhere: ['same-prefix', 'other-prefix'] },
  given: mobikeGateways,
  async play(stage, { elsewhere }) {
    const { tn, nut, lab } = stage;
    await tn.initiates('agree');
    await tn.echo('at home');
    await nut.echo('to home');
    await tn.movesTo(elsewhere);
    await tn.pingInClear('path', { from: places[elsewhere].ipv4, to: nutAddresses.ipv4 });
    await lab.shows((t) => updateAnswered(t) !== undefined);
    await speakAfterTheMove(stage);
  },
  questions: {
    'DUPONT-F2': question('Does a tunnel go where a MOBIKE peer says that it is?', {
      outcomes: ['follows', 'stays'],
      controls,
      judge: (t, { elsewhere }) =>
        wentTo(t, 'to there', addressAt(elsewhere))?.as('follows') ??
        wentTo(t, 'to there', addressAt('home'))?.as('stays'),
      plays: 'responder',
      reads: [
        reads(RFC4555, '3.5', 'MUST', 'responder', { follows: pass, stays: fail }),
        reads(DUPONT, '2.5/3.4', 'obs', 'responder', {
          follows: observed('mobility signalling of IKEv2 moves the outer addresses'),
          stays: observed('it does not'),
        }),
      ],
      lawful: 'follows',
      turnedBy: [[mobikeMutants.obeysNobody, 'stays']],
    }),
    'RFC4555-3.1': question('Does a node say that it speaks MOBIKE?', {
      outcomes: ['said', 'unsaid'],
      controls: (t) => [pre('the tunnel works at home', t.established('agree', 'at home'))],
      judge: (t) =>
        t.ike.heard(AGREED)?.as('said') ?? t.ike.heard('HDR, SK {IDr, [CERT+,] AUTH, SA, TSi, TSr}')?.as('unsaid'),
      plays: 'responder',
      reads: [reads(RFC4555, '3.1', 'MUST', 'implementation', { said: pass, unsaid: fail })],
      lawful: 'said',
      turnedBy: [[mobikeMutants.knowsNoMobike, 'unsaid']],
    }),
    'RFC4555-3.5-SAS': question('Do the SAs that move keep their keys and counters?', {
      outcomes: ['go-on', 'begin-anew', 'stay'],
      controls,
      judge(t, { elsewhere }) {
        const [before, after] = [t.probe('to home')?.packet.esp, t.probe('to there')?.packet.esp];
        const moved = wentTo(t, 'to there', addressAt(elsewhere));
        if (!moved) return wentTo(t, 'to there', addressAt('home'))?.as('stay');
        const goesOn = before && after && before.spi === after.spi && after.sequenceNumber > before.sequenceNumber;
        return both(moved, t.sentUnder('to home', 'esp'))?.as(goesOn ? 'go-on' : 'begin-anew');
      },
      plays: 'responder',
      reads: [reads(RFC4555, '3.5', 'MUST', 'responder', { 'go-on': pass, 'begin-anew': fail, stay: fail })],
      lawful: 'go-on',
      turnedBy: [[mobikeMutants.obeysNobody, 'stay']],
    }),
    'RFC4555-3.7': question('Does a COOKIE2 come back as it was sent?', {
      outcomes: ['copied', 'changed', 'left-out'],
      controls: (t) => [
        pre('the tunnel works at home', t.established('agree', 'at home')),
        cause('the update is answered', updateAnswered(t)),
      ],
      judge(t) {
        const exchange = updateOf(t);
        const [sent, returned] = [exchange?.requests, exchange?.responses].map(
          (messages) => messages && notificationIn(messages, 'COOKIE2'),
        );
        if (!exchange || !sent) return undefined;
        const outcome = !returned ? 'left-out' : equal(sent, returned) ? 'copied' : 'changed';
        return updateAnswered(t)?.as(outcome);
      },
      plays: 'responder',
      reads: [reads(RFC4555, '3.7', 'MUST', 'responder', { copied: pass, changed: fail, 'left-out': fail })],
      lawful: 'copied',
      turnedBy: [[mobikeMutants.makesCookiesOfItsOwn, 'changed']],
    }),
    'RFC4555-3.8': question('Is NAT detection in an INFORMATIONAL request answered by the same?', {
      outcomes: ['answered', 'left-out'],
      controls,
      judge(t) {
        const exchange = updateOf(t);
        const types = ['NAT_DETECTION_SOURCE_IP', 'NAT_DETECTION_DESTINATION_IP'] as const;
        const isThere = exchange && types.every((type) => notificationIn(exchange.responses, type) !== undefined);
        return updateAnswered(t)?.as(isThere ? 'answered' : 'left-out');
      },
      plays: 'responder',
      reads: [reads(RFC4555, '3.8', 'MUST', 'responder', { answered: pass, 'left-out': fail })],
      lawful: 'answered',
      turnedBy: [[mobikeMutants.detectsNatsOnce, 'left-out']],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('the tunnel works at home', t.established('agree', 'at home')),
    cause('the new place is reachable', t.answered('path')),
    cause('the update is answered', updateAnswered(t)),
    post('the node is there', t.ike.informed('life')),
    post('it takes what comes from there', t.delivered('from there', 'report')),
  ];
}
