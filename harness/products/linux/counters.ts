/** What a Linux kernel counts: IPsec in /proc/net/xfrm_stat, what IPv6 refuses before IPsec is asked in /proc/net/snmp6. */

/** Name and value, whatever names the kernel has. */
export function countersIn(text: string): Record<string, number> {
  return Object.fromEntries([...text.matchAll(/^(\w+)\s+(\d+)$/gm)].map(([, name, value]) => [name!, Number(value)]));
}

/** Of /proc/net/snmp6: packets that IPv6 refused on arrival, each kind by its name in RFC 4293. */
export function refusalsIn(text: string): Record<string, number> {
  const refusals = Object.entries(countersIn(text)).filter(([name]) => arrivalRefused.test(name));
  return Object.fromEntries(refusals);
}

const arrivalRefused = /^Ip6In(HdrErrors|AddrErrors|UnknownProtos|TruncatedPkts|NoRoutes|Discards)$/;
