/**
 * Whether a capture that is judged as a stranger's agrees with what was judged live of the same run: where a question on captures asks what a case asked, and both settle
 * what a sentence of a document says of the node under test.
 */
import type { CaseResult, DocumentReading } from '../../harness/run/result.ts';

export type Live = Pick<CaseResult, 'id' | 'variant' | 'dimensions' | 'outcome' | 'readings'>;

export interface Compared {
  /** Sentences that both settle. */
  readonly settled: number;
  /** One line each. */
  readonly disagreements: readonly string[];
}

/** `own` are the addresses of what is tested. */
export function compared(
  scenario: string,
  live: Live,
  captured: readonly CaseResult[],
  own: ReadonlySet<string>,
): Compared {
  const same = captured.filter(
    ({ id, dimensions: { asked, by, from } }) =>
      id === live.id && own.has(by ?? from ?? '') && asksTheSame(id, asked, scenario, live),
  );
  let settled = 0;
  const disagreements: string[] = [];
  for (const reading of live.readings.filter(isSettled)) {
    const readings = same.flatMap((each) =>
      each.readings.filter((other) => isOfOneSentence(reading, other) && isSettled(other)),
    );
    if (readings.length === 0) continue;
    settled++;
    if (readings.some(isUnmet) === isUnmet(reading)) continue;
    const outcomes = [...new Set(same.map(({ outcome }) => outcome))].join(', ');
    disagreements.push(
      `${live.id}/${live.variant}, ${reading.document} ${reading.section}: ${live.outcome} live, ${outcomes} in the capture`,
    );
  }
  return { settled, disagreements };
}

/** Several cases may be of one entry, and ask other things about it. What is asked where two products meet (`interop`) is whether they did what they were told, which no capture settles. */
function asksTheSame(id: string, asked: string | undefined, scenario: string, { dimensions, variant }: Live): boolean {
  switch (id) {
    case 'MCDANIEL-SEQ':
      return scenario === 'sequence-numbers' && dimensions.counted === asked;
    case 'MCDANIEL-CONF':
      return scenario === 'confidentiality' && dimensions.looked === asked;
    case 'DUPONT-G1':
      return scenario === 'identity-in-certificate';
    case 'DUPONT-H':
      return scenario === 'address-identity' && /^h[12]-/.test(variant);
    case 'DUPONT-I':
      return scenario === 'addresses-in-certificate' && /^i[124]-/.test(variant);
    case 'ARKKO-2.3b':
      return (
        scenario === 'registration' ||
        (scenario === 'update-fields' && /authenticator|authorization-data/.test(variant))
      );
    case 'DUPONT-E1':
      return scenario === 'home-registration';
    default:
      return id === 'BELLOVIN-3.1d';
  }
}

const isSettled = ({ reading }: DocumentReading): boolean => ['pass', 'warn', 'fail'].includes(reading);
const isUnmet = ({ reading }: DocumentReading): boolean => reading !== 'pass';

function isOfOneSentence(one: DocumentReading, other: DocumentReading): boolean {
  return one.document === other.document && one.section === other.section;
}
