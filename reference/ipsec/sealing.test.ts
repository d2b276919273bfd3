/** Complete IP packets under ESP as RFC 3602 section 4 and RFC 7634 appendix A print them, sealed and opened again. */
import { expect } from 'chai';
import type { Env } from '../machine.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { concat, equal, hex, unhex } from '../wire/octets.ts';
import { type EspKeys, openEsp } from './esp.ts';
import { ipsecRules } from './rules.ts';
import { SadEntry, type SecurityAssociation } from './sad.ts';
import { sealed as sealUnder } from './sealing.ts';

interface Example {
  readonly title: string;
  readonly sa: SecurityAssociation;
  readonly iv: string;
  /** IPv4 Identification of the outer header. */
  readonly identification: string;
  readonly dontFragment?: boolean;
  readonly packet: string;
  readonly sealed: string;
}

const aesTransport: SecurityAssociation = {
  name: 'transport',
  direction: 'out',
  protocol: 'ESP',
  spi: 0x4321,
  source: '192.168.123.3',
  destination: '192.168.123.100',
  mode: 'transport',
  encryption: { id: 12, keyLength: 128, key: unhex('90d382b410eeba7ad938c46cec1a82bf') },
  replayWindow: 0,
  extendedSequenceNumbers: false,
};

const aesTunnel: SecurityAssociation = {
  ...aesTransport,
  name: 'tunnel',
  spi: 0x8765,
  destination: '192.168.123.200',
  mode: 'tunnel',
  encryption: { id: 12, keyLength: 128, key: unhex('0123456789abcdef0123456789abcdef') },
};

const chachaTunnel: SecurityAssociation = {
  ...aesTunnel,
  name: 'chacha',
  spi: 0x01020304,
  source: '203.0.113.153',
  destination: '203.0.113.5',
  encryption: {
    id: 28,
    key: unhex('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3'),
  },
};

const examples: readonly Example[] = [
  {
    title: 'RFC 3602 case 5, transport mode',
    sa: { ...aesTransport, sequenceNumber: 0n },
    iv: 'e96e8c08ab465763fd098d45dd3ff893',
    identification: '0000',
    packet: `4500005408f200004001f9fec0a87b03c0a87b6408000ebda70a00008e9c083db95b070008090a0b0c0d0e0f1011121314151617
      18191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637`,
    sealed: `4500007c08f200004032f9a5c0a87b03c0a87b640000432100000001e96e8c08ab465763fd098d45dd3ff893
      f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856a4699e523a55db080b59ec3a8e4b7e52775b07d1
      db34ed9c538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6`,
  },
  {
    title: 'RFC 3602 case 6, transport mode',
    sa: { ...aesTransport, sequenceNumber: 7n },
    iv: '69d08df7d203329db093fc4924e5bd80',
    identification: '0000',
    packet: '4500003008fe00004001fa16c0a87b03c0a87b640800b5e8a80a0500a69c083d0b660e00777777777777777777777777',
    sealed: `4500004c08fe00004032f9c9c0a87b03c0a87b64000043210000000869d08df7d203329db093fc4924e5bd80
      f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75`,
  },
  {
    title: 'RFC 3602 case 7, tunnel mode',
    sa: { ...aesTunnel, sequenceNumber: 1n },
    iv: 'f4e765244f6407adf13dc1380f673f37',
    identification: '0905',
    packet: `45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a2040008090a0b0c0d0e0f1011121314151617
      18191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637`,
    sealed: `4500008c090500004032f91ec0a87b03c0a87bc80000876500000002f4e765244f6407adf13dc1380f673f37
      773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8e4ecaec78ac53aad7a0f022b859243c647752e94
      a859352b8a4d4d2decd136e5c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d`,
  },
  {
    title: 'RFC 3602 case 8, tunnel mode',
    sa: { ...aesTunnel, sequenceNumber: 4n },
    iv: '85d47224b5f3dd5d2101d4ea8dffab22',
    identification: '090d',
    packet: `45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083da3de0300ffffffffffffffffffffffffffffffff
      ffffffffffffffffffffffffffffffff`,
    sealed: `4500007c090d00004032f926c0a87b03c0a87bc8000087650000000585d47224b5f3dd5d2101d4ea8dffab22
      15b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb50f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb
      3512e5de435e7207ed971ef3d2726d9b5ef6affc6d17a0decbb13892`,
  },
  {
    title: 'RFC 7634 appendix A, tunnel mode',
    sa: { ...chachaTunnel, sequenceNumber: 4n },
    iv: '1011121314151617',
    identification: '2345',
    packet: `45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec100007362708090a0b0c0d0e0f1011121314151617
      18191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637`,
    sealed: `4500008c234500004032de5bcb007199cb007105010203040000000510111213141516172403942 8b97f417e3c13753a4f05087b
      67c352e6a7fab1b982d466ef407ae5c614ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2fac c638e8f3cbec163f
      ac469b502773f6fb94e664da9165b82829f641e076aaa8266b7fb0f7b11b369907e1ad43`,
  },
];

describe('ESP packets in print', () => {
  for (const { title, sa, iv, identification, packet, sealed } of examples) {
    it(`${title}: sealed to the octet`, () => {
      const env: Env = { octets: (purpose) => unhex(purpose === 'iv' ? iv : identification) };
      const result = sealUnder(new SadEntry(sa, 0), { packet: unhex(packet) }, { rules: ipsecRules, env });
      expect(result.kind).to.equal('sealed');
      expect(result.kind === 'sealed' && hex(result.packet)).to.equal(hex(unhex(sealed)));
    });

    it(`${title}: opened again`, () => {
      const original = unhex(packet);
      const { payload } = ipPacket.decode(unhex(sealed)).value;
      const opened = openEsp(payload, new SadEntry(sa, 0).keys as EspKeys);
      expect(opened.icvGood).to.equal(true);
      expect(hex(opened.trailer!.payload)).to.equal(hex(sa.mode === 'tunnel' ? original : original.subarray(20)));
      expect(opened.trailer!.nextHeader).to.equal(sa.mode === 'tunnel' ? 4 : 1);
      expect(opened.sequenceNumber).to.equal(Number(sa.sequenceNumber! + 1n));
    });
  }
});

describe('an ESP packet by hand', () => {
  const packet = unhex(examples[2]!.packet);
  const keyed: SecurityAssociation = { ...aesTunnel, integrity: { id: 12, key: new Uint8Array(32).fill(7) } };
  const env: Env = { octets: (_purpose, length) => new Uint8Array(length).fill(0x5a) };
  const context = { rules: ipsecRules, env };
  const espOf = (entry: SadEntry, order: object) => {
    const sealed = sealUnder(entry, { packet, ...order }, context);
    if (sealed.kind !== 'sealed') throw new Error(sealed.refusal.detail);
    return ipPacket.decode(sealed.packet).value;
  };

  it('borrows keys and counter, and takes every field that is given instead', () => {
    const entry = new SadEntry(keyed, 0);
    const outer = espOf(entry, { spi: 0x9999, sequenceNumber: 77n, outerSource: '192.0.2.9', protocol: 99 });
    expect(outer.source).to.equal('192.0.2.9');
    expect(outer.protocol).to.equal(99);
    const opened = openEsp(outer.payload, entry.keys as EspKeys);
    expect(opened).to.include({ spi: 0x9999, sequenceNumber: 77, icvGood: true });
    expect(entry.sequenceNumber).to.equal(77n);
  });

  it('leaves the counter alone when it does not count', () => {
    const entry = new SadEntry(keyed, 0);
    espOf(entry, { counts: false, sequenceNumber: 5n });
    expect(entry.sequenceNumber).to.equal(0n);
  });

  it('a forger with another integrity key fails the ICV alone', () => {
    const entry = new SadEntry(keyed, 0);
    const opened = openEsp(espOf(entry, { integrityKey: '00'.repeat(32) }).payload, entry.keys as EspKeys);
    expect(opened.icvGood).to.equal(false);
    expect(equal(opened.trailer!.payload, packet)).to.equal(true);
  });

  it('tampers before and after sealing', () => {
    const entry = new SadEntry(keyed, 0);
    const padLength = { apply: (octets: Uint8Array) => octets.with(-2, 0) };
    const before = openEsp(espOf(entry, { beforeSealing: padLength }).payload, entry.keys as EspKeys);
    expect(before.icvGood).to.equal(true);
    expect(before.trailer!.padLength).to.equal(0);
    const cut = { apply: (octets: Uint8Array) => octets.subarray(0, -1) };
    expect(openEsp(espOf(entry, { afterSealing: cut }).payload, entry.keys as EspKeys).icvGood).to.equal(false);
  });

  it('packets cut anywhere are opened without an exception', () => {
    const entry = new SadEntry(keyed, 0);
    const esp = espOf(entry, {}).payload;
    for (let length = 0; length < esp.length; length++) {
      expect(openEsp(esp.subarray(0, length), entry.keys as EspKeys).icvGood).to.equal(false);
    }
  });

  it('the layout names IV, ciphertext and ICV', () => {
    const entry = new SadEntry(keyed, 0);
    const esp = espOf(entry, {}).payload;
    const { layout } = openEsp(esp, entry.keys as EspKeys);
    expect(layout).to.deep.equal({
      iv: [8, 24],
      ciphertext: [24, esp.length - 16],
      icv: [esp.length - 16, esp.length],
    });
    expect(equal(concat(esp.subarray(0, 8), esp.subarray(8)), esp)).to.equal(true);
  });

  it('extended sequence numbers are covered by the ICV though the upper half is not sent', () => {
    for (const sa of [keyed, { ...chachaTunnel }]) {
      const entry = new SadEntry({ ...sa, extendedSequenceNumbers: true }, 0);
      const { payload } = espOf(entry, { sequenceNumber: (3n << 32n) | 9n });
      expect(openEsp(payload, entry.keys as EspKeys, { sequenceHigh: 3 })).to.include({
        icvGood: true,
        sequenceNumber: 9,
      });
      expect(openEsp(payload, entry.keys as EspKeys, { sequenceHigh: 2 }).icvGood).to.equal(false);
    }
  });
});
