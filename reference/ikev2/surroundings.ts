/**
 * What every IKE SA finds around it: the rules and the configuration it was given, entropy, time, and the place where effects go. One
 * machine makes one of these and hands it to all its IKE SAs; it decides nothing.
 */
import type { CertificateRules } from '../certificates/rules.ts';
import type { Env, Instant } from '../machine.ts';
import type { IkeConnection, IkeSettings } from './configuration.ts';
import type { IkeSa } from './ike-sa.ts';
import type { IkeEffect, IkeEvent, IkeSeams } from './interface.ts';
import type { Ikev2Rules } from './rules.ts';
import { ikev2Sections } from './sections.ts';

export interface Surroundings {
  /** In PAD order. */
  readonly connections: readonly IkeConnection[];
  readonly rules: Ikev2Rules;
  readonly certificateRules: CertificateRules;
  readonly env: Env;
  readonly seams: IkeSeams;
  readonly settings: IkeSettings;
  /** The instant of the step under way. */
  readonly now: Instant;
  readonly ikeSas: readonly IkeSa[];
  emit(effect: IkeEffect): void;
  /** From now on datagrams with this SA's SPI reach it. */
  adopt(ikeSa: IkeSa): void;
  forget(ikeSa: IkeSa): void;
}

export function tell(surroundings: Surroundings, event: IkeEvent): void {
  surroundings.emit({ kind: 'event', event });
}

/** Reports what a rule refused. `detail` is for people. */
export function tellRefusal(surroundings: Surroundings, rule: keyof Ikev2Rules, detail: string): void {
  tell(surroundings, { kind: 'discarded', rule, section: ikev2Sections[rule], detail });
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

/** An ESP SPI above the reserved ones that `taken` does not hold (RFC 4303 section 2.1). */
export function freshChildSpi(env: Env, taken: (spi: number) => boolean): number {
  for (;;) {
    const octets = env.octets('spi', 4);
    const spi = new DataView(octets.buffer, octets.byteOffset).getUint32(0);
    if (spi > 255 && !taken(spi)) return spi;
  }
}
