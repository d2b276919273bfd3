/**
 * A cursor over octets that notes where each field began, so that one reading serves decoding and dissection. A
 * strict reader throws `MalformedOctets` at the first field that cannot be read. A tracing reader builds the tree; in
 * it a fault ends only the innermost window (a region whose length another field declared): the rest of that window
 * becomes one leaf that says why, and reading goes on behind it. That keeps the invariant of `dissection.ts` for any
 * input.
 */
import { type BitDissection, type Dissection, MalformedOctets, type Remark } from './dissection.ts';
import { hex } from './octets.ts';

export class Reader {
  readonly octets: Uint8Array;
  readonly tracing: boolean;
  readonly remarks: Remark[] = [];
  /** The next octet to read. */
  offset: number;
  /** Where the innermost window ends. */
  end: number;
  /** Faults that a tracing reader went past; a value read meanwhile is incomplete. */
  faults = 0;
  private readonly path: string[] = [];
  private readonly open: Draft[] = [];
  private root: Draft | undefined;
  private latest: Draft | undefined;

  constructor(octets: Uint8Array, tracing: boolean, start = 0, end = octets.length) {
    this.octets = octets;
    this.tracing = tracing;
    this.offset = start;
    this.end = end;
  }

  get left(): number {
    return this.end - this.offset;
  }

  /** Claims the next `size` octets for the field `name` and returns the offset at which they start. */
  claim(size: number, name: string): number {
    if (!(size >= 0) || size > this.end - this.offset) this.fault(name, `${size} octets`, `${this.left}`);
    const start = this.offset;
    this.offset += size;
    return start;
  }

  /** Claims octets and returns them: a view of the buffer, not a copy. */
  view(size: number, name: string): Uint8Array {
    const start = this.claim(size, name);
    return this.octets.subarray(start, this.offset);
  }

  fault(name: string, wanted: string, had: string): never {
    throw new MalformedOctets([...this.path, name].join('/'), this.offset, wanted, had);
  }

  /** Notes something odd about the field or structure read last. */
  remark(says: string): void {
    const subject = this.latest;
    this.remarks.push({ where: this.path.join('/'), at: subject?.start ?? this.offset, says });
    if (subject) subject.remark = subject.remark ? `${subject.remark}; ${says}` : says;
  }

  /** Opens a group; every `enter` has its `leave`. */
  enter(name: string, label: string): void {
    this.path.push(name);
    if (!this.tracing) return;
    const node: Draft = { name, label, start: this.offset, end: this.offset, value: '', children: [] };
    this.open.at(-1)?.children.push(node);
    this.root ??= node;
    this.open.push(node);
  }

  leave(value = ''): void {
    this.path.pop();
    const node = this.open.pop();
    if (!node) return;
    node.value = value;
    node.end = this.offset;
    if (node.end === node.start) this.open.at(-1)?.children.pop();
    else this.latest = node;
  }

  /** Adds the leaf that covers the octets from `start` to the cursor, if a tree is being made. */
  leaf(start: number, name: string, label: string, value: string, bits?: readonly BitDissection[]): void {
    if (!this.tracing || start === this.offset) return;
    const node: Draft = { name, label, start, end: this.offset, value, children: [], ...(bits && { bits }) };
    this.open.at(-1)?.children.push(node);
    this.latest = node;
  }

  /** Reads a region of `size` octets, all of which `read` must consume. */
  within(size: number, name: string, read: () => void): void {
    if (!(size >= 0)) this.fault(name, 'a length that covers its own header', `${size} octets beyond it`);
    const outerEnd = this.end;
    if (size > this.left) {
      if (!this.tracing) this.fault(name, `${size} octets`, `${this.left}`);
      this.remark(`cut short: ${size} octets declared, ${this.left} present`);
    }
    this.end = Math.min(this.offset + size, outerEnd);
    if (this.tracing) this.tolerant(name, read);
    else this.whole(name, read);
    this.end = outerEnd;
  }

  /** The finished tree of a tracing reader. */
  tree(): Dissection {
    return this.root!;
  }

  private whole(name: string, read: () => void): void {
    read();
    if (this.left > 0) this.fault(name, 'the end', `${this.left} octets more`);
  }

  /** Groups opened for octets that are not there would be empty; the remark goes to what encloses them. */
  private closeEmptyGroups(kept: number): void {
    while (this.open.length > Math.max(kept, 1) && this.open.at(-1)!.start === this.end) {
      this.open.pop();
      this.open.at(-1)!.children.pop();
    }
  }

  private tolerant(name: string, read: () => void): void {
    const groups = this.open.length;
    const names = this.path.length;
    try {
      this.whole(name, read);
    } catch (fault) {
      if (!(fault instanceof MalformedOctets)) throw fault;
      this.closeEmptyGroups(groups);
      this.abandon(fault);
      for (const node of this.open.splice(groups)) node.end = this.end;
      this.path.length = names;
    }
  }

  /** What the fault left unread becomes one leaf of the innermost group. */
  private abandon(fault: MalformedOctets): void {
    this.faults++;
    const group = this.open.at(-1) ?? this.root!;
    this.latest = group;
    const start = this.offset;
    this.offset = this.end;
    group.end = this.end;
    if (start < this.end) {
      const rest = this.octets.subarray(start, this.end);
      const node: Draft = {
        name: 'unread',
        label: 'Not readable',
        start,
        end: this.end,
        value: briefHex(rest),
        children: [],
      };
      group.children.push(node);
      this.latest = node;
    }
    this.remark(`${fault.where}: wanted ${fault.wanted}, had ${fault.had}`);
  }
}

/** Hexadecimal for people: long octets are cut after 32, with their number. */
export function briefHex(octets: Uint8Array): string {
  if (octets.length <= 32) return hex(octets);
  return `${hex(octets.subarray(0, 32))}… (${octets.length} octets)`;
}

interface Draft extends Dissection {
  end: number;
  value: string;
  remark?: string;
  readonly children: Draft[];
}
