/** What the verbs of a tested party do. Where a tester answers, a probe of its own is waited for only until it is sent. */
import { places } from '../lab/topologies.ts';
import type { Acting } from './acting.ts';
import { type Ensemble, type Player, patience } from './ensemble.ts';
import type { Orders } from './orders.ts';
import type { Tested } from './verbs.ts';

export function testedVerbs(
  me: string,
  { node, plug }: Pick<Extract<Player, { part: 'tested' }>, 'node' | 'plug'>,
  { lab, intent }: Ensemble,
  orders: Orders,
  acting: Acting,
): Tested {
  return {
    movesTo: async (place, name = `moves to ${place}`) => {
      lab.mark(name, me, { kind: 'moves', to: place });
      plug(places[place].link);
    },
    echo: (name, options = {}) => {
      const order = orders.echo(me, name, options);
      return acting.asks(me, name, order, acting.crossed(name, order.to, options));
    },
    udp: (name, options = {}) => {
      const wait = options.setsOffIke ? acting.settled(name) : acting.sent(name, options);
      return acting.asks(me, name, orders.udp(me, name, options), wait);
    },
    syn: (name, options = {}) => {
      const order = orders.syn(me, options);
      return acting.asks(me, name, order, acting.crossed(name, order.to, options));
    },
    initiates: (name, child = orders.firstChild(me), options = {}) => {
      const begun = options.awaited === false && { begun: true as const };
      return acting.asks(me, name, { kind: 'initiate', ...child, ...begun }, acting.settled(name, options));
    },
    rekeysChild: (name, child = orders.firstChild(me), options = {}) =>
      acting.asks(me, name, { kind: 'rekey-child', ...child }, acting.settled(name, options)),
    rekeysIke: (name, { connection } = orders.firstChild(me), options = {}) =>
      acting.asks(me, name, { kind: 'rekey-ike', connection }, acting.settled(name, options)),
    closesChild: (name, child = orders.firstChild(me), options = {}) =>
      acting.asks(me, name, { kind: 'close-child', ...child }, acting.settled(name, options)),
    closes: (name, { connection } = orders.firstChild(me), options = {}) =>
      acting.asks(me, name, { kind: 'close', connection }, acting.settled(name, options, patience.settle)),
    suspends: (name, { connection } = orders.firstChild(me)) =>
      acting.asks(me, name, { kind: 'suspend', connection }, undefined),
    restarts: async (name) => {
      lab.mark(name, me);
      await node.configure(intent.parties[me]!);
    },
    letsPass: async (name, seconds) => {
      lab.mark(name, me);
      await lab.until(() => false, { within: 1000 * seconds });
    },
    hasRun: async (seconds) => {
      const running = await node.uptime?.();
      if (running !== undefined && running < seconds)
        await lab.until(() => false, { within: 1000 * (seconds - running) });
    },
    reports: async (name, { until = () => true, within = patience.packet } = {}) => {
      const end = lab.now() + within;
      let state = await node.state();
      while (lab.now() < end && !until(state, acting.account)) {
        await lab.until(() => false, { within: BETWEEN_ASKINGS });
        state = await node.state();
      }
      await acting.learnsKeys();
      lab.recordState(name, me, state);
    },
  };
}

/** Lab milliseconds between two askings of a node for its state: a product answers the other side before it has tidied up. */
const BETWEEN_ASKINGS = 25;
