/** What the verbs of the node under test do. Its answers come from the tester, so a probe of its own is waited for only until it is sent. */
import { type Acting, type Cast, patience } from './acting.ts';
import type { Orders } from './orders.ts';
import type { Tested } from './verbs.ts';

export function testedVerbs({ lab, nodeUnderTest }: Cast, orders: Orders, acting: Acting): Tested {
  return {
    echo: (name, options = {}) => acting.nutDoes(name, orders.echo('nut', name, options), acting.sent(name, options)),
    udp: (name, options = {}) => {
      const wait = options.setsOffIke ? acting.settled(name) : acting.sent(name, options);
      return acting.nutDoes(name, orders.udp('nut', name, options), wait);
    },
    syn: (name, options = {}) => acting.nutDoes(name, orders.syn('nut', options), acting.sent(name, options)),
    initiates: (name, child = orders.firstChild('nut')) =>
      acting.nutDoes(name, { kind: 'initiate', ...child }, acting.settled(name)),
    rekeysChild: (name, child = orders.firstChild('nut')) =>
      acting.nutDoes(name, { kind: 'rekey-child', ...child }, acting.settled(name)),
    rekeysIke: (name, { connection } = orders.firstChild('nut')) =>
      acting.nutDoes(name, { kind: 'rekey-ike', connection }, acting.settled(name)),
    closesChild: (name, child = orders.firstChild('nut')) =>
      acting.nutDoes(name, { kind: 'close-child', ...child }, acting.settled(name)),
    closes: (name, { connection } = orders.firstChild('nut')) =>
      acting.nutDoes(name, { kind: 'close', connection }, acting.settled(name, patience.settle)),
    reports: async (name) => lab.recordState(name, 'nut', await nodeUnderTest.state()),
  };
}
