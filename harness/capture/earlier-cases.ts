/**
 * Bundles of earlier schemas, read as one of today: a verdict is judged again years later, so what once was written stays readable.
 *
 * `touchstone-case/1` knew two parties, `nut` and `tn`, that stood in the intent under these names.
 */

/** A document of an earlier schema in the form of today's; whatever else it is, unchanged. */
export function ofToday(document: unknown): unknown {
  return isRecord(document) && document.schema === 'touchstone-case/1' ? fromTwoParties(document) : document;
}

function fromTwoParties({ intent, product, ...rest }: Record<string, unknown>): unknown {
  const today = { ...rest, schema: 'touchstone-case/2', product, parties: { nut: product }, cast: twoParties };
  if (!isRecord(intent)) return { ...today, intent };
  const { nut, tn, ...others } = intent;
  return { ...today, intent: { ...others, parties: { nut, tn } } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const twoParties = { nut: 'tested', tn: 'tester' };
