/** What a connection of IKE authenticates with, as every daemon is told it: shared keys by whose they are, and the certificates that complete a chain. */
import type { CertificateRecipe, IkeConnection } from '../lab/node.ts';

/** Those of its PAD entry; where it names none, the node's own is everybody's. */
export function sharedKeysOf({ local, remote }: IkeConnection): NonNullable<IkeConnection['remote']['sharedKeys']> {
  if (remote.sharedKeys) return remote.sharedKeys;
  return local.authentication.kind === 'shared-key' ? [{ identity: 'any', key: local.authentication.key }] : [];
}

/** Of one's own chain, above the certificate that signs. */
export const intermediatesOf = ({ local: { authentication } }: IkeConnection): readonly CertificateRecipe[] =>
  'chain' in authentication ? authentication.chain.slice(1) : [];

/** The name of the key that signs, AUTH or what EAP-TLS has for it; none where nothing is signed. */
export const signingKeyOf = ({ local: { authentication } }: IkeConnection): readonly string[] =>
  'chain' in authentication || authentication.kind === 'public-key' ? [authentication.key] : [];

/** By content: two recipes that are written alike are the same certificate. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** Of plain data, whose members stand in one order. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
