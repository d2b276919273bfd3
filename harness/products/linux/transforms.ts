/**
 * IANA's numbers for ESP transforms (RFC 7296 3.3.2) in the names of the Linux crypto interface, as ip-xfrm(8) takes them.
 * Keys are octets as RFC 7296 2.17 cuts them: those of an AEAD end with its salt.
 */
import {
  linuxAuthenticators as authenticators,
  linuxCiphers as ciphers,
  type LinuxName,
} from '../../capture/keys/linux-names.ts';
import type { KeyRecord, ManualSa } from '../../lab/node.ts';
import type { XfrmState } from './xfrm-messages.ts';

/** The keys of one ESP SA, as a log records them. */
export type EspKeys = Extract<KeyRecord, { readonly kind: 'esp' }>;

type Words = { readonly words: string } | { readonly unsupported: string };

/** The algorithm words of an `ip xfrm state` line, or why there are none. */
export function algorithmWords(sa: ManualSa): Words {
  if (sa.protocol === 'AH') return authenticatingWords(sa.integrity);
  const { encryption, integrity } = sa;
  const cipher = ciphers[encryption.id];
  if (!cipher) return { unsupported: `Linux has no name for encryption transform ${encryption.id}` };
  if (cipher.icv) return { words: `aead ${cipher.name} 0x${encryption.key} ${cipher.icv}` };
  const encrypting = `enc ${cipher.name} ${encryption.key === '' ? '""' : `0x${encryption.key}`}`;
  if (!integrity || integrity.id === 0) return { words: encrypting };
  const authenticating = authenticatingWords(integrity);
  return 'unsupported' in authenticating ? authenticating : { words: `${encrypting} ${authenticating.words}` };
}

/** Of AH, or beside the cipher of ESP. */
function authenticatingWords({ id, key }: NonNullable<ManualSa['integrity']>): Words {
  if (id >= 9 && id <= 11) return { unsupported: 'ip-xfrm(8): rfc4543(gcm(aes)) is an AEAD, and AH takes none' };
  const authenticator = authenticators[id];
  if (!authenticator) return { unsupported: `Linux has no name for integrity transform ${id}` };
  return { words: `auth-trunc ${authenticator.name} 0x${key} ${authenticator.icv}` };
}

/** The transforms and keys of an SA of ESP; undefined where it has none that this file knows. */
export function transformsOf(state: XfrmState): Pick<EspKeys, 'encryption' | 'integrity'> | undefined {
  const cipher = state.aead ?? state.encryption;
  const id = cipher && idOf(ciphers, cipher);
  if (id === undefined) return undefined;
  const integrity = authenticatorOf(state);
  return { encryption: keyed(id, cipher!.key), ...(integrity && { integrity }) };
}

/** Of AH, or beside the cipher of ESP; undefined where it has none that this file knows. */
export function authenticatorOf({ authentication }: XfrmState): EspKeys['integrity'] {
  const id = authentication && idOf(authenticators, authentication);
  return id === undefined ? undefined : { id, key: authentication!.key };
}

function idOf(names: Readonly<Record<number, LinuxName>>, { name, icv }: LinuxName): number | undefined {
  const found = Object.entries(names).find(([, each]) => each.name === name && each.icv === icv);
  return found && Number(found[0]);
}

/** RFC 7296 3.3.5: of the ciphers above only AES has keys of several lengths, and names the one it has, in bits. */
function keyed(id: number, key: string): EspKeys['encryption'] {
  const bits = (key.length / 2 - (ciphers[id]?.salt ?? 0)) * 8;
  return { id, ...(id >= 12 && id <= 21 && { keyLength: bits }), key };
}
