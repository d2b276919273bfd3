/**
 * Two products have one transform of a kind in common and no other: for IKE (RFC 8247 section 2), or for ESP (RFC 8221 sections 5 and 6). They agree on it, and both make the same keys for
 * it.
 */
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, type Reads, reads } from '../../harness/vocabulary/question.ts';
import { espProposal, ikeProposal } from '../../harness/vocabulary/transforms.ts';
import { RFC7296, RFC8221, RFC8247 } from '../requirements/documents.ts';
import { type Choice, forEsp, forIke } from '../transform-choices.ts';
import { agreeing, meets } from './agreeing.ts';
import type { Outcome } from './crossing.ts';

interface Transform {
  readonly document: typeof RFC8247;
  readonly section: string;
  readonly choice: Choice;
}

const ike = named('ike', {
  '2.1': forIke.encryption,
  '2.2': prefixed('prf', forIke.prf),
  '2.3': forIke.integrity,
  '2.4': forIke['key-exchange'],
});
const esp = named('esp', { '5': forEsp.encryption, '6': forEsp.integrity });
const transforms: Readonly<Record<string, Transform>> = { ...ike, ...esp };

export const enciphering = agreeing({
  name: 'enciphering',
  title: 'Two products have one transform in common',
  by: Object.keys(transforms),
  roles: ['initiator'],
  given: (by) => {
    const [, change] = transforms[by]!.choice;
    return by in ike
      ? { proposals: [{ ...ikeProposal, ...change }] }
      : { child: { proposals: [{ ...espProposal, ...change }] } };
  },
  reads: (by) => {
    const { document, section, choice } = transforms[by]!;
    const keys = meets(RFC7296, by in ike ? '2.14' : '2.17');
    return [
      implementing(document, section, choice[0]),
      { ...keys, of: { ...keys.of, none: observed('no keys are made') } },
    ];
  },
  turnedBy: () => [[childMutants.acceptsOneOfEachTransform, 'none']],
});

/** By the name of a case, out of what a section has. */
function named(
  protocol: 'ike' | 'esp',
  sections: Readonly<Record<string, Readonly<Record<string, Choice>>>>,
): Readonly<Record<string, Transform>> {
  const document = protocol === 'ike' ? RFC8247 : RFC8221;
  return Object.fromEntries(
    Object.entries(sections).flatMap(([section, choices]) =>
      Object.entries(choices).map(([name, choice]) => [`${protocol}-${name}`, { document, section, choice }]),
    ),
  );
}

function prefixed(prefix: string, choices: Readonly<Record<string, Choice>>): Readonly<Record<string, Choice>> {
  return Object.fromEntries(Object.entries(choices).map(([name, choice]) => [`${prefix}-${name}`, choice]));
}

/** A transform that some still have is no fault of two that agree on it. */
function implementing(document: typeof RFC8247, section: string, level: Choice[0]): Reads<Outcome> {
  if (level !== 'SHOULD NOT') return meets(document, section, level);
  return reads<Outcome>(document, section, 'obs', 'implementation', {
    'both-ways': observed('both implement it still'),
    otherwise: fail,
    'at-odds': fail,
    'one-way': fail,
    'in-clear': fail,
    none: pass,
  });
}
