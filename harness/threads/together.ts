/** Places of a list shared out among workers: each takes the next when it is free. */
import type { Worker } from './errand.ts';

/** The answers in the order of the places. Rejects with the first fault of a worker; one that is not ready by the end, or never will be, is done without. */
export async function together<Answer>(
  count: number,
  workers: readonly Worker<Answer>[],
  told: (done: number) => void = () => {},
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let ends = (): void => {};
  const end = new Promise<void>((resolve) => {
    ends = resolve;
  });
  let next = 0;
  let done = 0;
  if (count === 0) ends();
  await Promise.all(
    workers.map(async (worker) => {
      if (!(await isReadyBefore(worker, end))) return;
      while (next < count) {
        const place = next++;
        answers[place] = await worker.works(place);
        told(++done);
        if (done === count) ends();
      }
    }),
  );
  return answers;
}

/** False where it never gets ready, or too late to matter. */
export async function isReadyBefore({ ready }: Pick<Worker<unknown>, 'ready'>, end: Promise<void>): Promise<boolean> {
  const isReady = ready.then(
    () => true,
    () => false,
  );
  return await Promise.race([isReady, end.then(() => false)]);
}
