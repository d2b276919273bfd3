/**
 * Two IKEv2 machines on a memory wire with a virtual clock, for tests: what each says is written down in the RFC's notation, and the wire may lose,
 * repeat or change datagrams. One seed gives the same octets every time.
 */
import type { Env } from '../machine.ts';
import { hash } from '../transforms/keyed-hash.ts';
import type { IkeMessage } from '../wire/ike/message.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import { concat, fromText, hex, u32 } from '../wire/octets.ts';
import type { ChildConfiguration, Credential, IkeConnection, ProposalConfiguration } from './configuration.ts';
import { firstExchanges } from './exchange.ts';
import { Ikev2, type Ikev2Options } from './ikev2.ts';
import type { IkeCommand, IkeEffect, IkeEvent, IkeInput, IkeSeams, NegotiatedSa, Path } from './interface.ts';
import { notifyName } from './payloads.ts';

export interface Datagram {
  readonly from: 'initiator' | 'responder';
  readonly path: Path;
  readonly octets: Uint8Array;
  readonly notation: string;
}

/** What becomes of a datagram: nothing, itself, several. */
export type Wire = (datagram: Datagram, place: number) => readonly Uint8Array[];

type Side = 'initiator' | 'responder';

export class Conversation {
  readonly machines: Record<Side, Ikev2>;
  /** `I: HDR, SAi1, KEi, Ni` for each datagram sent, in order. */
  readonly transcript: string[] = [];
  readonly datagrams: Datagram[] = [];
  readonly events: { readonly by: Side; readonly event: IkeEvent }[] = [];
  readonly installed: Record<Side, Map<string, NegotiatedSa>> = { initiator: new Map(), responder: new Map() };
  now = 0;
  wire: Wire = ({ octets }) => [octets];
  /** What a NAT on the way makes of the path that a datagram is sent on. */
  translates: (path: Path) => Path = (path) => path;
  private readonly pending: { readonly to: Side; readonly path: Path; readonly octets: Uint8Array }[] = [];
  private said = '';

  constructor(initiator: Partial<Ikev2Options> = {}, responder: Partial<Ikev2Options> = {}, seed = 'seed') {
    this.machines = {
      initiator: this.machine('initiator', { connections: [connection('initiator')], ...initiator }, seed),
      responder: this.machine('responder', { connections: [connection('responder')], ...responder }, seed),
    };
  }

  /** Performs a command and lets the wire fall silent. */
  command(by: Side, command: IkeCommand): this {
    return this.input(by, { kind: 'command', command });
  }

  input(by: Side, input: IkeInput): this {
    this.take(by, this.machines[by].step(this.now, input));
    return this.settle();
  }

  /** Both at the same time, so that their requests cross. */
  commands(initiator: IkeCommand, responder: IkeCommand): this {
    this.take('initiator', this.machines.initiator.step(this.now, { kind: 'command', command: initiator }));
    this.take('responder', this.machines.responder.step(this.now, { kind: 'command', command: responder }));
    return this.settle();
  }

  initiate(child = 'net'): this {
    return this.command('initiator', { kind: 'initiate', connection: 'peer', child });
  }

  /** Hands octets to a side as if they had come from the other. */
  forge(to: Side, octets: Uint8Array, path: Path = pathAt(to)): this {
    return this.input(to, { kind: 'datagram', path, octets });
  }

  /** The initiator's machine starts anew and remembers nothing. */
  restart(options: Partial<Ikev2Options> = {}): this {
    this.machines.initiator = this.machine('initiator', { connections: [connection('initiator')], ...options }, 'anew');
    return this;
  }

  /** Lets time pass, deadline by deadline. */
  pass(milliseconds: number): this {
    const end = this.now + milliseconds;
    for (;;) {
      const due = this.nextDeadline();
      if (due === undefined || due > end) break;
      this.now = Math.max(this.now, due);
      for (const side of sides) this.take(side, this.machines[side].step(this.now, { kind: 'timeout' }));
      this.settle();
    }
    this.now = end;
    return this;
  }

  /** States of the IKE SA events of a side, `failed: reason` where there is one. */
  ikeEvents(by: Side): string[] {
    return this.events.flatMap(({ by: side, event }) => (side === by && event.kind === 'ike' ? [event.state] : []));
  }

  childEvents(by: Side): string[] {
    return this.events.flatMap(({ by: side, event }) =>
      side === by && event.kind === 'child' ? [`${event.child} ${event.state}`] : [],
    );
  }

  refusals(by: Side): string[] {
    return this.events.flatMap(({ by: side, event }) =>
      side === by && event.kind === 'discarded' ? [event.rule] : [],
    );
  }

  /** Whether each side's outbound SA is the other's inbound one, with the same keys. */
  childrenAgree(): boolean {
    const { initiator, responder } = this.installed;
    if (initiator.size === 0 || initiator.size !== responder.size) return false;
    return [...initiator.values()].every((sa) => {
      const twin = responder.get(`${sa.direction === 'out' ? 'in' : 'out'} ${sa.spi}`);
      return twin !== undefined && keysOf(twin) === keysOf(sa);
    });
  }

  get established(): boolean {
    return sides.every((side) => this.machines[side].summaries().some(({ state }) => state === 'established'));
  }

  private machine(side: Side, options: Omit<Ikev2Options, 'env'> & Partial<Ikev2Options>, seed: string): Ikev2 {
    const seams: Partial<IkeSeams> = {
      ...options.seams,
      message: (message, context) => {
        const sent = options.seams?.message?.(message, context) ?? message;
        this.said = notation(sent, !firstExchanges.has(context.exchange));
        return sent;
      },
    };
    return new Ikev2({ env: seededEnv(`${seed} ${side}`), ...options, seams });
  }

  private take(by: Side, effects: readonly IkeEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'event') this.events.push({ by, event: effect.event });
      if (effect.kind === 'install') {
        const { direction, spi } = effect.securityAssociation;
        this.installed[by].set(`${direction} ${spi}`, effect.securityAssociation);
      }
      if (effect.kind === 'remove') this.installed[by].delete(`${effect.direction} ${effect.spi}`);
      if (effect.kind === 'readdress') {
        const { kind: _kind, ...moved } = effect;
        const name = `${effect.direction} ${effect.spi}`;
        const sa = this.installed[by].get(name);
        if (sa) this.installed[by].set(name, { ...sa, ...moved } as NegotiatedSa);
      }
      if (effect.kind === 'send') this.send(by, effect.path, effect.octets);
    }
  }

  private send(from: Side, path: Path, octets: Uint8Array): void {
    const known = this.datagrams.find((one) => one.from === from && hex(one.octets) === hex(octets));
    const datagram = { from, path, octets, notation: known?.notation ?? this.said };
    const place = this.datagrams.push(datagram) - 1;
    this.transcript.push(`${from === 'initiator' ? 'I' : 'R'}: ${datagram.notation}`);
    const to = from === 'initiator' ? 'responder' : 'initiator';
    for (const arrived of this.wire(datagram, place)) {
      this.pending.push({ to, path: reversed(this.translates(path)), octets: arrived });
    }
  }

  private settle(): this {
    for (let limit = 0; this.pending.length > 0; limit++) {
      if (limit > 2000) throw new Error('the machines never fall silent');
      const { to, path, octets } = this.pending.shift()!;
      this.take(to, this.machines[to].step(this.now, { kind: 'datagram', path, octets }));
    }
    return this;
  }

  private nextDeadline(): number | undefined {
    const times = sides.flatMap((side) => this.machines[side].deadline() ?? []);
    return times.length > 0 ? Math.min(...times) : undefined;
  }
}

function keysOf(sa: NegotiatedSa): string {
  const encryption = sa.protocol === 'ESP' ? hex(sa.encryption.key) : '';
  return `${sa.protocol} ${encryption} ${sa.integrity ? hex(sa.integrity.key) : ''}`;
}

/** A message as RFC 7296 writes it. Extra notifications are shown by name. */
export function notation({ header, payloads }: IkeMessage, sealed: boolean): string {
  const names = payloads.map((payload) => payloadNotation(payload, header.exchangeType, header.flags.response));
  return sealed ? `HDR, SK {${names.join(', ')}}` : ['HDR', ...names].join(', ');
}

function payloadNotation(payload: Payload, exchangeType: number, response: boolean): string {
  const side = response ? 'r' : 'i';
  switch (payload.type) {
    case 'SA':
      return exchangeType === 34 ? `SA${side}1` : exchangeType === 35 ? `SA${side}2` : 'SA';
    case 'KE':
      return `KE${side}`;
    case 'Nonce':
      return `N${side}`;
    case 'N':
      return `N(${notifyName(payload.notifyType)})`;
    default:
      return payload.type;
  }
}

export const addresses = { initiator: '192.0.2.2', responder: '192.0.2.1' } as const;

export const fastIke: ProposalConfiguration = {
  encryption: [{ id: 20, keyLength: 128 }],
  integrity: [],
  pseudorandomFunctions: [5],
  keyExchangeMethods: [31],
};

export const fastEsp: ProposalConfiguration = { encryption: [{ id: 20, keyLength: 128 }], integrity: [] };

export const netChild: Readonly<Record<Side, ChildConfiguration>> = {
  initiator: {
    name: 'net',
    mode: 'tunnel',
    local: [{ addresses: '10.2.0.0/24' }],
    remote: [{ addresses: '10.1.0.0/24' }],
    proposals: [fastEsp],
    start: 'none',
  },
  responder: {
    name: 'net',
    mode: 'tunnel',
    local: [{ addresses: '10.1.0.0/24' }],
    remote: [{ addresses: '10.2.0.0/24' }],
    proposals: [fastEsp],
    start: 'none',
  },
};

const sharedKey: Credential = { kind: 'shared-key', key: hex(fromText('a key that only the two of us know')) };

/** A connection with a shared key between `i.example` and `r.example`, and what the caller wants otherwise. */
export function connection(side: Side, change: Partial<IkeConnection> = {}): IkeConnection {
  const other: Side = side === 'initiator' ? 'responder' : 'initiator';
  return {
    name: 'peer',
    localAddresses: [addresses[side]],
    remoteAddresses: [addresses[other]],
    local: {
      identity: { type: 'ID_FQDN', value: `${other === 'responder' ? 'i' : 'r'}.example` },
      authentication: sharedKey,
    },
    remote: {
      identity: { type: 'ID_FQDN', value: `${other === 'responder' ? 'r' : 'i'}.example` },
      authentication: 'shared-key',
      trustAnchors: [],
      sharedKeys: [{ identity: 'any', key: sharedKey.kind === 'shared-key' ? sharedKey.key : '' }],
    },
    proposals: [fastIke],
    children: [netChild[side]],
    ...change,
  };
}

/** Octets that depend on seed, purpose and place only. */
export function seededEnv(seed: string): Env {
  const drawn = new Map<string, number>();
  return {
    octets(purpose, length) {
      const pieces: Uint8Array[] = [];
      for (let had = 0; had < length; had += 32) {
        const count = drawn.get(purpose) ?? 0;
        drawn.set(purpose, count + 1);
        pieces.push(hash('sha256', concat(fromText(`${seed} ${purpose}`), u32(count))));
      }
      return concat(...pieces).slice(0, length);
    },
  };
}

export function pathAt(side: Side): Path {
  const other = side === 'initiator' ? 'responder' : 'initiator';
  return { localAddress: addresses[side], localPort: 500, remoteAddress: addresses[other], remotePort: 500 };
}

function reversed({ localAddress, localPort, remoteAddress, remotePort }: Path): Path {
  return { localAddress: remoteAddress, localPort: remotePort, remoteAddress: localAddress, remotePort: localPort };
}

const sides = ['initiator', 'responder'] as const;
