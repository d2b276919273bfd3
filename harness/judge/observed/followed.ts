/** Conversations by name, as many at a time as may be; of more the one that has been silent for longest ends. */
export class Followed<Conversation> {
  /** Those that spoke last stand last. */
  readonly #byName = new Map<string, Conversation>();
  readonly #most: number;
  readonly #ends: (conversation: Conversation) => void;
  /** How many ended because of others. */
  givenWay = 0;
  #latest: string | undefined;

  constructor(most: number, ends: (conversation: Conversation) => void) {
    this.#most = most;
    this.#ends = ends;
  }

  /** The one of this name, which has spoken now. */
  at(name: string): Conversation | undefined {
    const known = this.#byName.get(name);
    if (known === undefined || name === this.#latest || this.#byName.size < this.#most / 2) return known;
    this.#latest = name;
    this.#byName.delete(name);
    this.#byName.set(name, known);
    return known;
  }

  /** From now on, under a name that no other has. */
  follow(name: string, conversation: Conversation): void {
    if (this.#byName.size >= this.#most) {
      const [silent, ended] = this.#byName.entries().next().value!;
      this.#byName.delete(silent);
      this.givenWay++;
      this.#ends(ended);
    }
    this.#byName.set(name, conversation);
  }

  all(): Iterable<Conversation> {
    return this.#byName.values();
  }

  /** All of them. */
  end(): void {
    for (const each of this.#byName.values()) this.#ends(each);
    this.#byName.clear();
  }
}
