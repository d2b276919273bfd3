/** What a connection of IKE authenticates with, as every daemon is told it: shared keys by whose they are, and the certificates that complete a chain. */
import type { CertificateRecipe, IkeConnection } from '../lab/node.ts';

/** Those of its PAD entry; where it names none, the node's own is everybody's. */
export function sharedKeysOf({ local, remote }: IkeConnection): NonNullable<IkeConnection['remote']['sharedKeys']> {
  if (remote.sharedKeys) return remote.sharedKeys;
  return local.authentication.kind === 'shared-key' ? [{ identity: 'any', key: local.authentication.key }] : [];
}

/** Of one's own chain, above the certificate that signs. */
export const intermediatesOf = ({ local: { authentication } }: IkeConnection): readonly CertificateRecipe[] =>
  authentication.kind === 'certificate' ? authentication.chain.slice(1) : [];

/** The name of the key that signs AUTH; none where it is no signature. */
export const signingKeyOf = ({ local: { authentication } }: IkeConnection): readonly string[] =>
  authentication.kind === 'certificate' || authentication.kind === 'public-key' ? [authentication.key] : [];

/** By content: two recipes that are written alike are the same certificate. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** Of plain data, whose members stand in one order. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
