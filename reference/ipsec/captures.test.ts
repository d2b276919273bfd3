/** ESP of others' stacks: 24 manual SAs over both families, and ESP inside ESP; every ICV is judged, every packet opened. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { capturePath, readCapture } from '../captures.test-support.ts';
import { canonicalAddress } from '../wire/address.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { fromText, unhex } from '../wire/octets.ts';
import { type EspKeys, espKeys, openEsp } from './esp.ts';
import { ipsecRules } from './rules.ts';

const ENCRYPTION: Readonly<Record<string, { id: number; keyLength?: number }>> = {
  'AES-CBC [RFC3602]': { id: 12, keyLength: 128 },
  'TripleDES-CBC [RFC2451]': { id: 3 },
  'DES-CBC [RFC2405]': { id: 2 },
  NULL: { id: 11 },
};
const INTEGRITY: Readonly<Record<string, number>> = { 'HMAC-SHA-1-96 [RFC2404]': 2, 'HMAC-MD5-96 [RFC2403]': 1 };

describe('captures of others', () => {
  it('24 manual SAs: 240 packets open, all 160 ICVs are good', function () {
    const capture = capturePath('esp-24-manual-sas/capture.pcap');
    const table = capturePath('esp-24-manual-sas/esp_sa');
    if (!capture || !table) return this.skip();
    const sas = readTable(readFileSync(table, 'utf8'));
    const seen = { packets: 0, icvs: 0, good: 0, opened: 0 };
    for (const { ip } of readCapture(capture)) {
      if (!ip) continue;
      const { protocol, destination, payload } = ipPacket.decode(ip).value;
      if (protocol !== 50) continue;
      const keys = sas.get(destination)!;
      const opened = openEsp(payload, keys);
      seen.packets++;
      if (keys.integrity) seen.icvs++;
      if (keys.integrity && opened.icvGood) seen.good++;
      if (opened.trailer && ipsecRules.paddingAcceptable(opened.trailer.padding)) seen.opened++;
    }
    expect(seen).to.deep.equal({ packets: 240, icvs: 160, good: 160, opened: 240 });
  });

  for (const provider of ['noble', 'node'] as const) {
    it(`ESP inside ESP, keys of tcpdump, provider ${provider}`, function () {
      const capture = capturePath('08-sunrise-sunset-esp2.pcap');
      const secrets = capturePath('tcpdump-esp-secrets.txt');
      if (!capture || !secrets) return this.skip();
      const sas = readSecrets(readFileSync(secrets, 'utf8'), provider);
      const depths = readCapture(capture).map(({ ip }) => depthOfEsp(ip!, sas));
      expect(depths).to.deep.equal(depths.map(() => 2));
      expect(depths).to.have.length(8);
    });
  }
});

/** How many ESP layers of a packet open with honest padding (there are no keys for their ICVs). */
function depthOfEsp(ip: Uint8Array, sas: ReadonlyMap<string, EspKeys>): number {
  const { protocol, destination, payload } = ipPacket.decode(ip).value;
  if (protocol !== 50) return 0;
  const spi = payload.subarray(0, 4).reduce((number, octet) => number * 256 + octet, 0);
  const keys = sas.get(`0x${spi.toString(16)}@${destination}`);
  const opened = keys && openEsp(payload, keys);
  if (!opened?.trailer || !ipsecRules.paddingAcceptable(opened.trailer.padding)) return 0;
  return 1 + (opened.trailer.nextHeader === 4 ? depthOfEsp(opened.trailer.payload, sas) : 0);
}

/** Wireshark's `esp_sa` table, by destination. */
function readTable(text: string): Map<string, EspKeys> {
  const rows = text.split('\n').filter((line) => line.startsWith('"'));
  return new Map(
    rows.map((line) => {
      const [, , destination, , cipher, key, mac, macKey] = line
        .split('","')
        .map((cell) => cell.replaceAll('"', '').replace(/,$/, ''));
      const integrity = INTEGRITY[mac!];
      const keys = espKeys({
        encryption: { ...ENCRYPTION[cipher!]!, key: fromText(key!) },
        ...(integrity && { integrity: { id: integrity, key: fromText(macKey!) } }),
        extendedSequenceNumbers: false,
      });
      return [canonicalAddress(destination!), keys];
    }),
  );
}

/** tcpdump's secrets, `spi@destination cipher-hmac96:0xkey`: they say how long the ICV is, and have no key for it. */
function readSecrets(text: string, provider: 'noble' | 'node'): Map<string, EspKeys> {
  const rows = text.split('\n').filter((line) => line.startsWith('0x'));
  return new Map(
    rows.map((line) => {
      const [peer, cipher, key] = line.split(/[\s:]+/) as [string, string, string];
      const encryption = cipher.startsWith('3des') ? { id: 3 } : { id: 12, keyLength: 256 };
      const sa = {
        encryption: { ...encryption, key: unhex(key.slice(2)) },
        integrity: { id: 2, key: new Uint8Array(20) },
        extendedSequenceNumbers: false,
      };
      return [peer, espKeys(sa, provider)];
    }),
  );
}
