/** The shape of what a module from outside exports, checked against a schema that only looks: what was exported is used as it stands. */
import { z } from 'zod';
import { UsageFault } from '../usage-fault.ts';

/** Throws `UsageFault`: the file, the place in its export, what was wanted and what was there. */
export function requireShape<T>(file: string, name: string, exported: unknown, schema: z.ZodType): T {
  const faults = shapeFaults(name, exported, schema);
  if (faults.length > 0) throw new UsageFault(`${file}: ${faults.slice(0, MOST_TOLD).join('\n  ')}`);
  return exported as T;
}

/** Each with its place, such as `product.create`. */
export function shapeFaults(name: string, value: unknown, schema: z.ZodType): readonly string[] {
  const read = schema.safeParse(value);
  if (read.success) return [];
  return read.error.issues.map((issue) => {
    const place = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
    return `${name}${place}: ${wordsOf(issue)}, had ${described(valueAt(value, issue.path))}`;
  });
}

export const aFunction = z.custom((value) => typeof value === 'function', 'wanted a function');

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `wanted ${article(issue.expected)}`;
  if (issue.code === 'invalid_value')
    return `wanted ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  return issue.message;
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** In a few words: it may be anything. */
function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string')
    return JSON.stringify(value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

const MOST_TOLD = 10;
const MOST_SHOWN = 60;
