/** Keys of strangers as the reference takes them: one of theirs may come to several, where nothing says how numbers are counted. */
import { type AhKeys, ahKeys } from '../../../reference/ipsec/ah.ts';
import { type EspKeys, espKeys } from '../../../reference/ipsec/esp.ts';
import { type IntegrityTransform, integrityTransform } from '../../../reference/transforms/integrity.ts';
import { unhex } from '../../../reference/wire/octets.ts';
import type { Authenticator, StrangersAh, StrangersEsp } from '../../capture/keys/strangers-key.ts';

export interface UsableEsp extends Numbered {
  readonly keys: EspKeys;
  /** Whether an ICV can be good. */
  readonly verifies: boolean;
}

export interface UsableAh extends Numbered {
  readonly keys: AhKeys;
}

interface Numbered {
  readonly sequenceHigh: number;
}

/** In the order in which they are tried. Throws `RangeError` for transforms that the reference lacks. */
export function espOf(key: StrangersEsp): readonly UsableEsp[] {
  const encryption = { ...key.encryption, key: unhex(key.encryption.key) };
  return numberings(key).map(({ extendedSequenceNumbers, sequenceHigh }) => {
    const keys = { ...espKeys({ encryption, extendedSequenceNumbers }, 'node'), ...authenticatorOf(key.integrity) };
    const verifies = keys.encryption.icvOctets > 0 || (key.integrity?.id ?? 0) > 0;
    return { keys, sequenceHigh, verifies };
  });
}

export function ahOf(key: StrangersAh): readonly UsableAh[] {
  const { id, key: digits, icvOctets } = key.integrity;
  return numberings(key).map(({ extendedSequenceNumbers, sequenceHigh }) => {
    const keys = ahKeys({ integrity: { id, key: unhex(digits) }, extendedSequenceNumbers }, 'node');
    const integrity = keys.integrity && icvOctets !== undefined ? cut(keys.integrity, icvOctets) : keys.integrity;
    return { keys: { ...keys, ...(integrity && { integrity }) }, sequenceHigh };
  });
}

/** Number 0 is NONE, as some write it beside an AEAD. */
function authenticatorOf(authenticator: Authenticator | undefined): Pick<EspKeys, 'integrity' | 'integrityKey'> {
  if (!authenticator || authenticator.id === 0) return {};
  const { icvOctets } = authenticator;
  if (authenticator.id === undefined) return { integrity: unknown(icvOctets!), integrityKey: new Uint8Array() };
  const transform = integrityTransform(authenticator.id, 'node');
  if (!transform || transform.ivOctets > 0) throw new RangeError(`no integrity transform ${authenticator.id}`);
  const integrity = icvOctets === undefined ? transform : cut(transform, icvOctets);
  return { integrity, integrityKey: unhex(authenticator.key) };
}

function cut(transform: IntegrityTransform, icvOctets: number): IntegrityTransform {
  return { ...transform, icvOctets, icv: (...given) => transform.icv(...given).slice(0, icvOctets) };
}

/** Takes its octets off the end of a packet, and is never good. */
function unknown(icvOctets: number): IntegrityTransform {
  return { id: 0, name: 'unknown', keyOctets: 0, ivOctets: 0, icvOctets, icv: () => new Uint8Array() };
}

/** Short numbers before extended ones, where nothing is said; of those the lowest upper halves, where none is. */
function numberings({
  extendedSequenceNumbers,
  sequenceHigh,
}: Pick<StrangersEsp, 'extendedSequenceNumbers' | 'sequenceHigh'>): readonly (Numbered & {
  readonly extendedSequenceNumbers: boolean;
})[] {
  const short = [{ extendedSequenceNumbers: false, sequenceHigh: 0 }];
  const highs = sequenceHigh === undefined ? [0, 1] : [...new Set([sequenceHigh, (sequenceHigh + 1) % 2 ** 32])];
  const extended = highs.map((high) => ({ extendedSequenceNumbers: true, sequenceHigh: high }));
  if (extendedSequenceNumbers === undefined) return [...short, ...extended];
  return extendedSequenceNumbers ? extended : short;
}
