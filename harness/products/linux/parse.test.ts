import { expect } from 'chai';
import {
  parseBindings,
  parseCounters,
  parseInstalled,
  parseKeys,
  parsePolicies,
  parseRefusals,
  parseStates,
} from './parse.ts';
import { algorithmWords } from './transforms.ts';

/** As iproute2 6.1 printed them on a guest. */
describe('what a Linux kernel says of its IPsec', () => {
  it('reads states: classic and long windows, statistics, no larval ones', () => {
    expect(parseStates(states, ['192.0.2.1'])).to.deep.equal([
      {
        spi: 0x1004,
        source: '192.0.2.9',
        destination: '192.0.2.1',
        mode: 'tunnel',
        direction: 'in',
        packets: 3,
        octets: 252,
        replayWindow: 32,
        replayFailures: 3,
        integrityFailures: 4,
      },
      {
        spi: 0x1003,
        source: '2001:db8::9',
        destination: '2001:db8::1',
        mode: 'transport',
        direction: 'out',
        packets: 0,
        octets: 0,
        replayWindow: 4096,
        replayFailures: 0,
        integrityFailures: 0,
      },
    ]);
  });

  it('takes an SA for installed when the policy that names it is there', () => {
    const installed = `src 192.0.2.9 dst 192.0.2.1
\tproto esp spi 0xc0ffee01 reqid 1 mode tunnel
\treplay-window 0 flag af-unspec
src 192.0.2.1 dst 192.0.2.9
\tproto esp spi 0x00001001 reqid 1 mode tunnel
\treplay-window 0 flag af-unspec
src 192.0.2.9 dst 192.0.2.1
\tproto esp spi 0xc0ffee02 reqid 0 mode tunnel
`;
    const policy = (direction: string, reqid: number) => `src 0.0.0.0/0 dst 0.0.0.0/0
\tdir ${direction} priority 1 ptype main
\ttmpl src 192.0.2.1 dst 192.0.2.9
\t\tproto esp spi 0x00001001 reqid ${reqid} mode tunnel
`;
    const from = (...policies: readonly string[]) => parseInstalled(installed, policies.join(''), ['192.0.2.1']);
    expect(from(policy('in', 1), policy('out', 2))).to.deep.equal([0xc0ffee02]);
    expect(from(policy('in', 1), policy('out', 1))).to.deep.equal([0xc0ffee01, 0xc0ffee02]);
  });

  it('reads keys: transforms, extended numbers, encapsulation, no larval ones', () => {
    expect(parseKeys(states)).to.deep.equal([
      {
        kind: 'esp',
        source: '192.0.2.9',
        destination: '192.0.2.1',
        spi: 0x1004,
        encryption: { id: 11, key: '' },
        integrity: { id: 2, key: '000102030405060708090a0b0c0d0e0f00010203' },
        extendedSequenceNumbers: false,
        encapsulated: true,
        since: 0,
      },
      {
        kind: 'esp',
        source: '2001:db8::9',
        destination: '2001:db8::1',
        spi: 0x1003,
        encryption: { id: 28, key: '000102030405060708090a0b0c0d0e0f' },
        extendedSequenceNumbers: true,
        encapsulated: false,
        since: 0,
      },
    ]);
  });

  it('reads the keys of every transform that it can write', () => {
    const aeads = [18, 19, 20, 21].map((id) => ({ encryption: { id, keyLength: 256, key: 'ab'.repeat(36) } }));
    const ciphers = [
      { id: 11, key: '' },
      { id: 3, key: 'cd'.repeat(24) },
      { id: 12, keyLength: 192, key: 'ef'.repeat(24) },
    ];
    const integrities = [1, 2, 5, 8, 12, 13, 14].map((id) => ({ id, key: '01'.repeat(32) }));
    const classic = ciphers.flatMap((encryption) => integrities.map((integrity) => ({ encryption, integrity })));
    for (const transforms of [...aeads, ...classic]) {
      const written = algorithmWords(transforms as never);
      if ('unsupported' in written) throw new Error(written.unsupported);
      const block = `src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x00001000(4096) mode tunnel\n\t${written.words.replace(' auth', '\n\tauth')}\n`;
      expect(parseKeys(block)[0], written.words).to.deep.include(transforms);
    }
  });

  it('reads the keys of AH', () => {
    for (const id of [1, 2, 5, 8, 12, 13, 14]) {
      const integrity = { id, key: '01'.repeat(16) };
      const written = algorithmWords({ protocol: 'AH', integrity } as never);
      if ('unsupported' in written) throw new Error(written.unsupported);
      const block = `src 192.0.2.1 dst 192.0.2.2\n\tproto ah spi 0x00001000(4096) mode tunnel\n\treplay-window 0 seq 0x00000000 flag esn align4 (0x1)\n\t${written.words}\n`;
      expect(parseKeys(block), written.words).to.deep.equal([
        {
          kind: 'ah',
          source: '192.0.2.1',
          destination: '192.0.2.2',
          spi: 0x1000,
          integrity,
          extendedSequenceNumbers: true,
          since: 0,
        },
      ]);
    }
  });

  it('reads no keys of a transform without a number', () => {
    expect(parseKeys(states.replaceAll('ecb(cipher_null)', 'cbc(serpent)'))).to.have.lengthOf(1);
  });

  it('reads bindings, one for all its own addresses, and neither wildcards nor what it sends as a mobile node', () => {
    const own = ['2001:db8::1', '2001:db8:7::1'];
    expect(parseBindings(mobility, own)).to.deep.equal([
      { homeAddress: '2001:db8:9::9', careOfAddress: '2001:db8:2::2', homeRegistration: false },
    ]);
    expect([parseStates(mobility, own), parseKeys(mobility), parseBindings(states, own)]).to.deep.equal([[], [], []]);
  });

  it('reads policies in the order in which they decide, without those of sockets', () => {
    expect(parsePolicies(policies)).to.deep.equal([
      { direction: 'out', selector: 'src ::/0 dst ::/0 proto 58 type 136 code 0', action: 'BYPASS', priority: 10 },
      { direction: 'forward', selector: 'src 10.0.2.0/24 dst 10.0.1.0/24', action: 'PROTECT', priority: 1000 },
      { direction: 'in', selector: 'src 2001:db8:9::9/128 dst ::/0', action: 'PROTECT', priority: 1001 },
      { direction: 'in', selector: 'src 2001:db8:9::9/128 dst 2001:db8::1/128', action: 'BYPASS', priority: 1002 },
      { direction: 'in', selector: 'src 0.0.0.0/0 dst 0.0.0.0/0', action: 'DISCARD', priority: 60000 },
    ]);
  });

  it('reads counters', () => {
    expect(parseCounters('XfrmInError             \t0\nXfrmInNoStates          \t12\n')).to.deep.equal({
      XfrmInError: 0,
      XfrmInNoStates: 12,
    });
  });

  it('reads what IPv6 refused on arrival, and nothing that merely passed', () => {
    const text =
      'Ip6InReceives                   \t9\nIp6InHdrErrors                  \t2\nIp6InAddrErrors                 \t1\nIcmp6InErrors                   \t3\n';
    expect(parseRefusals(text)).to.deep.equal({ Ip6InHdrErrors: 2, Ip6InAddrErrors: 1 });
  });

  it('reads nothing from nothing', () => {
    expect([parseStates('', []), parsePolicies(''), parseCounters(''), parseRefusals('')]).to.deep.equal([
      [],
      [],
      {},
      {},
    ]);
  });
});

const states = `src 192.0.2.9 dst 192.0.2.1
	proto esp spi 0x00001004(4100) reqid 3(0x00000003) mode tunnel
	replay-window 32 seq 0x00000000 flag  (0x00000000)
	auth-trunc hmac(sha1) 0x000102030405060708090a0b0c0d0e0f00010203 (160 bits) 96
	enc ecb(cipher_null) 
	encap type espinudp sport 4500 dport 4500 addr 0.0.0.0
	anti-replay context: seq 0xfffffffa, oseq 0x0, bitmap 0x00000000
	sel src 0.0.0.0/0 dst 0.0.0.0/0 uid 0
	lifetime config:
	  limit: soft (INF)(bytes), hard (INF)(bytes)
	  limit: soft (INF)(packets), hard (INF)(packets)
	lifetime current:
	  252(bytes), 3(packets)
	  add 2026-11-21 10:39:49 use -
	stats:
	  replay-window 1 replay 2 failed 4
src 2001:db8::9 dst 2001:db8::1
	proto esp spi 0x00001003(4099) reqid 2(0x00000002) mode transport
	replay-window 0 seq 0x00000000 flag esn (0x10000000)
	aead rfc7539esp(chacha20,poly1305) 0x000102030405060708090a0b0c0d0e0f (288 bits) 128
	anti-replay esn context:
	 seq-hi 0x1, seq 0x5, oseq-hi 0x0, oseq 0x7
	 replay_window 4096, bitmap-length 128
	 00000000 00000000 
	lifetime current:
	  0(bytes), 0(packets)
	  add 2026-11-21 10:39:48 use -
	stats:
	  replay-window 0 replay 0 failed 0
src 192.0.2.1 dst 192.0.2.2
	proto esp spi 0x00000000(0) reqid 0(0x00000000) mode transport
	replay-window 0 seq 0x00000000 flag  (0x00000000)
`;

const mobility = `src 2001:db8:9::9 dst 2001:db8::1
	proto hao spi 0x00000000(0) reqid 0(0x00000000) mode ro
	replay-window 0 seq 0x00000000 flag  (0x00000000)
	coa 2001:db8:2::2
	anti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000
	sel src ::/0 dst ::/0 uid 0
	lifetime current:
	  36(bytes), 1(packets)
	  add 2026-11-29 20:45:21 use 2026-11-29 20:45:21
	stats:
	  replay-window 0 replay 0 failed 0
src 2001:db8::1 dst 2001:db8:9::9
	proto route2 spi 0x00000000(0) reqid 0(0x00000000) mode ro
	coa 2001:db8:2::2
	lastused 2026-11-29 20:45:21
src 2001:db8:9::9 dst 2001:db8:7::1
	proto hao spi 0x00000000(0) reqid 0(0x00000000) mode ro
	coa 2001:db8:2::2
src :: dst 2001:db8::1
	proto hao spi 0x00000000(0) reqid 0(0x00000000) mode ro
	replay-window 0 seq 0x00000000 flag wildrecv (0x00000008)
	coa ::
src 2001:db8:7::1 dst 2001:db8:5::5
	proto hao spi 0x00000000(0) reqid 0(0x00000000) mode ro
	coa 2001:db8::1
`;

const policies = `src 0.0.0.0/0 dst 0.0.0.0/0 uid 0
	dir in action block index 24 priority 60000 ptype main share any flag  (0x00000000)
	lifetime current:
	  0(bytes), 0(packets)
src ::/0 dst ::/0 proto 58 type 136 code 0 uid 0
	dir out action allow index 17 priority 10 ptype main share any flag  (0x00000000)
src 10.0.2.0/24 dst 10.0.1.0/24 uid 0
	dir fwd action allow index 10 priority 1000 ptype main share any flag  (0x00000000)
	tmpl src 192.0.2.9 dst 192.0.2.1
		proto esp spi 0x00000000(0) reqid 1(0x00000001) mode tunnel
		level required share any 
src 2001:db8:9::9/128 dst 2001:db8::1/128 uid 0
	dir in action allow index 456 priority 1002 ptype main share any flag  (0x00000000)
	tmpl src 2001:db8:9::9 dst 2001:db8::1
		proto hao spi 0x00000000(0) reqid 0(0x00000000) mode ro
		level use share any
src 2001:db8:9::9/128 dst ::/0 uid 0
	dir in action allow index 464 priority 1001 ptype main share any flag  (0x00000000)
	tmpl src :: dst ::
		proto esp spi 0x00000000(0) reqid 1(0x00000001) mode transport
		level required share any
	tmpl src :: dst ::
		proto hao spi 0x00000000(0) reqid 0(0x00000000) mode ro
		level use share any
src 0.0.0.0/0 dst 0.0.0.0/0 uid 0
	socket in action allow index 35 priority 0 ptype main share any flag  (0x00000000)
`;
