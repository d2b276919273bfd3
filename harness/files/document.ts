/** JSON documents that a person names on the command line, or that lie where they pointed: read, and checked against their schema. */
import type { z } from 'zod';
import { UsageFault } from '../usage-fault.ts';
import { readText } from './file.ts';

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
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageFault(`${file}: wanted JSON, had ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
