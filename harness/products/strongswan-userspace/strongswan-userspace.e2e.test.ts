/** Two charons without a kernel's IPsec: what the adapter renders negotiates and carries traffic in UDP, and what it reads back is what happened. */
import { expect } from 'chai';
import { HarnessFault } from '../../lab/harness-fault.ts';
import { namespace } from '../../runtime/namespace.ts';
import { guestProductNamed } from '../catalogue.ts';
import { type GuestPair, guestPair, until } from '../guest-pair.test-support.ts';
import { honestyProbes, type QuestionedNode } from '../honesty.ts';
import { byCertificate, datagram, node } from '../two-gateways.test-support.ts';

describe('strongswan-userspace in namespaces', function () {
  this.timeout(120_000);
  let pair: GuestPair;
  let left: QuestionedNode;
  let right: QuestionedNode;

  before(async function () {
    await namespace.available().catch((fault: unknown) => {
      if (!(fault instanceof HarnessFault)) throw fault;
      console.error(`skipped: ${fault.message}`);
      this.skip();
    });
    pair = await guestPair('strongswan-userspace', namespace);
    const { create } = guestProductNamed('strongswan-userspace')!;
    [left, right] = await Promise.all([create(pair.left), create(pair.right)]);
  });

  beforeEach(async () => {
    await Promise.all([left.configure(node('left', byCertificate)), right.configure(node('right', byCertificate))]);
  });

  after(async () => {
    await Promise.all([left?.stop(), right?.stop()]);
    await pair?.close();
  });

  it('carries a datagram through a tunnel, and no ESP but in UDP', async () => {
    pair.frames.length = 0;
    expect((await left.perform({ kind: 'initiate', connection: 'peer', child: 'net' })).accepted).to.equal(true);
    await left.perform(datagram);
    await until(async () => (await right.state()).delivered.length > 0);
    const { sad, counters } = await right.state();
    expect(sad.find(({ direction }) => direction === 'in')).to.include({ packets: 1, child: 'peer/net' });
    expect(counters['discarded:inboundPolicy']).to.equal(0);
    const protocols = pair.frames.filter((frame) => frame[12] === 8 && frame[13] === 0).map((frame) => frame[23]);
    expect(new Set(protocols)).to.deep.equal(new Set([UDP]));
  });

  it('is told of a child, and has nothing left of it in the next configuration', async () => {
    await left.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    await until(async () => (await left.state()).sad.length === 2);
    await left.configure(node('left', byCertificate));
    const { ikeSas, sad, delivered } = await left.state();
    expect({ ikeSas, sad, delivered }).to.deep.equal({ ikeSas: [], sad: [], delivered: [] });
  });

  it('answers honestly', async () => {
    const probes = await honestyProbes({ node: left, empty: node('left', byCertificate) });
    expect(probes.filter(({ held }) => !held)).to.deep.equal([]);
  });
});

const UDP = 17;
