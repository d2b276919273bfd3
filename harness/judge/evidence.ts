/** What a verdict points at: a frame (with an octet range in the wire or in a decrypted buffer), a silence between two frames, a state reply, a mark, or the end of a program. */

export type Evidence =
  | { readonly kind: 'frame'; readonly frame: number; readonly octets?: OctetRange; readonly says: string }
  | { readonly kind: 'silence'; readonly after: number; readonly before: number; readonly says: string }
  | { readonly kind: 'state'; readonly place: number; readonly path?: string; readonly says: string }
  | { readonly kind: 'probe'; readonly place: number; readonly says: string }
  | { readonly kind: 'ended'; readonly place: number; readonly says: string };

/** `buffer` is `wire` for the frame itself, or the name of a buffer opened from it (`esp 0x00001001`, `SK`). Half-open. */
export interface OctetRange {
  readonly buffer: string;
  readonly start: number;
  readonly end: number;
}
