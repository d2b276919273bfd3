import { expect } from 'chai';
import { bindingsOf, installedOf, keysOf, sadOf, spdOf } from './kernel-state.ts';
import type { XfrmPolicy, XfrmState, XfrmTemplate } from './xfrm-messages.ts';

describe("a Linux kernel's IPsec in the words of RFC 4301", () => {
  it('has no larval SAs, and knows its own end', () => {
    const received = state({
      mode: 1,
      packets: 3,
      octets: 252,
      replayWindow: 32,
      refused: { outsideWindow: 1, replayed: 2, integrity: 4 },
    });
    expect(sadOf([received, state({ spi: 0 }), state({ destination: '192.0.2.9' })], ['192.0.2.1'])).to.deep.equal([
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
        spi: 0x1004,
        source: '192.0.2.9',
        destination: '192.0.2.9',
        mode: 'transport',
        direction: 'out',
        packets: 0,
        octets: 0,
        replayWindow: 0,
        replayFailures: 0,
        integrityFailures: 0,
      },
    ]);
  });

  it('takes an SA for installed when the policy that names it is there', () => {
    const states = [
      state({ spi: 0xc0ffee01, requestId: 1 }),
      state({ source: '192.0.2.1', destination: '192.0.2.9', requestId: 1 }),
      state({ spi: 0xc0ffee02, requestId: 0 }),
    ];
    const named = (direction: number, requestId: number) =>
      policy({ direction, templates: [{ protocol: 50, requestId }] });
    const from = (...policies: readonly XfrmPolicy[]) => installedOf(states, policies, ['192.0.2.1']);
    expect(from(named(0, 1), named(1, 2))).to.deep.equal([0xc0ffee02]);
    expect(from(named(0, 1), named(1, 1))).to.deep.equal([0xc0ffee01, 0xc0ffee02]);
  });

  it('has keys of ESP: extended numbers, encapsulation, no larval ones, none of a transform without a number', () => {
    const integrity = { name: 'hmac(sha1)', key: '0b'.repeat(20), icv: 96 };
    const aead = { name: 'rfc7539esp(chacha20,poly1305)', key: '0a'.repeat(36), icv: 128 };
    const common = { kind: 'esp', source: '192.0.2.9', destination: '192.0.2.1', spi: 0x1004, since: 0 };
    expect(
      keysOf([
        state({ encryption: { name: 'ecb(cipher_null)', key: '' }, authentication: integrity, encapsulation: 2 }),
        state({ aead, extendedSequenceNumbers: true }),
        state({ aead, spi: 0 }),
        state({ encryption: { name: 'cbc(serpent)', key: '00' } }),
        state({}),
      ]),
    ).to.deep.equal([
      {
        ...common,
        encryption: { id: 11, key: '' },
        integrity: { id: 2, key: integrity.key },
        extendedSequenceNumbers: false,
        encapsulated: true,
      },
      { ...common, encryption: { id: 28, key: aead.key }, extendedSequenceNumbers: true, encapsulated: false },
    ]);
  });

  it('has keys of AH', () => {
    const authentication = { name: 'hmac(sha256)', key: '0c'.repeat(32), icv: 128 };
    const [key, ...others] = keysOf([
      state({ protocol: 51, authentication }),
      state({ protocol: 51, authentication: { ...authentication, icv: 96 } }),
      state({ protocol: 60, authentication }),
    ]);
    expect([key?.kind, others]).to.deep.equal(['ah', []]);
    expect(key).to.deep.include({ integrity: { id: 12, key: authentication.key } });
  });

  it('has bindings, one for all its own addresses, and neither wildcards nor what it sends as a mobile node', () => {
    const own = ['2001:db8::1', '2001:db8:7::1'];
    const mobile = (more: Partial<XfrmState>) =>
      state({ protocol: 60, spi: 0, mode: 2, source: '2001:db8:9::9', careOfAddress: '2001:db8:2::2', ...more });
    const states = [
      mobile({ destination: own[0]! }),
      mobile({ protocol: 43, source: own[0]!, destination: '2001:db8:9::9' }),
      mobile({ destination: own[1]! }),
      mobile({ source: '::', destination: own[0]!, careOfAddress: '::' }),
      mobile({ source: own[1]!, destination: '2001:db8:5::5', careOfAddress: own[0]! }),
    ];
    expect(bindingsOf(states, own)).to.deep.equal([
      { homeAddress: '2001:db8:9::9', careOfAddress: '2001:db8:2::2', homeRegistration: false },
    ]);
    expect([sadOf(states, own), keysOf(states), bindingsOf([state({})], own)]).to.deep.equal([[], [], []]);
  });

  it('has policies in the order in which they decide, without those of sockets', () => {
    const esp = { protocol: 50, requestId: 1 };
    const option = { protocol: 60, requestId: 0 };
    const from = (direction: number, priority: number, templates: readonly XfrmTemplate[], action = 0) =>
      policy({ direction, priority, templates, action });
    expect(
      spdOf([
        from(0, 60_000, [], 1),
        from(1, 10, []),
        from(2, 1000, [esp]),
        from(0, 1002, [option]),
        from(0, 1001, [esp, option]),
        from(3, 0, []),
      ]).map(({ direction, action, priority }) => [direction, action, priority]),
    ).to.deep.equal([
      ['out', 'BYPASS', 10],
      ['forward', 'PROTECT', 1000],
      ['in', 'PROTECT', 1001],
      ['in', 'BYPASS', 1002],
      ['in', 'DISCARD', 60_000],
    ]);
  });
});

const state = (more: Partial<XfrmState>): XfrmState => ({
  source: '192.0.2.9',
  destination: '192.0.2.1',
  protocol: 50,
  spi: 0x1004,
  requestId: 3,
  mode: 0,
  octets: 0,
  packets: 0,
  replayWindow: 0,
  extendedSequenceNumbers: false,
  refused: { outsideWindow: 0, replayed: 0, integrity: 0 },
  ...more,
});

const policy = (more: Partial<XfrmPolicy>): XfrmPolicy => ({
  selector: {
    source: '::/0',
    destination: '::/0',
    protocol: 0,
    sourcePort: { port: 0, mask: 0 },
    destinationPort: { port: 0, mask: 0 },
  },
  priority: 0,
  direction: 0,
  action: 0,
  templates: [],
  ...more,
});
