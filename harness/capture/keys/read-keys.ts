/**
 * The keys that came with a capture: a file, or every file of a folder, each read in the format that its lines are in. What a file does not give is said, with the
 * file and the line, and takes nothing from the others.
 */
import { join } from 'node:path';
import { readOctets } from '../../files/file.ts';
import { FileFault } from '../../files/file-fault.ts';
import { filesAt } from '../../files/folder.ts';
import type { KeyReading } from './key-file.ts';
import { formatOf, keyFormats } from './key-formats.ts';
import { looksLikeSecrets, type RecordedSecrets, readSecrets, SECRETS_SCHEMA } from './secrets-document.ts';
import type { StrangersKey } from './strangers-key.ts';

export interface FoundKeys {
  readonly keys: readonly FoundKey[];
  /** From which the keys of IKEv2 can be derived. */
  readonly secrets: readonly FoundSecrets[];
  /** What setkey files say of policy, as it stands there. */
  readonly policies: readonly InFile<{ readonly text: string }>[];
  readonly faults: readonly KeyFileFault[];
}

export type FoundKey = InFile<{ readonly key: StrangersKey }>;
export type FoundSecrets = RecordedSecrets & { readonly file: string };
/** Without a line: what a whole file gave. */
export type InFile<T> = T & { readonly file: string; readonly line?: number };

/** `line` is absent where the file is no file, or none with keys. */
export interface KeyFileFault {
  readonly file: string;
  readonly line?: number;
  readonly says: string;
}

/** Files in the order of their names. Throws `FileFault` where nothing is at the path. */
export function readKeys(path: string): FoundKeys {
  const { files, passedOver } = filesAt(path);
  const faults: KeyFileFault[] = passedOver.map((name) => ({
    file: join(path, name),
    says: 'wanted a file, had a folder, which is not looked into',
  }));
  const found = { keys: [] as FoundKey[], secrets: [] as FoundSecrets[], policies: [] as InFile<{ text: string }>[] };
  for (const file of files) {
    const read = readFile(file);
    if (found.keys.length + read.keys.length > MOST_KEYS) {
      faults.push({ file, says: `wanted at most ${MOST_KEYS} keys, had more: this file is left out` });
      continue;
    }
    found.keys.push(...read.keys);
    found.secrets.push(...read.secrets);
    found.policies.push(...read.policies);
    faults.push(...read.faults);
  }
  return { ...found, faults };
}

/** `path: line 7: wanted …`. */
export function faultText({ file, line, says }: KeyFileFault): string {
  return line === undefined ? `${file}: ${says}` : `${file}, line ${line}: ${says}`;
}

function readFile(file: string): FoundKeys {
  let octets: Uint8Array;
  try {
    octets = readOctets(file, MOST_OCTETS);
  } catch (thrown) {
    if (!(thrown instanceof FileFault)) throw thrown;
    return without(file, thrown.says);
  }
  if (octets.length === 0) return without(file, `wanted ${WANTED}, had an empty file`);
  if (octets.includes(0)) return without(file, `wanted ${WANTED}, had octets that are no text`);
  const text = Buffer.from(octets).toString('latin1');
  if (looksLikeSecrets(text)) return secretsIn(file, Buffer.from(octets).toString('utf8'));
  const format = formatOf(text);
  return format ? inFile(file, format.read(text)) : without(file, `wanted ${WANTED}, had no line of any of them`);
}

function secretsIn(file: string, text: string): FoundKeys {
  const read = readSecrets(text);
  if ('secrets' in read) return { ...NOTHING, secrets: [{ ...read.secrets, file }] };
  return { ...NOTHING, faults: [{ file, ...read }] };
}

function inFile(file: string, { keys, faults, policies = [] }: KeyReading): FoundKeys {
  const said = faults.slice(0, MOST_FAULTS).map((fault): KeyFileFault => ({ ...fault, file }));
  if (faults.length > said.length) said.push({ file, says: `${faults.length - said.length} more lines are wrong` });
  return {
    ...NOTHING,
    keys: keys.map((key) => ({ ...key, file })),
    policies: policies.map((policy) => ({ ...policy, file })),
    faults: said,
  };
}

const without = (file: string, says: string): FoundKeys => ({ ...NOTHING, faults: [{ file, says }] });

const NOTHING: FoundKeys = { keys: [], secrets: [], policies: [], faults: [] };
const WANTED = `a file with keys (${[...keyFormats.map(({ name }) => name), SECRETS_SCHEMA].join(', ')})`;

/** An esp_sa of a hundred thousand SAs. */
const MOST_OCTETS = 2 ** 24;
/** Of all files together: each costs some hundred octets, and nobody's capture has so many SAs. */
const MOST_KEYS = 500_000;
/** Of one file: whoever reads more of them than this has the wrong file. */
const MOST_FAULTS = 100;
