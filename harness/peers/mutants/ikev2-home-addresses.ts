/** Broken twins of IKEv2 where it is asked for SAs of an address that it does not run over (RFC 4877 sections 4.4 and 7.3). */
import { hostsOfPath, sameHosts } from '../../../reference/ikev2/transport-hosts.ts';
import { mutant, type NodeMutant } from '../mutant.ts';
import { carriesWhateverArrives } from './ipsec-addresses.ts';

export const wantsHostsOfIke = mutant(
  'wantsHostsOfIke',
  'ikev2',
  'transportHostsAcceptable',
  'transport mode is host to host, and the hosts are taken to be those that IKE runs between, whatever the policy permits',
  () => (hosts, path) => sameHosts(hosts, hostsOfPath(path)),
);

export const keepsHostsOfIke = mutant(
  'keepsHostsOfIke',
  'ikev2',
  'transportEnds',
  'the addresses of an SA are copied from the IKE SA, in transport mode as in tunnel mode',
  () => (_hosts, path) => hostsOfPath(path),
);

export const asksForCareOfAddress = mutant(
  'asksForCareOfAddress',
  'ikev2',
  'transportOffer',
  'transport mode takes the address of its socket for the local selector, and that is the care-of address',
  () =>
    ({ local, remote }, { localAddress }) => ({
      local: local.map((selector) => ({ ...selector, startAddress: localAddress, endAddress: localAddress })),
      remote,
    }),
);

export const answersWhereIkeBegan = mutant(
  'answersWhereIkeBegan',
  'ikev2',
  'responsePath',
  'the addresses of an IKE SA are those that it began with, and every message is sent there',
  () => (_request, established) => established,
);

export const followsEveryRequest = mutant(
  'followsEveryRequest',
  'ikev2',
  'requestPath',
  'the peer is taken to be where its last request came from, as if MOBIKE had been agreed on',
  () => (request) => request,
);

const takesAnySaForHomeAddress = mutant(
  'takesAnySaForHomeAddress',
  'mobility',
  'registrationOfItsHomeAddress',
  'that an update came under some SA is all that IPsec tells Mobile IPv6',
  () => () => true,
);

/** Two rules at once, because either alone is enough to tell: nobody asks whose keys they are. */
export const trustsWhoeverHasKeys: NodeMutant = {
  name: 'trustsWhoeverHasKeys',
  rule: takesAnySaForHomeAddress.rule,
  says: 'what decrypts is authentic, and whose it is stands in it',
  apply: (rules) => carriesWhateverArrives.apply(takesAnySaForHomeAddress.apply(rules)),
};
