/**
 * What a lab chooses for the IKE of its reference hosts. Against a product, noble computes, which shares no code with it. On the virtual clock
 * there is no product to be independent of: node:crypto computes the same octets, and a self-test of hundreds of handshakes takes seconds.
 */
import type { HostOptions } from '../../reference/host/host.ts';
import type { Lab } from './lab.ts';

export function choicesIn(lab: Pick<Lab, 'clock'>): NonNullable<HostOptions['ikeChoices']> {
  return lab.clock.kind === 'virtual' ? { provider: 'node' } : {};
}
