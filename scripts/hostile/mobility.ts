/** What mobile nodes, and whoever says that he is one, make a correspondent do: tests, updates that hold and updates that do not. */
import { correspondent } from '../../reference/mobility/correspondent.test-support.ts';
import { RoamingPeer } from '../../reference/mobility/roaming-peer.test-support.ts';
import { type HostileRow, inProportion } from './row.ts';

export const mobilityRows: readonly HostileRow[] = [
  inProportion('home and care-of tests of everybody', [1000, 10_000], 'of each', (size) => {
    const peer = mobileNodes();
    return () => {
      for (let number = 0; number < size; number++) peer.tests({ home: homeOf(number) });
    };
  }),
  inProportion('binding updates that hold, of everybody', [1000, 10_000], 'home addresses', (size) => {
    const peer = mobileNodes();
    for (let number = 0; number < size; number++) peer.test('home', homeOf(number));
    peer.tests();
    const updates = Array.from({ length: size }, (_, number) => peer.packet({ home: homeOf(number) }));
    return () => updates.map((update) => peer.cable.receive(update));
  }),
  inProportion('binding updates of one who has no token', [1000, 10_000], 'forgeries', (size) => {
    const peer = mobileNodes().tests();
    const forged = peer.packet({ key: Buffer.alloc(20) });
    return () => Array.from({ length: size }, () => peer.cable.receive(forged));
  }),
  inProportion('bindings made and deleted in turn', [500, 5000], 'of as many home addresses', (size) => {
    const peer = mobileNodes();
    return () => {
      for (let number = 0; number < size; number++) {
        peer.tests({ home: homeOf(number) }).update({ home: homeOf(number) });
        peer.update({ home: homeOf(number), sequenceNumber: 2, lifetime: 0 });
      }
    };
  }),
];

const mobileNodes = (): RoamingPeer => new RoamingPeer(correspondent({ correspondentNode: { signalling: {} } }));

const homeOf = (number: number): string => `2001:db8:a2::${(number + 16).toString(16)}`;
