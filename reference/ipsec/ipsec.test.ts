/** Two nodes with manual SAs: every family in every other, both modes, UDP encapsulation, lifetimes, ESN, large windows, nesting, noise. */
import { expect } from 'chai';
import { ahPacket } from '../wire/ah.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { concat, hex, readU16 } from '../wire/octets.ts';
import { Ipsec } from './ipsec.ts';
import { countingEnv, innerAddress, outcome, outerAddress, TwoNodes } from './two-nodes.test-support.ts';

const transforms = {
  'AES-CBC-256 with HMAC-SHA2-512-256': {
    encryption: { id: 12, keyLength: 256, key: '01'.repeat(32) },
    integrity: { id: 14, key: '02'.repeat(64) },
  },
  'AES-GCM-16-128': { encryption: { id: 20, keyLength: 128, key: '03'.repeat(20) }, integrity: undefined },
  'ChaCha20-Poly1305': { encryption: { id: 28, key: '04'.repeat(36) }, integrity: undefined },
  '3DES with HMAC-SHA1-96': {
    encryption: { id: 3, key: '0123456789abcdeffedcba98765432100f1e2d3c4b5a6978' },
    integrity: { id: 2, key: '05'.repeat(20) },
  },
  'NULL with HMAC-SHA2-256-128': { encryption: { id: 11, key: '' }, integrity: { id: 12, key: '06'.repeat(32) } },
} as const;

describe('IPsec between two nodes', () => {
  for (const outer of [4, 6] as const) {
    for (const inner of [4, 6] as const) {
      it(`tunnel mode: IPv${inner} in IPv${outer}, both ways`, () => {
        const nodes = new TwoNodes({ outer, inner });
        const result = nodes.arrives();
        expect(result.kind === 'deliver' && hex(result.packet)).to.equal(hex(nodes.packet()));
        const sent = nodes.nut.outbound(0, nodes.answer());
        if (sent.kind !== 'protected') throw new Error(outcome(sent));
        const { source, destination, protocol } = ipPacket.decode(sent.packet).value;
        expect({ source, destination, protocol }).to.deep.equal({
          source: outerAddress('nut', outer),
          destination: outerAddress('tn', outer),
          protocol: 50,
        });
        expect(outcome(nodes.tn.inbound(0, sent.packet))).to.equal('deliver');
      });
    }

    it(`transport mode over IPv${outer}`, () => {
      const nodes = new TwoNodes({ mode: 'transport', outer });
      const result = nodes.arrives();
      expect(result.kind === 'deliver' && hex(result.packet)).to.equal(hex(nodes.packet()));
    });

    it(`UDP encapsulation over IPv${outer}`, () => {
      const nodes = new TwoNodes({ outer, sa: { encapsulation: { sourcePort: 4500, destinationPort: 4500 } } });
      const { protocol, payload } = ipPacket.decode(nodes.sealed()).value;
      expect([protocol, readU16(payload), readU16(payload, 2), readU16(payload, 4)]).to.deep.equal([
        17,
        4500,
        4500,
        payload.length,
      ]);
      expect(readU16(payload, 6) === 0, 'no checksum over IPv4, one over IPv6').to.equal(outer === 4);
      expect(outcome(nodes.arrives())).to.equal('deliver');
    });
  }

  for (const [name, sa] of Object.entries(transforms)) {
    for (const extendedSequenceNumbers of [false, true]) {
      it(`${name}${extendedSequenceNumbers ? ', extended sequence numbers' : ''}`, () => {
        const nodes = new TwoNodes({ sa: { ...sa, extendedSequenceNumbers } });
        expect(outcome(nodes.arrives())).to.equal('deliver');
        const flip = { apply: (octets: Uint8Array) => octets.with(20, octets[20]! ^ 4) };
        expect(outcome(nodes.arrives({ afterSealing: flip }))).to.equal('icvMatches');
        expect(nodes.nut.sad.named('toNut')).to.include({ packets: 1, integrityFailures: 1, replayFailures: 0 });
      });
    }
  }

  it('transport mode in IPv6 leaves in front of ESP what is read on the way, and protects the rest', () => {
    const nodes = new TwoNodes({ mode: 'transport', outer: 6 });
    const options = { options: [] };
    const { source: homeAddress } = ipPacket.decode(nodes.packet()).value;
    const extensions = [
      { type: 'hopByHop', ...options },
      { type: 'destinationOptions', ...options },
      { type: 'routing', routingType: 2, segmentsLeft: 0, addresses: ['2001:db8::9'] },
      { type: 'destinationOptions', options: [{ type: 'homeAddress', homeAddress }] },
      { type: 'destinationOptions', ...options },
    ] as const;
    const packet = nodes.packet({ header: { extensions } as object });
    const sealed = ipPacket.decode(nodes.sealed({ packet })).value;
    expect(sealed.version === 6 && sealed.extensions.map(({ type }) => type)).to.deep.equal([
      'hopByHop',
      'destinationOptions',
      'routing',
      'destinationOptions',
    ]);
    const result = nodes.nut.inbound(0, ipPacket.encode(sealed));
    expect(result.kind === 'deliver' && hex(result.packet)).to.equal(hex(packet));
  });

  it('TFC padding after the inner packet is cut off', () => {
    const nodes = new TwoNodes();
    const trailer = 9;
    const padded = (octets: Uint8Array) =>
      concat(octets.subarray(0, -trailer), new Uint8Array(32), octets.subarray(-trailer));
    const plain = nodes.packet();
    const result = nodes.arrives({ beforeSealing: { apply: padded } });
    expect(result.kind === 'deliver' && hex(result.packet)).to.equal(hex(plain));
  });

  it('an inner packet that promises more than there is is discarded', () => {
    for (const inner of [4, 6] as const) {
      const lengthAt = inner === 4 ? 3 : 5;
      const apply = (octets: Uint8Array) => octets.with(lengthAt, octets[lengthAt]! + 40);
      expect(outcome(new TwoNodes({ inner }).arrives({ beforeSealing: { apply } }))).to.equal('malformed');
    }
  });

  it('an octet lifetime ends the SA both ways and asks for attention at once', () => {
    const nodes = new TwoNodes({ sa: { lifetime: { octets: 96 } } });
    expect(nodes.nut.deadline()).to.equal(undefined);
    expect(outcome(nodes.arrives({}, 5))).to.equal('deliver');
    expect(outcome(nodes.arrives({}, 7))).to.equal('deliver');
    expect(outcome(nodes.arrives({}, 9))).to.equal('lifetimeReached');
    expect(nodes.nut.deadline()).to.equal(7);
    expect(nodes.nut.expire(9).map(({ sa }) => sa.name)).to.deep.equal(['toNut']);
    expect(outcome(nodes.arrives({}, 9))).to.equal('inboundSa');
  });

  it('what the rules keep past its end has no deadline any more', () => {
    const nodes = new TwoNodes({ sa: { lifetime: { seconds: 30 } }, rules: { lifetimeReached: () => false } });
    expect(nodes.nut.expire(30_000)).to.deep.equal([]);
    expect(nodes.nut.deadline()).to.equal(undefined);
    expect(outcome(nodes.arrives({}, 31_000))).to.equal('deliver');
  });

  it('a lifetime in seconds is a deadline, after which outbound traffic wants a new SA', () => {
    const nodes = new TwoNodes({ sa: { lifetime: { seconds: 30 } } });
    expect(nodes.nut.deadline()).to.equal(30_000);
    expect(outcome(nodes.nut.outbound(29_999, nodes.answer()))).to.equal('protected');
    expect(nodes.nut.outbound(30_000, nodes.answer()).kind).to.equal('acquire');
  });

  it('an SA that has left moves its outer source, and its peer still hears it', () => {
    const nodes = new TwoNodes();
    nodes.tn.sad.relocate('192.0.2.2', '198.51.100.2');
    const sealed = nodes.sealed();
    expect(ipPacket.decode(sealed).value.source).to.equal('198.51.100.2');
    expect(outcome(nodes.nut.inbound(0, sealed))).to.equal('deliver');
  });

  it('windows of any size: the edge is accepted, below it is not', () => {
    for (const replayWindow of [1, 32, 64, 128, 1024, 5000]) {
      const nodes = new TwoNodes({ sa: { replayWindow } });
      const top = 10_000n;
      const edge = top - BigInt(replayWindow) + 1n;
      const outcomes = [top, edge - 1n, edge, top + 1n].map((sequenceNumber) =>
        outcome(nodes.arrives({ sequenceNumber })),
      );
      const replay = 'sequenceNumberAcceptable';
      const atEdge = replayWindow === 1 ? replay : 'deliver';
      expect(outcomes, String(replayWindow)).to.deep.equal(['deliver', replay, atEdge, 'deliver']);
    }
  });

  it('window 0 accepts every number again', () => {
    const nodes = new TwoNodes({ sa: { replayWindow: 0 } });
    const packet = nodes.sealed();
    expect([0, 1].map(() => outcome(nodes.nut.inbound(0, packet)))).to.deep.equal(['deliver', 'deliver']);
  });

  it('number 0 is never on the wire of an honest sender, nor accepted', () => {
    const nodes = new TwoNodes();
    expect(outcome(nodes.arrives({ sequenceNumber: 0n }))).to.equal('sequenceNumberAcceptable');
  });

  it('ESP inside ESP is opened twice', () => {
    const nodes = new TwoNodes({ outer: 4, inner: 4, sa: { selector: { local: '0.0.0.0/0', remote: '0.0.0.0/0' } } });
    const inner = nodes.sealed();
    const result = nodes.arrives({ packet: inner });
    expect(result.kind === 'deliver' && result.through.map(({ sa }) => sa.name)).to.deep.equal(['toNut', 'toNut']);
    expect(outcome(nodes.arrives({ packet: inner })), 'the inner one again').to.equal('sequenceNumberAcceptable');
  });

  it('ICMP errors find the SA of the traffic they are about (RFC 4301 6.2)', () => {
    const nodes = new TwoNodes();
    const payload = new Uint8Array([3, 3, 0, 0, 0, 0, 0, 0, ...nodes.packet().subarray(0, 28)]);
    const error = nodes.answer({ source: '10.9.0.254', header: { protocol: 1, payload } });
    expect(outcome(nodes.nut.outbound(0, error))).to.equal('protected');
  });

  it('AH finds no SA of ESP, in IPv6 not even when what it covers could be read', () => {
    for (const outer of [4, 6] as const) {
      const nodes = new TwoNodes({ mode: 'transport', outer, selector: { protocol: 6 } });
      const ah = { spi: 0x1001, sequenceNumber: 1, icv: new Uint8Array(12) };
      const payload = ahPacket.encode({ ...ah, nextHeader: 17, payload: new Uint8Array(8) });
      const extensions = [{ type: 'authentication', ...ah }];
      const header = outer === 4 ? { protocol: 51, payload } : { extensions };
      expect(outcome(nodes.nut.inbound(0, nodes.packet({ header: header as object })))).to.equal('inboundSa');
    }
  });

  it('counts by what happened', () => {
    const nodes = new TwoNodes();
    nodes.arrives();
    nodes.nut.inbound(0, nodes.packet());
    nodes.nut.outbound(0, nodes.answer());
    expect(nodes.nut.counters).to.deep.equal({
      'deliver:in': 1,
      'discarded:unprotectedAcceptable': 1,
      'protected:out': 1,
    });
  });

  it('octets of any kind are refused, never thrown at', () => {
    const nodes = new TwoNodes({ inner: 6 });
    const sealed = nodes.sealed();
    for (let round = 0; round < 2000; round++) {
      const noise = sealed.slice(0, 1 + ((round * 7919) % sealed.length));
      const at = (round * 104729) % noise.length;
      noise[at]! ^= 1 << (round % 8);
      nodes.nut.inbound(0, noise);
      nodes.nut.outbound(0, noise);
    }
    expect(outcome(nodes.nut.inbound(0, sealed))).to.equal('deliver');
  });

  it('plaintexts of any kind are refused, never thrown at', () => {
    for (const mode of ['tunnel', 'transport'] as const) {
      const nodes = new TwoNodes({ mode, outer: 6, inner: 6, sa: { replayWindow: 0 } });
      for (let round = 0; round < 500; round++) {
        const apply = (octets: Uint8Array) => octets.map((octet, i) => (i % 16 === round % 16 ? octet ^ round : octet));
        nodes.arrives({ beforeSealing: { apply } });
      }
      expect(outcome(nodes.arrives())).to.equal('deliver');
    }
  });

  it('a manual SA without a selector carries what the entry that names it selects', () => {
    const nodes = new TwoNodes({ selector: { protocol: 17, localPort: 7 } });
    expect(outcome(nodes.arrives())).to.equal('deliver');
    expect(outcome(nodes.arrives({ packet: nodes.packet({ destinationPort: 8 }) }))).to.equal('packetFitsSa');
  });

  it('two tunnels for the same traffic: the entry says where the packet goes', () => {
    const manual = (name: string, spi: number, destination: string) => ({
      name,
      direction: 'out' as const,
      spi,
      source: '192.0.2.1',
      destination,
      mode: 'tunnel' as const,
      ...transforms['AES-GCM-16-128'],
      replayWindow: 32,
      extendedSequenceNumbers: false,
    });
    const tunnel = { local: '192.0.2.1', remote: '192.0.2.2' };
    const action = { kind: 'PROTECT', protocol: 'ESP', mode: 'tunnel', tunnel } as const;
    const node = new Ipsec({
      env: countingEnv(),
      isOwnAddress: (address) => address === '192.0.2.1',
      configuration: {
        spd: [{ name: 'here', direction: 'out', selector: { local: '10.1.0.0/24', remote: '10.2.0.0/24' }, action }],
        manual: [manual('here', 0x1001, '192.0.2.2'), manual('there', 0x1002, '192.0.2.3')],
      },
    });
    const sent = node.outbound(0, new TwoNodes().answer());
    expect(sent.kind === 'protected' && sent.entry.sa.name).to.equal('here');
  });

  it('refuses transforms that are not there when it is configured', () => {
    const encryption = { id: 99, key: '' };
    expect(() => new TwoNodes({ sa: { encryption } })).to.throw(RangeError);
  });

  it('passes on what is not for this node, as its policy says', () => {
    const router = new Ipsec({
      env: countingEnv(),
      isOwnAddress: () => false,
      configuration: { spd: [], manual: [] },
    });
    expect(outcome(router.inbound(0, new TwoNodes().sealed()))).to.equal('deliver');
    expect(innerAddress('nut', 4)).to.equal('10.1.0.1');
  });
});
