/** What a thread beside the command line runs, from the sources as from what npm unpacked: its work, handed the composition. */
import { threadWork } from '../harness/commands/thread-work.ts';
import { helps } from '../harness/threads/helping.ts';
import { composition } from './composition.ts';

await helps(threadWork(composition));
