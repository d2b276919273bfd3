/**
 * What becomes of one flow under a policy: RFC 4301 4.4.1 knows three fates. The flow is UDP from or to one port of the tester. Inbound
 * it comes in clear and under ESP, and which of the two reaches the sink tells the fate; outbound the node is asked to send. Echoes have
 * an entry and SAs of their own above all others: they prove that the node is alive, and that ESP works. Keyed by hand there are SAs for
 * the flow even where no entry protects it; IKE brings none then, and the flow comes in clear alone.
 */

import type { Account, Control, Finding, Judgement } from '../../harness/vocabulary/judging.ts';
import { both, post, pre } from '../../harness/vocabulary/judging.ts';
import {
  establish,
  establishing,
  type Keying,
  keyedHosts,
  protect,
  type Ruling,
} from '../../harness/vocabulary/keying.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, type Part, pass } from '../../harness/vocabulary/question.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';

export const fates = ['protected', 'bypassed', 'discarded'] as const;
export type Fate = (typeof fates)[number];
export type FlowDirection = 'inbound' | 'outbound';

/** What the node under test is to the flow. */
export const partOf = (direction: FlowDirection): Part => (direction === 'inbound' ? 'receiver' : 'sender');

/** The tester's port of the flow. */
export const flowPort = 7_777;

const life = transportPair('life', 'ipv4', { spi: 0x3000, selector: { protocol: protocols.ICMP } });

/** One entry of the policy under test, for UDP between the two hosts; one at most protects. */
export interface FlowRuling {
  readonly action: 'BYPASS' | 'DISCARD' | 'PROTECT';
  /** Only this port of the tester, or these. */
  readonly port?: number | readonly [first: number, last: number];
}

/** In this order, below the entry for echoes. */
export function ruled(
  keying: Keying,
  rulings: readonly FlowRuling[],
  unmatched: 'BYPASS' | 'DISCARD' = 'BYPASS',
): ReturnType<typeof keyedHosts> {
  const entries = rulings.map((ruling, place): Ruling => {
    if (ruling.action === 'PROTECT') return protect(flowUnder(ruling));
    const { selector } = flowUnder(ruling);
    return { name: `${place + 1}-${ruling.action}`, direction: 'both', selector, action: ruling.action };
  });
  const flows = rulings.filter(({ action }) => action === 'PROTECT').map(flowUnder);
  const unserved = flows.length === 0 && keying === 'manual' ? [flowUnder({ action: 'PROTECT' })] : [];
  return keyedHosts(keying, 'ipv4', [life, ...flows, ...unserved], { policy: [protect(life), ...entries], unmatched });
}

export async function playFate(
  stage: Stage,
  direction: FlowDirection,
  keying: Keying,
  rulings: readonly FlowRuling[],
): Promise<void> {
  const { tn, nut } = stage;
  const isProtected = rulings.some(({ action }) => action === 'PROTECT');
  await establish(stage, keying, isProtected ? [life.name, FLOW] : [life.name]);
  await tn.echo('before');
  if (direction === 'inbound') {
    await tn.udp('clear', { sourcePort: flowPort, inClear: true });
    if (isProtected || keying === 'manual')
      await tn.esp('sealed', { under: FLOW, carries: 'udp', sourcePort: flowPort });
    await tn.echo('after');
    await nut.reports('received');
  } else {
    await nut.udp('datagram', { destinationPort: flowPort, awaited: false });
    await tn.echo('after');
  }
}

/** Where an entry protects the flow and IKE was asked for its SAs, they have to be there before anything can be said. */
export function fateControls(t: Account, keying: string, rulings: readonly FlowRuling[]): readonly Control[] {
  const negotiated = keying !== 'manual' && rulings.some(({ action }) => action === 'PROTECT');
  return [
    ...(negotiated ? [pre('the SAs of the flow were agreed on', flowAgreed(t))] : []),
    pre('an echo goes under ESP both ways', t.answered('before')),
    post('an echo goes under ESP both ways again', t.answered('after')),
  ];
}

/** And kept: what is answered with other selectors than were asked for, its initiator deletes (RFC 7296 2.9). */
function flowAgreed(t: Account): Finding | undefined {
  const isDeleted = ['nut', 'tn'].some((by) => t.ike.deletions(by, establishing(FLOW)).length > 0);
  return isDeleted ? undefined : t.ike.childAgreed(establishing(FLOW));
}

export function judgeFate(t: Account, direction: FlowDirection): Judgement | undefined {
  if (direction === 'outbound')
    return (
      t.sentUnder('datagram', 'clear')?.as('bypassed') ??
      t.sentUnder('datagram', 'esp')?.as('protected') ??
      t.unsent('datagram', 'after')?.as('discarded')
    );
  const notInClear = t.undelivered('clear', 'after', 'received');
  const noneSealed = t.mark('sealed') === undefined ? notInClear : t.undelivered('sealed', 'after', 'received');
  return (
    t.delivered('clear', 'received')?.as('bypassed') ??
    both(t.delivered('sealed', 'received'), notInClear)?.as('protected') ??
    both(notInClear, noneSealed)?.as('discarded')
  );
}

/** Where no entry is found and the rest is discarded, what came under ESP is still let in; nothing comes so where IKE was asked for no SA. */
export function fateOfDiscardedRest(direction: string, keying: string): Fate {
  return direction === 'inbound' && keying === 'manual' ? 'protected' : 'discarded';
}

/** The reading of a document that wants this fate and no other. */
export function only(fate: Fate) {
  return {
    protected: fate === 'protected' ? pass : fail,
    bypassed: fate === 'bypassed' ? pass : fail,
    discarded: fate === 'discarded' ? pass : fail,
  };
}

/** The pair that a ruling protects, or would. */
function flowUnder({ port }: FlowRuling) {
  return transportPair(FLOW, 'ipv4', {
    selector: {
      protocol: protocols.UDP,
      ...(port !== undefined && { remotePort: port }),
    },
  });
}

const FLOW = 'flow';
