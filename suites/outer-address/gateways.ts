/**
 * The setting of this suite: two security gateways with tunnel SAs between them, keyed by hand or by IKEv2 in either role of the node
 * under test. `establish` brings the SAs about; with manual keys there is nothing to do.
 */
import { childBetween, negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import { type Family, manualGateways, tunnelPair } from '../../harness/vocabulary/intent.ts';
import type { Account, Control } from '../../harness/vocabulary/judging.ts';
import { cause, post } from '../../harness/vocabulary/judging.ts';
import { innerPrefixes } from '../../harness/vocabulary/places.ts';
import type { ChildName, Stage } from '../../harness/vocabulary/stage.ts';

export const keyings = ['manual', 'ikev2', 'ikev2-nut-initiates'] as const;
export type Keying = (typeof keyings)[number];

export interface Families {
  readonly inner: Family;
  readonly outer: Family;
}

/** A tunnel between all of both networks; IPv4 in IPv4 unless told otherwise. Only manual SAs can be told to use UDP. */
export function gateways(
  keying: Keying,
  {
    inner = 'ipv4',
    outer = 'ipv4',
    encapsulation = false,
  }: Partial<Families> & { readonly encapsulation?: boolean } = {},
) {
  return keying === 'manual'
    ? manualGateways(inner, [tunnelPair(peering.child, { inner, outer }, { encapsulation })])
    : negotiated({ mode: 'tunnel', family: outer, innerFamily: inner });
}

/** Two tunnels between the same gateways, each for one half of the network behind the tester, told apart by nothing but that. */
export const halves = { one: '10.2.0.0/25', two: '10.2.0.128/25' } as const;
export type Half = keyof typeof halves;

export function gatewaysOfHalves(keying: Keying) {
  const names = Object.keys(halves) as Half[];
  const local = innerPrefixes.nut.ipv4;
  if (keying !== 'manual') {
    const children = names.map((name) => childBetween(name, 'tunnel', { local, remote: halves[name] }));
    return negotiated({ mode: 'tunnel', children });
  }
  const pairs = names.map((name, place) =>
    anySaServes(
      tunnelPair(
        name,
        { inner: 'ipv4', outer: 'ipv4' },
        { spi: 0x1000 + 0x10 * place, selector: { remote: halves[name] } },
      ),
    ),
  );
  return manualGateways('ipv4', pairs);
}

/** The tester's outbound SA of a tunnel. */
export function outboundSa(keying: Keying, child: string = peering.child): string {
  return keying === 'manual' ? `${child}-in` : `${peering.connection}/${child}`;
}

/** By IKEv2, whoever is to begin, child after child. */
export async function establish(
  { tn, nut }: Stage,
  keying: Keying,
  children: readonly string[] = [peering.child],
): Promise<void> {
  if (keying === 'manual') return;
  for (const child of children) {
    const name: ChildName = { connection: peering.connection, child };
    await (keying === 'ikev2' ? tn : nut).initiates(`establish ${child}`, name);
    // Whoever began has heard the answer only when something came through.
    await tn.echo(`after ${child}`);
  }
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

/** SPD entries that name no SA take any that fits, so that only its selectors keep one SA's traffic from another. */
function anySaServes<Pair extends ReturnType<typeof tunnelPair>>(pair: Pair): Pair {
  const { action, ...entry } = pair.entry;
  if (typeof action !== 'object') return pair;
  const { securityAssociations: _named, ...unnamed } = action;
  return { ...pair, entry: { ...entry, action: unnamed } };
}
