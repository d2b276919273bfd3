/**
 * A file for setkey(8), as KAME made it and Linux, NetBSD and FreeBSD have it: statements of words up to a semicolon, over as many lines as they like. `add` and
 * `update` give SAs; what is policy is kept as it stands; what else setkey knows has no key. Names of hosts are looked up by nobody: such an end is left open.
 *
 *     add 192.0.2.1 192.0.2.2 esp 0x1001 -m transport
 *         -E aes-cbc 0x00… -A hmac-sha1 "twenty octets of key";
 */
import { canonicalAddress, isAddress } from '../../../reference/wire/address.ts';
import {
  type AtLine,
  attempted,
  gathered,
  type KeyFormat,
  LineFault,
  type LineReading,
  linesLike,
} from './key-file.ts';
import { algorithmsOf } from './setkey-algorithms.ts';
import { type Statement, statementsOf, type Word } from './setkey-statements.ts';
import type { StrangersKey } from './strangers-key.ts';

export const setkeyFile: KeyFormat = {
  name: 'a file for setkey',
  likeness: (text) => linesLike(text, LIKE),
  read(text) {
    const statements = statementsOf(text, (word) => verbs.has(word));
    const readings = statements.map(
      (statement): AtLine<{ readonly reading: LineReading }> => ({
        line: statement.line,
        reading: attempted(() => statementReading(statement)),
      }),
    );
    const policies = statements.filter(({ words: [verb] }) => verb!.text === 'spdadd' || verb!.text === 'spdupdate');
    return { ...gathered(readings), policies: policies.map(({ line, text: whole }) => ({ line, text: whole })) };
  },
};

function statementReading({ words, ending }: Statement): LineReading {
  const [verb, ...rest] = words;
  if (!verbs.has(verb!.text)) throw new LineFault('a statement of setkey', verb!.text);
  if (ending !== ';') throw new LineFault(`a semicolon behind the statement`, ending);
  return verb!.text === 'add' || verb!.text === 'update' ? saReading(rest) : {};
}

/** `[-46n] SOURCE DESTINATION PROTOCOL SPI …`. */
function saReading(words: readonly Word[]): LineReading {
  const [source, destination, protocol, ...rest] = words.filter(
    ({ text, quoted }) => quoted || !/^-[n46]+$/.test(text),
  );
  const ends = [endOf('source', source), endOf('destination', destination)];
  if (protocol?.text === 'ipcomp' || protocol?.text === 'tcp') return {};
  const kind = protocols[protocol?.text ?? ''];
  if (kind === undefined) throw new LineFault('esp, ah or esp-udp', protocol?.text ?? '');
  const original = kind === 'esp-udp' && isAddress(bare(rest[0]?.text)) ? 1 : 0;
  const spi = spiOf(rest[original]?.text ?? '');
  const found = algorithmsOf(rest.slice(original + 1), kind === 'ah' ? 'ah' : 'esp');
  const common = { ...Object.assign({}, ...ends.map(({ end }) => end)), spi };
  const keys = found.keys.map(
    (each): StrangersKey => ({
      ...common,
      ...each,
      ...(each.kind === 'esp' && { encapsulated: kind === 'esp-udp' }),
    }),
  );
  return { keys, says: [...ends.flatMap(({ says }) => says ?? []), ...found.says] };
}

function endOf(
  end: 'source' | 'destination',
  word: Word | undefined,
): { readonly end: { readonly [end: string]: string }; readonly says?: string } {
  const text = bare(word?.text);
  if (isAddress(text)) return { end: { [end]: canonicalAddress(text) } };
  if (!/^[a-z][a-z0-9.-]*$/i.test(text)) throw new LineFault(`the ${end} as an address`, text);
  return { end: {}, says: `wanted the ${end} as an address, had the name ${text}: any will do` };
}

/** Without `[port]`, `%interface` and `/prefix`. */
const bare = (text = ''): string => text.replace(/\[[^\]]*\]$/, '').replace(/[%/].*$/, '');

function spiOf(text: string): number {
  const spi = /^(?:0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!(spi <= 0xffff_ffff)) throw new LineFault('an SPI of 32 bits', text);
  return spi;
}

const protocols: Readonly<Record<string, 'esp' | 'ah' | 'esp-udp'>> = { esp: 'esp', ah: 'ah', 'esp-udp': 'esp-udp' };

const verbs: ReadonlySet<string> = new Set([
  ...['add', 'update', 'delete', 'deleteall', 'get', 'getspi', 'flush', 'dump', 'exit', 'quit', 'bye'],
  ...['spdadd', 'spdupdate', 'spddelete', 'spddump', 'spdflush', 'promisc'],
]);

const LIKE =
  /^\s*(?:add|update|spdadd|spdflush|spddelete|flush|delete|deleteall)\b(?!\s*[=:(,])|^\s*-[EA]\s+[a-z0-9-]+/;
