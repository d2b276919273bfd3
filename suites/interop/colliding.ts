/**
 * Two products replace the same thing at once (RFC 7296 2.8.1, 2.8.2): each has asked before it hears that the other does. One of the two successors is left, and the two speak on under it. The lab holds both requests, which their
 * headers tell.
 */
import { type Account, both, cause, type Finding } from '../../harness/vocabulary/judging.ts';
import { childMutants, rekeyingMutants } from '../../harness/vocabulary/mutants.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { again, continuing, meetsDone } from './continuing.ts';
import { back, there } from './crossing.ts';
import { report } from './holdings.ts';
import { childrenKept, childrenReplaced, hasOnlyOther, ikeSaReplaced, sentUnderNew, whichIkeSa } from './replaced.ts';

const ways = ['rekeyed-child-by-both', 'rekeyed-ike-by-both'] as const;
type By = (typeof ways)[number];
const isOfIke = (by: By): boolean => by === 'rekeyed-ike-by-both';
const settled = (by: By) => hasOnlyOther(isOfIke(by) ? 'ikeSas' : 'sad');

export const colliding = continuing({
  name: 'colliding',
  title: 'Two products replace the same thing at once',
  by: ways,
  roles: ['initiator'],
  async happens(stage, by) {
    const { lab } = stage;
    for (const party of parties) {
      await lab.holdsExchange(`what ${party} asks`, 'CREATE_CHILD_SA', { from: party, response: false });
      const name = `${party} replaces`;
      await (isOfIke(by)
        ? stage[party].rekeysIke(name, undefined, { awaited: false })
        : stage[party].rekeysChild(name, undefined, { awaited: false }));
      await lab.catches(`what ${party} asks`);
    }
    for (const party of parties) await lab.releases(`what ${party} asks`);
    await report(stage, 'replaced', settled(by));
  },
  settled,
  question: 'Is one successor left, and do the two speak on under it?',
  controls: (t, by) => [
    cause('both asked before either was heard', haveCrossed(t)),
    ...(isOfIke(by) ? [whichIkeSa(t)] : []),
  ],
  done: (t, by) =>
    isOfIke(by)
      ? both(ikeSaReplaced(t), childrenKept(t))
      : both(childrenReplaced(t), sentUnderNew(t, there(again), 'nut'), sentUnderNew(t, back(again), 'peer')),
  reads: (by) => [meetsDone(RFC7296, isOfIke(by) ? '2.8.2' : '2.8.1', 'SHOULD')],
  turnedBy: (by) =>
    isOfIke(by) ? [[childMutants.leavesChildrenBehind, 'none']] : [[rekeyingMutants.keysWithoutSecret, 'none']],
});

const parties = ['nut', 'peer'] as const;

/** A request of each before the first of them went on. */
function haveCrossed(t: Account): Finding | undefined {
  const release = t.mark(`what ${parties[0]} asks: releases`)?.place ?? 0;
  const asked = parties.map((party) => {
    const request = t.ike
      .messages(`what ${party} asks`)
      .find(
        ({ frame, ike }) =>
          frame.entry.from === party &&
          frame.entry.place < release &&
          ike.message.header.exchangeType === exchangeTypes.CREATE_CHILD_SA &&
          !ike.message.header.flags.response,
      );
    return request && t.ike.said(request, `${party} asks`);
  });
  return both(...asked);
}
