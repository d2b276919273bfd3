/** Two products have several children under one IKE SA (MCDANIEL "IKE"; RFC 7296 1.3.1): one for echoes and another for connections, the second asked for by the other one. */

import { childBetween, peering } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, both, type Finding } from '../../harness/vocabulary/judging.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { innerPrefixes } from '../../harness/vocabulary/places.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { again, continuing, meetsDone } from './continuing.ts';
import { back, crossed, isAsTold, there } from './crossing.ts';
import { hasPairs } from './holdings.ts';

/** For one protocol between the networks behind the two. */
function tunnel(name: string, protocol: number) {
  const [local, remote] = [innerPrefixes.nut.ipv4, innerPrefixes.tn.ipv4];
  const selectors = { local: [{ addresses: local, protocol }], remote: [{ addresses: remote, protocol }] };
  return childBetween(name, 'tunnel', { local, remote }, selectors);
}

const SECOND = 'second';
/** What the second one carries. */
const FURTHER = 'further';

export const multiplying = continuing({
  name: 'multiplying',
  title: 'Two products have several children under one IKE SA',
  by: ['second-child'],
  given: () => ({ children: [tunnel(peering.child, protocols.ICMP), tunnel(SECOND, protocols.TCP)] }),
  async happens(stage) {
    await stage.peer.initiates('asks for another', { connection: peering.connection, child: SECOND });
    await stage.nut.syn(there(FURTHER));
    await stage.peer.syn(back(FURTHER));
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
