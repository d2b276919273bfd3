/**
 * Traffic that wants an SA (DUPONT 2.4, SADB_ACQUIRE): a packet that an entry protects, with no SA there, starts key management and does not leave
 * in clear meanwhile. Whether it is kept until the SA is there or lost is free, and recorded.
 */
import { negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import type { Family } from '../../harness/vocabulary/intent.ts';
import { host, intent, sinks } from '../../harness/vocabulary/intent.ts';
import { both, post, pre } from '../../harness/vocabulary/judging.ts';
import { keyManagementMutants } from '../../harness/vocabulary/mutants.ts';
import { entryOf, transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { gateway, hostToHost, inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4301 } from '../requirements/documents.ts';

/** The port whose traffic passes, whatever else is protected. */
const openPort = 9_999;

export const acquire = scenario({
  name: 'acquire',
  title: 'A packet that wants an SA',
  dimensions: { mode: ['transport', 'tunnel'], family: ['ipv4', 'ipv6'], keying: ['ikev2', 'none'] },
  given: ({ mode, family, keying }) => (keying === 'none' ? nobodyBrings(mode, family) : ikeBrings(mode, family)),
  async play({ tn, nut }, { keying }) {
    await nut.udp('open', { destinationPort: openPort });
    await nut.udp('first', { awaited: false, setsOffIke: keying === 'ikev2' });
    if (keying === 'ikev2') await tn.echo('through');
    await nut.udp('second', { awaited: keying === 'ikev2' });
    await nut.udp('still open', { destinationPort: openPort });
  },
  questions: {
    'DUPONT-2.4-ACQUIRE': question('What becomes of a packet that no SA is there for?', {
      outcomes: ['held', 'dropped', 'withheld', 'leaked'],
      controls: (t) => [
        pre('what an entry bypasses leaves in clear', t.sentUnder('open', 'clear')),
        post('and does so still', t.sentUnder('still open', 'clear')),
      ],
      judge: (t) => {
        const leaked = t.sentUnder('first', 'clear') ?? t.sentUnder('second', 'clear');
        const acquired = both(t.ike.childAgreed('first'), t.sentUnder('second', 'esp'));
        const kept = t.neverSent('first', 'first', 'still open');
        return (
          leaked?.as('leaked') ??
          both(acquired, t.sentUnder('first', 'esp'))?.as('held') ??
          both(acquired, kept)?.as('dropped') ??
          both(kept, t.neverSent('second', 'second', 'still open'))?.as('withheld')
        );
      },
      plays: ({ keying }) => (keying === 'none' ? 'sender' : ['sender', 'initiator']),
      reads: ({ keying }) => [
        reads(DUPONT, '2.4', 'obs', 'sender', {
          held: observed('the packet waits for its SA'),
          dropped: observed('the packet asks for an SA and is lost'),
          withheld: observed('the packet is lost'),
          leaked: fail,
        }),
        reads(RFC4301, '5.1 3b', 'MUST', 'sender', {
          held: pass,
          dropped: pass,
          withheld: keying === 'none' ? pass : fail,
          leaked: fail,
        }),
      ],
      lawful: ({ keying }) => (keying === 'none' ? 'withheld' : 'dropped'),
      turnedBy: [[keyManagementMutants.leaksWithoutSa, 'leaked']],
    }),
  },
});

function ikeBrings(mode: 'transport' | 'tunnel', family: Family) {
  return negotiated({
    mode,
    family,
    child: { start: 'trap' },
    testerChild: { start: 'none' },
    entries: [openEntry(mode, family)],
  });
}

/** An entry that protects, and nobody who could bring an SA. */
function nobodyBrings(mode: 'transport' | 'tunnel', family: Family) {
  const pair =
    mode === 'tunnel'
      ? tunnelPair(peering.child, { inner: family, outer: family })
      : transportPair(peering.child, family);
  const ends = endsOf(mode, family);
  return intent({
    topology: mode === 'tunnel' ? gateway : hostToHost,
    ends,
    nut: { spd: [openEntry(mode, family), entryOf(pair)], manual: [], ike: [], sinks },
  });
}

function openEntry(mode: 'transport' | 'tunnel', family: Family) {
  const { nut, tn } = endsOf(mode, family);
  return {
    name: 'open',
    direction: 'both',
    selector: { local: host(nut), remote: host(tn), protocol: 17, remotePort: openPort },
    action: 'BYPASS',
  } as const;
}

function endsOf(mode: 'transport' | 'tunnel', family: Family) {
  return mode === 'tunnel'
    ? { nut: inner.nut[family], tn: inner.tn[family] }
    : { nut: nutAddresses[family], tn: places.home[family] };
}
