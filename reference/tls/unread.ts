/** Octets that came and were not read yet. To add some costs what they cost, and to read some costs nothing, however many others there are. */
export class Unread {
  #octets: Uint8Array = new Uint8Array();
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  /** The first so many, which stay what they are, whatever is added. */
  first(octets: number): Uint8Array {
    return this.#octets.subarray(this.#from, Math.min(this.#from + octets, this.#to));
  }

  read(octets: number): void {
    this.#from += octets;
  }

  add(octets: Uint8Array): void {
    if (this.#to + octets.length > this.#octets.length) {
      const larger = new Uint8Array(2 * (this.length + octets.length));
      larger.set(this.first(this.length));
      [this.#octets, this.#from, this.#to] = [larger, 0, this.length];
    }
    this.#octets.set(octets, this.#to);
    this.#to += octets.length;
  }
}
