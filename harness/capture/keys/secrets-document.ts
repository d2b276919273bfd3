/**
 * What a person recorded beside a capture so that the keys of IKEv2 can be derived from it: a small JSON document of our own. For each exchange of keys it has either
 * the private value of one side, which finds its exchange by the public value that follows from it, or g^ir itself; and, where known, shared keys with which
 * AUTH can be checked. The schema is published (`secrets.schema.json`) and versioned. Deriving is not done here.
 */
import { z } from 'zod';
import { parsedJson } from '../../files/document.ts';

export const SECRETS_SCHEMA = 'touchstone-secrets/1';

/** Of the largest values there are, those of an 8192-bit group, twice over. */
const MOST_DIGITS = 4_096;

/** Each private value costs a power, of the largest group a tenth of a second; a capture of so many exchanges has its keys elsewhere. */
const MOST_EXCHANGES = 1_000;

const digits = z.string().regex(/^([0-9a-fA-F]{2})+$/, 'hexadecimal digits, two an octet');
const ikeSpi = z.string().regex(/^[0-9a-fA-F]{16}$/, '16 hexadecimal digits');

const keyExchange = z
  .strictObject({
    /** The key exchange method, as IANA numbers them (RFC 7296 3.3.2). */
    group: z.number().int().min(1).max(65_535),
    /** The private value of either side, big-endian, as the method's own document has it; of ML-KEM the seed d | z. */
    privateValue: digits.max(MOST_DIGITS).optional(),
    /** g^ir: as it goes into SKEYSEED or KEYMAT. */
    sharedSecret: digits.max(MOST_DIGITS).optional(),
    /** Of the IKE SA whose exchange it is; without it all of the capture are tried. */
    initiatorSPI: ikeSpi.optional(),
  })
  .refine(
    ({ privateValue, sharedSecret }) => (privateValue === undefined) !== (sharedSecret === undefined),
    'either privateValue or sharedSecret',
  );

const sharedKey = z
  .strictObject({
    text: z.string().min(1).max(4_096).optional(),
    octets: digits.max(8_192).optional(),
  })
  .refine(({ text, octets }) => (text === undefined) !== (octets === undefined), 'either text or octets');

export const secretsDocument = z.strictObject({
  schema: z.literal(SECRETS_SCHEMA),
  keyExchanges: z.array(keyExchange).max(MOST_EXCHANGES),
  sharedKeys: z.array(sharedKey).max(1_000).optional(),
});

/** Digits are lower-case hex. */
export interface RecordedSecrets {
  readonly keyExchanges: readonly RecordedKeyExchange[];
  readonly sharedKeys: readonly string[];
}

export type RecordedKeyExchange = {
  readonly group: number;
  readonly initiatorSPI?: string;
} & ({ readonly privateValue: string } | { readonly sharedSecret: string });

export const looksLikeSecrets = (text: string): boolean => /^\s*\{/.test(text) || text.includes('touchstone-secrets/');

/** What is off is named by its path; where it is no JSON, by the line. The text is UTF-8. */
export function readSecrets(
  text: string,
): { readonly secrets: RecordedSecrets } | { readonly line: number; readonly says: string } {
  let json: unknown;
  try {
    json = parsedJson(text);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return { line: lineOf(text, thrown.message), says: 'wanted JSON, had something else' };
  }
  const read = secretsDocument.safeParse(json);
  if (!read.success) {
    const { path, message } = read.error.issues[0]!;
    return { line: 1, says: `wanted ${SECRETS_SCHEMA}, at ${path.join('.') || 'the whole'}: ${message}` };
  }
  const { keyExchanges, sharedKeys = [] } = read.data;
  return {
    secrets: {
      keyExchanges: keyExchanges.map(({ group, privateValue, sharedSecret, initiatorSPI }) => ({
        group,
        ...(initiatorSPI !== undefined && { initiatorSPI: initiatorSPI.toLowerCase() }),
        ...(privateValue !== undefined
          ? { privateValue: privateValue.toLowerCase() }
          : { sharedSecret: sharedSecret!.toLowerCase() }),
      })),
      sharedKeys: sharedKeys.map(({ text: said, octets }) =>
        said === undefined ? octets!.toLowerCase() : Buffer.from(said, 'utf8').toString('hex'),
      ),
    },
  };
}

/** The JSON Schema, as published. */
export function secretsJsonSchema(): object {
  return z.toJSONSchema(secretsDocument, { io: 'input', reused: 'ref' });
}

/** As far as Node says where it stopped; a text that ends too early stopped at its end. */
function lineOf(text: string, message: string): number {
  const [, line] = /\(line (\d+) /.exec(message) ?? [];
  if (line !== undefined) return Number(line);
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length;
}
