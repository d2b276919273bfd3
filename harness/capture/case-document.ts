/**
 * `case.json` of a bundle: everything of one scenario run but its frames, which are in `case.pcapng` alone. The schema is published
 * (`case.schema.json`) and versioned; more fields may stand beside these. A bundle is checked against it before anything is judged again, so that a
 * damaged one is refused by the path of the field. What the intent says within each node, and what a command says, is left to who wrote it.
 */
import { z } from 'zod';

export const CASE_SCHEMA = 'touchstone-case/2';

const hex = z.string().regex(/^([0-9a-f]{2})*$/, 'lower-case hexadecimal');
const count = z.number().int().nonnegative();
const placed = { place: count, time: z.number() };

const octetRange = z.looseObject({ buffer: z.string(), start: count, end: count });

const evidence = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('frame'), frame: count, octets: octetRange.optional(), says: z.string() }),
  z.looseObject({ kind: z.literal('silence'), after: count, before: count, says: z.string() }),
  z.looseObject({ kind: z.literal('state'), place: count, path: z.string().optional(), says: z.string() }),
  z.looseObject({ kind: z.literal('probe'), place: count, says: z.string() }),
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

const keys = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('esp'),
    source: z.string(),
    destination: z.string(),
    spi: count,
    encryption: z.looseObject({ id: count, keyLength: count.optional(), key: hex }),
    integrity: z.looseObject({ id: count, key: hex }).optional(),
    extendedSequenceNumbers: z.boolean(),
    encapsulated: z.boolean(),
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

const nodeState = z.looseObject({
  ikeSas: z.array(
    z.looseObject({ connection: z.string(), initiatorSPI: z.string(), responderSPI: z.string(), state: z.string() }),
  ),
  sad: z.array(
    z.looseObject({
      spi: count,
      source: z.string(),
      destination: z.string(),
      mode: z.enum(['transport', 'tunnel']),
      direction: z.enum(['in', 'out']),
    }),
  ),
  spd: z.array(
    z.looseObject({ direction: z.enum(['in', 'out', 'forward']), selector: z.string(), action: z.string() }),
  ),
  counters: z.record(z.string(), z.number()),
  delivered: z.array(
    z.looseObject({
      protocol: z.enum(['udp', 'tcp']),
      source: z.string(),
      destination: z.string(),
      sourcePort: count,
      destinationPort: count,
      payload: z.string(),
    }),
  ),
});

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
    act: z.looseObject({ kind: z.enum(['command', 'moves', 'moment']) }),
  }),
  z.looseObject({ kind: z.literal('state'), ...placed, name: z.string(), node: z.string(), state: nodeState }),
  z.looseObject({ kind: z.literal('keys'), ...placed, record: keys }),
  z.looseObject({ kind: z.literal('note'), ...placed, node: z.string(), says: z.string() }),
]);

const node = z.looseObject({
  name: z.string(),
  interfaces: z.array(z.looseObject({})),
  spd: z.array(z.looseObject({})),
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

export const caseDocument = z.looseObject({
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
  intent: z.looseObject({
    parties: z.record(z.string(), node),
    ends: z.record(z.string(), z.string()),
    others: z.array(node).optional(),
  }),
  entries: z.array(entry),
  cases: z.array(caseVerdict),
});

export type CaseDocument = z.infer<typeof caseDocument>;

/** The JSON Schema of `case.json`, as published. */
export function caseJsonSchema(): object {
  return z.toJSONSchema(caseDocument, { io: 'input' });
}
