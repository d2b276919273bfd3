/**
 * The messages of VICI, strongSwan's own control protocol (README of its vici plugin): trees of sections, keys and lists, and the
 * packets that carry them. Octets only; the connection is left to `vici.ts`.
 *
 *     packet   | length, 32 bits, of what follows | type | [ name length | name ] | elements ... |
 *     element  | 1 | section name |   | 2 |   | 3 | key | 16 bits | value |   | 4 | list name |   | 5 | 16 bits | item |   | 6 |
 */

/** A tree. Values are text or octets; a list is of values only. */
export interface ViciMessage {
  readonly [name: string]: ViciElement;
}

export type ViciElement = ViciValue | readonly ViciValue[] | ViciMessage;

export type ViciValue = string | Uint8Array;

export interface ViciPacket {
  readonly type: ViciPacketType;
  /** Of the command or event, where the type has one. */
  readonly name?: string;
  readonly message: ViciTree;
}

/** What is read: values come as text, since nothing that is asked for here is anything else. */
export interface ViciTree {
  readonly [name: string]: string | readonly string[] | ViciTree;
}

export type ViciPacketType = keyof typeof packetTypes;

/** A whole packet, with its length. Throws RangeError for a name or a value too long for its field. */
export function encodePacket(type: ViciPacketType, name?: string, message: ViciMessage = {}): Uint8Array {
  const pieces: Uint8Array[] = [Uint8Array.of(packetTypes[type])];
  if (name !== undefined) pieces.push(counted(name, 1));
  pieces.push(...elements(message));
  return counted(joined(pieces), 4);
}

/** One packet, without its length. Throws RangeError where it is malformed. */
export function decodePacket(octets: Uint8Array): ViciPacket {
  const reader = new Reader(octets);
  const number = reader.octet();
  const type = (Object.keys(packetTypes) as ViciPacketType[]).find((name) => packetTypes[name] === number);
  if (!type) throw new RangeError(`no VICI packet has type ${number}`);
  if (!namedTypes.includes(type)) return { type, message: readSection(reader, 0) };
  const name = reader.text(1);
  return { type, name, message: readSection(reader, 0) };
}

/** Cuts what arrives in pieces of any size into packets, without their lengths. Throws RangeError where one is longer than a daemon sends. */
export function packetCutter(take: (packet: Uint8Array) => void): (piece: Uint8Array) => void {
  let pieces: Uint8Array[] = [];
  let held = 0;
  /** Octets that must be there before anything can be cut off. */
  let wanted = 4;
  return (piece) => {
    pieces.push(piece);
    held += piece.length;
    if (held < wanted) return;
    let pending = joined(pieces);
    for (wanted = wholeLength(pending); pending.length >= wanted; wanted = wholeLength(pending)) {
      const packet = pending.subarray(4, wanted);
      pending = pending.subarray(wanted);
      take(packet);
    }
    pieces = [pending];
    held = pending.length;
  };
}

/** Of the packet that begins here, with its length; the octets of a length where not even that is there. */
function wholeLength(pending: Uint8Array): number {
  if (pending.length < 4) return 4;
  const length = new DataView(pending.buffer, pending.byteOffset).getUint32(0);
  if (length > LONGEST_PACKET)
    throw new RangeError(`a VICI packet of ${length} octets, where ${LONGEST_PACKET} are the most`);
  return 4 + length;
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

function elements(message: ViciMessage): Uint8Array[] {
  return Object.entries(message).flatMap(([name, element]) => {
    const named = (tag: number) => [Uint8Array.of(tag), counted(name, 1)];
    if (typeof element === 'string' || element instanceof Uint8Array)
      return [...named(tags.keyValue), counted(element, 2)];
    if (isList(element)) {
      const items = element.flatMap((item) => [Uint8Array.of(tags.listItem), counted(item, 2)]);
      return [...named(tags.listStart), ...items, Uint8Array.of(tags.listEnd)];
    }
    return [...named(tags.sectionStart), ...elements(element), Uint8Array.of(tags.sectionEnd)];
  });
}

const isList = (element: ViciMessage | readonly ViciValue[]): element is readonly ViciValue[] => Array.isArray(element);

/** `depth` 0 is the packet itself, which ends where its octets do. */
function readSection(reader: Reader, depth: number): ViciTree {
  if (depth > DEEPEST_SECTION) throw new RangeError(`VICI sections within each other, more than ${DEEPEST_SECTION}`);
  const tree: Record<string, ViciTree[string]> = {};
  while (!reader.atEnd) {
    const tag = reader.octet();
    if (tag === tags.sectionEnd && depth > 0) return tree;
    const name = reader.text(1);
    if (tag === tags.keyValue) tree[name] = reader.text(2);
    else if (tag === tags.sectionStart) tree[name] = readSection(reader, depth + 1);
    else if (tag === tags.listStart) tree[name] = readList(reader);
    else throw new RangeError(`no VICI element has tag ${tag} here`);
  }
  if (depth > 0) throw new RangeError('a VICI section does not end');
  return tree;
}

function readList(reader: Reader): string[] {
  const items: string[] = [];
  for (let tag = reader.octet(); tag !== tags.listEnd; tag = reader.octet()) {
    if (tag !== tags.listItem) throw new RangeError(`no VICI list holds tag ${tag}`);
    items.push(reader.text(2));
  }
  return items;
}

/** A value behind its length, which takes so many octets. */
function counted(value: ViciValue, width: 1 | 2 | 4): Uint8Array {
  const octets = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (octets.length >= 2 ** (8 * width)) throw new RangeError(`${octets.length} octets do not fit a VICI field`);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, octets.length);
  return joined([length.subarray(4 - width), octets]);
}

class Reader {
  readonly #octets: Uint8Array;
  #offset = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#octets.length;
  }

  octet(): number {
    return this.#take(1)[0]!;
  }

  text(width: 1 | 2): string {
    const length = this.#take(width).reduce((sum, octet) => sum * 256 + octet, 0);
    return new TextDecoder().decode(this.#take(length));
  }

  #take(count: number): Uint8Array {
    const end = this.#offset + count;
    if (end > this.#octets.length)
      throw new RangeError(`a VICI packet ends at ${this.#octets.length}, where ${end} was wanted`);
    const taken = this.#octets.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }
}

/** Octets: what charon itself takes and sends (VICI_MESSAGE_SIZE_MAX). */
const LONGEST_PACKET = 512 << 10;
/** An answer of `list-sas` has four. */
const DEEPEST_SECTION = 16;

const packetTypes = {
  commandRequest: 0,
  commandResponse: 1,
  commandUnknown: 2,
  eventRegister: 3,
  eventUnregister: 4,
  eventConfirm: 5,
  eventUnknown: 6,
  event: 7,
} as const;

const namedTypes: readonly ViciPacketType[] = ['commandRequest', 'eventRegister', 'eventUnregister', 'event'];

const tags = { sectionStart: 1, sectionEnd: 2, keyValue: 3, listStart: 4, listItem: 5, listEnd: 6 } as const;
