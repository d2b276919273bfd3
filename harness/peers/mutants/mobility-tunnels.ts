/** Broken twins of whoever puts packets into tunnels (RFC 2473 section 8). */
import { mutant } from '../mutant.ts';

export const keepsTunnelErrors = mutant(
  'keepsTunnelErrors',
  'mobility',
  'tunnelErrorRelayed',
  'what becomes of a tunnel packet is told to nobody else',
  () => () => undefined,
);

export const relaysEveryTunnelError = mutant(
  'relaysEveryTunnelError',
  'mobility',
  'tunnelErrorRelayed',
  'every error about a tunnel packet makes the original unreachable',
  () => () => ({ kind: 'address-unreachable' }),
);

export const relaysForEveryTunnel = mutant(
  'relaysForEveryTunnel',
  'mobility',
  'tunnelIsOurs',
  'an error is relayed whatever tunnel it is about',
  () => () => true,
);

export const putsAllIntoTunnels = mutant(
  'putsAllIntoTunnels',
  'mobility',
  'tunnelTakes',
  'a packet of any length goes into a tunnel, which is cut',
  () => () => true,
);
