/** What ip(8) prints on a real kernel of the keys that it was given, in every form that it has, read as the keys of a stranger. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type FoundKeys, readKeys } from '../../capture/keys/read-keys.ts';
import type { StrangersKey } from '../../capture/keys/strangers-key.ts';
import type { Guest } from '../../runtime/runtime.ts';
import { skipWithoutGuests } from '../guest-pair.test-support.ts';
import { givenSas, kernelTold, lineOf } from './told-kernel.test-support.ts';

describe('keys that a kernel prints', function () {
  this.timeout(120_000);
  let guest: Guest;

  before(async function () {
    await skipWithoutGuests(this);
    guest = await kernelTold(givenSas.map(lineOf));
  });
  after(() => guest?.stop());

  for (const options of [[], ['-d'], ['-s'], ['-d', '-s'], ['-o']])
    it(`are those that it was given: ip ${[...options, 'xfrm', 'state'].join(' ')}`, async () => {
      const { keys, faults } = await printed([...options, 'xfrm', 'state']);
      expect(faults).to.deep.equal([]);
      expect(inOrder(keys.map(({ key }) => key))).to.deep.equal(inOrder(givenSas));
    });

  it('are none where it hides them, which is said of each', async () => {
    const { keys, faults } = await printed(['xfrm', 'state', 'list', 'nokeys']);
    expect(keys).to.deep.equal([]);
    expect(faults).to.have.lengthOf(givenSas.length);
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

const inOrder = (keys: readonly StrangersKey[]): readonly StrangersKey[] =>
  [...keys].sort((one, other) => spiOf(one) - spiOf(other));
const spiOf = (key: StrangersKey): number => ('spi' in key ? Number(key.spi) : 0);
