/** A recorded run for whoever may not read bundles itself, the reports above all. */
import { readBundle } from '../capture/bundle.ts';
import type { Transcript } from '../capture/transcript.ts';

/** The transcript and the product's log in the bundle of this folder. Throws `DamagedBundle`. */
export function recordedRun(folder: string): { readonly transcript: Transcript; readonly log: string } {
  const { transcript, log } = readBundle(folder);
  return { transcript, log };
}
