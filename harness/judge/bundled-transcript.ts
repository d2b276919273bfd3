/**
 * The transcript that a bundle holds, in the types that judgements speak. `readBundle` has checked every field that a judgement
 * rests on (`harness/capture/case-document.ts`); what lies deeper in the intent and in commands was written by a run and is taken as it stands.
 */
import type { Bundle } from '../capture/bundle.ts';
import type { Transcript } from './transcript.ts';

export function transcriptOf(bundle: Bundle): Transcript {
  return bundle.transcript as Transcript;
}
