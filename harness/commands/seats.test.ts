import { existsSync } from 'node:fs';
import { expect } from 'chai';
import type { GuestProduct } from '../products/product.ts';
import { companionsOf } from './seats.ts';

describe('the seats of companions', () => {
  it('ask once for an image that cannot be had, and say why to everybody who wants it', async function () {
    if (!existsSync('/usr/bin/linux.uml')) {
      console.log('      skipped: there is no user-mode-linux');
      this.skip();
    }
    let asked = 0;
    const product = {
      name: 'acme',
      runs: 'in-guest',
      get image() {
        asked++;
        return '/nonexistent/acme';
      },
    } as unknown as GuestProduct;
    const { signal } = new AbortController();
    const surroundings = { cache: '/nonexistent', err: () => {}, signal } as unknown as Parameters<
      typeof companionsOf
    >[2];
    const pool = companionsOf({ runtime: 'uml' } as Parameters<typeof companionsOf>[0], [product], surroundings);
    for (const _ of [1, 2, 3]) {
      const fault = await pool.take('acme').catch((reason: unknown) => reason);
      expect(fault).to.have.property('code', 'no-such-image');
    }
    expect(asked).to.equal(1);
  });
});
