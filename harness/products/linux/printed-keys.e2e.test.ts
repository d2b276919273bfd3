/** What ip(8) prints on a real kernel of the keys that it was given, in every form that it has, read as the keys of a stranger. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { linuxAuthenticators, linuxCiphers } from '../../capture/keys/linux-names.ts';
import { type FoundKeys, readKeys } from '../../capture/keys/read-keys.ts';
import type { StrangersKey } from '../../capture/keys/strangers-key.ts';
import type { ManualSa } from '../../lab/node.ts';
import { ensureImage } from '../../runtime/image.ts';
import type { Guest } from '../../runtime/runtime.ts';
import { uml } from '../../runtime/uml.ts';
import { canRunGuests } from '../guest-pair.test-support.ts';
import { algorithmWords } from './transforms.ts';

describe('keys that a kernel prints', function () {
  this.timeout(120_000);
  let guest: Guest;

  before(async function () {
    if (!(await canRunGuests())) {
      console.error('skipped: no /usr/bin/linux.uml on this machine (apt-get install -y user-mode-linux)');
      this.skip();
    }
    const image = await ensureImage('linux', join(homedir(), '.cache', 'touchstone'));
    guest = await uml.boot({ name: 'keys', image, wires: [] });
    const refused = (await guest.console.batch(given.map(lineOf))).filter(({ done }) => !done);
    expect(refused).to.deep.equal([]);
  });
  after(() => guest?.stop());

  for (const options of [[], ['-d'], ['-s'], ['-d', '-s'], ['-o']])
    it(`are those that it was given: ip ${[...options, 'xfrm', 'state'].join(' ')}`, async () => {
      const { keys, faults } = await printed([...options, 'xfrm', 'state']);
      expect(faults).to.deep.equal([]);
      expect(inOrder(keys.map(({ key }) => key))).to.deep.equal(inOrder(given));
    });

  it('are none where it hides them, which is said of each', async () => {
    const { keys, faults } = await printed(['xfrm', 'state', 'list', 'nokeys']);
    expect(keys).to.deep.equal([]);
    expect(faults).to.have.lengthOf(given.length);
  });

  async function printed(words: readonly string[]): Promise<FoundKeys> {
    const { output } = await guest.console.exec(['ip', ...words]);
    const folder = mkdtempSync(join(tmpdir(), 'touchstone-printed-'));
    try {
      writeFileSync(join(folder, 'states'), output);
      return readKeys(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});

type Sa = Exclude<StrangersKey, { readonly kind: 'ikev2' }> & { readonly spi: number };

const digits = (octets: number, from: number): string =>
  Array.from({ length: octets }, (_, i) => ((from + 7 * i) % 256).toString(16).padStart(2, '0')).join('');

const inOrder = (keys: readonly StrangersKey[]): readonly StrangersKey[] =>
  [...keys].sort((one, other) => spiOf(one) - spiOf(other));
const spiOf = (key: StrangersKey): number => ('spi' in key ? Number(key.spi) : 0);

/** Every transform that Linux has a name for, with keys of one length each. */
const given: readonly Sa[] = [
  ...Object.entries(linuxCiphers).map(([number, { icv, salt = 0 }], i): Sa => {
    const id = Number(number);
    const octets = { 2: 8, 3: 24, 11: 0, 28: 32 }[id] ?? 16;
    return {
      ...ends(0x1000 + i),
      kind: 'esp',
      encryption: { id, ...(id >= 12 && id <= 21 && { keyLength: 8 * octets }), key: digits(octets + salt, id) },
      ...(icv === undefined && { integrity: { id: 12, key: digits(32, 3) } }),
      encapsulated: false,
    };
  }),
  ...Object.entries(linuxAuthenticators).map(([number, { icv }], i): Sa => {
    const id = Number(number);
    const key = digits(id === 2 ? 20 : id < 12 ? 16 : icv / 4, id);
    return { ...ends(0x2000 + i), kind: 'ah', integrity: { id, key } };
  }),
];

function ends(spi: number) {
  return { source: '192.0.2.1', destination: '192.0.2.2', spi, extendedSequenceNumbers: false } as const;
}

function lineOf(sa: Sa): string {
  const of = { name: '', direction: 'out', mode: 'transport', replayWindow: 0 };
  const protocol = sa.kind === 'esp' ? 'ESP' : 'AH';
  const words = algorithmWords({ ...sa, protocol, ...of } as ManualSa);
  if ('unsupported' in words) throw new Error(words.unsupported);
  const { source, destination, spi } = sa;
  return `xfrm state add src ${source} dst ${destination} proto ${sa.kind} spi ${spi} mode transport ${words.words}`;
}
