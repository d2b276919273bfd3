/** An entry of the Binding Update List, RFC 6275 section 11.1: what a mobile node has asked of one node, and what it was granted. */
import type { Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { BindingUpdateState } from './interface.ts';

export class ListEntry {
  readonly peer: Address;
  readonly homeAddress: Address;
  readonly homeRegistration: boolean;
  /** That the last update named; the home address where that was to end the binding. */
  careOfAddress: Address;
  /** Asked for in the last update, in seconds. */
  lifetime = 0;
  /** When the last update was sent. */
  sentAt: Instant = 0;
  /** When the binding ends that was granted last, to whichever care-of address. */
  until: Instant = 0;
  /** Of the last update, 16 bits. */
  sequenceNumber: number;
  /** The last care-of address was granted. */
  isAcknowledged = false;
  /** No further updates go there (section 11.3.5 and 11.7.3). */
  isClosed = false;

  constructor(peer: Address, homeAddress: Address, homeRegistration: boolean, sequenceNumber: number) {
    this.peer = peer;
    this.homeAddress = homeAddress;
    this.careOfAddress = homeAddress;
    this.homeRegistration = homeRegistration;
    this.sequenceNumber = sequenceNumber;
  }

  /** An update that asks for so many seconds is on its way. */
  asked(now: Instant, careOfAddress: Address, lifetime: number): void {
    if (careOfAddress !== this.careOfAddress) this.isAcknowledged = false;
    this.careOfAddress = careOfAddress;
    this.lifetime = lifetime;
    this.sentAt = now;
  }

  /** The last update was granted, for so many seconds from when it was sent. */
  granted(lifetime: number): void {
    this.isAcknowledged = true;
    this.until = this.sentAt + 1000 * lifetime;
  }

  /** The node that was asked has a binding, as far as this one knows. */
  isBound(now: Instant): boolean {
    return this.until > now;
  }

  reported(): BindingUpdateState {
    const { peer, homeAddress, careOfAddress, homeRegistration, isAcknowledged: settled } = this;
    return { peer, homeAddress, careOfAddress, homeRegistration, settled };
  }
}
