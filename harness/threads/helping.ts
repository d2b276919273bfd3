/** The inside of a thread that helps: it makes its list from the order, says that it is ready, and works on the places that it is sent. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Errand, Report } from './errand.ts';

/** Never returns an answer that cannot be cloned: what `prepare` gives is asked for plain data. A fault of one place costs that place. */
export async function helps(prepare: (order: unknown) => Promise<(place: number) => Promise<unknown>>): Promise<void> {
  const port = parentPort;
  if (!port) throw new TypeError('this module is for a thread');
  const say = (report: Report): void => port.postMessage(report);
  const work = await prepare(workerData);
  port.on('message', async ({ place }: Errand) => {
    try {
      say({ kind: 'done', place, answer: await work(place) });
    } catch (fault) {
      say({ kind: 'failed', place, says: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) });
    }
  });
  say({ kind: 'ready' });
}
