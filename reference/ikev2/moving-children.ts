/**
 * The SAs of an IKE SA go where it has gone: other ends, in UDP or not any more, with their keys and counters going on (RFC 4555 section 3.5, RFC 7296 section 2.23). In
 * transport mode SAs are between the hosts of their selectors, and stay, whatever port a NAT gives them.
 */
import type { IkeSa } from './ike-sa.ts';
import type { Path } from './interface.ts';
import { hostsOfPath, hostsOfSelectors, sameHosts } from './transport-hosts.ts';

/** To this path, which is IKE's own unless ESP alone has moved. */
export function moveChildren({ children, nat, surroundings, path: own }: IkeSa, path: Path = own): void {
  const { localAddress: local, localPort, remoteAddress: remote, remotePort } = path;
  for (const { mode, protocol, inboundSpi, outboundSpi, selectors } of children) {
    const isInUdp = protocol === 'ESP' && nat.detected;
    const isThere = sameHosts(hostsOfSelectors(selectors, path), hostsOfPath(path));
    if (mode === 'transport' && !(isInUdp && isThere && surroundings.rules.transportPortsFollow())) continue;
    surroundings.emit({
      kind: 'readdress',
      protocol,
      direction: 'in',
      spi: inboundSpi,
      source: remote,
      destination: local,
      ...(isInUdp && { encapsulation: { sourcePort: remotePort, destinationPort: localPort } }),
    });
    surroundings.emit({
      kind: 'readdress',
      protocol,
      direction: 'out',
      spi: outboundSpi,
      source: local,
      destination: remote,
      ...(isInUdp && { encapsulation: { sourcePort: localPort, destinationPort: remotePort } }),
    });
  }
}
