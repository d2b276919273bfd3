/** JSON documents that a person names on the command line, or that lie where they pointed: read, and checked against their schema. */
import type { z } from 'zod';
import { UsageFault } from '../usage-fault.ts';
import { readText } from './file.ts';

/** The value of a JSON text. Throws `SyntaxError`, for one that nests deeper than any document of ours too: what reads it afterwards goes as deep. */
export function parsedJson(text: string, reviver?: Parameters<typeof JSON.parse>[1]): unknown {
  if (nestsDeeperThan(text, DEEPEST)) throw new SyntaxError(`more than ${DEEPEST} levels of brackets`);
  return JSON.parse(text, reviver);
}

/** Throws `FileFault` for what is no file, `UsageFault` for another document, with the path in it and what was expected there. */
export function documentIn<T>(file: string, schema: z.ZodType<T>): T {
  const read = schema.safeParse(jsonIn(file));
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new UsageFault(`${file}, ${path.join('.') || 'the whole'}: ${message}`);
}

function jsonIn(file: string): unknown {
  const text = readText(file);
  try {
    return parsedJson(text);
  } catch (cause) {
    throw new UsageFault(`${file}: wanted JSON, had ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Brackets outside strings. */
function nestsDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > most) return true;
  }
  return false;
}

/** A path of certificates in the intent of a bundle goes some twenty levels down. */
const DEEPEST = 128;
