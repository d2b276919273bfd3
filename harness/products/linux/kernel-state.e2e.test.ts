/** What a real kernel lists of its IPsec, read by us and printed by its own ip(8) of what it was told. */
import { expect } from 'chai';
import { linuxAuthenticators, linuxCiphers } from '../../capture/keys/linux-names.ts';
import type { Guest } from '../../runtime/runtime.ts';
import { skipWithoutGuests } from '../guest-pair.test-support.ts';
import { installedOf, keysOf, sadOf, spdOf } from './kernel-state.ts';
import { givenSas, kernelTold, lineOf, policyLines } from './told-kernel.test-support.ts';
import { policiesIn, statesIn, xfrmMessageTypes } from './xfrm-messages.ts';

describe('what a kernel lists of its IPsec', function () {
  this.timeout(120_000);
  let guest: Guest;

  before(async function () {
    await skipWithoutGuests(this);
    guest = await kernelTold([...givenSas.map(lineOf), ...policyLines]);
  });
  after(() => guest?.stop());

  const states = async () => statesIn(await guest.console.dump(xfrmMessageTypes.getSa));
  const policies = async () => policiesIn(await guest.console.dump(xfrmMessageTypes.getPolicy));

  it('is every key that it was given, of every transform that has a name there', async () => {
    const keys = keysOf(await states()).sort((one, other) => spiOf(one) - spiOf(other));
    expect(keys).to.deep.equal(givenSas.map((sa) => ({ ...sa, since: 0 })));
    expect(keys).to.have.lengthOf(Object.keys(linuxCiphers).length + Object.keys(linuxAuthenticators).length);
  });

  it('is the SAs that its ip(8) prints', async () => {
    const [, printed] = await Promise.all([states(), guest.console.batch(['-d -s xfrm state'])]);
    const told = [...printed[0]!.printed.matchAll(/^src (\S+) dst (\S+)\n\tproto \w+ spi (\w+).* mode (\w+)/gm)];
    const listed = sadOf(await states(), ['192.0.2.2']);
    expect(listed.map(({ source, destination, spi, mode }) => [source, destination, spi, mode])).to.deep.equal(
      told.map(([, source, destination, spi, mode]) => [source, destination, Number(spi), mode]),
    );
    expect(new Set(listed.map(({ direction }) => direction))).to.deep.equal(new Set(['in']));
  });

  it('is the policies that its ip(8) prints, in the order in which they decide', async () => {
    const [printed] = await guest.console.batch(['xfrm policy list nosock']);
    const told = printed!.printed
      .split(/^(?=src )/m)
      .map((block) => /^(src .*?) *\n\tdir (\w+) (action block )?priority (\d+)/.exec(block)!)
      .map(([, selector, direction, block, priority]) => ({
        direction: direction === 'fwd' ? 'forward' : direction,
        selector,
        blocks: block !== undefined,
        priority: Number(priority),
      }))
      .sort((one, other) => one.priority - other.priority);
    const listed = spdOf(await policies());
    expect(listed.map(({ action, ...entry }) => ({ ...entry, blocks: action === 'DISCARD' }))).to.have.deep.members(
      told,
    );
    expect(listed.map(({ action }) => action)).to.include.members(['PROTECT', 'BYPASS', 'DISCARD']);
    expect(told).to.have.lengthOf(policyLines.length);
  });

  it('is installed where the policy for what leaves names it', async () => {
    const named = async (requestId: number) => (await states()).map((state) => ({ ...state, requestId })); // ip(8) gave them none
    expect(installedOf(await named(7), await policies(), ['192.0.2.2'])).to.have.members(
      givenSas.map(({ spi }) => spi),
    );
    expect(installedOf(await named(8), await policies(), ['192.0.2.2'])).to.deep.equal([]);
  });
});

const spiOf = (key: { readonly kind: string; readonly spi?: unknown }): number => Number(key.spi);
