/** Where the requests of one IKE SA come from, and where their answers go (RFC 7296 2.11): by the headers alone, which are in clear. */
import type { IpPacket } from '../../../reference/wire/ip/packet.ts';
import { readU16 } from '../../../reference/wire/octets.ts';
import type { OpenedIke } from '../opened-frame.ts';
import type { Seen } from '../sightings.ts';

interface Asked extends Seen {
  /** Address and port, of each copy of the request. */
  readonly from: string[];
  readonly address: string;
  /** From another address than requests of this side came from before. */
  readonly isMoved: boolean;
}

export interface SeenAnswer extends Seen {
  readonly request: Seen;
  readonly from: string;
  readonly to: string;
}

export class AnswerRecord {
  /** By who asks and Message ID, the oldest first. */
  readonly #asked = new Map<string, Asked>();
  /** Of the initiator and of the responder of the IKE SA: where their requests came from last. */
  readonly #places = new Map<boolean, string>();
  answered = 0;
  /** The first that went to where no copy of its request came from. */
  elsewhere: SeenAnswer | undefined;
  /** The first to a request from a new address that went there. */
  found: SeenAnswer | undefined;
  first: SeenAnswer | undefined;

  /** A message that is known to be forged is none. */
  add({ message, carrier, state }: OpenedIke, { number, time }: Seen): void {
    if (state === 'bad-icv' || state === 'unprotected' || carrier.payload.length < PORTS) return;
    const { flags, messageId, exchangeType } = message.header;
    const byInitiator = flags.initiator !== flags.response;
    const name = `${byInitiator} ${messageId} ${exchangeType}`;
    if (flags.response) this.#answers(name, carrier, { number, time });
    else this.#asks(name, byInitiator, carrier, { number, time });
  }

  #asks(name: string, byInitiator: boolean, carrier: IpPacket, seen: Seen): void {
    const from = endOf(carrier.source, carrier.payload, 0);
    const known = this.#asked.get(name);
    if (known) {
      if (known.from.length < MOST_COPIES && !known.from.includes(from)) known.from.push(from);
      return;
    }
    if (this.#asked.size >= MOST_ASKED) this.#asked.delete(this.#asked.keys().next().value!);
    const before = this.#places.get(byInitiator);
    this.#places.set(byInitiator, carrier.source);
    const isMoved = before !== undefined && before !== carrier.source;
    this.#asked.set(name, { ...seen, from: [from], address: carrier.source, isMoved });
  }

  #answers(name: string, carrier: IpPacket, seen: Seen): void {
    const asked = this.#asked.get(name);
    if (!asked) return;
    const to = endOf(carrier.destination, carrier.payload, 2);
    const answer = { ...seen, request: { number: asked.number, time: asked.time }, from: asked.from.join(', '), to };
    this.answered++;
    this.first ??= answer;
    if (!asked.from.includes(to)) this.elsewhere ??= answer;
    else if (asked.isMoved && carrier.destination === asked.address) this.found ??= answer;
  }
}

const endOf = (address: string, ports: Uint8Array, at: number): string => `${address} port ${readU16(ports, at)}`;

/** Octets. */
const PORTS = 4;
/** A window of requests, several times over. */
const MOST_ASKED = 64;
const MOST_COPIES = 8;
