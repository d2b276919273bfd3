/**
 * Which algorithms two peers agreed on, as the answer that chose them says: what RFC 8247 (for IKE) and RFC 8221 (for ESP and AH) forbid or advise against is seen without any key
 * of the IKE SA itself, and with its keys for children.
 */
import { captureQuestion, type IkeAgreement, seenAt } from '../../harness/vocabulary/capture-question.ts';
import { fail, pass, reads } from '../../harness/vocabulary/question.ts';
import { RFC8221, RFC8247 } from '../requirements/documents.ts';

/** Numbers of IANA's registries of IKEv2 transforms, by what the document says of implementing them. */
interface Table {
  readonly mustNot: ReadonlySet<number>;
  readonly shouldNot: ReadonlySet<number>;
}

const table = (mustNot: readonly number[], shouldNot: readonly number[] = []): Table => ({
  mustNot: new Set(mustNot),
  shouldNot: new Set(shouldNot),
});

type Chosen = IkeAgreement['chosen'];

export const transformsAgreed = [
  agreed('IKE', RFC8247, '2.1', 'encryption algorithm', table([2, 11]), ({ encryption }) => encryption?.id),
  agreed('IKE', RFC8247, '2.2', 'pseudorandom function', table([1]), ({ prf }) => prf),
  agreed('IKE', RFC8247, '2.3', 'integrity algorithm', table([1, 3, 4]), ({ integrity }) => integrity),
  agreed('IKE', RFC8247, '2.4', 'key exchange method', table([1, 22], [2, 5, 23, 24]), ({ group }) => group),
  agreed(
    'ESP',
    RFC8221,
    '5',
    'encryption algorithm',
    table([1, 2, 5, 6, 7, 9], [3]),
    ({ encryption }) => encryption?.id,
  ),
  agreed('ESP or AH', RFC8221, '6', 'integrity algorithm', table([1, 3, 4]), ({ integrity }) => integrity),
];

function agreed(
  of: 'IKE' | 'ESP' | 'ESP or AH',
  document: typeof RFC8221,
  section: string,
  type: string,
  { mustNot, shouldNot }: Table,
  chosenOf: (chosen: Chosen) => number | undefined,
) {
  const protocols = of.split(' or ');
  return captureQuestion({
    id: `${document.id}-${section}`,
    title: `Is the ${type} of ${of} one that may still be used?`,
    about: 'agreement',
    asks: ({ protocol, chosen }) => protocols.includes(protocol) && chosenOf(chosen) !== undefined,
    outcomes: shouldNot.size > 0 ? ['in-use', 'discouraged', 'forbidden'] : ['in-use', 'forbidden'],
    judge: (agreement) => {
      const number = chosenOf(agreement.chosen)!;
      const outcome = mustNot.has(number) ? 'forbidden' : shouldNot.has(number) ? 'discouraged' : 'in-use';
      return seenAt(outcome, `${type} ${number} is chosen`, agreement);
    },
    plays: 'responder',
    reads: [
      reads(document, section, 'MUST NOT', 'implementation', { 'in-use': pass, discouraged: pass, forbidden: fail }),
      ...(shouldNot.size > 0
        ? [
            reads(document, section, 'SHOULD NOT', 'implementation', {
              'in-use': pass,
              discouraged: fail,
              forbidden: fail,
            }),
          ]
        : []),
    ],
  });
}
