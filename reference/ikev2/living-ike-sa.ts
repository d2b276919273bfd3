/**
 * One IKE SA as it lives: its state, its window of requests, its children and where its peer is. It moves through the table of `ike-sa-state.ts`,
 * runs as many exchanges at a time as the peer's window allows (RFC 7296 section 2.3) and dies with all its children. What the exchanges say is theirs.
 */
import type { Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { hex } from '../wire/octets.ts';
import { removeChild } from './child-installation.ts';
import type { ChildSa, NamedSpi } from './child-sa.ts';
import type { IkeConnection } from './configuration.ts';
import type { InitiatedExchange } from './exchange.ts';
import type {
  FollowUp,
  FragmentQueue,
  IkeSa,
  Mobike,
  MovableExchange,
  PeersRekeying,
  PostponedExchange,
  Surroundings,
} from './ike-sa.ts';
import { type IkeSaState, type Keyed, type Occasion, transitions } from './ike-sa-state.ts';
import type { OriginalRole, Path } from './interface.ts';
import { MessageIdWindow } from './message-id-window.ts';
import { sendRequest } from './outgoing.ts';
import type { Protection } from './sealed-message.ts';
import { tell } from './surroundings.ts';
import { mayAsk } from './window-size.ts';

export class LivingIkeSa implements IkeSa {
  readonly surroundings: Surroundings;
  readonly role: OriginalRole;
  readonly initiatorSPI: Uint8Array;
  responderSPI: Uint8Array;
  path: Path;
  state: IkeSaState = { name: 'idle' };
  children: ChildSa[] = [];
  internalAddresses: readonly Address[] = [];
  readonly window: MessageIdWindow<InitiatedExchange>;
  nat = { detected: false, peerBehind: false, thisNodeBehind: false, feigned: false };
  mobike: Mobike | undefined;
  newestAddresses: number | undefined;
  fragmentation = false;
  gathering: readonly FragmentQueue[] = [];
  readonly earlierKeys: Keyed[] = [];
  peersRekeying: PeersRekeying | undefined;
  successor: IkeSa | undefined;
  deletedMeanwhile: readonly NamedSpi[] = [];
  followUps: readonly FollowUp[] = [];
  postponed: PostponedExchange[] = [];
  livedAt: Instant;
  private waiting: (InitiatedExchange | MovableExchange)[] = [];

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
    this.livedAt = surroundings.now;
    this.window = new MessageIdWindow(surroundings.settings.retransmission);
  }

  become(on: Occasion, state: IkeSaState): void {
    const from = this.state.name;
    const allowed = transitions.some((row) => row.from === from && row.on === on && row.to === state.name);
    if (!allowed) throw new Error(`an IKE SA that is ${from} and ${on} does not become ${state.name}`);
    this.state = state;
  }

  get keyed(): Keyed | undefined {
    return 'keyed' in this.state ? this.state.keyed : undefined;
  }

  get connection(): IkeConnection | undefined {
    return 'connection' in this.state ? this.state.connection : undefined;
  }

  outboundProtection(keyed: Keyed): Protection {
    return this.role === 'initiator' ? keyed.fromInitiator : keyed.fromResponder;
  }

  inboundProtection(keyed: Keyed): Protection {
    return this.role === 'initiator' ? keyed.fromResponder : keyed.fromInitiator;
  }

  begin(exchange: InitiatedExchange | MovableExchange, turn: 'last' | 'first' = 'last'): void {
    if (turn === 'first') this.waiting.unshift(exchange);
    else this.waiting.push(exchange);
    this.proceed();
  }

  postpone(exchange: PostponedExchange['exchange']): void {
    const { now, settings, env } = this.surroundings;
    // Two that refuse each other for what each asks must not ask again in step.
    const jitter = 1 + env.octets('identifier', 1)[0]! / 256;
    this.postponed.push({ at: now + settings.temporaryFailureDelay * jitter, exchange });
  }

  inherit(old: IkeSa): void {
    this.children.push(...old.children);
    this.postponed.push(...old.postponed);
    this.internalAddresses = old.internalAddresses;
    old.children = [];
    old.internalAddresses = [];
    old.postponed = [];
    for (const exchange of old.handsOver(this)) this.begin(exchange);
  }

  handsOver(successor: IkeSa): readonly MovableExchange[] {
    const handed = this.waiting.filter(isMovable);
    this.waiting = this.waiting.filter((exchange) => !isMovable(exchange));
    return handed.map((exchange) => exchange.onSuccessor(successor));
  }

  resume(): void {
    const { now } = this.surroundings;
    while (this.postponed[0] !== undefined && this.postponed[0].at <= now)
      this.begin(this.postponed.shift()!.exchange(this));
  }

  proceed(): void {
    while (this.state.name !== 'closed' && this.state.name !== 'leftBehind') {
      const [next] = this.waiting;
      if (next === undefined || !mayAsk(this, next)) return;
      this.waiting.shift();
      const payloads = next.build();
      if (payloads !== undefined) sendRequest(this, next, payloads);
    }
  }

  intends(purpose: InitiatedExchange['purpose']): boolean {
    return this.asks(purpose) || this.waiting.some((one) => one.purpose === purpose);
  }

  get activity(): 'established' | 'rekeying' | 'deleting' {
    if (this.state.name === 'deleting' || this.state.name === 'rekeyed') return 'deleting';
    return this.asks('rekeyIkeSa') ? 'rekeying' : 'established';
  }

  leaveBehind(): void {
    if (this.state.name !== 'established') {
      this.end('closed', LEFT_BEHIND);
      return;
    }
    this.become('is left behind', { ...this.state, name: 'leftBehind' });
    this.window.abandon();
    this.postponed = [];
    const connection = this.state.connection.name;
    tell(this.surroundings, { kind: 'ike', connection, state: 'closed', reason: LEFT_BEHIND, ...this.spis });
  }

  end(outcome: 'closed' | 'failed', reason: string): void {
    if (this.state.name === 'closed') return;
    const connection = this.connection?.name ?? '';
    for (const child of [...this.children]) removeChild(this, child, reason);
    const wasLeftBehind = this.state.name === 'leftBehind';
    this.become('ends', { name: 'closed' });
    this.window.abandon();
    this.surroundings.forget(this);
    if (!wasLeftBehind) tell(this.surroundings, { kind: 'ike', connection, state: outcome, reason, ...this.spis });
  }

  private asks(purpose: InitiatedExchange['purpose']): boolean {
    return this.window.outstanding.some(({ exchange }) => exchange.purpose === purpose);
  }

  get spis(): { readonly initiatorSPI: string; readonly responderSPI: string } {
    return { initiatorSPI: hex(this.initiatorSPI), responderSPI: hex(this.responderSPI) };
  }
}

function isMovable(exchange: InitiatedExchange | MovableExchange): exchange is MovableExchange {
  return 'onSuccessor' in exchange;
}

const LEFT_BEHIND = 'an end has moved without it';
