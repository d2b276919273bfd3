/** What the testing node's verbs do. */
import type { Acting, Cast } from './acting.ts';
import type { Orders } from './orders.ts';
import type { Tester } from './verbs.ts';

export function testerVerbs(cast: Cast, orders: Orders, acting: Acting): Tester {
  return { ...probes(cast, orders, acting), ...places(cast), ...exchanges(orders, acting) };
}

function probes(
  { lab, testingNode }: Cast,
  orders: Orders,
  acting: Acting,
): Pick<Tester, 'echo' | 'pingInClear' | 'udp' | 'syn' | 'esp' | 'packet'> {
  const hasSa = (name: string) => testingNode.state().sad.some(({ child }) => child === name);
  return {
    echo: (name, options = {}) => acting.tnDoes(name, orders.echo('tn', name, options), acting.answered(name, options)),
    pingInClear: (name, options = {}) =>
      acting.tnDoes(name, orders.echo('tn', name, options, true), acting.answered(name, options)),
    udp: (name, options = {}) => acting.tnDoes(name, orders.udp('tn', name, options, options.inClear)),
    syn: (name, options = {}) =>
      acting.tnDoes(name, orders.syn('tn', options, options.inClear), acting.answered(name, options)),
    esp: async (name, { awaited, unlessRefused, setsOffIke: _, ...order } = {}) => {
      if (unlessRefused !== undefined && !hasSa(order.securityAssociation ?? orders.firstOutbound())) {
        lab.mark(name, 'tn');
        return;
      }
      const carriesEcho = (order.carries ?? 'echo') === 'echo';
      await acting.tnDoes(name, orders.esp(name, order), acting.answered(name, { awaited: awaited ?? carriesEcho }));
    },
    packet: (name, octets, { tamper, awaited = false } = {}) =>
      acting.tnDoes(name, { kind: 'packet', octets, ...(tamper && { tamper }) }, acting.answered(name, { awaited })),
  };
}

function places({ lab, intent, testingNode }: Cast): Pick<Tester, 'movesTo' | 'presents'> {
  return {
    movesTo: async (place) => testingNode.movesTo(place),
    presents: async (connection) => {
      const ike = intent.tn.ike.filter((each) => each.name === connection);
      lab.mark(`presents ${connection}`, 'tn');
      testingNode.configure({ ...intent.tn, ike });
    },
  };
}

function exchanges(
  orders: Orders,
  acting: Acting,
): Pick<Tester, 'initiates' | 'asksForLife' | 'rekeysChild' | 'rekeysIke' | 'closesChild' | 'closes'> {
  return {
    initiates: (name, child = orders.firstChild('tn')) =>
      acting.tnDoes(name, { kind: 'initiate', ...child }, acting.settled(name)),
    asksForLife: (name, { connection } = orders.firstChild('tn'), options = {}) =>
      acting.tnDoes(name, { kind: 'liveness', connection }, acting.informed(name, options)),
    rekeysChild: (name, child = orders.firstChild('tn')) =>
      acting.tnDoes(name, { kind: 'rekey-child', ...child }, acting.settled(name)),
    rekeysIke: (name, { connection } = orders.firstChild('tn')) =>
      acting.tnDoes(name, { kind: 'rekey-ike', connection }, acting.settled(name)),
    closesChild: (name, child = orders.firstChild('tn')) =>
      acting.tnDoes(name, { kind: 'close-child', ...child }, acting.settled(name)),
    closes: (name, { connection } = orders.firstChild('tn')) =>
      acting.tnDoes(name, { kind: 'close', connection }, acting.settled(name)),
  };
}
