/** Broken twins at the seam between IPsec and key management: what leaves while there is no SA, and what IKE itself leaves by. */
import { mutant } from '../mutant.ts';

export const leaksWithoutSa = mutant(
  'leaksWithoutSa',
  'ipsec',
  'withoutSa',
  'opportunistic: better in clear than not at all, until somebody else brings an SA',
  () => () => 'bypass',
);

export const protectsIke = mutant(
  'protectsIke',
  'ipsec',
  'bypassesAsIke',
  'IKE has no entry of its own, so a policy for everything waits for an SA that only IKE could bring',
  () => () => false,
);

export const bypassesIkePorts = mutant(
  'bypassesIkePorts',
  'ipsec',
  'bypassesAsIke',
  'the bypass is a packet filter on the port numbers, whoever sends from them or to them',
  () =>
    ({ flow }) =>
      flow.protocol === 17 && [flow.localPort, flow.remotePort].some((port) => port === 500 || port === 4500),
);

export const knowsIkeByItsHeader = mutant(
  'knowsIkeByItsHeader',
  'ipsec',
  'ikeMessageIn',
  'what says IKEv2 where IKE says its version is IKE, with a marker before it or without',
  (lawful) => (datagram, port) => lawful(datagram, port) ?? (datagram[17] === 0x20 ? datagram : undefined),
);

export const expectsMarkersAnywhere = mutant(
  'expectsMarkersAnywhere',
  'ipsec',
  'ikeMessageIn',
  'four zero octets are taken off wherever they are, on whichever port',
  (lawful) => (datagram, port) => lawful(datagram, 4500) ?? lawful(datagram, port),
);
