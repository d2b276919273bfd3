/**
 * Who computes for a lab's reference hosts. Against a product, noble, which shares no code with it. On the virtual clock there is no product to be
 * independent of: node:crypto computes the same octets many times as fast.
 */
import type { Provider } from '../../reference/transforms/cipher.ts';
import type { Lab } from './lab.ts';

export function providerIn({ clock }: Pick<Lab, 'clock'>): Provider {
  return clock.kind === 'virtual' ? 'node' : 'noble';
}
