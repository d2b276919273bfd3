/**
 * What mip6d prints on its virtual terminal, read into the words of `NodeState`: its binding cache (`bc`) and its binding update list (`bul`). Only
 * what carries a value is looked at. It writes each of the eight groups of an address; nothing that it prints came off the wire as text.
 */
import type { NodeState } from '../../lab/node.ts';

type Binding = NonNullable<NodeState['bindings']>[number];
type BindingUpdate = NonNullable<NodeState['bindingUpdates']>[number];

/** Bindings that hold; one whose home address is still being probed does not yet. */
export function parseBindingCache(text: string): readonly Binding[] {
  return blocks(text, /^hoa /m)
    .filter((block) => holds.has(word(block, /\bstatus (\S+)/)))
    .map((block) => ({
      homeAddress: address(block, /\bhoa (\S+)/),
      careOfAddress: address(block, /\bcoa (\S+)/),
      homeRegistration: word(block, /\bflags (\S+)/).includes('H'),
    }));
}

export function parseBindingUpdateList(text: string): readonly BindingUpdate[] {
  return blocks(text, /^== BUL_ENTRY ==$/m)
    .filter((block) => /^Home address/m.test(block))
    .map((block) => ({
      homeAddress: address(block, /^Home address +(\S+)/m),
      careOfAddress: address(block, /^Care-of address +(\S+)/m),
      peer: address(block, /^CN address +(\S+)/m),
      homeRegistration: /\bIP6_MH_BU_HOME\b/.test(block),
      // To a correspondent nothing is sent before return routability is done, and `ack` says nothing of that.
      settled: /\back ready\b/.test(block) && (!/\bRR state\b/.test(block) || /\bRR state ready\b/.test(block)),
    }));
}

/** Whether a prefix is in what `pl` prints: mip6d has heard an advertisement of it. */
export const knowsPrefix = (text: string): boolean => /\bvalid\b/.test(text);

/** Each begins where `first` matches. */
function blocks(text: string, first: RegExp): string[] {
  const starts = [...text.matchAll(new RegExp(first.source, `${first.flags}g`))].map(({ index }) => index);
  return starts.map((start, place) => text.slice(start, starts[place + 1]));
}

const word = (block: string, pattern: RegExp): string => pattern.exec(block)?.[1] ?? '';

/** As RFC 5952 writes it, which is how a URL does. */
const address = (block: string, pattern: RegExp): string =>
  new URL(`http://[${word(block, pattern)}]/`).hostname.slice(1, -1);

const holds: ReadonlySet<string> = new Set(['registered', 'cached', 'dying']);
