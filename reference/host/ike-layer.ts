/**
 * IKE as a part of the node: datagrams of UDP ports 500 and 4500 go to the machine (RFC 7296 section 2.23, the non-ESP marker of RFC
 * 3948 stripped and added here), its SAs go to the SAD with SPD entries of their own, a packet that wanted an SA becomes an
 * initiation, and what it says is handed on.
 */
import type { CertificateRules } from '../certificates/rules.ts';
import type { IkeSettings } from '../ikev2/configuration.ts';
import { Ikev2 } from '../ikev2/ikev2.ts';
import type { EndMoved, IkeCommand, IkeEffect, IkeInput, IkeSeams, UnknownSpi } from '../ikev2/interface.ts';
import type { Ikev2Rules } from '../ikev2/rules.ts';
import { NAT_TRAVERSAL_PORT } from '../ipsec/encapsulation.ts';
import type { Outbound } from '../ipsec/ipsec.ts';
import type { IpsecRules } from '../ipsec/rules.ts';
import { flowOf } from '../ipsec/selectors-of-packet.ts';
import { selectorsMatch } from '../ipsec/spd.ts';
import type { SpdEntry } from '../ipsec/spd-entry.ts';
import type { Env, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { concat } from '../wire/octets.ts';
import { udpDatagram } from '../wire/udp.ts';
import { type ConfiguredChild, childEntries, childName, childSecurityAssociation, trapChildren } from './children.ts';
import type { NodeConfiguration } from './configuration.ts';
import type { HostEvent, NodeState } from './interface.ts';
import type { IpLayer, Sending } from './ip-layer.ts';
import { udpPacket } from './probes.ts';

export interface IkeLayerSettings {
  readonly rules: { readonly ikev2: Ikev2Rules; readonly certificates: CertificateRules; readonly ipsec: IpsecRules };
  readonly seams?: Partial<IkeSeams>;
  /** What RFC 7296 leaves open; the machine's defaults without. */
  readonly choices: Partial<IkeSettings>;
  readonly env: Env;
  readonly ip: IpLayer;
  tell(event: HostEvent): void;
}

export class IkeLayer {
  readonly #settings: IkeLayerSettings;
  readonly #machine: Ikev2;
  readonly #traps: readonly ConfiguredChild[];
  readonly #connections: ReadonlySet<string>;
  /** Children that IKE was asked for and has not answered about: one packet asks for them, not every one. */
  readonly #wanted = new Set<string>();

  constructor(configuration: NodeConfiguration, settings: IkeLayerSettings) {
    const { rules, env, seams, choices, ip } = settings;
    this.#settings = settings;
    this.#connections = new Set(configuration.ike.map(({ name }) => name));
    this.#machine = new Ikev2({
      connections: configuration.ike,
      rules: rules.ikev2,
      certificateRules: rules.certificates,
      env,
      addressTowards: (remote) => ip.keyManagementAddress(remote),
      packetHeardAt: (spi) => ip.ipsec.sad.heardAt(spi),
      ...(seams && { seams }),
      settings: { ...choices, ...(configuration.spis && { childSpis: configuration.spis }) },
    });
    this.#traps = trapChildren(configuration);
    for (const { name, child, selectors } of this.#traps) ip.ipsec.spd.append(childEntries(name, child, selectors));
  }

  /** Takes the packet if it is one for IKE. Throws `MalformedOctets` where it is no UDP datagram. */
  takes(now: Instant, packet: IpPacket): boolean {
    if (this.#connections.size === 0 || packet.protocol !== protocols.UDP) return false;
    const { sourcePort, destinationPort, payload } = udpDatagram.decode(packet.payload).value;
    if (destinationPort !== IKE_PORT && destinationPort !== NAT_TRAVERSAL_PORT) return false;
    const path = {
      localAddress: packet.destination,
      localPort: destinationPort,
      remoteAddress: packet.source,
      remotePort: sourcePort,
    };
    const octets = this.#settings.rules.ipsec.ikeMessageIn(payload, destinationPort);
    if (octets) this.#step(now, { kind: 'datagram', path, octets: octets.slice() });
    return true;
  }

  /** A packet was discarded for want of an SA: the first trap that selects it starts IKE. */
  acquire(now: Instant, { selectors }: Extract<Outbound, { kind: 'acquire' }>): void {
    const flow = flowOf(selectors, 'out');
    const trap = this.#traps.find((one) => selectorsMatch(one.selectors, flow, this.#settings.rules.ipsec));
    if (!trap || this.#wanted.has(trap.name)) return;
    this.#wanted.add(trap.name);
    this.#step(now, { kind: 'acquire', connection: trap.connection.name, child: trap.child.name, packet: selectors });
  }

  /** A packet did not meet the selectors of the child with this inbound SPI; its peer is told. */
  selectorsNotMet(now: Instant, spi: number, packet: Uint8Array): void {
    this.#step(now, { kind: 'selectors-not-met', spi, packet });
  }

  /** A packet came under an SPI of nobody. */
  unknownSpi(now: Instant, unknown: Omit<UnknownSpi, 'kind'>): void {
    if (this.#connections.size > 0) this.#step(now, { kind: 'unknown-spi', ...unknown });
  }

  /** An authentic packet of ESP in UDP came under this SPI. */
  espHeard(now: Instant, spi: number, remoteAddress: Address, remotePort: number): void {
    this.#step(now, { kind: 'esp-heard', spi, remoteAddress, remotePort });
  }

  /** SAs of an address that is gone leave from another, IKE's own and its children's. */
  moved(now: Instant, from: Address, to: Address): void {
    this.#step(now, { kind: 'address-changed', from, to });
  }

  /** A binding moved an end of IKE SAs. */
  endMoved(now: Instant, moved: Omit<EndMoved, 'kind'>): void {
    this.#step(now, { kind: 'end-moved', ...moved });
  }

  /** An SA of a child reached the end of its lifetime and is gone. */
  expired(now: Instant, spi: number): void {
    this.#step(now, { kind: 'expired', spi });
  }

  /** Throws `RangeError` for a connection that is not configured. */
  perform(now: Instant, command: IkeCommand): void {
    if (!this.#connections.has(command.connection)) throw new RangeError(`no connection ${command.connection}`);
    this.#step(now, { kind: 'command', command });
  }

  timeout(now: Instant): void {
    this.#step(now, { kind: 'timeout' });
  }

  deadline(): Instant | undefined {
    return this.#machine.deadline();
  }

  state(): NodeState['ikeSas'] {
    return this.#machine.summaries();
  }

  #step(now: Instant, input: IkeInput): void {
    for (const effect of this.#machine.step(now, input)) this.#follow(now, effect);
  }

  #follow(now: Instant, effect: IkeEffect): void {
    if (effect.kind === 'send') this.#send(now, effect);
    else if (effect.kind === 'event') this.#hear(effect.event);
    else if (effect.kind === 'install') this.#install(now, effect.securityAssociation);
    else if (effect.kind === 'readdress') this.#readdress(effect);
    else this.#remove(effect);
  }

  #hear(event: Extract<IkeEffect, { kind: 'event' }>['event']): void {
    if (event.kind === 'child') this.#wanted.delete(childName(event.connection, event.child));
    if (event.kind === 'ike' && (event.state === 'failed' || event.state === 'closed')) this.#wanted.clear();
    this.#settings.tell(event);
  }

  #send(now: Instant, { path, octets, marker, tampers }: Extract<IkeEffect, { kind: 'send' }>): void {
    const payload = marker ? concat(NON_ESP_MARKER, octets) : octets;
    const ports = { sourcePort: path.localPort, destinationPort: path.remotePort };
    const packet = udpPacket(path.localAddress, path.remoteAddress, { ...ports, payload });
    const sending: Sending = { fromIke: true, ...(tampers.length > 0 && { tampers }) };
    this.#settings.ip.send(now, ipPacket.encode(packet), sending);
  }

  #install(now: Instant, negotiated: Extract<IkeEffect, { kind: 'install' }>['securityAssociation']): void {
    const { ipsec } = this.#settings.ip;
    const { local, remote } = negotiated;
    const name = childName(negotiated.connection, negotiated.child);
    if (!ipsec.spd.entries.some((entry) => isFor(entry, name))) {
      ipsec.spd.append(childEntries(name, negotiated, { local, remote }));
    }
    ipsec.install(childSecurityAssociation(negotiated), now);
  }

  #readdress({ protocol, direction, spi, ...ends }: Extract<IkeEffect, { kind: 'readdress' }>): void {
    this.#settings.ip.ipsec.sad.readdress(protocol, direction, spi, ends);
  }

  /** With the last SA of a child go the entries it brought; those of a trap stay. */
  #remove({ protocol, direction, spi }: Extract<IkeEffect, { kind: 'remove' }>): void {
    const { ipsec } = this.#settings.ip;
    const gone = ipsec.sad.remove(protocol, direction, spi);
    if (!gone || ipsec.sad.named(gone.sa.name) || this.#traps.some(({ name }) => name === gone.sa.name)) return;
    ipsec.spd.removeNamed(gone.sa.name);
  }
}

/** An entry that the child brought, or one that was waiting for its SAs. */
function isFor({ name, action }: SpdEntry, child: string): boolean {
  return name === child || (typeof action === 'object' && (action.securityAssociations?.includes(child) ?? false));
}

const IKE_PORT = 500;
const NON_ESP_MARKER = new Uint8Array(4);
