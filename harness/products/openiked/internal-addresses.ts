/** Addresses behind a gateway (RFC 7296 2.19) in the words of iked.conf(5): `config` gives one out, `request` asks for one, and `dynamic` is the end that has it. */
import type { IkeConnection, InternalAddresses } from '../../lab/node.ts';
import { familyOf, prefixOf } from '../prefix.ts';

/** Lines of a policy; none where nothing is asked or given. */
export function addressLines({ internalAddresses }: IkeConnection): string[] {
  const { asksFor = [], pools = [], nameServers = [] } = internalAddresses ?? {};
  return [
    ...asksFor.map((address) => `request address ${isAny(address) ? 'any' : address}`),
    ...pools.map((pool) => `config address ${poolText(pool)}`),
    ...nameServers.map((address) => `config name-server ${address}`),
    ...(asksFor.length > 0 ? ['iface lo'] : []),
  ];
}

/** Why iked.conf cannot say it; undefined if it can. */
export function internalAddressesUnsupported({ asksFor = [], pools = [] }: InternalAddresses): string | undefined {
  if (asksFor.some((address) => address === '::')) return 'iked.conf(5): request address any is an address of IPv4';
  return pools.every(poolText) ? undefined : 'iked.conf(5): config address is an address, or address/prefix';
}

/** The end of a flow that the client's address takes the place of. */
export const DYNAMIC = 'dynamic';

const isAny = (address: string): boolean => address === '0.0.0.0';

/** iked gives out the addresses of the prefix from this one on, but for the last, which is that of a broadcast. Undefined where no prefix has just these. */
function poolText([first, last]: readonly [string, string]): string | undefined {
  if (first === last) return prefixOf(first);
  const [separator, radix, width, most] =
    familyOf(first) === 'ipv4' ? (['.', 10, 32, 8] as const) : ([':', 16, 128, 16] as const);
  const split = (address: string) => {
    const end = address.lastIndexOf(separator) + 1;
    return { head: address.slice(0, end), host: Number.parseInt(address.slice(end), radix) };
  };
  const [one, other] = [split(first), split(last)];
  if (one.head !== other.head) return undefined;
  for (let bits = 2; bits <= most; bits++) {
    const size = 2 ** bits;
    const network = one.host - (one.host % size);
    if (one.host > network && other.host === network + size - 2) return `${first}/${width - bits}`;
  }
  return undefined;
}
