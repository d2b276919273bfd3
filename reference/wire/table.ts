/**
 * How a row `[value, octets]` of a test's table is judged: encoding gives the octets, decoding gives at least the
 * value, and both directions agree.
 */
import { leaves } from './dissection.ts';
import type { Structure } from './kernel.ts';
import { hex, unhex } from './octets.ts';

/** What is wrong with a row, or undefined. `digits` may be spaced by field. */
export function rowFault<T>(structure: Structure<T>, value: T, digits: string): string | undefined {
  const octets = unhex(digits);
  const encoded = hex(structure.encode(value));
  if (encoded !== hex(octets)) return `encodes to ${encoded}`;
  const decoded = structure.decode(octets);
  const differs = difference(value, decoded.value, structure.name);
  if (differs) return differs;
  if (hex(structure.encode(decoded.value)) !== encoded) return 'does not survive decoding and encoding';
  return partitionFault(decoded.dissection, octets.length);
}

/** Where the leaves of a tree fail to partition `[0, length)`, or undefined. Groups must span their children. */
export function partitionFault(dissection: Parameters<typeof leaves>[0], length: number): string | undefined {
  let at = 0;
  for (const leaf of leaves(dissection)) {
    if (leaf.start !== at) return `${leaf.name} starts at ${leaf.start}, not ${at}`;
    if (leaf.end <= leaf.start && length > 0) return `${leaf.name} at ${leaf.start} is empty`;
    at = leaf.end;
  }
  if (at !== length) return `the leaves end at ${at} of ${length}`;
  return spanFault(dissection);
}

function spanFault(node: Parameters<typeof leaves>[0]): string | undefined {
  const { children } = node;
  if (children.length === 0) return undefined;
  if (children[0]!.start !== node.start || children.at(-1)!.end !== node.end)
    return `${node.name} does not span its parts`;
  for (const child of children) {
    const fault = spanFault(child);
    if (fault) return fault;
  }
  return undefined;
}

/** Everything the value states must stand in what was decoded; computed fields may stand there besides. */
function difference(stated: unknown, decoded: unknown, path: string): string | undefined {
  if (stated instanceof Uint8Array) {
    const same = decoded instanceof Uint8Array && hex(stated) === hex(decoded);
    return same
      ? undefined
      : `${path}: wanted ${hex(stated)}, decoded ${decoded instanceof Uint8Array ? hex(decoded) : decoded}`;
  }
  if (typeof stated !== 'object' || stated === null) {
    return stated === decoded ? undefined : `${path}: wanted ${stated}, decoded ${decoded}`;
  }
  if (typeof decoded !== 'object' || decoded === null) return `${path}: decoded ${decoded}`;
  if (Array.isArray(stated) && stated.length !== (decoded as unknown[]).length) return `${path}: another length`;
  for (const [name, part] of Object.entries(stated)) {
    const fault = difference(part, (decoded as Record<string, unknown>)[name], `${path}.${name}`);
    if (fault) return fault;
  }
  return undefined;
}
