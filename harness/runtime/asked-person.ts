/** A person who is shown a page, and presses a key when what is on it is done. */
import { HarnessFault } from '../lab/harness-fault.ts';
import { aborted } from './program.ts';

/** Resolves with the line that was typed: nothing, or a reason why it cannot be done. Rejects with `HarnessFault` `aborted`, or `nobody-there` when the input has ended. */
export async function askedPerson(page: string, tell: (text: string) => void, signal?: AbortSignal): Promise<string> {
  if (signal?.aborted) throw aborted();
  tell(`\n${page}\nPress Enter when the device is so. If it cannot be, type why not, and Enter.`);
  const { stdin } = process;
  let typed = '';
  return await new Promise<string>((resolve, reject) => {
    const over = (act: () => void) => (): void => {
      stdin.off('data', hears).off('end', gone);
      stdin.pause();
      signal?.removeEventListener('abort', stop);
      act();
    };
    const hears = (text: string): void => {
      typed += text;
      if (typed.includes('\n') || typed.length > MOST_TYPED) over(() => resolve(typed.split('\n')[0]!.trim()))();
    };
    const gone = over(() =>
      reject(new HarnessFault('nobody-there', 'the device wants a person, and the input has ended')),
    );
    const stop = over(() => reject(aborted()));
    stdin.setEncoding('utf8').on('data', hears).on('end', gone);
    if (stdin.readableEnded) gone();
    else stdin.resume();
    signal?.addEventListener('abort', stop, { once: true });
  });
}

const MOST_TYPED = 4096;
