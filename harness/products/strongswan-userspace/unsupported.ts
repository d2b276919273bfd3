/** What libipsec does not do, in the words of its log or of its source (strongSwan 5.9). */
import type { ChildConfiguration, NodeConfiguration } from '../../lab/node.ts';
import { WINDOW } from './state.ts';

/** Undefined where it does all that the configuration asks. Pure. */
export function unsupportedByLibipsec({ ike, spd, unmatched, mobility }: NodeConfiguration): string | undefined {
  if (mobility) return 'kernel-libipsec has its SAs in user space, where the policies of Mobile IPv6 are not';
  if (spd.some(({ action }) => typeof action !== 'object') || unmatched === 'DISCARD')
    return 'libipsec, of policies that bypass or discard: "we ignore these policies as we currently have no use for them"';
  return ike
    .flatMap(({ children }) => children)
    .map(childUnsupported)
    .find(Boolean);
}

function childUnsupported(child: ChildConfiguration): string | undefined {
  const { mode, protocol, proposals, replayWindow, start, dontFragment } = child;
  if (protocol === 'AH') return 'libipsec: "IPsec SA: protocol not supported" (AH)';
  if (mode === 'transport') return 'libipsec: "IPsec SA: unsupported mode" (transport)';
  if (proposals.some(({ extendedSequenceNumbers }) => extendedSequenceNumbers?.every(Boolean)))
    return 'libipsec: "IPsec SA: ESN not supported"';
  if (start === 'trap')
    return 'libipsec: "could not find an outbound IPsec SA […], dropping packet": it asks for none when a packet wants one';
  if (dontFragment === 'clear') return 'libipsec sends by a socket, and is told nothing of the DF bit';
  if (replayWindow !== undefined && (replayWindow === 0 || replayWindow > WINDOW))
    return `libipsec has one window for all SAs, of ${WINDOW} packets`;
  return undefined;
}
