/**
 * The keys of IKEv2 and of its children, derived from a capture's own messages and the secrets that somebody recorded: IKE_SA_INIT gives SKEYSEED (RFC 7296 2.14), and what
 * is opened with that gives the rest. Messages are taken in the order of the capture, repeated ones as often as they come.
 */
import { keyedWith } from '../../../reference/ikev2/key-agreement.ts';
import { prfOf, skeyseed } from '../../../reference/ikev2/keymat.ts';
import { find } from '../../../reference/ikev2/payloads.ts';
import { chosenOf } from '../../../reference/ikev2/proposal-selection.ts';
import { ikev2Rules } from '../../../reference/ikev2/rules.ts';
import { ikeMessage } from '../../../reference/wire/ike/message.ts';
import { exchangeTypes } from '../../../reference/wire/ike/registry.ts';
import type { IpPacket } from '../../../reference/wire/ip/packet.ts';
import { equal, hex } from '../../../reference/wire/octets.ts';
import type { FoundKey, FoundSecrets } from '../../capture/keys/read-keys.ts';
import { readable } from '../readable.ts';
import { type Derived, DerivedIkeSa, type HeardIke, NOTHING } from './derived-ike-sa.ts';
import { SecretBook } from './secret-book.ts';
import type { CheckedAuthentication } from './shared-key-check.ts';

export interface DerivedKeys {
  /** In the file of the secrets. */
  readonly keys: readonly FoundKey[];
  readonly authentications: readonly CheckedAuthentication[];
  readonly faults: readonly string[];
}

export class KeyDerivation {
  readonly #file: string;
  readonly #book: SecretBook;
  readonly #sharedKeys: readonly string[];
  /** Requests of IKE_SA_INIT, by the initiator's SPI: several where a cookie or another group was asked for. */
  readonly #asked = new Map<string, readonly HeardIke[]>();
  /** By both SPIs. */
  readonly #sas = new Map<string, DerivedIkeSa>();

  constructor({ file, keyExchanges, sharedKeys }: FoundSecrets) {
    this.#file = file;
    this.#book = new SecretBook(keyExchanges);
    this.#sharedKeys = sharedKeys;
  }

  /** One IKE message without the non-ESP marker, and the packet it came in. Never throws for what the octets are. */
  heard(octets: Uint8Array, carrier: IpPacket): DerivedKeys {
    const message = readable(() => ikeMessage.decode(octets).value);
    if (message?.header.majorVersion !== 2) return { keys: [], authentications: [], faults: [] };
    const { keys, authentications, faults, successors } = this.#derived({ message, octets, carrier });
    for (const each of successors) this.#begin(each);
    return { keys: keys.map((key) => ({ key, file: this.#file })), authentications, faults };
  }

  #derived(heard: HeardIke): Derived {
    const { exchangeType, flags, initiatorSPI, responderSPI } = heard.message.header;
    if (exchangeType !== exchangeTypes.IKE_SA_INIT)
      return this.#sas.get(`${hex(initiatorSPI)} ${hex(responderSPI)}`)?.heard(heard) ?? NOTHING;
    return flags.response ? this.#answered(heard) : this.#ask(heard);
  }

  #ask(heard: HeardIke): Derived {
    const name = hex(heard.message.header.initiatorSPI);
    const known = this.#asked.get(name) ?? [];
    if (known.some(({ octets }) => equal(octets, heard.octets))) return NOTHING;
    if (this.#asked.size >= MOST_IKE_SAS) this.#asked.delete([...this.#asked.keys()][0]!);
    this.#asked.set(name, [...known, heard].slice(-MOST_REQUESTS));
    return NOTHING;
  }

  #answered(response: HeardIke): Derived {
    const { initiatorSPI: SPIi, responderSPI: SPIr } = response.message.header;
    const name = `${hex(SPIi)} ${hex(SPIr)}`;
    const [KEr, Nr] = [find(response.message.payloads, 'KE'), find(response.message.payloads, 'Nonce')];
    const proposal = find(response.message.payloads, 'SA')?.proposals[0];
    if (!KEr || !Nr || !proposal || this.#sas.has(name)) return NOTHING;
    const fault = (says: string): Derived => ({ ...NOTHING, faults: [`IKE ${name}: ${says}`] });
    const request = this.#asked
      .get(hex(SPIi))
      ?.findLast(({ message }) => find(message.payloads, 'KE')?.group === KEr.group);
    const KEi = request && find(request.message.payloads, 'KE');
    const Ni = request && find(request.message.payloads, 'Nonce');
    if (!request || !KEi || !Ni) return fault('the request of IKE_SA_INIT is not in the capture');
    const chosen = chosenOf(proposal);
    if (!chosen) return fault('the answer to IKE_SA_INIT chooses no encryption');
    const secrets = this.#book.secretsOf({
      group: KEr.group,
      initiator: KEi.keyExchangeData,
      responder: KEr.keyExchangeData,
      initiatorSPI: hex(SPIi),
    });
    if (typeof secrets === 'string') return fault(secrets);
    try {
      const prf = prfOf(chosen, 'node');
      const inKey = (nonce: Uint8Array) => ikev2Rules.nonceInKey(nonce, prf.keyIsFixed);
      const seed = { Ni: Ni.data, Nr: Nr.data, SPIi, SPIr };
      const sa = new DerivedIkeSa({
        SPIi,
        SPIr,
        candidates: secrets.map((secret) => ({
          keyed: keyedWith(skeyseed(prf, inKey(Ni.data), inKey(Nr.data), secret), seed, chosen, 'node'),
          secret,
        })),
        book: this.#book,
        sharedKeys: this.#sharedKeys,
        first: { request: request.octets, response: response.octets },
      });
      return { ...NOTHING, keys: sa.begins(), successors: [sa] };
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      return fault(thrown.message);
    }
  }

  #begin(sa: DerivedIkeSa): void {
    if (this.#sas.size >= MOST_IKE_SAS) this.#sas.delete([...this.#sas.keys()][0]!);
    this.#sas.set(sa.name, sa);
  }
}

/** Of one initiator's SPI: a cookie, then another group, then both again. */
const MOST_REQUESTS = 8;
/** That are followed at a time; the oldest gives way. */
const MOST_IKE_SAS = 10_000;
