/**
 * The IKEv2 machine of a node (RFC 7296): all its IKE SAs, the commands and datagrams that reach them, and the one place where time passes. Which
 * IKE SA a datagram is for is found in `dispatch.ts`; what happens then is in `incoming.ts` and the exchanges.
 */
import { type CertificateRules, certificateRules } from '../certificates/rules.ts';
import type { Env, Instant, Machine } from '../machine.ts';
import { TokenBucket } from '../token-bucket.ts';
import { type Address, familyOf } from '../wire/address.ts';
import { ikePorts } from '../wire/ike/registry.ts';
import { ikev2Bounds } from './bounds.ts';
import { removeChild } from './child-installation.ts';
import type { ChildSa } from './child-sa.ts';
import { defaultSettings, type IkeConnection, type IkeSettings } from './configuration.ts';
import { dispatch } from './dispatch.ts';
import { followDynamically } from './dynamic-update.ts';
import { changePath, tryNextAddress } from './exchanges/address-update.ts';
import { furtherChild, rekeyChild } from './exchanges/create-child-sa.ts';
import { rekeyIkeSa } from './exchanges/ike-sa-rekeying.ts';
import { firstExchange } from './exchanges/ike-session-resume.ts';
import { deleteChild, deleteIkeSa, liveness, selectorsNotMet } from './exchanges/informational.ts';
import { forgetIncomplete } from './fragment-queue.ts';
import { identityText } from './identity.ts';
import type { IkeSa, Surroundings } from './ike-sa.ts';
import type { ChildWish, StateName } from './ike-sa-state.ts';
import type { EndMoved, IkeCommand, IkeEffect, IkeInput, IkeSeams, PacketSelectors, Path } from './interface.ts';
import { askForLife, asksForLifeAt } from './liveness.ts';
import { LivingIkeSa } from './living-ike-sa.ts';
import { type Ikev2Rules, ikev2Rules } from './rules.ts';
import { freshIkeSpi, tellRefusal } from './surroundings.ts';
import { onlyAddress } from './transport-hosts.ts';
import { tellUnknownSpi } from './unknown-spi.ts';

export interface Ikev2Options {
  /** In PAD order (RFC 4301 section 4.4.3). */
  readonly connections: readonly IkeConnection[];
  readonly env: Env;
  readonly rules?: Ikev2Rules;
  readonly certificateRules?: CertificateRules;
  readonly seams?: Partial<IkeSeams>;
  readonly settings?: Partial<IkeSettings>;
  /** Where this node speaks to somebody from, where a connection names no address of its own. */
  readonly addressTowards?: (remote: Address) => Address | undefined;
  /** When the last packet was taken under an SA that this node receives by this SPI. */
  readonly packetHeardAt?: (inboundSpi: number) => Instant | undefined;
}

/** One IKE SA as a node tells it when asked. */
export interface IkeSaSummary {
  readonly connection: string;
  readonly initiatorSPI: string;
  readonly responderSPI: string;
  readonly state: 'connecting' | 'established' | 'rekeying' | 'deleting';
  readonly remoteIdentity?: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
}

export class Ikev2 implements Machine<IkeInput, IkeEffect> {
  private readonly surroundings: Surroundings;
  private readonly ikeSas: IkeSa[] = [];
  private readonly cookieSecret: Uint8Array;
  /** Children that are to be had anew, each with its connection; as many as were left behind. */
  private readonly wanted: (readonly [connection: string, child: string])[] = [];
  private readonly unprotectedAnswers = new TokenBucket(ikev2Bounds.unprotectedAnswers);
  private effects: IkeEffect[] = [];
  private now: Instant = 0;

  constructor(options: Ikev2Options) {
    const { connections, env, seams } = options;
    const machine = this;
    this.surroundings = {
      connections,
      env,
      rules: options.rules ?? ikev2Rules,
      certificateRules: options.certificateRules ?? certificateRules,
      seams: { ...honestSeams, ...seams },
      settings: { ...defaultSettings, ...options.settings },
      get now() {
        return machine.now;
      },
      get ikeSas() {
        return machine.ikeSas;
      },
      tickets: { given: new Map(), held: new Map() },
      addressTowards: options.addressTowards ?? (() => undefined),
      packetHeardAt: options.packetHeardAt ?? (() => undefined),
      spendsToken: () => this.unprotectedAnswers.spends(this.now),
      emit: (effect) => void this.effects.push(effect),
      adopt: (ikeSa) => void this.ikeSas.push(ikeSa),
      forget: (ikeSa) => this.forget(ikeSa),
    };
    this.cookieSecret = env.octets('cookie', 32);
  }

  step(now: Instant, input: IkeInput): IkeEffect[] {
    this.now = now;
    this.effects = [];
    switch (input.kind) {
      case 'datagram':
        dispatch(this.surroundings, input.path, input.octets, this.cookieSecret);
        break;
      case 'command':
        this.perform(input.command);
        break;
      case 'acquire':
        this.bringUp(input.connection, input.child, input.packet);
        break;
      case 'expired':
        this.expireChild(input.spi);
        break;
      case 'selectors-not-met':
        this.complain(input.spi, input.packet);
        break;
      case 'unknown-spi':
        tellUnknownSpi(this.surroundings, input);
        break;
      case 'address-changed':
        this.leaveAddress(input.from, input.to);
        break;
      case 'esp-heard':
        this.hearEsp(input);
        break;
      case 'end-moved':
        this.moveEnd(input);
        break;
      case 'timeout':
        break;
    }
    this.expire();
    this.renew();
    return this.effects;
  }

  /** The next retransmission, or the end of somebody's patience. */
  deadline(): Instant | undefined {
    const times = this.ikeSas.flatMap((ikeSa) => {
      const until = waitsUntil(ikeSa);
      const askedForLife = asksForLifeAt(ikeSa);
      return [
        ...(ikeSa.postponed[0] === undefined ? [] : [ikeSa.postponed[0].at]),
        ...ikeSa.window.outstanding.map(({ resendAt }) => resendAt),
        ...(until === undefined ? [] : [until]),
        ...(askedForLife === undefined ? [] : [askedForLife]),
        ...ikeSa.gathering.map(({ until }) => until),
      ];
    });
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** All IKE SAs, the oldest first. */
  summaries(): IkeSaSummary[] {
    const alive = this.ikeSas.filter(({ state }) => state.name !== 'leftBehind');
    return alive.map((ikeSa) => ({
      connection: ikeSa.connection?.name ?? '',
      ...ikeSa.spis,
      state: summaryStates[ikeSa.state.name],
      ...('peer' in ikeSa.state && { remoteIdentity: identityText(ikeSa.state.peer) }),
      localAddress: ikeSa.path.localAddress,
      remoteAddress: ikeSa.path.remoteAddress,
    }));
  }

  private perform(command: IkeCommand): void {
    if (command.kind === 'initiate') {
      this.bringUp(command.connection, command.child);
      return;
    }
    const ikeSa = this.establishedWith(command.connection);
    if (ikeSa === undefined) {
      if (command.kind === 'close') this.connectingWith(command.connection)?.end('closed', 'closed on command');
      return;
    }
    if (command.kind === 'rekey-ike') {
      ikeSa.begin(rekeyIkeSa(ikeSa));
      return;
    }
    if (command.kind === 'suspend') {
      ikeSa.end('closed', 'suspended');
      return;
    }
    if (command.kind === 'close') {
      ikeSa.begin(deleteIkeSa(ikeSa, 'closed on command'));
      return;
    }
    if (command.kind === 'liveness') {
      ikeSa.begin(liveness());
      return;
    }
    const isOldestMeant = command.kind === 'close-child' && command.only === 'oldest';
    for (const child of isOldestMeant ? oldestChild(ikeSa, command.child) : currentChildren(ikeSa, command.child)) {
      ikeSa.begin(
        command.kind === 'rekey-child' ? rekeyChild(ikeSa, child) : deleteChild(ikeSa, child, 'closed on command'),
      );
    }
  }

  /** A child on the IKE SA there is, or on a new one. */
  private bringUp(connectionName: string, childName: string, packet?: PacketSelectors): void {
    const connection = this.surroundings.connections.find(({ name }) => name === connectionName);
    const child = connection?.children.find(({ name }) => name === childName);
    if (connection === undefined || child === undefined) return;
    const wish: ChildWish = packet === undefined ? { child } : { child, packet };
    const established = this.establishedWith(connectionName);
    if (established !== undefined) {
      established.begin(furtherChild(established, wish));
      return;
    }
    const path = firstPath(connection, (remote) => this.surroundings.addressTowards(remote));
    if (this.connectingWith(connectionName) !== undefined || path === undefined) return;
    const spis = { initiatorSPI: freshIkeSpi(this.surroundings.env), responderSPI: new Uint8Array(8) };
    const ikeSa = new LivingIkeSa(this.surroundings, 'initiator', spis, path);
    this.ikeSas.push(ikeSa);
    ikeSa.begin(firstExchange(ikeSa, connection, wish));
  }

  private isConnecting(connectionName: string): boolean {
    return this.ikeSas.some(
      (ikeSa) =>
        ikeSa.role === 'initiator' &&
        ikeSa.connection?.name === connectionName &&
        summaryStates[ikeSa.state.name] === 'connecting' &&
        !ikeSa.intends('report'),
    );
  }

  /** The newest, after rekeying. */
  private establishedWith(connectionName: string): IkeSa | undefined {
    return this.ikeSas.findLast(
      ({ state, connection }) => state.name === 'established' && connection?.name === connectionName,
    );
  }

  /** Begun by this node, and not told yet that it failed. */
  private connectingWith(connectionName: string): IkeSa | undefined {
    return this.ikeSas.find(
      (ikeSa) =>
        ikeSa.role === 'initiator' &&
        ikeSa.connection?.name === connectionName &&
        summaryStates[ikeSa.state.name] === 'connecting' &&
        !ikeSa.intends('report'),
    );
  }

  private expireChild(spi: number): void {
    for (const ikeSa of this.ikeSas) {
      const child = ikeSa.children.find(({ inboundSpi, outboundSpi }) => inboundSpi === spi || outboundSpi === spi);
      if (child === undefined || child.deleting) continue;
      if (ikeSa.state.name === 'leftBehind') removeChild(ikeSa, child, 'lifetime');
      else ikeSa.begin(deleteChild(ikeSa, child, 'lifetime'));
    }
  }

  private complain(spi: number, packet: Uint8Array): void {
    for (const ikeSa of this.ikeSas) {
      const child = ikeSa.children.find(({ inboundSpi }) => inboundSpi === spi);
      if (!child) continue;
      if (ikeSa.intends('complaint')) tellRefusal(this.surroundings, 'complaints', `SPI ${spi}: one is on its way`);
      else ikeSa.begin(selectorsNotMet(ikeSa, child, packet));
    }
  }

  private leaveAddress(from: Address, to: Address): void {
    for (const ikeSa of this.ikeSas) {
      if (ikeSa.path.localAddress === from) changePath(ikeSa, { localAddress: to });
    }
  }

  /** RFC 7296 section 2.23: ESP that a NAT sends from elsewhere now. */
  private hearEsp({ spi, remoteAddress, remotePort }: Extract<IkeInput, { kind: 'esp-heard' }>): void {
    const ikeSa = this.ikeSas.find(({ children }) => children.some(({ inboundSpi }) => inboundSpi === spi));
    if (ikeSa) followDynamically(ikeSa, 'ESP', { ...ikeSa.path, remoteAddress, remotePort });
  }

  /** RFC 6275 sections 10.3.1 and 11.7.3. */
  private moveEnd({ of, to, fate }: EndMoved): void {
    const end = 'peer' in of ? 'localAddress' : 'remoteAddress';
    const moved = this.ikeSas.filter((ikeSa) => ikeSa.path[end] !== to && this.isAbout(ikeSa, of));
    if (fate === 'follows') for (const ikeSa of moved) ikeSa.path = { ...ikeSa.path, [end]: to };
    if (fate !== 'discarded' && fate !== 'renewed') return;
    for (const { connection, children } of fate === 'renewed' ? moved : []) {
      for (const { configuration } of children) this.wanted.push([connection?.name ?? '', configuration.name]);
    }
    for (const ikeSa of moved) ikeSa.leaveBehind();
  }

  /** The first child of a connection goes with its new IKE SA, the others follow when that stands. */
  private renew(): void {
    for (const [connection, child] of this.wanted.splice(0)) {
      if (this.isConnecting(connection)) this.wanted.push([connection, child]);
      else this.bringUp(connection, child);
    }
  }

  private isAbout({ path, children }: IkeSa, of: EndMoved['of']): boolean {
    const { rules } = this.surroundings;
    if ('peer' in of) return rules.ikeSaOfPeer(path.remoteAddress, of.peer);
    const addresses = children.map(({ selectors }) => onlyAddress(selectors.remote));
    return rules.ikeSaOfHomeAddress(addresses, of.homeAddress);
  }

  private expire(): void {
    for (const ikeSa of [...this.ikeSas]) {
      ikeSa.resume();
      forgetIncomplete(ikeSa);
      tryNextAddress(ikeSa);
      askForLife(ikeSa);
      const isOver = (waitsUntil(ikeSa) ?? Infinity) <= this.now;
      if (isOver && ikeSa.state.name === 'halfOpen') ikeSa.end('failed', 'nobody authenticated');
      else if (ikeSa.window.expire(this.now, this.surroundings.rules.peerHasFailed) === 'givenUp')
        ikeSa.end(outcomeOfSilence(ikeSa.state.name), 'no response');
      else if (isOver) ikeSa.begin(deleteIkeSa(ikeSa, 'nobody closed it'));
    }
  }

  private forget(ikeSa: IkeSa): void {
    const at = this.ikeSas.indexOf(ikeSa);
    if (at >= 0) this.ikeSas.splice(at, 1);
  }
}

/** How long this node waits for somebody to authenticate, or for whoever has replaced the IKE SA to close it. */
function waitsUntil(ikeSa: IkeSa): Instant | undefined {
  const { state } = ikeSa;
  const isWaiting = state.name === 'halfOpen' || (state.name === 'rekeyed' && !ikeSa.intends('deleteIkeSa'));
  return isWaiting ? state.until : undefined;
}

/** Who wanted to be rid of a peer has what it wanted. */
function outcomeOfSilence(state: StateName): 'closed' | 'failed' {
  return state === 'deleting' ? 'closed' : 'failed';
}

/** The children of that name that are not on their way out. */
function currentChildren({ children }: IkeSa, name: string): ChildSa[] {
  return children.filter(({ configuration, deleting, replacedByPeer }) => {
    return configuration.name === name && !deleting && replacedByPeer === undefined;
  });
}

function oldestChild({ children }: IkeSa, name: string): ChildSa[] {
  return children.filter(({ configuration, deleting }) => configuration.name === name && !deleting).slice(0, 1);
}

/** From the first local address of the family of the first remote one, or where the node speaks to that one from; port 500. */
function firstPath(
  { localAddresses, remoteAddresses }: IkeConnection,
  addressTowards: Surroundings['addressTowards'],
): Path | undefined {
  const remoteAddress = remoteAddresses.find((address) => address !== 'any');
  if (remoteAddress === undefined) return undefined;
  const named = localAddresses.find((address) => familyOf(address) === familyOf(remoteAddress));
  const localAddress = localAddresses.length === 0 ? addressTowards(remoteAddress) : named;
  if (localAddress === undefined) return undefined;
  return { localAddress, localPort: ikePorts.IKE, remoteAddress, remotePort: ikePorts.IKE };
}

const summaryStates: Readonly<Record<StateName, IkeSaSummary['state']>> = {
  idle: 'connecting',
  initSent: 'connecting',
  resumeSent: 'connecting',
  halfOpen: 'connecting',
  authSent: 'connecting',
  established: 'established',
  rekeyed: 'rekeying',
  deleting: 'deleting',
  leftBehind: 'deleting',
  closed: 'deleting',
};

const honestSeams: IkeSeams = {
  message: (message) => message,
  plaintext: (octets) => octets,
  datagram: (octets) => octets,
  fragments: (fragments) => fragments,
  sends: (datagrams) => datagrams,
  hears: () => true,
  presumedWindow: (said) => said,
  furtherMethods: (agreed) => agreed,
  tlsMessage: (message) => message,
};
