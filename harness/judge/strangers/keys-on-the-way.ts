/** Keys that follow from recorded secrets as the messages of IKE go by (`key-derivation.ts`), and what does not follow although it should. */
import type { IpPacket } from '../../../reference/wire/ip/packet.ts';
import type { KeyLookup } from '../../capture/keys/key-lookup.ts';
import type { FoundSecrets } from '../../capture/keys/read-keys.ts';
import { KeyDerivation } from './key-derivation.ts';
import type { CheckedAuthentication } from './shared-key-check.ts';

export class KeysOnTheWay {
  readonly #derivations: readonly KeyDerivation[];
  readonly #lookup: KeyLookup;
  readonly #faults: string[] = [];
  #furtherFaults = 0;

  constructor(secrets: readonly FoundSecrets[], lookup: KeyLookup) {
    this.#derivations = secrets.map((each) => new KeyDerivation(each));
    this.#lookup = lookup;
  }

  /** One IKE message, without the non-ESP marker; what shared keys say of the AUTH in it. */
  heard(octets: Uint8Array, carrier: IpPacket): readonly CheckedAuthentication[] {
    return this.#derivations.flatMap((derivation) => {
      const { keys, authentications, faults } = derivation.heard(octets, carrier);
      for (const key of keys) this.#lookup.learn(key);
      for (const fault of faults) {
        if (this.#faults.length < MOST_FAULTS) this.#faults.push(fault);
        else this.#furtherFaults++;
      }
      return authentications;
    });
  }

  remarks(): readonly string[] {
    return this.#furtherFaults === 0 ? this.#faults : [...this.#faults, `${this.#furtherFaults} more like these`];
  }
}

/** Whoever made the capture decides how many IKE SAs it has. */
const MOST_FAULTS = 50;
