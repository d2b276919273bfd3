/** What the SAs that a binding update came under say of it (DUPONT 2.5): whose traffic they carry, and whether they cover its care-of address. */
import { icvOctets, isAh, type SadEntry } from '../ipsec/sad.ts';
import type { Address } from '../wire/address.ts';
import type { VouchingSa } from './correspondent-rules.ts';
import type { MessageArrival } from './message-arrival.ts';

export function vouchingSa(through: readonly SadEntry[], homeAddress: Address): VouchingSa {
  const remote = through.at(-1)?.sa.remote ?? [];
  const isOfHomeAddress =
    remote.length > 0 &&
    remote.every(({ startAddress, endAddress }) => startAddress === homeAddress && endAddress === homeAddress);
  return { icvOctets: through.map(icvOctets), isOfHomeAddress };
}

/** ESP in transport mode does not cover the header, whose source is the care-of address where no option names one; AH does. */
export function isProtectedAs({
  message,
  through,
}: MessageArrival<'bindingUpdate'>): 'option' | 'header under AH' | 'header under ESP' {
  if (message.options.some(({ type }) => type === 'alternateCareOfAddress')) return 'option';
  return through.some(isAh) ? 'header under AH' : 'header under ESP';
}
