/**
 * One IKE SA as its messages go by: what was agreed on, who claimed to be whom, and whether that was believed. A message that no key opens says nothing, and one that is
 * repeated says nothing new.
 */
import { natDetectionHash } from '../../../reference/ikev2/nat-detection.ts';
import { chosenOf } from '../../../reference/ikev2/proposal-selection.ts';
import type { Address } from '../../../reference/wire/address.ts';
import { notifyTypes } from '../../../reference/wire/ike/notify-types.ts';
import type { Payload } from '../../../reference/wire/ike/payload-chain.ts';
import { exchangeTypes, protocolIds } from '../../../reference/wire/ike/registry.ts';
import { equal, hex, readU16, readU32 } from '../../../reference/wire/octets.ts';
import type { OpenedIke } from '../opened-frame.ts';
import { notificationsIn, refusalIn } from '../refusal.ts';
import type { Seen, SeenIke, SeenProtection } from '../sightings.ts';
import { AnswerRecord } from './answer-record.ts';
import type { IkeAgreement } from './ike-agreement.ts';
import { type Believed, type IkeRole, OpenClaim, type PeerClaim } from './peer-claim.ts';

/** Who is told what follows from a message. */
export interface IkeListener {
  agreed(agreement: IkeAgreement): void;
  /** This side of the IKE SA will send under this SPI; its initiator once it believes its responder. */
  awaits(spi: number, by: IkeRole): void;
}

export class IkeConversation {
  readonly initiatorSPI: string;
  readonly #listener: IkeListener;
  readonly #believed: Believed;
  readonly #claims = { initiator: new OpenClaim(), responder: new OpenClaim() };
  readonly answers = new AnswerRecord();
  /** The first agreement on a child, and the first packet of each side that verifies under one. */
  child: Seen | undefined;
  readonly carried: { initiator?: Seen; responder?: Seen } = {};
  /** Of the first message. */
  ends: { readonly initiator: Address; readonly responder: Address } | undefined;
  #isTranslated = false;
  /** Answers that were heard, by who asked and Message ID. */
  readonly #answered = new Set<string>();

  constructor(initiatorSPI: string, listener: IkeListener, believed: Believed) {
    this.initiatorSPI = initiatorSPI;
    this.#listener = listener;
    this.#believed = believed;
  }

  add({ number, time, ike }: SeenIke): void {
    const { payloads, message, carrier } = ike;
    this.ends ??= { initiator: carrier.source, responder: carrier.destination };
    this.answers.add(ike, { number, time });
    if (!payloads) return;
    const { exchangeType, flags, messageId } = message.header;
    const seen = { number, time };
    if (exchangeType === exchangeTypes.IKE_SA_INIT) this.#looksForTranslation(ike);
    if (exchangeType === exchangeTypes.IKE_AUTH) {
      const by: IkeRole = flags.initiator ? 'initiator' : 'responder';
      this.#claims[by].says(payloads, seen, carrier.source, carrier.destination);
    }
    if (!flags.response) {
      if (flags.initiator) this.#initiatorAsks(ike, seen);
      this.#offers(payloads, flags.initiator ? 'responder' : 'initiator');
      return;
    }
    const name = `${flags.initiator} ${messageId}`;
    if (this.#answered.has(name)) return;
    if (this.#answered.size < MOST_ANSWERS) this.#answered.add(name);
    if (exchangeType === exchangeTypes.IKE_AUTH) this.#responderAnswers(ike, seen);
    this.#agrees(payloads, ike, seen);
  }

  /** A side sends under a child. Where the initiator does, it has believed its responder. */
  isUsed(by: IkeRole, { number, time, state }: SeenProtection): void {
    const seen = { number, time };
    if (by === 'initiator') this.#judged('responder', 'established', 'the initiator sends under the child', seen);
    if (state === 'opened') this.carried[by] ??= seen;
  }

  /** What was claimed, once all is known that will be. */
  claims(): readonly PeerClaim[] {
    return (['initiator', 'responder'] as const).flatMap((by) => {
      const verifier = by === 'initiator' ? 'responder' : 'initiator';
      const about = { initiatorSPI: this.initiatorSPI, verifier, isTranslated: this.#isTranslated } as const;
      return this.#claims[by].whole(about, this.#believed) ?? [];
    });
  }

  #looksForTranslation({ message, payloads = [], carrier, state }: OpenedIke): void {
    if (state !== 'clear' || carrier.payload.length < 4) return;
    const { initiatorSPI, responderSPI } = message.header;
    const ends = [
      [notifyTypes.NAT_DETECTION_SOURCE_IP, carrier.source, readU16(carrier.payload)],
      [notifyTypes.NAT_DETECTION_DESTINATION_IP, carrier.destination, readU16(carrier.payload, 2)],
    ] as const;
    for (const [type, address, port] of ends) {
      const said = payloads.flatMap((each) => (each.type === 'N' && each.notifyType === type ? [each.data] : []));
      const right = natDetectionHash(initiatorSPI, responderSPI, address, port);
      if (said.length > 0 && !said.some((each) => equal(each, right))) this.#isTranslated = true;
    }
  }

  /** RFC 7296 2.21.2: in words, or by asking on; one that only closes everything gives no reason. */
  #initiatorAsks(ike: OpenedIke, seen: Seen): void {
    const { exchangeType } = ike.message.header;
    if (exchangeType === exchangeTypes.IKE_SA_INIT || exchangeType === exchangeTypes.IKE_AUTH) return;
    const deleted = (ike.payloads ?? []).flatMap((each) => (each.type === 'D' ? [each.protocolId] : []));
    if (notificationsIn(ike).includes('AUTHENTICATION_FAILED'))
      this.#judged('responder', 'refused', 'the initiator says AUTHENTICATION_FAILED', seen);
    else if (deleted.length === 0) this.#judged('responder', 'established', 'the initiator asks on', seen);
    else if (!deleted.includes(protocolIds.IKE))
      this.#judged('responder', 'no-child', 'the initiator closes the child', seen);
  }

  #responderAnswers(ike: OpenedIke, seen: Seen): void {
    const has = (type: Payload['type']): boolean => ike.payloads?.some((each) => each.type === type) ?? false;
    const refusal = refusalIn(ike);
    if (has('AUTH') && has('SA')) this.#judged('initiator', 'established', 'the responder agrees on a child', seen);
    else if (has('AUTH'))
      this.#judged('initiator', 'no-child', `the responder says ${refusal ?? 'nothing of a child'}`, seen);
    else if (refusal === 'AUTHENTICATION_FAILED')
      this.#judged('initiator', 'refused', `the responder says ${refusal}`, seen);
  }

  #judged(by: IkeRole, is: 'established' | 'no-child' | 'refused', says: string, seen: Seen): void {
    if (!this.#claims[by].isOpen) return;
    this.#claims[by].isJudged(is, says, seen);
    this.#claims[by].remember(this.#believed);
  }

  #agrees(payloads: readonly Payload[], { message, carrier }: OpenedIke, seen: Seen): void {
    const proposal = payloads.find((each) => each.type === 'SA')?.proposals[0];
    const chosen = proposal && chosenOf(proposal);
    const protocol = chosen && nameOfProtocol.get(chosen.protocolId);
    if (!chosen || !protocol) return;
    // The answer goes to whoever offered.
    const ends: { initiator: Address; responder: Address } = {
      initiator: carrier.destination,
      responder: carrier.source,
    };
    this.#listener.agreed({ ...seen, initiatorSPI: this.initiatorSPI, protocol, chosen, ...ends });
    if (protocol === 'IKE' || chosen.spi.length !== SPI) return;
    this.child ??= seen;
    this.#listener.awaits(readU32(chosen.spi), message.header.flags.initiator ? 'responder' : 'initiator');
  }

  /** Each SPI that is offered for a child is the other side's to send under. */
  #offers(payloads: readonly Payload[], sender: IkeRole): void {
    for (const payload of payloads)
      for (const { spi, protocolId } of payload.type === 'SA' ? payload.proposals.slice(0, MOST_OFFERED) : [])
        if (protocolId !== protocolIds.IKE && spi.length === SPI) this.#listener.awaits(readU32(spi), sender);
  }
}

export const initiatorSpiOf = ({ ike }: SeenIke): string => hex(ike.message.header.initiatorSPI);

const nameOfProtocol: ReadonlyMap<number, IkeAgreement['protocol']> = new Map([
  [protocolIds.IKE, 'IKE'],
  [protocolIds.ESP, 'ESP'],
  [protocolIds.AH, 'AH'],
]);

/** Octets. */
const SPI = 4;
/** One SPI for all proposals is what everybody offers. */
const MOST_OFFERED = 8;
/** Of one IKE SA: what is answered once more after so many is taken for new. */
const MOST_ANSWERS = 1_024;
