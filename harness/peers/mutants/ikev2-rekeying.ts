/** Broken twins of IKEv2 where it replaces a child or an IKE SA, and where it chooses (RFC 7296 sections 2.7, 2.8, 2.17 and 2.18). */
import { mutant } from '../mutant.ts';

export const keepsReplacedIkeSa = mutant(
  'keepsReplacedIkeSa',
  'ikev2',
  'replacedIkeSa',
  'the old IKE SA is left to whoever comes to tidy up',
  () => () => 'kept',
);

export const neverReplacesIkeSa = mutant(
  'neverReplacesIkeSa',
  'ikev2',
  'ikeRekeyingRefusedDuring',
  'it is always a bad moment to rekey the IKE SA',
  () => () => true,
);

export const keysWithoutSecret = mutant(
  'keysWithoutSecret',
  'ikev2',
  'perfectForwardSecrecy',
  'a block of zeros stands in KEYMAT where the secret should, or nothing',
  () => () => new Uint8Array(32),
);

export const offersNoGroup = mutant(
  'offersNoGroup',
  'ikev2',
  'childProposals',
  'keys of a child come from those of its IKE SA, whatever is configured',
  () => (own) => own.map(({ keyExchangeMethods: _groups, ...rest }) => rest),
);

export const insistsOnGroup = mutant(
  'insistsOnGroup',
  'ikev2',
  'chosenProposal',
  'CREATE_CHILD_SA without a KE payload is refused, although no group was asked for',
  (lawful) =>
    (...asked) => {
      const chosen = lawful(...asked);
      return chosen?.group === undefined && asked[3] === 'offered' ? undefined : chosen;
    },
);

export const looksAtFirstProposal = mutant(
  'looksAtFirstProposal',
  'ikev2',
  'chosenProposal',
  'the first proposal, and in it the first transform of each type, is all that is looked at',
  (lawful) =>
    ([first], ...rest) =>
      first && lawful([{ ...first, transforms: firstOfEach(first.transforms) }], ...rest),
);

export const wantsItsFirstChoice = mutant(
  'wantsItsFirstChoice',
  'ikev2',
  'acceptedProposal',
  'an answer is compared with the first that was offered',
  (lawful) =>
    ([first], answer) =>
      first && lawful([{ ...first, transforms: firstOfEach(first.transforms) }], answer),
);

function firstOfEach<Transform extends { readonly type: number }>(
  transforms: readonly Transform[],
): readonly Transform[] {
  return transforms.filter(({ type }, place) => transforms.findIndex((each) => each.type === type) === place);
}
