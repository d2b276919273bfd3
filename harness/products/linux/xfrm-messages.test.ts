import { expect } from 'chai';
import fc from 'fast-check';
import { HarnessFault } from '../../lab/harness-fault.ts';
import { listedPolicies, listedStates } from './listed-kernel.test-support.ts';
import { policiesIn, statesIn } from './xfrm-messages.ts';

describe('what a kernel lists, as its messages carry it', () => {
  it('is states: algorithms, either form of a window, encapsulation, mobility', () => {
    const none = { outsideWindow: 0, replayed: 0, integrity: 0 };
    const key = '000102030405060708090a0b0c0d0e0f';
    expect(statesIn(listedStates)).to.deep.equal([
      {
        source: '2001:db8:9::9',
        destination: '2001:db8::1',
        protocol: 60,
        spi: 0,
        requestId: 0,
        mode: 2,
        octets: 0,
        packets: 0,
        replayWindow: 0,
        extendedSequenceNumbers: false,
        refused: none,
        careOfAddress: '2001:db8:2::2',
      },
      {
        source: '2001:db8::9',
        destination: '2001:db8::1',
        protocol: 50,
        spi: 0x1003,
        requestId: 2,
        mode: 0,
        octets: 0,
        packets: 0,
        replayWindow: 64,
        extendedSequenceNumbers: true,
        refused: none,
        aead: { name: 'rfc7539esp(chacha20,poly1305)', key: `${key}${key}00010203`, icv: 128 },
      },
      {
        source: '192.0.2.9',
        destination: '192.0.2.1',
        protocol: 50,
        spi: 0x1004,
        requestId: 3,
        mode: 1,
        octets: 0,
        packets: 0,
        replayWindow: 32,
        extendedSequenceNumbers: false,
        refused: none,
        encryption: { name: 'ecb(cipher_null)', key: '' },
        authentication: { name: 'hmac(sha1)', key: `${key}00010203`, icv: 96 },
        encapsulation: 2,
      },
    ]);
  });

  it('is policies with their templates', () => {
    expect(policiesIn(listedPolicies)).to.deep.equal([
      {
        selector: {
          source: '10.0.2.0/24',
          destination: '10.0.1.0/24',
          protocol: 0,
          sourcePort: { port: 0, mask: 0 },
          destinationPort: { port: 0, mask: 0 },
        },
        priority: 1000,
        direction: 2,
        action: 0,
        templates: [{ protocol: 50, requestId: 1 }],
      },
    ]);
  });

  it('is nothing of the one among the other', () => {
    expect([statesIn(listedPolicies), policiesIn(listedStates), statesIn([])]).to.deep.equal([[], [], []]);
  });

  it('is a fault that says so where a guest tells something else, and never anything worse', () => {
    const [whole] = listedStates as [Uint8Array];
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (end, at, octet) => {
        const octets = whole.slice(0, end);
        if (at < end) octets[at] = octet;
        for (const read of [statesIn, policiesIn]) {
          try {
            read([octets]);
          } catch (fault) {
            expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'kernel-message');
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is told with what was expected', () => {
    const [whole] = listedStates as [Uint8Array];
    expect(() => statesIn([whole.subarray(0, 200)])).to.throw(
      "the guest's kernel lists its IPsec: expected 16 octets or more, found 200 left",
    );
  });
});
