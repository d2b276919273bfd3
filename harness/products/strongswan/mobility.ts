/**
 * Mobile IPv6 beside charon: swanctl.conf(5) knows none of it, and a policy that charon writes has no place for it. So charon is told to leave policies alone
 * (`policies = no`) and to negotiate SAs under a reqid; the policies are written with `ip xfrm`, as for the kernel alone (`linux/mobility.ts`), with the
 * templates that let a home address option pass beside IPsec.
 */
import type { NodeConfiguration } from '../../lab/node.ts';
import { mobilityUnsupported as unsupportedByLinux } from '../linux/mobility.ts';
import { requestIds } from '../linux/render.ts';

/** Why these two cannot be told this; undefined if they can, or there is nothing to be told. Pure. */
export function mobilityUnsupported(configuration: NodeConfiguration): string | undefined {
  const { ike, spd, mobility } = configuration;
  if (!mobility) return undefined;
  const requests = requestIds(spd);
  const alone = ike.flatMap(({ name, children }) =>
    children.filter((child) => !requests.has(`${name}/${child.name}`)).map((child) => child.name),
  );
  if (alone.length > 0) return `${alone.join(', ')}: with policies = no an SA needs an entry that names it`;
  return unsupportedByLinux(configuration);
}
