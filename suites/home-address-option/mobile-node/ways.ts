/** Which way a packet of the mobile node went, for this folder's scenarios: in the tunnel to the home agent, straight with a home address option, or as at home. */
import type { OpenedFrame } from '../../../harness/vocabulary/judging.ts';
import { homeAddressesIn } from '../../../reference/wire/ip/home-addresses.ts';

export interface Way {
  readonly way: 'direct' | 'tunnel' | 'plain';
  /** As whoever it was for sees it. */
  readonly source: string;
}

export function wayOfFrame({ packets }: OpenedFrame): Way {
  const [outermost, inner] = packets.map(({ packet }) => packet);
  const source = outermost?.source ?? '';
  if (outermost?.version !== 6) return { way: 'plain', source };
  if (outermost.protocol === IPV6) return { way: 'tunnel', source: inner?.source ?? source };
  const [homeAddress] = homeAddressesIn(outermost);
  return homeAddress === undefined ? { way: 'plain', source } : { way: 'direct', source: homeAddress };
}

const IPV6 = 41;
