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

/** The transforms and keys in a block of `ip -d xfrm state`; undefined where it has none that this file knows. */
export function transformsIn(block: string): Pick<EspKeys, 'encryption' | 'integrity'> | undefined {
  const [, aead, aeadKey, aeadIcv] = /\baead (\S+) 0x([0-9a-f]+)(?: \(\d+ bits\))? (\d+)/.exec(block) ?? [];
  if (aead !== undefined) {
    const id = idOf(ciphers, aead, Number(aeadIcv));
    return id === undefined ? undefined : { encryption: keyed(id, aeadKey!) };
  }
  const [, cipher, cipherKey = ''] = /\benc (\S+)(?: 0x([0-9a-f]+))?/.exec(block) ?? [];
  const encryption = cipher === undefined ? undefined : idOf(ciphers, cipher);
  if (encryption === undefined) return undefined;
  const integrity = authenticatorIn(block);
  return { encryption: keyed(encryption, cipherKey), ...(integrity && { integrity }) };
}

/** Of AH, or beside the cipher of ESP; undefined where it has none that this file knows. */
export function authenticatorIn(block: string): EspKeys['integrity'] {
  const [, name, key, icv] = /\bauth(?:-trunc)? (\S+) 0x([0-9a-f]+)(?: \(\d+ bits\))? (\d+)/.exec(block) ?? [];
  const id = name === undefined ? undefined : idOf(authenticators, name, Number(icv));
  return id === undefined ? undefined : { id, key: key! };
}

function idOf(names: Readonly<Record<number, LinuxName>>, name: string, icv?: number): number | undefined {
  const found = Object.entries(names).find(([, each]) => each.name === name && each.icv === icv);
  return found && Number(found[0]);
}

/** RFC 7296 3.3.5: of the ciphers above only AES has keys of several lengths, and names the one it has, in bits. */
function keyed(id: number, key: string): EspKeys['encryption'] {
  const bits = (key.length / 2 - (ciphers[id]?.salt ?? 0)) * 8;
  return { id, ...(id >= 12 && id <= 21 && { keyLength: bits }), key };
}
