/** The inside of a thread that is handed octets (`relay.ts`). */
import { parentPort, type Transferable } from 'node:worker_threads';
import { READY } from './relay.ts';

/** A fault ends the thread: whoever asked does without. */
export function relays<Order, Answer>(work: (order: Order) => Answer, handsOver: (answer: Answer) => Transferable[]) {
  const port = parentPort;
  if (!port) throw new TypeError('this module is for a thread');
  port.on('message', (order: Order) => {
    const answer = work(order);
    port.postMessage(answer, handsOver(answer));
  });
  port.postMessage(READY);
}
