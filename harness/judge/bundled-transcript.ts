/**
 * The transcript that a bundle holds, in the types that judgements speak. `readBundle` has checked every field that a judgement
 * rests on (`harness/capture/case-document.ts`); what lies deeper in the intent and in commands was written by a run and is taken as it stands.
 */
import { type Bundle, readBundle } from '../capture/bundle.ts';
import type { Transcript } from '../capture/transcript.ts';

/** The transcript and the product's log in the bundle of this folder. Throws `DamagedBundle`. */
export function recordedRun(folder: string): { readonly transcript: Transcript; readonly log: string } {
  const bundle = readBundle(folder);
  return { transcript: transcriptOf(bundle), log: bundle.log };
}

export function transcriptOf(bundle: Bundle): Transcript {
  return bundle.transcript as Transcript;
}
