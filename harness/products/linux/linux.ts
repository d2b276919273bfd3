/**
 * The product `linux`: the kernel's own IPsec with manual SAs and policies, as RFC 4301 4.5.1 has them, and mobility by hand, driven through
 * ip-xfrm(8). It has no IKE; `strongswan/` adds that on the same kernel.
 */
import type { KernelAdapter } from '../kit/guest-product.ts';
import { linuxDefects } from './defects.ts';
import { render, unsupported } from './render.ts';

export const linux: KernelAdapter = {
  defects: linuxDefects,
  unsupported,
  render,
  version: async (console) => (await console.exec(['ip', '-V'])).output.trim(),
};
