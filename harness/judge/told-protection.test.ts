/** What protected a packet is what both were told only where protocol, mode and suite are, by the keys that were recorded. */
import { expect } from 'chai';
import type { KeyEntry, KeyRecord } from '../capture/transcript.ts';
import { type Meeting, meeting } from '../vocabulary/meeting.ts';
import { ahSuites, espSuites, proposalOf } from '../vocabulary/transforms.ts';
import { isProtectionTold } from './told-protection.ts';

const SPI = 0x1234;
const common = {
  source: '192.0.2.1',
  destination: '192.0.2.2',
  spi: SPI,
  extendedSequenceNumbers: false,
  since: 0,
} as const;
const octets = (count: number): string => '5a'.repeat(count);
const esp = (id: number, keyOctets: number, integrity?: number): KeyRecord => ({
  kind: 'esp',
  ...common,
  encapsulated: false,
  encryption: { id, key: octets(keyOctets) },
  ...(integrity !== undefined && { integrity: { id: integrity, key: octets(32) } }),
});
const ah = (id: number): KeyRecord => ({ kind: 'ah', ...common, integrity: { id, key: octets(32) } });

const [GCM, CBC, SHA256, SHA512] = [20, 12, 12, 14] as const;
const gcm: Meeting = { child: { proposals: [proposalOf(espSuites['aes-gcm'])] } };
const cbc: Meeting = { child: { proposals: [proposalOf(espSuites['aes-cbc-sha256'])] } };
const byAh: Meeting = { child: { protocol: 'AH', proposals: [proposalOf(ahSuites['ah-sha256'])] } };
const eachItsOwn: Meeting = { ...gcm, peersChild: cbc.child! };
const tunnel = { protocol: 'ESP', mode: 'tunnel', spi: SPI, encapsulated: false } as const;

describe('protection that both were told', () => {
  const rows: readonly [story: string, Meeting, Partial<typeof tunnel> | object, readonly KeyRecord[], boolean][] = [
    ['an AEAD with its salt', gcm, {}, [esp(GCM, 20)], true],
    ['NONE beside it, as some write', gcm, {}, [esp(GCM, 20, 0)], true],
    ['a cipher and a hash', cbc, {}, [esp(CBC, 16, SHA256)], true],
    ['AH', byAh, { protocol: 'AH' }, [ah(SHA256)], true],
    ['one record that fits among others of the SPI', gcm, {}, [esp(CBC, 16, SHA256), esp(GCM, 20)], true],
    ['another hash', cbc, {}, [esp(CBC, 16, SHA512)], false],
    ['no hash', cbc, {}, [esp(CBC, 16)], false],
    ['a longer key', gcm, {}, [esp(GCM, 36)], false],
    ['another cipher', gcm, {}, [esp(CBC, 16, SHA256)], false],
    ['another mode', gcm, { mode: 'transport' }, [esp(GCM, 20)], false],
    ['ESP for AH', byAh, {}, [esp(CBC, 16, SHA256)], false],
    ['what one of the two was not told', eachItsOwn, {}, [esp(GCM, 20)], false],
    ['what nobody told keys for', gcm, {}, [], false],
    ['the keys of another SPI', gcm, { spi: SPI + 1 }, [esp(GCM, 20)], false],
    ['plain ESP through a NAT', { ...gcm, translated: true }, {}, [esp(GCM, 20)], false],
    ['ESP in UDP through a NAT', { ...gcm, translated: true }, { encapsulated: true }, [esp(GCM, 20)], true],
  ];
  for (const [story, told, header, records, holds] of rows) {
    it(`${holds ? 'is' : 'is not'}: ${story}`, () => {
      const entries = records.map((record, place): KeyEntry => ({ kind: 'keys', place, time: 0, record }));
      expect(isProtectionTold({ ...tunnel, ...header }, { intent: meeting(told), entries })).to.equal(holds);
    });
  }
});
