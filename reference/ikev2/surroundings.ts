/**
 * What an IKE SA does with its surroundings: tells what happened, what was refused and what could not be read, and draws SPIs. It decides
 * nothing.
 */
import { beyond, type Env } from '../machine.ts';
import { readU32 } from '../wire/octets.ts';
import { type Ikev2Bound, ikev2Bounds, isBound } from './bounds.ts';
import type { IkeSettings } from './configuration.ts';
import type { Surroundings } from './ike-sa.ts';
import type { IkeEvent } from './interface.ts';
import type { Ikev2Rules } from './rules.ts';
import { ikev2Sections } from './sections.ts';

export function tell(surroundings: Surroundings, event: IkeEvent): void {
  surroundings.emit({ kind: 'event', event });
}

/** Reports what a rule refused, or which bound was reached. `detail` is for people. */
export function tellRefusal(surroundings: Surroundings, rule: keyof Ikev2Rules | Ikev2Bound, detail: string): void {
  const refusal = isBound(rule) ? beyond(ikev2Bounds, rule, detail) : { rule, section: ikev2Sections[rule], detail };
  tell(surroundings, { kind: 'discarded', ...refusal });
}

/** Reports octets that are no IKE message; there was nothing to decide. */
export function tellMalformed(surroundings: Surroundings, octets: Uint8Array): void {
  const detail = `${octets.length} octets are no IKE message`;
  tell(surroundings, { kind: 'discarded', rule: 'wellFormed', section: 'RFC 7296 3.1, 3.2', detail });
}

/** An SPI that is not zero. */
export function freshIkeSpi(env: Env): Uint8Array {
  for (;;) {
    const spi = env.octets('spi', 8);
    if (spi.some((octet) => octet !== 0)) return spi;
  }
}

/** An SPI of this range that is free: one that is drawn, or the next; undefined where none is. */
export function freshChildSpi(
  env: Env,
  [first, last]: IkeSettings['childSpis'],
  isFree: (spi: number) => boolean,
): number | undefined {
  const size = last - first + 1;
  const drawn = readU32(env.octets('spi', 4));
  const from = drawn < first || drawn > last ? drawn % size : drawn - first;
  for (let step = 0; step < size; step++) {
    const spi = first + ((from + step) % size);
    if (isFree(spi)) return spi;
  }
  return undefined;
}
