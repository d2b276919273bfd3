/**
 * What reading octets yields beside a value: the tree of fields that people see, the remarks made on the way, and the
 * one error of decoding. Invariant of every tree: its leaves partition the octets it was made from, whether those were
 * good, cut short, flipped or random. Making the tree is `reader.ts`.
 */

/** One field or group of fields. Offsets are octets from the start of the buffer; a node without children is a leaf. */
export interface Dissection {
  /** The field's name in the value (`payloadLength`), or the structure's (`ipv4`). */
  readonly name: string;
  /** The field's name for people, as its document spells it. */
  readonly label: string;
  readonly start: number;
  /** Offset after the last octet. */
  readonly end: number;
  /** What stands there, for people: `50 (ESP)`. */
  readonly value: string;
  /** What is odd about it, where something is. */
  readonly remark?: string;
  /** Named bits of a leaf whose octets hold several fields, most significant first. */
  readonly bits?: readonly BitDissection[];
  readonly children: readonly Dissection[];
}

export interface BitDissection {
  readonly name: string;
  readonly label: string;
  /** Bits from the most significant bit of the leaf's first octet. */
  readonly firstBit: number;
  readonly width: number;
  readonly value: string;
}

/** Something odd that did not stop decoding. `at` is an offset in octets, `where` a path of names. */
export interface Remark {
  readonly where: string;
  readonly at: number;
  readonly says: string;
}

/** The octets cannot be this structure. The only error a decoder throws. */
export class MalformedOctets extends Error {
  readonly code = 'MalformedOctets';
  /** Path of names from the outermost structure to the field. */
  readonly where: string;
  /** Offset in octets at which reading stopped. */
  readonly at: number;
  readonly wanted: string;
  readonly had: string;

  constructor(where: string, at: number, wanted: string, had: string) {
    super(`${where} at octet ${at}: wanted ${wanted}, had ${had}`);
    this.name = 'MalformedOctets';
    this.where = where;
    this.at = at;
    this.wanted = wanted;
    this.had = had;
  }
}

/** The leaves in the order of their octets. */
export function leaves(dissection: Dissection): Dissection[] {
  if (dissection.children.length === 0) return [dissection];
  return dissection.children.flatMap(leaves);
}

/** The first node, outermost first, that satisfies the predicate. */
export function findNode(dissection: Dissection, wanted: (node: Dissection) => boolean): Dissection | undefined {
  if (wanted(dissection)) return dissection;
  for (const child of dissection.children) {
    const found = findNode(child, wanted);
    if (found) return found;
  }
  return undefined;
}

/** The same tree with `replacement` where `original` (the very node) stood; both cover the same octets. */
export function replaceNode(tree: Dissection, original: Dissection, replacement: Dissection): Dissection {
  if (tree === original) return replacement;
  if (original.start < tree.start || original.end > tree.end) return tree;
  return { ...tree, children: tree.children.map((child) => replaceNode(child, original, replacement)) };
}
