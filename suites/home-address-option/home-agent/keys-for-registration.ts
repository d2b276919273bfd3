/**
 * A home registration under keys that IKE brought (DUPONT 3.4, recommendation P2; RFC 3776 4.4, RFC 4877 4.2 and 7.3): asked for from the care-of address, tied
 * by the identity to one home address, and good wherever the mobile node goes then. Under the same keys somebody asks in another's name (ARKKO 2.3).
 */

import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import {
  connection,
  honestNut,
  honestTn,
  mirroredChild,
  only,
  peering,
} from '../../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  both,
  type Control,
  type Finding,
  finding,
  type Judgement,
  post,
  pre,
  seen,
} from '../../../harness/vocabulary/judging.ts';
import { homeAddressMutants, mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { mobilityPacket } from '../../../harness/vocabulary/packets.ts';
import { childOf, entryOf } from '../../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { mobileNode } from '../../identity/home-addresses.ts';
import { ARKKO, DUPONT, RFC4877, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';

const pair = signallingPair();
const mn1 = { ...honestTn, ...mobileNode('mn1') };
const keys = { connection: peering.connection, child: pair.name };

/** Of the home agent: an entry of its SPD and one of its PAD, for one mobile node. */
function keyedHomeAgent() {
  const expecting = { ...honestNut, expects: only(mn1.identity) };
  const [child, name] = [childOf(pair), peering.connection];
  const told = connection(name, [home.agent], [home.careOfAddress, 'any'], expecting, [child]);
  const asked = connection(name, [home.careOfAddress], [home.agent], mn1, [mirroredChild(child)]);
  return homeAgentIntent({
    told: { requiresIpsec: true },
    policy: [entryOf(pair, [`${name}/${pair.name}`])],
    more: { nut: { ike: [told] }, tn: { ike: [asked] } },
  });
}

const controls = (t: Account): readonly Control[] => [
  pre('there are keys of the home address', t.ike.childAgreed('keys')),
  post('the home agent is alive', t.answered('alive')),
];

export const keysForRegistration = scenario({
  name: 'keys-for-registration',
  title: 'A mobile node registers under keys that IKE brought',
  cast: onHomeLink,
  dimensions: { keys: ['p2'], since: ['first', 'moved'] },
  given: keyedHomeAgent,
  async play({ tn, neighbor }, { since }) {
    await tn.initiates('keys', keys);
    if (since === 'moved') {
      await tn.sends('earlier', homeUpdate());
      await tn.movesTo('foreign-2');
    }
    const at = since === 'moved' ? home.otherCareOfAddress : home.careOfAddress;
    await tn.sends('update', homeUpdate({ at, sequenceNumber: 2 }));
    await neighbor.pingInClear('alive', { to: home.agent });
  },
  questions: {
    'DUPONT-P': question('Is a registration acknowledged under keys that were asked for from the care-of address?', {
      outcomes: ['acknowledged', 'in-clear', 'refused', 'unanswered'],
      controls,
      judge: judgeAcknowledgement,
      plays: 'receiver',
      reads: ({ since }) => [
        reads(DUPONT, '3.4 P', 'MUST', 'implementation', acknowledged),
        reads(RFC4877, '4.4', 'MUST', 'implementation', acknowledged),
        reads(RFC6275, since === 'moved' ? '10.3.1' : '5.1', 'MUST', 'implementation', acknowledged),
      ],
      lawful: 'acknowledged',
      turnedBy: [[mobilityMutants.acknowledgesToHomeAddress, 'unanswered']],
    }),
  },
});

const acknowledged = { acknowledged: pass, 'in-clear': fail, refused: fail, unanswered: fail };

function judgeAcknowledgement(t: Account): Judgement | undefined {
  const answer = t.mobility.answer('update');
  if (answer?.message.kind !== 'bindingAcknowledgement') {
    return both(t.ike.childAgreed('keys'), t.answered('alive'))?.as('unanswered');
  }
  const { status } = answer.message;
  const shown = t.mobility.shown(answer, `status ${status}`);
  return shown?.as(status > 1 ? 'refused' : answer.isProtected ? 'acknowledged' : 'in-clear');
}

const inAnothersName = mobilityPacket(
  { from: home.otherAddress, to: home.agent },
  homeUpdate({ homeAddress: home.otherAddress }).message,
);

const isAnothers = ({ homeAddress }: { readonly homeAddress: string }): boolean => homeAddress === home.otherAddress;

export const anothersName = scenario({
  name: 'anothers-name',
  title: 'A mobile node registers another one’s home address under its own keys',
  cast: onHomeLink,
  dimensions: { keys: ['own-keys'], request: ['anothers-home-address'] },
  given: keyedHomeAgent,
  async play({ tn, nut, neighbor }) {
    await tn.initiates('keys', keys);
    await tn.sends('own', homeUpdate());
    await tn.esp('anothers', { carries: inAnothersName, careOfAddress: home.careOfAddress, awaited: false });
    await tn.sends('own again', homeUpdate({ sequenceNumber: 2 }));
    await neighbor.pingInClear('alive', { to: home.agent });
    // A binding comes about when its home address was found to be nobody else's, a second later.
    await nut.reports('report', { until: ({ bindings = [] }) => bindings.some(isAnothers) });
  },
  questions: {
    'ARKKO-2.3a': question('Can who is known by name register an address that is another’s?', {
      outcomes: ['refused', 'registered'],
      controls: (t) => [
        ...controls(t),
        seen('the request is on the wire, under its keys', underKeys(t, 'anothers')),
        pre('its own home address is registered', t.mobility.acknowledged('own', 0)),
        post('and again', t.mobility.acknowledged('own again', 0)),
      ],
      judge: (t) => {
        const bound = (is: boolean) =>
          t.reported(
            'report',
            'bindings',
            `${is ? 'a' : 'no'} binding of ${home.otherAddress}`,
            ({ bindings = [] }) => bindings.some(({ homeAddress }) => homeAddress === home.otherAddress) === is,
          );
        return bound(true)?.as('registered') ?? bound(false)?.as('refused');
      },
      plays: 'receiver',
      reads: [
        reads(ARKKO, '2.3', 'obs', 'implementation', {
          refused: observed('keys are tied to an address beside the name'),
          registered: observed('whoever is known may speak for any address'),
        }),
        reads(RFC4877, '4.2', 'MUST', 'receiver', { refused: pass, registered: fail }),
        reads(RFC6275, '5.1', 'MUST', 'implementation', { refused: pass, registered: fail }),
      ],
      lawful: 'refused',
      turnedBy: [[homeAddressMutants.trustsWhoeverHasKeys, 'registered']],
    }),
  },
});

function underKeys(t: Account, moment: string): Finding | undefined {
  const [found] = t.espHeaders('tn', moment);
  const says = `under SPI ${found?.header.spi}`;
  return found && finding(says, t.evidenceOf(found, says));
}
