/** What one release of Debian has of strongSwan and another has not: how it was built, and which version it is. */
import type { NodeConfiguration } from '../../lab/node.ts';
import type { OtherRelease } from '../../runtime/release.ts';

/** Undefined where the release has all that the configuration asks. Pure. */
export function unsupportedInRelease(
  { ike }: NodeConfiguration,
  release: OtherRelease | undefined,
): string | undefined {
  const additional = ike.flatMap(({ proposals, children }) =>
    [...proposals, ...children.flatMap((child) => child.proposals)].flatMap(({ additionalKeyExchanges = [] }) =>
      additionalKeyExchanges.flat(),
    ),
  );
  if (additional.length === 0) return undefined;
  if (release === undefined) return 'strongSwan 5.9 exchanges keys once: RFC 9370 came with 6.0';
  return release === 'trixie' && additional.some((method) => ML_KEM.has(method))
    ? 'Debian 13 builds strongSwan 6.0.1 without its plugin ml, and its plugin openssl has no ML-KEM yet'
    : undefined;
}

/** 512, 768 and 1024. */
const ML_KEM: ReadonlySet<number> = new Set([35, 36, 37]);
