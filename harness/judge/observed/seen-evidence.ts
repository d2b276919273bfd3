/** Evidence for what was seen go by: the frame, and when. */
import type { Evidence } from '../evidence.ts';
import type { Judgement } from '../finding.ts';
import { placeText, type Seen } from '../sightings.ts';

/** An outcome that was reached in these frames, in their order; the first is the one to look at. */
export function seenAt(outcome: string, says: string, ...places: readonly Seen[]): Judgement {
  return { outcome, says, evidence: places.map((seen) => evidenceAt(seen, says)) };
}

export function evidenceAt(seen: Seen, says: string): Evidence {
  return { kind: 'frame', frame: seen.number, says: `${placeText(seen)}: ${says}` };
}
