/** What is said between the thread that leads and one that helps: places of a list that both made for themselves, and what came of each. */

/** To the helper: work on this place. */
export interface Errand {
  readonly place: number;
}

/** From the helper: it is ready, or it is done with what it was sent for. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly place: number; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly place: number; readonly says: string };

/** What works on one place after the other. */
export interface Worker<Answer> {
  /** Resolves when it could take a place. Rejects when it never will. */
  readonly ready: Promise<void>;
  /** One at a time. */
  works(place: number): Promise<Answer>;
}
