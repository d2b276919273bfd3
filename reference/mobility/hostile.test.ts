/**
 * That nothing which speaks Mobile IPv6 ends a correspondent, or makes it keep more than its bounds: messages of every kind, flipped, cut, replayed and made up,
 * between the messages of mobile nodes that are in order, and time. Afterwards a mobile node registers as ever.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { homeAddressHeader } from '../wire/ip/extension-headers.ts';
import { encodeMobility } from '../wire/mobility/message.ts';
import { everyMobilityMessage } from '../wire/mobility/samples.ts';
import { mobilityBounds } from './bounds.ts';
import { careOfAddress, correspondent } from './correspondent.test-support.ts';
import { mobility, RoamingPeer } from './roaming-peer.test-support.ts';

const endpoints = { source: '::', destination: '::' };
const samples = everyMobilityMessage.map((message) => encodeMobility(message, endpoints));
const homes = ['2001:db8:a2::1', '2001:db8:a2::2', '2001:db8:a2::3'] as const;
const places = [careOfAddress, '2001:db8:2::2', ...homes] as const;

/** What somebody does to a correspondent. */
type Deed = (peer: RoamingPeer) => void;

const between = fc.record({ home: fc.constantFrom(...homes), careOf: fc.constantFrom(...places) });
const tests: fc.Arbitrary<Deed> = between.map((where) => (peer) => void peer.tests(where));
const updates: fc.Arbitrary<Deed> = fc
  .tuple(
    between,
    fc.record({
      sequenceNumber: fc.nat(0xffff),
      lifetime: fc.constantFrom(0, 1, 60, 0xffff),
      flags: fc.constantFrom(0, 0x8000, 0xc000, 0xffff),
    }),
    fc.option(fc.nat(1023)),
    fc.boolean(),
  )
  .map(([where, fields, flipped, isAtHome]) => (peer) => {
    peer.tests(where);
    const change = (octets: Buffer): Buffer => {
      if (flipped !== null) octets[(flipped >> 3) % octets.length]! ^= 1 << (flipped & 7);
      return octets;
    };
    peer.update({ ...where, ...fields, change, ...(isAtHome && { withoutOption: true }) });
  });
const madeUp: fc.Arbitrary<Deed> = fc
  .tuple(
    fc.oneof(fc.uint8Array({ minLength: 8, maxLength: 80 }), fc.constantFrom(...samples)),
    fc.option(fc.tuple(fc.nat(), fc.nat(255))),
    fc.constantFrom(...places, 'ff0e::1', '::', 'fe80::1'),
    fc.boolean(),
  )
  .map(([octets, spoilt, from, hasOption]) => (peer) => {
    const message = Buffer.from(octets);
    if (spoilt) message[spoilt[0] % message.length] = spoilt[1];
    const option = hasOption ? [homeAddressHeader(homes[0])] : [];
    peer.cable.receive(mobility(message, from, option, hasOption ? homes[0] : from));
  });
const time: fc.Arbitrary<Deed> = fc
  .constantFrom(1, 29, 31, 200, 500)
  .map((seconds) => (peer) => void peer.later(seconds));

const homeOf = (number: number): string => `2001:db8:a2::${(number + 16).toString(16)}`;
const signalling = { correspondentNode: { signalling: {} } };

describe('a correspondent among hostile mobile nodes', () => {
  it('is ended by nothing that arrives, and takes an update afterwards', () => {
    const deeds = fc.array(fc.oneof(tests, updates, madeUp, time), { maxLength: 40 });
    fc.assert(
      fc.property(deeds, (done) => {
        const peer = new RoamingPeer(correspondent(signalling));
        for (const deed of done) deed(peer);
        // Whatever was bound or remembered before is over by then.
        peer.later(700);
        expect(peer.tests().status({ sequenceNumber: 7 })).to.equal(0);
        expect(peer.bindings).to.have.length(1);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps no more bindings than its bound, and none where it only hands out tokens', () => {
    const peer = new RoamingPeer(correspondent(signalling));
    const many = mobilityBounds.bindings + 50;
    for (let number = 0; number < many; number++) peer.tests({ home: homeOf(number) });
    expect(peer.bindings).to.deep.equal([]);
    for (let number = 0; number < many; number++) expect(peer.status({ home: homeOf(number) })).to.equal(0);
    expect(peer.bindings).to.have.length(mobilityBounds.bindings);
    expect(peer.bindings.at(-1)![0]).to.equal(homeOf(many - 1));
    expect(peer.cable.host.state().counters['discarded:bindings']).to.equal(many - mobilityBounds.bindings);
  });

  it('gives up nonces where it may not forget whom it deleted', () => {
    const peer = new RoamingPeer(correspondent(signalling));
    const many = mobilityBounds.formerBindings + 1;
    peer.tests();
    for (let number = 0; number < many; number++) {
      peer.test('home', homeOf(number));
      peer.tests({ home: homeOf(number) }).status({ home: homeOf(number) });
      peer.status({ home: homeOf(number), sequenceNumber: 2, lifetime: 0 });
    }
    // The first of them all was told of an old nonce, which went with the one that gave way.
    expect(peer.cable.host.state().counters['discarded:formerBindings']).to.equal(1);
    expect(peer.status()).to.equal(138);
    expect(peer.tests().status()).to.equal(0);
  });

  it('makes no more nonces before their time than its bound', () => {
    const peer = new RoamingPeer(correspondent(signalling));
    const indices = new Set<number>();
    for (let round = 1; round <= 2 * mobilityBounds.nonces; round++) {
      peer.tests().update({ sequenceNumber: 2 * round });
      peer.update({ sequenceNumber: 2 * round + 1, lifetime: 0 });
      indices.add(peer.index('home'));
    }
    expect(indices.size).to.equal(mobilityBounds.nonces);
    expect(peer.later(31).tests().status({ sequenceNumber: 900 })).to.equal(0);
  });

  it('forgets the errors about the oldest binding where there are too many', () => {
    const peer = new RoamingPeer(correspondent(signalling));
    const many = mobilityBounds.unreachableBindings + 1;
    const [oldest, youngest] = [homeOf(0), homeOf(many - 1)];
    for (let number = 0; number < many; number++) peer.tests({ home: homeOf(number) }).update({ home: homeOf(number) });
    for (let number = 0; number < many; number++) peer.missed(homeOf(number));
    for (const home of [oldest, youngest]) {
      for (const _ of [2, 3]) peer.later(2).missed(home);
    }
    const bound = peer.bindings.map(([home]) => home);
    expect([bound.includes(oldest), bound.includes(youngest)]).to.deep.equal([true, false]);
  });
});
