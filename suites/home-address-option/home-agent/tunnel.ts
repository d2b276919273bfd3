/**
 * What is let out of the tunnels of a home agent (RFC 6275 10.4.5, DUPONT 2.4 and 2.6): through a plain tunnel only what comes from the care-of address that is
 * registered, and from the home address in it; under ESP in tunnel mode wherever it comes from.
 */
import {
  home,
  homeAgentIntent,
  onHomeLink,
  signallingPair,
  tunnelPairTo,
} from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, both, cause, type Finding, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { addressMutants, mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { echoPacket, tunnelledPacket } from '../../../harness/vocabulary/packets.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted } from './judging.ts';

/** Of the third party: what the mobile node sends there shows whether the home agent lets it out. */
const toNeighbor = { to: home.neighbor, passedOnBy: 'nut' } as const;

export const homeTunnelSource = scenario({
  name: 'home-tunnel-source',
  title: 'A reverse tunnel from another address than the one registered',
  cast: onHomeLink,
  dimensions: { tunnel: ['plain', 'esp'], binding: ['first', 'renewed'] },
  given: ({ tunnel }) =>
    homeAgentIntent({ pairs: [signallingPair(), ...(tunnel === 'esp' ? [tunnelPairTo('payload')] : [])] }),
  async play({ tn, neighbor }, { binding }) {
    await tn.sends('update', homeUpdate());
    if (binding === 'renewed') await tn.sends('again', homeUpdate({ sequenceNumber: 2 }));
    await tn.echo('registered', toNeighbor);
    await tn.movesTo('foreign-2');
    await tn.pingInClear('path', { from: home.otherCareOfAddress, to: home.neighbor });
    await tn.echo('elsewhere', { ...toNeighbor, awaited: false });
    await neighbor.pingInClear('still alive', { to: home.agent });
    await tn.movesTo('foreign-1');
    await tn.echo('back', toNeighbor);
  },
  questions: {
    'DUPONT-C4': question('Is a packet let out of a tunnel that begins elsewhere than the mobile node is registered?', {
      outcomes: ['let out', 'dropped'],
      controls: (t) => [
        pre('registered', accepted(t, 'update')),
        pre('the tunnel works from where it is registered', letOut(t, 'registered')),
        cause('the new place itself is reachable', t.answered('path')),
        post('the tunnel works again', letOut(t, 'back')),
      ],
      judge: (t) => letOut(t, 'elsewhere')?.as('let out') ?? kept(t, 'elsewhere', 'back')?.as('dropped'),
      plays: 'receiver',
      reads: ({ tunnel }) =>
        tunnel === 'plain'
          ? [
              reads(DUPONT, '2.6', 'obs', 'receiver', {
                'let out': observed('unchecked'),
                dropped: observed('checked'),
              }),
              reads(RFC6275, '10.4.5', 'MUST', 'receiver', { 'let out': fail, dropped: pass }),
            ]
          : [
              reads(DUPONT, '2.4 C2', 'MUST NOT', 'receiver', { 'let out': pass, dropped: fail }),
              reads(RFC6275, '10.4.5', 'obs', 'receiver', {
                'let out': pass,
                dropped: observed('checked, though it is not necessary'),
              }),
            ],
      lawful: ({ tunnel }) => (tunnel === 'plain' ? 'dropped' : 'let out'),
      turnedBy: ({ tunnel }) =>
        tunnel === 'plain'
          ? [[mobilityMutants.opensFromAnywhere, 'let out']]
          : [[addressMutants.checksSourceOfTunnels, 'dropped']],
      alsoKnownAs: ({ tunnel, binding }) => (tunnel === 'plain' ? [binding === 'first' ? 'HA_6_2_1' : 'HA_6_2_2'] : []),
    }),
  },
});

const inners = {
  'unregistered-home-address': home.otherAddress,
  'address-of-the-home-link': home.strangeAddress,
  'address-of-nobody': '2001:db8:99::1',
} as const;

export const homeTunnelInside = scenario({
  name: 'home-tunnel-inside',
  title: 'Other sources in the tunnel of a mobile node',
  cast: onHomeLink,
  dimensions: { inner: Object.keys(inners) as (keyof typeof inners)[] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn }, { inner }) {
    await tn.sends('update', homeUpdate());
    await tn.echo('own', toNeighbor);
    const ends = { from: inners[inner], to: home.neighbor };
    const echo = echoPacket({ ...ends, identifier: 0x2600, sequence: 1, payload: new Uint8Array(8) });
    await tn.packet('other', tunnelledPacket({ from: home.careOfAddress, to: home.agent }, echo));
    await tn.echo('own again', toNeighbor);
  },
  questions: {
    'DUPONT-2.6': question('Is a packet let out whose source is not the home address of the tunnel?', {
      outcomes: ['let out', 'dropped'],
      controls: (t) => [
        pre('registered', accepted(t, 'update')),
        pre('its own packets are let out', letOut(t, 'own')),
        post('and again', letOut(t, 'own again')),
      ],
      judge: (t) => letOut(t, 'other')?.as('let out') ?? kept(t, 'other', 'own again')?.as('dropped'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.6', 'obs', 'receiver', { 'let out': observed('any inner source'), dropped: pass }),
        reads(RFC6275, '10.4.5', 'MUST', 'receiver', { 'let out': fail, dropped: pass }),
      ],
      lawful: 'dropped',
      turnedBy: [[mobilityMutants.opensForAnyone, 'let out']],
    }),
  },
});

export const homeLinkLocal = scenario({
  name: 'home-link-local',
  title: 'A packet to the link-local address of a mobile node',
  cast: onHomeLink,
  dimensions: { compatibility: ['l1'] },
  lasts: () => RESOLVED,
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }) {
    await tn.sends('update', homeUpdate({ linkLocalAddressCompatibility: true }));
    await neighbor.pingInClear('global', { to: home.address, passedOnBy: 'nut' });
    await neighbor.pingInClear('link-local', { to: home.linkLocal, awaited: false });
    await tn.letsPass('it is asked for three times', RESOLVED);
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.4.2-LOCAL': question('What becomes of a packet to the link-local address of a mobile node?', {
      outcomes: ['unreachable', 'tunnelled', 'dropped'],
      controls: (t) => [
        pre('registered', accepted(t, 'update')),
        pre('its home address is tunnelled to', letOut(t, 'global')),
        post('still alive', t.answered('still alive')),
      ],
      judge(t) {
        const passed = t.passedOn('link-local');
        const told = t.objection('link-local');
        if (passed) return finding('passed on', t.evidenceOf(passed, 'in the tunnel')).as('tunnelled');
        const isUnreachable = told?.kind === 'icmp' && told.type === 1 && told.code === 3;
        return isUnreachable ? told.shown.as('unreachable') : t.silent('link-local', 'still alive')?.as('dropped');
      },
      plays: 'receiver',
      reads: [
        reads(RFC6275, '10.4.2', 'MUST NOT', 'receiver', { unreachable: pass, tunnelled: fail, dropped: pass }),
        reads(RFC6275, '10.4.2', 'SHOULD', 'receiver', { unreachable: pass, tunnelled: fail, dropped: fail }),
      ],
      lawful: 'unreachable',
      turnedBy: [[mobilityMutants.tunnelsLinkLocal, 'tunnelled']],
      alsoKnownAs: ['HA_5_1_2'],
    }),
  },
});

/** It left the tunnel of the home agent, whatever the answer. */
function letOut(t: Account, name: string): Finding | undefined {
  const passed = t.passedOn(name);
  if (!passed) return undefined;
  const says = `${name}: passed on by the home agent`;
  return finding(says, t.evidenceOf(passed, says));
}

/** It was sent and not passed on, while the next one that goes the same way was. */
function kept(t: Account, name: string, life: string): Finding | undefined {
  return letOut(t, name) ? undefined : both(t.sent(name), letOut(t, life));
}

/** Seconds: a neighbor that does not answer three solicitations, a second apart, is unreachable, and only then its packet's sender is told (RFC 4861 7.2.2). */
const RESOLVED = 4;
