import { spawnSync } from 'node:child_process';
import { createCipheriv, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { encryptionTransform } from '../../reference/transforms/encryption.ts';
import { integrityWithoutIv } from '../../reference/transforms/integrity.ts';
import { internetChecksum } from '../../reference/wire/checksum.ts';
import { ikeMessage } from '../../reference/wire/ike/message.ts';
import { encodePayloads } from '../../reference/wire/ike/payload-chain.ts';
import { concat, fromText, u16, u32, unhex } from '../../reference/wire/octets.ts';
import { type Bundle, writeBundle } from './bundle.ts';
import { keyTables } from './key-tables.ts';
import type { Entry, KeyRecord, Transcript } from './transcript.ts';

describe('key tables', () => {
  it('leave out, and name, what Wireshark 4.0 has no spelling for', () => {
    const chacha = { ...esp(0x1001, 28, 36), integrity: undefined };
    const extended = { ...esp(0x1002, 12, 16), extendedSequenceNumbers: true };
    const tables = keyTables([chacha, extended, esp(0x1003, 12, 16)]);
    expect(tables.leftOut).to.deep.equal([
      'ESP 0x00001001: encryption transform 28',
      'ESP 0x00001002: extended sequence numbers',
    ]);
    expect(tables.esp_sa.trim().split('\n')).to.have.lengthOf(1);
  });

  it('find keys by their SPI alone, unless two SAs share it', () => {
    const other = { ...esp(1, 12, 16), destination: '192.0.2.9', encryption: { id: 12, key: '33'.repeat(16) } };
    expect(keyTables([esp(1, 12, 16)]).esp_sa).to.contain('"IPv4","*","*","0x00000001"');
    expect(keyTables([esp(1, 12, 16), other]).esp_sa)
      .to.contain('"*","192.0.2.2"')
      .and.to.contain('"*","192.0.2.9"');
  });

  it('bear a hundred thousand keys, of one SPI or of as many', () => {
    const keys = (spiOf: (i: number) => number) =>
      Array.from({ length: 100_000 }, (_, i) => ({ ...esp(spiOf(i), 12, 16), encryption: { id: 12, key: keyOf(i) } }));
    const keyOf = (i: number) => i.toString(16).padStart(32, '0');
    for (const spiOf of [() => 7, (i: number) => i]) {
      expect(keyTables(keys(spiOf)).esp_sa.split('\n')).to.have.lengthOf(100_001);
    }
  });

  it('write a repeated key once', () => {
    expect(
      keyTables([esp(1, 12, 16), esp(1, 12, 16)])
        .esp_sa.trim()
        .split('\n'),
    ).to.have.lengthOf(1);
  });
});

/** Reported of others: strongSwan #2013. */
describe('what a bundle gives tshark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-tables-'));
  after(() => rmSync(folder, { recursive: true }));

  before(function () {
    if (spawnSync('tshark', ['-v']).error) {
      console.log('      (skipped: no tshark)');
      this.skip();
    }
  });

  it('takes a line for whatever a proposal of ours may name, but for what the tables leave out by name', () => {
    const esp = everyEncryption.flatMap(({ id, octets, icvOctets }, i) =>
      integritiesWith(icvOctets).map((integrity, j) => espKey(0x1000 + 16 * i + j, id, octets, integrity)),
    );
    const ike = everyEncryption.flatMap(({ id, keyLength, octets, icvOctets }) =>
      integritiesWith(icvOctets).map((integrity) =>
        ikev2(id, keyLength, octets, integrity?.id, integrity?.keyOctets ?? 0),
      ),
    );
    const { leftOut, ...tables } = keyTables([...esp, ...ike]);
    const lines = Object.values(tables).join('').trim().split('\n');
    expect(new Set(leftOut.map((each) => each.replace(/ \w+:/, '')))).to.deep.equal(new Set(withoutSpelling));
    expect(lines.length).to.be.greaterThan(100);
    writeBundle(folder, bundleOf([...esp, ...ike].map(keyEntry)));
    expect(tsharkIn(folder).errors).to.equal('');
  });

  it('opens AES-CBC with an ICV that it finds right, and AES-GCM', () => {
    const plaintext = unhex('080023081234000161616161' + '01020201');
    const cbcKey = '22'.repeat(16);
    const cbc = createCipheriv('aes-128-cbc', unhex(cbcKey), new Uint8Array(16));
    cbc.setAutoPadding(false);
    const sealed = concat(u32(0x2001), u32(1), new Uint8Array(16), cbc.update(plaintext), cbc.final());
    const icv = createHmac('sha256', unhex('11'.repeat(32)))
      .update(sealed)
      .digest()
      .subarray(0, 16);
    const gcmKey = `${'33'.repeat(16)}01020304`;
    const gcm = createCipheriv('aes-128-gcm', unhex('33'.repeat(16)), concat(unhex('01020304'), new Uint8Array(8)));
    gcm.setAAD(concat(u32(0x2002), u32(1)));
    const body = concat(gcm.update(plaintext), gcm.final());
    const galois = concat(u32(0x2002), u32(1), new Uint8Array(8), body, gcm.getAuthTag());
    const entries: Entry[] = [
      keyEntry(
        { ...esp(0x2001, 12, 16), encryption: { id: 12, key: cbcKey }, integrity: { id: 12, key: '11'.repeat(32) } },
        0,
      ),
      keyEntry({ ...esp(0x2002, 20, 20), encryption: { id: 20, key: gcmKey }, integrity: undefined }, 1),
      frameEntry(2, 1, ethernet(concat(sealed, icv))),
      frameEntry(3, 2, ethernet(galois)),
    ];
    writeBundle(folder, bundleOf(entries));
    const { out, errors } = tsharkIn(folder, ['-V', '-o', 'ip.check_checksum:TRUE']);
    expect(errors).to.equal('');
    expect(out.match(/Internet Control Message Protocol\n/g), out).to.have.lengthOf(2);
    expect(out.match(/ESP ICV: .* \[correct\]/g), out).to.have.lengthOf(2);
    expect(out).not.to.match(/incorrect/i);
    expect(out).to.contain('Packet comments');
  });

  it('opens IKEv2 messages under AES-CBC with an ICV, and under AES-GCM', () => {
    const { firstPayload, octets } = encodePayloads([
      { type: 'IDi', idType: 2, data: fromText('carol.example') },
      { type: 'N', protocolId: 0, spi: new Uint8Array(), notifyType: 16384, data: new Uint8Array() },
    ]);
    const SK_e = '44'.repeat(16);
    const cbc = ikeSealed(
      1,
      firstPayload,
      concat(octets, new Uint8Array(15 - (octets.length % 16)), Uint8Array.of(15 - (octets.length % 16))),
      16,
      16,
      (plaintext, before) => {
        const cipher = createCipheriv('aes-128-cbc', unhex(SK_e), new Uint8Array(16)).setAutoPadding(false);
        const ciphertext = concat(cipher.update(plaintext), cipher.final());
        const icv = createHmac('sha256', unhex('55'.repeat(32)))
          .update(concat(before, new Uint8Array(16), ciphertext))
          .digest();
        return concat(ciphertext, icv.subarray(0, 16));
      },
    );
    const gcm = ikeSealed(2, firstPayload, concat(octets, Uint8Array.of(0)), 8, 16, (plaintext, before) => {
      const cipher = createCipheriv('aes-128-gcm', unhex(SK_e), concat(unhex('44444444'), new Uint8Array(8)));
      cipher.setAAD(before);
      return concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
    });
    const key = (spi: number, record: KeyRecord): KeyRecord =>
      ({ ...record, initiatorSPI: `${spi}`.repeat(16), responderSPI: 'ff'.repeat(8) }) as KeyRecord;
    writeBundle(
      folder,
      bundleOf([
        keyEntry(key(1, ikev2(12, 128, 16, 12, 32)), 0),
        keyEntry(key(2, ikev2(20, 128, 20, undefined, 0)), 1),
        frameEntry(2, 1, ethernet(cbc, 17)),
        frameEntry(3, 2, ethernet(gcm, 17)),
      ]),
    );
    const { out, errors } = tsharkIn(folder, ['-V']);
    expect(errors).to.equal('');
    expect(out.match(/ID_FQDN: carol\.example/g), out).to.have.lengthOf(2);
    expect(out.match(/Integrity Checksum Data: .*\[correct\]/g), out).to.have.lengthOf(2);
    expect(out)
      .to.contain('INITIAL_CONTACT')
      .and.not.to.match(/incorrect|malformed/i);
  });
});

/** Octets of a key with its salt. */
const everyEncryption = Array.from({ length: 64 }, (_, id) => id).flatMap((id) =>
  [undefined, 128, 192, 256].flatMap((keyLength) => {
    const transform = encryptionTransform(id, keyLength);
    if (!transform) return [];
    const { keyOctets, saltOctets, icvOctets } = transform;
    return [{ id, keyLength, octets: keyOctets + saltOctets, icvOctets }];
  }),
);
const everyIntegrity = Array.from({ length: 32 }, (_, id) => integrityWithoutIv(id)).filter(
  (each) => each !== undefined,
);
type Integrity = (typeof everyIntegrity)[number];

const integritiesWith = (icvOctets: number): readonly (Integrity | undefined)[] =>
  icvOctets > 0 ? [undefined] : everyIntegrity;

/** AES-CCM, AES-GMAC and ChaCha20-Poly1305 in ESP; DES, AES-GMAC and ChaCha20-Poly1305 in IKE; AES-XCBC and AES-CMAC in both. */
const withoutSpelling = [
  ...[14, 15, 16, 21, 28].map((id) => `ESP encryption transform ${id}`),
  ...[2, 21, 28].map((id) => `IKE encryption transform ${id}`),
  ...[5, 8].flatMap((id) => ['ESP', 'IKE'].map((table) => `${table} integrity transform ${id}`)),
];

function espKey(spi: number, id: number, octets: number, integrity: Integrity | undefined): KeyRecord {
  const key = integrity && { id: integrity.id, key: '11'.repeat(integrity.keyOctets) };
  return { ...esp(spi, id, octets), integrity: key };
}

function esp(spi: number, id: number, keyOctets: number): Extract<KeyRecord, { kind: 'esp' }> {
  return {
    kind: 'esp',
    source: '192.0.2.1',
    destination: '192.0.2.2',
    spi,
    encryption: { id, key: id === 11 ? '' : '22'.repeat(keyOctets) },
    integrity: { id: 12, key: '11'.repeat(32) },
    extendedSequenceNumbers: false,
    encapsulated: false,
    since: 0,
  };
}

function ikev2(
  id: number,
  keyLength: number | undefined,
  octets: number,
  integrity: number | undefined,
  integrityOctets: number,
): KeyRecord {
  const spi = (id * 1000 + (keyLength ?? 0) + (integrity ?? 0)).toString(16).padStart(16, '0');
  const SK_e = '44'.repeat(octets);
  const SK_a = '55'.repeat(integrityOctets);
  return {
    kind: 'ikev2',
    initiatorSPI: spi,
    responderSPI: spi,
    SK_ei: SK_e,
    SK_er: SK_e,
    SK_ai: SK_a,
    SK_ar: SK_a,
    encryption: { id, keyLength },
    integrity,
  };
}

function keyEntry(record: KeyRecord, place: number): Entry {
  return { kind: 'keys', place, time: 0, record };
}

function frameEntry(place: number, number: number, octets: Uint8Array): Entry {
  return { kind: 'frame', place, time: place, number, link: 'home', from: 'tn', octets, tampers: [{ name: 'none' }] };
}

/** A UDP datagram with an IKE_AUTH request; `seal` gets the plaintext and every octet before the IV. */
function ikeSealed(
  spi: number,
  innerNextPayload: number,
  plaintext: Uint8Array,
  ivOctets: number,
  icvOctets: number,
  seal: (plaintext: Uint8Array, before: Uint8Array) => Uint8Array,
): Uint8Array {
  const encoded = (body: Uint8Array) =>
    ikeMessage.encode({
      header: {
        initiatorSPI: unhex(`${spi}`.repeat(16)),
        responderSPI: unhex('ff'.repeat(8)),
        exchangeType: 35,
        flags: { initiator: true, response: false, version: false },
        messageId: 1,
      },
      payloads: [{ type: 'SK', innerNextPayload, body }],
    });
  const blank = encoded(new Uint8Array(ivOctets + plaintext.length + icvOctets));
  const before = blank.subarray(0, blank.length - ivOctets - plaintext.length - icvOctets);
  const message = encoded(concat(new Uint8Array(ivOctets), seal(plaintext, before)));
  return concat(u16(500), u16(500), u16(8 + message.length), u16(0), message);
}

function ethernet(payload: Uint8Array, protocol = 50): Uint8Array {
  const header = concat(
    unhex('4500'),
    u16(20 + payload.length),
    unhex('00010000'),
    Uint8Array.of(64, protocol),
    unhex('0000c0000201c0000202'),
  );
  header.set(u16(internetChecksum(header)), 10);
  return concat(unhex('0200000000020200000000010800'), header, payload);
}

function bundleOf(entries: readonly Entry[]): Bundle {
  return {
    run: {
      touchstone: '0',
      seed: '1',
      startedAt: '2026-01-01T00:00:00.000Z',
      product: { name: 'p', version: '1', runtime: 'memory', kernel: '' },
    },
    transcript: { scenario: 's', variant: '', dimensions: {}, cast: {}, intent: {} as Transcript['intent'], entries },
    cases: [],
    log: '',
  };
}

function tsharkIn(folder: string, options: readonly string[] = []): { out: string; errors: string } {
  const environment = { PATH: '/usr/bin:/bin', WIRESHARK_CONFIG_DIR: folder };
  const run = spawnSync('tshark', ['-n', '-r', join(folder, 'case.pcapng'), ...options], {
    env: environment,
    encoding: 'utf8',
  });
  const errors = run.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Running as user'));
  return { out: run.stdout, errors: errors.join('\n') };
}
