/**
 * The setting of this suite: two security gateways with tunnel SAs between them, from wherever the keys come, and what must not explain a loss.
 */
import type { Account, Control } from '../../harness/vocabulary/judging.ts';
import { cause, post } from '../../harness/vocabulary/judging.ts';
import { type Keying, keyedGateways, protect } from '../../harness/vocabulary/keying.ts';
import { type Families, type PairOptions, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import type { ProtectingSuite } from '../../harness/vocabulary/transforms.ts';

/** The only tunnel, where there is only one. */
export const TUNNEL = 'all';

/** A tunnel between all of both networks; IPv4 in IPv4 unless told otherwise. */
export function gateways(
  keying: Keying,
  { inner = 'ipv4', outer = 'ipv4', ...options }: Partial<Families> & Pick<PairOptions, 'encapsulation' | 'suite'> = {},
) {
  const families = { inner, outer };
  return keyedGateways(keying, families, [tunnelPair(TUNNEL, families, options)]);
}

/** Two tunnels between the same gateways, each for one half of the network behind the tester, told apart by nothing but that. */
export const halves = { one: '10.2.0.0/25', two: '10.2.0.128/25' } as const;
export type Half = keyof typeof halves;

/** Their entries take any SA that fits, so that only its selectors keep one SA's traffic from another. */
export function gatewaysOfHalves(keying: Keying, suite?: ProtectingSuite) {
  const families = { inner: 'ipv4', outer: 'ipv4' } as const;
  const pairs = (Object.keys(halves) as Half[]).map((name, place) =>
    tunnelPair(name, families, {
      spi: 0x1000 + 0x10 * place,
      selector: { remote: halves[name] },
      ...(suite && { suite }),
    }),
  );
  return keyedGateways(keying, families, pairs, { policy: pairs.map((pair) => protect(pair, 'any')) });
}

/** Nothing but what is asked explains a loss: every packet was authentic, and none came twice. */
export function intact(t: Account, report: string): readonly Control[] {
  return [
    cause(
      'no integrity failure was counted',
      t.reported(report, 'sad', 'no integrity failure', ({ sad }) => sad.every((sa) => sa.integrityFailures === 0)),
    ),
    cause(
      'no replay was counted',
      t.reported(report, 'sad', 'no replay', ({ sad }) => sad.every((sa) => sa.replayFailures === 0)),
    ),
    post(
      'an SA is still there',
      t.reported(report, 'sad', 'an SA', ({ sad }) => sad.length > 0),
    ),
  ];
}
