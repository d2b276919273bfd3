/** Paths that the command line names. */
import { FileFault } from '../files/file-fault.ts';
import { UsageFault } from '../usage-fault.ts';

/** What is done with the path that this option names; what is wrong with it is said with the option. A fault of the machine stays one. */
export function named<T>(option: string, act: () => T): T {
  try {
    return act();
  } catch (fault) {
    if (!(fault instanceof FileFault || fault instanceof UsageFault)) throw fault;
    if (fault instanceof FileFault && fault.ofMachine) throw fault;
    throw new UsageFault(`${option} ${fault.message}`, { cause: fault });
  }
}
