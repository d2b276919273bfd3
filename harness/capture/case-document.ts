/**
 * `case.json` of a bundle: everything of one scenario run but its frames, which are in `case.pcapng` alone. The schema is published
 * (`case.schema.json`) and versioned; more fields may stand beside these. A bundle is checked against it before anything is judged again, so that a
 * damaged one is refused by the path of the field. What stands within a node and a command has documents of its own beside this file.
 */
import { z } from 'zod';
import type { KeyRecord } from '../../reference/host/interface.ts';
import { markedAct } from './act-document.ts';
import { nodeConfiguration, nodeState } from './node-document.ts';
import { address, count, hex, spi } from './scalars.ts';
import type { PolicyIntent } from './transcript.ts';

export const CASE_SCHEMA = 'touchstone-case/2';

const placed = { place: count, time: z.number() };

const octetRange = z.looseObject({ buffer: z.string(), start: count, end: count });

const evidence = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('frame'), frame: count, octets: octetRange.optional(), says: z.string() }),
  z.looseObject({ kind: z.literal('silence'), after: count, before: count, says: z.string() }),
  z.looseObject({ kind: z.literal('state'), place: count, path: z.string().optional(), says: z.string() }),
  z.looseObject({ kind: z.literal('probe'), place: count, says: z.string() }),
  z.looseObject({ kind: z.literal('ended'), place: count, says: z.string() }),
]);

/** One case, as it stands in a bundle and in `result.json`. */
export const caseVerdict = z.looseObject({
  id: z.string(),
  variant: z.string(),
  suite: z.string(),
  title: z.string(),
  product: z.string(),
  requirements: z.array(z.string()),
  dimensions: z.record(z.string(), z.string()),
  companions: z.record(z.string(), z.string()).optional(),
  outcome: z.string(),
  readings: z.array(
    z.looseObject({
      document: z.string(),
      section: z.string(),
      level: z.enum(['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'MAY', 'obs']),
      addressee: z.enum([
        'sender',
        'receiver',
        'initiator',
        'responder',
        'implementation',
        'administrator',
        'designer',
      ]),
      reading: z.enum(['pass', 'fail', 'warn', 'inconclusive', 'unsupported', 'observed']),
      why: z.string(),
    }),
  ),
  controls: z.array(z.looseObject({ name: z.string(), held: z.boolean(), evidence: z.array(evidence) })),
  evidence: z.array(evidence),
  durationMs: z.number(),
  bundle: z.string().nullable(),
  error: z.string().nullable(),
  expected: z.boolean(),
});

const keys: z.ZodType<KeyRecord> = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('esp'),
    source: z.string(),
    destination: z.string(),
    spi,
    encryption: z.looseObject({ id: count, keyLength: count.optional(), key: hex }),
    integrity: z.looseObject({ id: count, key: hex }).optional(),
    extendedSequenceNumbers: z.boolean(),
    encapsulated: z.boolean(),
    since: z.number(),
  }),
  z.looseObject({
    kind: z.literal('ah'),
    source: z.string(),
    destination: z.string(),
    spi,
    integrity: z.looseObject({ id: count, key: hex }),
    extendedSequenceNumbers: z.boolean(),
    since: z.number(),
  }),
  z.looseObject({
    kind: z.literal('ikev2'),
    initiatorSPI: hex,
    responderSPI: hex,
    SK_ei: hex,
    SK_er: hex,
    SK_ai: hex,
    SK_ar: hex,
    encryption: z.looseObject({ id: count, keyLength: count.optional() }),
    integrity: count.optional(),
  }),
]);

const entry = z.discriminatedUnion('kind', [
  /** Stands where the frame of this number in `case.pcapng` belongs; octets, link and time are there. */
  z.looseObject({
    kind: z.literal('frame'),
    place: count,
    number: count.min(1),
    from: z.string(),
    tampers: z.array(z.looseObject({ name: z.string(), complaint: z.string().optional() })),
  }),
  z.looseObject({
    kind: z.literal('mark'),
    ...placed,
    name: z.string(),
    by: z.string(),
    act: markedAct,
  }),
  z.looseObject({ kind: z.literal('state'), ...placed, name: z.string(), node: z.string(), state: nodeState }),
  z.looseObject({ kind: z.literal('keys'), ...placed, record: keys }),
  z.looseObject({ kind: z.literal('ended'), ...placed, node: z.string(), says: z.string() }),
  z.looseObject({ kind: z.literal('note'), ...placed, node: z.string(), says: z.string() }),
]);

const intent: z.ZodType<PolicyIntent> = z.looseObject({
  parties: z.record(z.string(), nodeConfiguration),
  ends: z.record(z.string(), address),
  others: z.array(nodeConfiguration).optional(),
});

/** What a guest was found to run on: the release, and the packages of its image with their versions. */
export const system = z.looseObject({ release: z.string(), packages: z.record(z.string(), z.string()) });

const product = z.looseObject({
  name: z.string(),
  version: z.string(),
  runtime: z.string(),
  kernel: z.string(),
  system: system.optional(),
});

const document = z.looseObject({
  schema: z.literal(CASE_SCHEMA),
  touchstone: z.string(),
  seed: z.string(),
  /** Wall-clock time of lab time 0, RFC 3339. */
  startedAt: z.iso.datetime(),
  /** The one that the cases are about. */
  product,
  /** Every tested party, by its name. */
  parties: z.record(z.string(), product).optional(),
  scenario: z.string(),
  variant: z.string(),
  dimensions: z.record(z.string(), z.string()),
  cast: z.record(z.string(), z.enum(['tested', 'tester', 'stranger'])),
  intent,
  entries: z.array(entry),
  cases: z.array(caseVerdict),
});

/** Whoever plays a part was told something, and somebody is tested. */
export const caseDocument = document.superRefine(({ cast, intent: { parties } }, context) => {
  for (const name of Object.keys(cast)) {
    if (!Object.hasOwn(parties, name))
      context.addIssue({
        code: 'custom',
        path: ['intent', 'parties', name],
        message: 'wanted what this party of the cast was told',
      });
  }
  if (!Object.values(cast).includes('tested'))
    context.addIssue({ code: 'custom', path: ['cast'], message: 'wanted a party that is tested' });
});

export type CaseDocument = z.infer<typeof document>;

/** The JSON Schema of `case.json`, as published. Of an address or a prefix it says no more than that it is text. */
export function caseJsonSchema(): object {
  return z.toJSONSchema(caseDocument, {
    io: 'input',
    reused: 'ref',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'bigint') Object.assign(jsonSchema, writtenBigint);
    },
  });
}

/** JSON has no integers beyond the safe ones. */
const writtenBigint = {
  type: 'object',
  properties: { $bigint: { type: 'string', pattern: '^-?\\d{1,40}$' } },
  required: ['$bigint'],
} as const;
