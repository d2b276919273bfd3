/**
 * Keys that IKE brought, when their mobile node registers from elsewhere (RFC 6275 10.3.1, RFC 4877 7.4; DUPONT 3.4): the SAs are of the home address and follow
 * the binding in any case, those in tunnel mode with their far end. The IKE SA that made them follows with K, said by both; without it what it has with the old
 * care-of address is discarded.
 */
import {
  home,
  homeAgentIntent,
  onHomeLink,
  signallingPair,
  tunnelPairTo,
} from '../../../harness/vocabulary/home-agent-intent.ts';
import { connection, honestNut, honestTn, mirroredChild, peering } from '../../../harness/vocabulary/ike-intent.ts';
import { mirroredEntry } from '../../../harness/vocabulary/intent.ts';
import {
  type Account,
  both,
  type FoundMessage,
  type FoundPacket,
  finding,
  type Judgement,
  post,
  pre,
} from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { childOf, entryOf } from '../../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { DUPONT, RFC4877, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted } from './judging.ts';

const pairs = [signallingPair(), tunnelPairTo('payload', { selector: { protocol: protocols['IPv6-ICMP'] } })];
const [ofSignalling, ofPayload] = pairs.map(({ name }) => ({ connection: peering.connection, child: name }));

function keyedHomeAgent() {
  const children = pairs.map(childOf);
  const spd = pairs.map((pair) => entryOf(pair, [`${peering.connection}/${pair.name}`]));
  const told = connection(peering.connection, [home.agent], [home.careOfAddress, 'any'], honestNut, children);
  const asked = connection(
    peering.connection,
    [home.careOfAddress],
    [home.agent],
    honestTn,
    children.map(mirroredChild),
  );
  return homeAgentIntent({
    told: { requiresIpsec: true },
    policy: spd,
    more: { nut: { ike: [told] }, tn: { spd: spd.map(mirroredEntry), ike: [asked] } },
  });
}

export const keysThatMove = scenario({
  name: 'keys-that-move',
  title: 'A mobile node with keys of IKE registers from elsewhere',
  cast: onHomeLink,
  dimensions: { asked: ['with-k', 'without-k'] },
  given: keyedHomeAgent,
  async play({ tn, nut, neighbor }, { asked }) {
    const flag = { keyManagementMobilityCapability: asked === 'with-k' };
    await tn.initiates('keys', ofSignalling);
    await tn.initiates('keys of the tunnel', ofPayload);
    await tn.sends('first', homeUpdate(flag));
    await neighbor.pingInClear('before', { to: home.address, passedOnBy: 'nut' });
    await tn.movesTo('foreign-2');
    await tn.sends('next', homeUpdate({ ...flag, at: home.otherCareOfAddress, sequenceNumber: 2 }));
    await neighbor.pingInClear('moved', { to: home.address, passedOnBy: 'nut' });
    await nut.rekeysChild('own request', ofSignalling);
    await neighbor.pingInClear('alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.3.1-K': question('Has the acknowledgement K, where the SAs are negotiated?', {
      outcomes: ['set', 'clear'],
      controls,
      judge: (t) => {
        const answer = t.mobility.answer('next');
        if (!answer) return undefined;
        const isSet = hasK(t);
        return t.mobility.shown(answer, `K ${isSet ? 1 : 0}`)?.as(isSet ? 'set' : 'clear');
      },
      plays: 'receiver',
      reads: ({ asked }) => [
        reads(RFC6275, '10.3.1', 'MUST', 'receiver', {
          set: asked === 'with-k' ? pass : fail,
          clear: asked === 'with-k' ? observed('its IKE cannot follow') : pass,
        }),
      ],
      lawful: ({ asked }) => (asked === 'with-k' ? 'set' : 'clear'),
      turnedBy: ({ asked }) =>
        asked === 'with-k' ? [[mobilityMutants.forgetsTheKBit, 'clear']] : [[mobilityMutants.setsTheKBit, 'set']],
    }),
    'DUPONT-R2': question('What becomes of IKE with a mobile node that is elsewhere?', {
      outcomes: ['moved', 'stayed', 'discarded', 'declined'],
      controls,
      judge: (t, { asked }) => fateOfIke(t, asked === 'with-k'),
      plays: 'receiver',
      reads: ({ asked }) => [
        reads(DUPONT, '3.4', 'obs', 'implementation', {
          moved: observed('mobility moves the end of IKE'),
          stayed: observed('IKE goes on to where its peer was'),
          discarded: observed('IKE ends where its peer has left'),
          declined: observed('it says that its IKE cannot follow'),
        }),
        reads(RFC6275, '10.3.1', 'SHOULD', 'implementation', {
          moved: asked === 'with-k' ? pass : fail,
          stayed: fail,
          discarded: asked === 'with-k' ? fail : pass,
          declined: pass,
        }),
        reads(RFC4877, '7.4', 'MUST', 'implementation', {
          moved: asked === 'with-k' ? pass : fail,
          stayed: fail,
          discarded: asked === 'with-k' ? fail : pass,
          declined: pass,
        }),
      ],
      lawful: ({ asked }) => (asked === 'with-k' ? 'moved' : 'discarded'),
      turnedBy: ({ asked }) => [
        [mobilityMutants.saysKAndStays, 'stayed'],
        asked === 'with-k' ? [mobilityMutants.forgetsTheKBit, 'declined'] : [mobilityMutants.followsWithoutK, 'moved'],
      ],
    }),
    'DUPONT-F': question('Do tunnel SAs that IKE brought follow the binding?', {
      outcomes: ['followed', 'stayed behind', 'made anew'],
      controls,
      judge: (t) => {
        const [before, after] = [t.passedOn('before'), t.passedOn('moved')];
        const [old, now] = [before?.packet.esp, after?.packet.esp];
        if (!old || !now) return undefined;
        const shown = finding('under ESP', t.evidenceOf(before!, 'before the move'), t.evidenceOf(after!, 'after it'));
        if (old.spi !== now.spi || now.sequenceNumber <= old.sequenceNumber) return shown.as('made anew');
        return shown.as(now.carrier.destination === home.otherCareOfAddress ? 'followed' : 'stayed behind');
      },
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.5 F', 'SHOULD', 'receiver', { followed: pass, 'stayed behind': fail, 'made anew': fail }),
        reads(RFC6275, '6.1.7', 'SHOULD', 'receiver', { followed: pass, 'stayed behind': fail, 'made anew': fail }),
        reads(RFC4877, '4.3', 'MUST', 'receiver', { followed: pass, 'stayed behind': fail, 'made anew': fail }),
      ],
      lawful: 'followed',
      turnedBy: [[mobilityMutants.tunnelsStayBehind, 'stayed behind']],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('there are keys of the home address', both(t.ike.childAgreed('keys'), t.ike.childAgreed('keys of the tunnel'))),
    pre('registered', accepted(t, 'first')),
    pre('and from elsewhere', accepted(t, 'next')),
    post('the home agent is alive', t.answered('alive')),
  ];
}

function hasK(t: Account): boolean {
  const answer = t.mobility.answer('next');
  return answer?.message.kind === 'bindingAcknowledgement' && answer.message.keyManagementMobilityCapability === true;
}

/** By the first request of its own afterwards. */
function fateOfIke(t: Account, isAsked: boolean): Judgement | undefined {
  if (isAsked && !hasK(t)) return t.mobility.shown(t.mobility.answer('next'), 'K 0')?.as('declined');
  const request = t.ike.messages('own request').find(isOwnRequest);
  if (!request) return t.answered('alive')?.as('discarded');
  const found: FoundPacket = { frame: request.frame, packet: request.frame.packets[0]! };
  const { destination } = request.ike.carrier;
  const says = `it asks ${destination}`;
  const isMoved = destination === home.otherCareOfAddress;
  return finding(says, t.evidenceOf(found, says)).as(isMoved ? 'moved' : 'stayed');
}

const isOwnRequest = ({ frame, ike }: FoundMessage): boolean =>
  frame.entry.from === 'nut' && !ike.message.header.flags.response;
