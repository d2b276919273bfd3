/** What is asked of code from outside is waited for, but not for ever: a promise that never comes would end the process, or hold it, with all that was measured. */
import { HarnessFault } from '../lab/harness-fault.ts';
import type { NodeUnderTest } from '../lab/node.ts';

/** The node with every answer that is waited for bounded. Whatever else it has stays as it is. */
export function patientNode<N extends NodeUnderTest>(product: string, node: N): N {
  return new Proxy(node, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const asked = (...words: unknown[]): unknown => member.apply(target, words);
      if (!waitedFor.has(name)) return asked;
      return (...words: unknown[]) =>
        within(`${String(name)} of ${product}`, ANSWER, async () => await asked(...words));
    },
  });
}

const waitedFor: ReadonlySet<PropertyKey> = new Set<keyof NodeUnderTest | 'askedNonsense'>([
  'configure',
  'perform',
  'state',
  'keys',
  'caughtUp',
  'installed',
  'uptime',
  'log',
  'stop',
  'askedNonsense',
]);

/** Rejects with HarnessFault `no-answer` after so many milliseconds of real time. */
export async function within<T>(what: string, milliseconds: number, act: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const says = `${what} did not answer within ${milliseconds / 1000} s`;
    timer = setTimeout(() => reject(new HarnessFault('no-answer', says)), milliseconds);
  });
  try {
    return await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds: as long as a lab lasts. */
const ANSWER = 120_000;
