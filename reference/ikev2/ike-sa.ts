/**
 * One IKE SA: its state, its window of requests, its children and where its peer is. It moves through the table of `ike-sa-state.ts`,
 * runs one exchange at a time (RFC 7296 section 2.3) and dies with all its children. What the exchanges say is theirs.
 */
import type { Instant } from '../machine.ts';
import { hex } from '../wire/octets.ts';
import { type ChildSa, removeChild } from './child-sa.ts';
import type { IkeConnection } from './configuration.ts';
import type { InitiatedExchange } from './exchange.ts';
import { type IkeSaState, type Keyed, type Occasion, transitions } from './ike-sa-state.ts';
import type { OriginalRole, Path } from './interface.ts';
import { MessageIdWindow } from './message-id-window.ts';
import { sendRequest } from './outgoing.ts';
import type { Protection } from './sealed-message.ts';
import { type Surroundings, tell } from './surroundings.ts';

/** How a simultaneous rekeying by the peer is remembered until this node's own is answered (section 2.8.1). */
export interface PeersRekeying {
  readonly ikeSa: IkeSa;
  readonly nonces: readonly Uint8Array[];
}

interface PostponedExchange {
  readonly at: Instant;
  exchange(on: IkeSa): InitiatedExchange;
}

export class IkeSa {
  readonly surroundings: Surroundings;
  /** This node's role when this IKE SA began. */
  readonly role: OriginalRole;
  readonly initiatorSPI: Uint8Array;
  /** Zero until the responder has drawn it. */
  responderSPI: Uint8Array;
  path: Path;
  state: IkeSaState = { name: 'idle' };
  children: ChildSa[] = [];
  readonly window: MessageIdWindow<InitiatedExchange>;
  /** What NAT detection said: whether somebody rewrites addresses, and whether the peer is the one behind. */
  nat = { detected: false, peerBehind: false };
  peersRekeying: PeersRekeying | undefined;
  private readonly waiting: InitiatedExchange[] = [];
  private postponed: PostponedExchange[] = [];

  constructor(
    surroundings: Surroundings,
    role: OriginalRole,
    spis: { readonly initiatorSPI: Uint8Array; readonly responderSPI: Uint8Array },
    path: Path,
  ) {
    this.surroundings = surroundings;
    this.role = role;
    this.initiatorSPI = spis.initiatorSPI;
    this.responderSPI = spis.responderSPI;
    this.path = path;
    this.window = new MessageIdWindow(surroundings.settings.retransmission);
  }

  /** Takes the transition of the table for this occasion. Throws where there is none: that would be our own mistake. */
  become(on: Occasion, state: IkeSaState): void {
    const from = this.state.name;
    const allowed = transitions.some((row) => row.from === from && row.on === on && row.to === state.name);
    if (!allowed) throw new Error(`an IKE SA that is ${from} and ${on} does not become ${state.name}`);
    this.state = state;
  }

  /** The SPI by which the peer's messages name this SA to this node. */
  get ownSPI(): Uint8Array {
    return this.role === 'initiator' ? this.initiatorSPI : this.responderSPI;
  }

  get keyed(): Keyed | undefined {
    return 'keyed' in this.state ? this.state.keyed : undefined;
  }

  get connection(): IkeConnection | undefined {
    return 'connection' in this.state ? this.state.connection : undefined;
  }

  /** What this node seals with. */
  outboundProtection(keyed: Keyed): Protection {
    return this.role === 'initiator' ? keyed.fromInitiator : keyed.fromResponder;
  }

  /** What the peer seals with. */
  inboundProtection(keyed: Keyed): Protection {
    return this.role === 'initiator' ? keyed.fromResponder : keyed.fromInitiator;
  }

  /** Begins an exchange as soon as the window has room for it. */
  begin(exchange: InitiatedExchange): void {
    this.waiting.push(exchange);
    this.proceed();
  }

  /** Begins an exchange some time later (section 2.25), on the IKE SA that has replaced this one if need be. */
  postpone(exchange: PostponedExchange['exchange']): void {
    const { now, settings, env } = this.surroundings;
    // Two that refuse each other for what each asks must not ask again in step.
    const jitter = 1 + env.octets('identifier', 1)[0]! / 256;
    this.postponed.push({ at: now + settings.temporaryFailureDelay * jitter, exchange });
  }

  /** Section 2.18: the children of the IKE SA that this one replaces, and what was to be asked on it later. */
  inherit(old: IkeSa): void {
    this.children.push(...old.children);
    this.postponed.push(...old.postponed);
    old.children = [];
    old.postponed = [];
  }

  /** When something postponed is due. */
  get postponedUntil(): Instant | undefined {
    return this.postponed[0]?.at;
  }

  /** Begins what was postponed until now. */
  resume(): void {
    const { now } = this.surroundings;
    while (this.postponed[0] !== undefined && this.postponed[0].at <= now)
      this.begin(this.postponed.shift()!.exchange(this));
  }

  /** Begins what waits, if there is room (section 2.3). */
  proceed(): void {
    const { rules } = this.surroundings;
    while (this.state.name !== 'closed') {
      const outstanding = this.window.outstanding === undefined ? 0 : 1;
      if (outstanding >= rules.requestsOutstanding()) return;
      const next = this.waiting.shift();
      if (next === undefined) return;
      const payloads = next.build();
      if (payloads !== undefined) sendRequest(this, next, payloads);
    }
  }

  /** Whether an exchange of that purpose runs or waits. */
  intends(purpose: InitiatedExchange['purpose']): boolean {
    return this.window.outstanding?.exchange.purpose === purpose || this.waiting.some((one) => one.purpose === purpose);
  }

  /** What RFC 7296 section 2.25 asks of requests that come meanwhile. */
  get activity(): 'established' | 'rekeying' | 'deleting' {
    if (this.state.name === 'deleting' || this.state.name === 'rekeyed') return 'deleting';
    return this.window.outstanding?.exchange.purpose === 'rekeyIkeSa' ? 'rekeying' : 'established';
  }

  /** The end, of the children too. */
  end(outcome: 'closed' | 'failed', reason: string): void {
    if (this.state.name === 'closed') return;
    const connection = this.connection?.name ?? '';
    for (const child of [...this.children]) removeChild(this, child, reason);
    this.become('ends', { name: 'closed' });
    this.window.outstanding = undefined;
    this.surroundings.forget(this);
    tell(this.surroundings, { kind: 'ike', connection, state: outcome, reason, ...this.spis });
  }

  get spis(): { readonly initiatorSPI: string; readonly responderSPI: string } {
    return { initiatorSPI: hex(this.initiatorSPI), responderSPI: hex(this.responderSPI) };
  }
}
