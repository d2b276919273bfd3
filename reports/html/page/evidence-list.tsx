/** What a verdict points at, each a way to the place in the recording. */
import type { Evidence } from '../../../harness/judge/evidence.ts';
import type { FramePlace } from './route.ts';

interface EvidenceListProps {
  readonly evidence: readonly Evidence[];
  readonly move: (at: FramePlace) => void;
  readonly inline?: boolean;
}

export function EvidenceList({ evidence, move, inline = false }: EvidenceListProps) {
  if (evidence.length === 0) return null;
  return (
    <ul class={inline ? 'evidence inline' : 'evidence'}>
      {evidence.map((each, i) => (
        <li key={i}>
          <button type="button" class="jump" onClick={() => jump(each, move)}>
            {placeOf(each)}
          </button>{' '}
          {each.says}
        </li>
      ))}
    </ul>
  );
}

function placeOf(each: Evidence): string {
  switch (each.kind) {
    case 'frame':
      return each.octets
        ? `frame ${each.frame}, ${each.octets.buffer} ${each.octets.start}–${each.octets.end - 1}`
        : `frame ${each.frame}`;
    case 'silence':
      return `silence, frames ${each.after} to ${each.before}`;
    case 'state':
      return each.path ? `state, ${each.path}` : 'state';
    case 'probe':
      return 'probe';
    case 'ended':
      return 'its end';
  }
}

function jump(each: Evidence, move: (at: FramePlace) => void): void {
  if (each.kind === 'frame') move({ frame: each.frame, ...each.octets });
  else if (each.kind === 'silence') move({ frame: each.after });
  else show(each.place);
}

function show(place: number): void {
  const row = document.getElementById(`place-${place}`);
  row?.scrollIntoView({ block: 'center' });
  row?.querySelector('details')?.setAttribute('open', '');
}
