/** Two products have several children under one IKE SA (MCDANIEL "IKE"; RFC 7296 1.3.1): a tunnel for each family of the networks behind them, the second asked for by the other one. */

import { childBetween, peering } from '../../harness/vocabulary/ike-intent.ts';
import type { Family } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Finding } from '../../harness/vocabulary/judging.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { inner, innerPrefixes } from '../../harness/vocabulary/places.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { again, continuing, meetsDone } from './continuing.ts';
import { back, crossed, isAsTold, speak, there } from './crossing.ts';
import { hasPairs } from './holdings.ts';

const tunnel = (name: string, family: Family) =>
  childBetween(name, 'tunnel', { local: innerPrefixes.nut[family], remote: innerPrefixes.tn[family] });

const SECOND = 'second';
/** What the second one carries. */
const FURTHER = 'further';

export const multiplying = continuing({
  name: 'multiplying',
  title: 'Two products have several children under one IKE SA',
  by: ['second-child'],
  given: () => ({ children: [tunnel(peering.child, 'ipv4'), tunnel(SECOND, 'ipv6')] }),
  async happens(stage) {
    await stage.peer.initiates('asks for another', { connection: peering.connection, child: SECOND });
    await speak(stage, FURTHER, { nut: inner.nut.ipv6, peer: inner.tn.ipv6 });
  },
  settled: () => hasPairs(2),
  question: 'Has each its SAs, and do the two speak under both?',
  done: (t) => both(carried(t, there(FURTHER)), carried(t, back(FURTHER))),
  reads: () => [meetsDone(RFC7296, '1.3.1', 'obs')],
  turnedBy: () => [[childMutants.bearsOneChild, 'undone']],
});

/** By an SA that carries nothing of the first child. */
function carried(t: Account, probe: string): Finding | undefined {
  const spi = t.probe(probe)?.packet.esp?.spi;
  const others = [there(again), back(again)].map((each) => t.probe(each)?.packet.esp?.spi);
  return spi !== undefined && !others.includes(spi) && isAsTold(t, probe) ? crossed(t, probe) : undefined;
}
