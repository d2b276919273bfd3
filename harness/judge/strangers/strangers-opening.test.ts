/** Captures of others, opened with the keys that came with them in the formats that they came in. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { capturePath } from '../../../reference/captures.test-support.ts';
import { type EspKeys, espKeys, espTrailer, sealEspPayload } from '../../../reference/ipsec/esp.ts';
import { decodeCaptured } from '../../../reference/wire/frame.ts';
import type { IpPacket } from '../../../reference/wire/ip/packet.ts';
import { ipPacket } from '../../../reference/wire/ip/packet.ts';
import { unhex } from '../../../reference/wire/octets.ts';
import { KeyLookup } from '../../capture/keys/key-lookup.ts';
import { type FoundKeys, readKeys } from '../../capture/keys/read-keys.ts';
import type { StrangersEsp } from '../../capture/keys/strangers-key.ts';
import { readPcap } from '../../capture/pcap.ts';
import { hasTshark } from '../../witness/tshark.test-support.ts';
import { type OpenedByStranger, StrangersOpening } from './strangers-opening.ts';

const openingWith = ({ keys }: Pick<FoundKeys, 'keys'>) => new StrangersOpening(new KeyLookup(keys));

const espPackets = (path: string): readonly IpPacket[] => numberedEspPackets(path).map(({ packet }) => packet);

/** With the numbers of their frames, from 1. */
function numberedEspPackets(path: string): readonly { readonly number: number; readonly packet: IpPacket }[] {
  const { frames, links } = readPcap(new Uint8Array(readFileSync(path)));
  return frames.flatMap(({ octets, link }, i) => {
    const packet = decodeCaptured(octets, links[link]!.linkType).layers.find(({ layer }) => layer === 'ip');
    return packet?.layer === 'ip' && packet.value.protocol === ESP ? [{ number: i + 1, packet: packet.value }] : [];
  });
}

/** Frames with an ICV that tshark computed and found good; it calls good what has none, too. */
function verifiedByTshark(capture: string, folder: string): readonly number[] {
  const run = spawnSync(
    'tshark',
    ['-n', '-r', capture, '-T', 'fields', '-e', 'frame.number', '-Y', 'esp.icv_good == 1'],
    {
      env: { PATH: '/usr/bin:/bin', WIRESHARK_CONFIG_DIR: folder },
      encoding: 'utf8',
    },
  );
  expect(run.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Running as user'))).to.deep.equal([]);
  return run.stdout.split('\n').filter(Boolean).map(Number);
}

/** Sources and SPIs left open, which the destinations make up for. */
const openEnded = (text: string): string => text.replace(/"(IPv[46])","[^"]*","([^"]*)","[^"]*"/g, '"$1","*","$2","*"');

const halved = (text: string): string =>
  text
    .split('\n')
    .filter((_, i) => i % 2 === 0)
    .join('\n');

describe('keys that came with a capture', () => {
  it('of 24 manual SAs are the same in esp_sa and in the file for setkey', function () {
    const [table, setkey] = ['esp_sa', 'ipsec.conf'].map((name) => capturePath(`esp-24-manual-sas/${name}`));
    if (!table || !setkey) return absent(this);
    const [one, other] = [readKeys(table), readKeys(setkey)];
    expect([one.faults, other.faults]).to.deep.equal([[], []]);
    const sas = ({ keys }: FoundKeys) =>
      keys.map(({ key }) => {
        const { source, destination, spi, encryption, integrity } = key as StrangersEsp;
        return { source, destination, spi, encryption, integrity };
      });
    expect(sas(one)).to.have.lengthOf(24);
    expect(sas(other)).to.deep.equal(sas(one));
    expect(other.policies).to.have.lengthOf(24);
  });

  for (const name of ['esp_sa', 'ipsec.conf'])
    it(`open all 240 packets, and all 160 ICVs are good: ${name}`, function () {
      const [capture, file] = ['capture.pcap', name].map((each) => capturePath(`esp-24-manual-sas/${each}`));
      if (!capture || !file) return absent(this);
      const opening = openingWith(readKeys(file));
      const opened = espPackets(capture).map(({ payload, destination }) => opening.esp(payload, destination));
      const verified = opened.map((each) => (typeof each === 'string' ? each : each.verified));
      expect(verified.filter((each) => each === true)).to.have.lengthOf(160);
      expect(verified.filter((each) => each === false)).to.have.lengthOf(80);
      expect(verified).to.have.lengthOf(240);
    });

  it('open the packets that tshark opens with the same table, and no others', function () {
    const [capture, table] = ['capture.pcap', 'esp_sa'].map((each) => capturePath(`esp-24-manual-sas/${each}`));
    if (!capture || !table) return absent(this);
    if (!hasTshark()) return absent(this, 'tshark');
    for (const change of [(text: string) => text, openEnded, halved]) {
      const text = change(readFileSync(table, 'utf8'));
      const folder = mkdtempSync(join(tmpdir(), 'touchstone-esp-sa-'));
      try {
        writeFileSync(join(folder, 'esp_sa'), text);
        writeFileSync(join(folder, 'preferences'), PREFERENCES);
        const opening = openingWith(readKeys(join(folder, 'esp_sa')));
        const ours = numberedEspPackets(capture).flatMap(({ number, packet: { payload, destination } }) => {
          const opened = opening.esp(payload, destination);
          return typeof opened !== 'string' && opened.verified ? [number] : [];
        });
        expect(ours.length, change.name).to.be.at.least(80);
        expect(ours, change.name).to.deep.equal(verifiedByTshark(capture, folder));
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  });

  it('are found among the other files of a folder, and those that hold none are named', function () {
    const table = capturePath('esp-24-manual-sas/esp_sa');
    if (!table) return absent(this);
    const { keys, faults } = readKeys(dirname(table));
    expect(keys).to.have.lengthOf(48);
    expect(faults).to.have.lengthOf(1);
    expect(faults[0]!.file).to.match(/capture.pcap$/);
  });

  it('open ESP inside ESP by the secrets of tcpdump, which cannot check an ICV', function () {
    const [capture, secrets] = ['08-sunrise-sunset-esp2.pcap', 'tcpdump-esp-secrets.txt'].map(capturePath);
    if (!capture || !secrets) return absent(this);
    const { keys, faults } = readKeys(secrets);
    expect([keys.length, faults]).to.deep.equal([3, []]);
    const opening = openingWith({ keys });
    const depths = espPackets(capture).map((packet) => depthOf(packet, opening));
    expect(depths).to.deep.equal(Array.from({ length: 8 }, () => 2));
  });
});

describe('a packet of a stranger', () => {
  const cbc = { id: 12, keyLength: 128, key: '01'.repeat(16) };
  const sha256 = { id: 12, key: '02'.repeat(32) };
  const sealedWith = (keys: Partial<EspKeys> = {}, sequenceNumber = 7n) =>
    sealEspPayload(
      { spi: SPI, sequenceNumber, iv: new Uint8Array(16), plaintext: PLAINTEXT },
      { ...whole(sha256.key), ...keys },
    );
  const whole = (key: string, extendedSequenceNumbers = false): EspKeys =>
    espKeys({
      encryption: { ...cbc, key: unhex(cbc.key) },
      integrity: { ...sha256, key: unhex(key) },
      extendedSequenceNumbers,
    });
  const opened = (octets: Uint8Array, ...keys: readonly Partial<StrangersEsp>[]) =>
    openingWith({
      keys: keys.map((key, i) => ({ file: `${i}`, key: { kind: 'esp', spi: SPI, encryption: cbc, ...key } })),
    }).esp(octets, '192.0.2.2');
  const openedBy = (result: OpenedByStranger | string) =>
    typeof result === 'string' ? result : `${result.by.file} ${result.verified}`;

  it('is that of the key whose ICV is good, whatever else fits', () => {
    const wrong = { integrity: { ...sha256, key: '03'.repeat(32) } };
    expect(openedBy(opened(sealedWith(), wrong, {}, { integrity: sha256 }))).to.equal('2 true');
    expect(openedBy(opened(sealedWith(), wrong))).to.equal('bad-icv');
    expect(openedBy(opened(sealedWith()))).to.equal('no-key');
  });

  it('has an ICV of 96 bits where its keys say so', () => {
    const sealed = sealedWith();
    const cut = sealed.subarray(0, -4);
    expect(openedBy(opened(cut, { integrity: sha256 }, { integrity: { ...sha256, icvOctets: 12 } }))).to.equal(
      '1 true',
    );
  });

  it('without an ICV that can be checked opens by its padding, and is not said to be verified', () => {
    expect(openedBy(opened(sealedWith(), { integrity: { icvOctets: 16 } }))).to.equal('0 false');
    expect(openedBy(opened(sealedWith().with(30, 0), { integrity: { icvOctets: 16 } }))).to.equal('bad-icv');
  });

  it('may have extended numbers where nothing is said of them, or beyond the first 2^32 where that is', () => {
    const extended = (sequenceNumber: bigint) => sealedWith(whole(sha256.key, true), sequenceNumber);
    expect(openedBy(opened(extended(7n), { integrity: sha256 }))).to.equal('0 true');
    expect(openedBy(opened(extended(7n), { integrity: sha256, extendedSequenceNumbers: false }))).to.equal('bad-icv');
    const high = { integrity: sha256, extendedSequenceNumbers: true, sequenceHigh: 5 };
    expect(openedBy(opened(extended(5n * 2n ** 32n + 1n), high))).to.equal('0 true');
  });

  it('beyond a NAT opens with the keys of its SPI to another destination, if its ICV is good', () => {
    const elsewhere = { destination: '10.0.0.1' };
    expect(openedBy(opened(sealedWith(), { ...elsewhere, integrity: sha256 }))).to.equal('0 true');
    expect(openedBy(opened(sealedWith(), { ...elsewhere, integrity: { icvOctets: 16 } }))).to.equal('bad-icv');
  });

  it('is nothing at all where it is too short, and keys that are none open nothing', () => {
    for (let length = 0; length < sealedWith().length; length++)
      expect(opened(sealedWith().subarray(0, length), { integrity: sha256 })).to.be.a('string');
    const useless: Partial<StrangersEsp>[] = [
      { encryption: { id: 4711, key: '00' } },
      { encryption: { ...cbc, key: 'no hex' } },
      { integrity: { id: 4711, key: '' } },
    ];
    for (const each of useless) expect(opened(sealedWith(), each)).to.equal('bad-icv');
  });

  const SPI = 0x1001;
  const PLAINTEXT = Uint8Array.of(...new Uint8Array(8), ...espTrailer(Uint8Array.of(1, 2, 3, 4, 5, 6), 59));
});

function depthOf({ payload, destination }: IpPacket, opening: StrangersOpening): number {
  const result = opening.esp(payload, destination);
  if (typeof result === 'string') return 0;
  const { trailer } = result.opened;
  const inner = trailer?.nextHeader === IPV4 ? ipPacket.decode(trailer.payload).value : undefined;
  return 1 + (inner?.protocol === ESP ? depthOf(inner, opening) : 0);
}

function absent(test: Mocha.Context, what = 'captures of others'): void {
  console.log(`      (skipped: no ${what})`);
  test.skip();
}

const [IPV4, ESP] = [4, 50];
const PREFERENCES = 'esp.enable_encryption_decode: TRUE\nesp.enable_authentication_check: TRUE\n';
