/**
 * One node, all of it: interfaces, the IP layer with IPsec at its boundary, the upper layers, and IKE, plugged together as one machine. It
 * carries things from one to the other and keeps the node's own account (events, counters, what was delivered); what each layer
 * decides is in the layer's rules.
 */
import { type CertificateRules, certificateRules } from '../certificates/rules.ts';
import type { IkeSettings } from '../ikev2/configuration.ts';
import type { IkeSeams } from '../ikev2/interface.ts';
import { type Ikev2Rules, ikev2Rules } from '../ikev2/rules.ts';
import { type IpsecRules, ipsecRules } from '../ipsec/rules.ts';
import type { Discarded, Env, Instant, Machine } from '../machine.ts';
import type { MovingInterface } from '../mobility/link-message.ts';
import { type Came, Mobility } from '../mobility/mobility.ts';
import { type MobilityRules, mobilityRules } from '../mobility/rules.ts';
import type { Provider } from '../transforms/cipher.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import { checksumIsRight } from '../wire/echo.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { readU32 } from '../wire/octets.ts';
import type { NodeConfiguration } from './configuration.ts';
import { Deliveries } from './deliveries.ts';
import { unrecognizedNextHeader } from './extension-headers.ts';
import { IkeLayer } from './ike-layer.ts';
import type { EspOrder, HostCommand, HostEffect, HostEvent, HostInput, NodeState } from './interface.ts';
import { destinationOf, IpLayer, type Sending } from './ip-layer.ts';
import { manualKeys } from './key-records.ts';
import type { LinkLayer } from './link-layer.ts';
import { sadState, spdState } from './node-state.ts';
import { relabelledAs, securityAssociationOf, tampersOf } from './order-tampers.ts';
import { type ProbeCommand, probePacket } from './probes.ts';
import { type HostRules, hostRules, hostSections } from './rules.ts';
import { UpperLayers } from './upper-layers.ts';

/** The rules of every layer. A mutant of the node replaces one member of one of them. */
export interface NodeRules {
  readonly ipsec: IpsecRules;
  readonly ikev2: Ikev2Rules;
  readonly certificates: CertificateRules;
  readonly mobility: MobilityRules;
  readonly host: HostRules;
}

export const nodeRules: NodeRules = {
  ipsec: ipsecRules,
  ikev2: ikev2Rules,
  certificates: certificateRules,
  mobility: mobilityRules,
  host: hostRules,
};

/** Where a node may be made to misbehave, by protocol. ESP needs no seam: a command makes each packet by hand. */
export interface NodeSeams {
  readonly ikev2?: Partial<IkeSeams>;
}

export interface HostOptions {
  readonly configuration: NodeConfiguration;
  readonly env: Env;
  /** `nodeRules` unless given. */
  readonly rules?: NodeRules;
  /** Honest unless given. */
  readonly seams?: NodeSeams;
  /** What RFC 7296 leaves open to a node; the machine's defaults without. */
  readonly ikeChoices?: Partial<Omit<IkeSettings, 'provider'>>;
  /** Who computes what keys protect, under IKE and IPsec; noble without. */
  readonly provider?: Provider;
}

export class Host implements Machine<HostInput, HostEffect> {
  readonly #options: HostOptions;
  readonly #rules: NodeRules;
  #now: Instant = 0;
  #effects: HostEffect[] = [];
  #commands = 0;
  /** The command under way, by its place among the commands stepped. */
  #command: number | undefined;
  #node: Node;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#rules = options.rules ?? nodeRules;
    this.#node = this.#configured(options.configuration);
  }

  step(now: Instant, input: HostInput): HostEffect[] {
    this.#now = now;
    this.#effects = [];
    if (input.kind === 'frame') this.#node.ip.receive(now, input.interface, input.octets);
    else if (input.kind === 'timeout') this.#timeout();
    else {
      this.#command = this.#commands++;
      this.#perform(input.command);
      this.#command = undefined;
    }
    return this.#effects;
  }

  deadline(): Instant | undefined {
    const { ip, ike, mobility } = this.#node;
    return earliest(ip.deadline(), ip.ipsec.deadline(), ike.deadline(), mobility?.deadline());
  }

  state(): NodeState {
    const { configuration, ip, ike, mobility, delivered, counters } = this.#node;
    return {
      ikeSas: ike.state(),
      sad: sadState(ip.ipsec.sad, configuration.manual),
      spd: spdState(ip.ipsec.spd),
      counters: { ...ip.ipsec.counters, ...Object.fromEntries(counters) },
      delivered: delivered.all(),
      ...(mobility && { bindings: mobility.state() }),
      ...bindingUpdates(mobility),
    };
  }

  #perform(command: HostCommand): void {
    switch (command.kind) {
      case 'configure':
        this.#node = this.#configured(command.configuration);
        for (const record of manualKeys(this.#node.ip.ipsec.sad, this.#now)) this.#tell({ kind: 'keys', record });
        return;
      case 'move':
        this.#move(command);
        return;
      case 'echo':
      case 'udp':
      case 'tcp-syn':
        this.#probe(command);
        return;
      case 'packet':
        this.#sendAsItIs(command.octets, command.tamper);
        return;
      case 'esp':
        this.#sealByHand(command.packet);
        return;
      case 'mobility':
        this.#sendMobility(command);
        return;
      default:
        this.#node.ike.perform(this.#now, command);
    }
  }

  #timeout(): void {
    const { ip, ike, mobility } = this.#node;
    ip.timeout(this.#now);
    for (const { sa } of ip.ipsec.expire(this.#now)) ike.expired(this.#now, sa.spi);
    ike.timeout(this.#now);
    mobility?.timeout(this.#now);
  }

  #move(command: Extract<HostCommand, { kind: 'move' }>): void {
    const { ip, ike, mobility } = this.#node;
    for (const { from, to } of ip.move(command)) {
      ip.ipsec.sad.relocate(from, to);
      ike.moved(this.#now, from, to);
    }
    mobility?.moved(this.#now);
  }

  #probe(command: ProbeCommand): void {
    const sequenceNumber = command.kind === 'tcp-syn' ? readU32(this.#options.env.octets('identifier', 4)) : 0;
    const octets = ipPacket.encode(probePacket(command, sequenceNumber));
    if (command.kind === 'tcp-syn') {
      this.#node.upper.expectAnswer(command.from, command.to, command, sequenceNumber);
    }
    if (command.inClear) this.#node.ip.route(this.#now, octets, destinationOf(octets), this.#sending());
    else this.#node.ip.send(this.#now, octets, this.#sending());
  }

  #sendAsItIs(octets: Uint8Array, tamper: Extract<HostCommand, { kind: 'packet' }>['tamper']): void {
    const sent = tamper ? tamper.apply(octets) : octets;
    this.#node.ip.route(this.#now, sent, destinationOf(octets), this.#sending(tamper ? [tamper] : []));
  }

  #sendMobility({ order, inClear = false, tamper }: Extract<HostCommand, { kind: 'mobility' }>): void {
    const { ip, mobility } = this.#node;
    if (!mobility) throw new RangeError('no Mobile IPv6 in this node');
    const ordered = mobility.ordered(order);
    if ('rule' in ordered) {
      this.#tell({ kind: 'discarded', ...ordered });
      return;
    }
    const octets = ipPacket.encode(ordered);
    if (inClear || tamper) this.#sendAsItIs(octets, tamper);
    else ip.send(this.#now, octets, this.#sending());
  }

  #sealByHand(order: EspOrder): void {
    const { ipsec } = this.#node.ip;
    const { securityAssociation, direction, announcedAs = securityAssociation } = order;
    const entry = securityAssociationOf(order, ipsec.sad);
    const announced = securityAssociationOf({ securityAssociation: announcedAs, direction }, ipsec.sad);
    if (!entry || !announced) {
      const missing = entry ? announcedAs : securityAssociation;
      this.#tell({ kind: 'discarded', rule: 'order', section: 'RFC 4301 4.4.2', detail: `no SA ${missing}` });
      return;
    }
    const relabelled = announced === entry ? order : relabelledAs(order, announced);
    const sealed = ipsec.seal(this.#now, entry, relabelled);
    if (sealed.kind === 'refused') {
      this.#tell({ kind: 'discarded', ...sealed.refusal });
      return;
    }
    this.#node.ip.route(
      this.#now,
      sealed.packet,
      destinationOf(sealed.packet),
      this.#sending(tampersOf(relabelled, entry)),
    );
  }

  #sending(tampers: readonly { readonly name: string; readonly complaint?: string }[] = []): Sending {
    const notes = tampers.map(({ name, complaint }) => ({ name, ...(complaint !== undefined && { complaint }) }));
    return {
      ...(this.#command !== undefined && { command: this.#command }),
      ...(notes.length > 0 && { tampers: notes }),
    };
  }

  /** A packet that reached this node for itself. */
  #deliver(packet: IpPacket, came: Came): void {
    if (packet.version === 6 && this.#node.mobility?.takes(this.#now, packet, came)) return;
    const unrecognized = came.whole.version === 6 && unrecognizedNextHeader(came.whole, this.#rules.host);
    if (unrecognized) {
      this.#discarded(unrecognized.refusal);
      this.#node.ip.report(this.#now, came.whole, unrecognized.error!);
      return;
    }
    if (!this.#rules.host.checksumAcceptable(checksumIsRight(packet))) {
      this.#discarded({
        rule: 'checksumAcceptable',
        section: hostSections.checksumAcceptable,
        detail: `from ${packet.source}`,
      });
      return;
    }
    const unheard = came.through.length === 0 ? this.#node.ip.ipsec.hears(this.#now, packet) : undefined;
    if (unheard) this.#discarded(unheard);
    const delivery = this.#handled(packet);
    for (const event of delivery?.events ?? []) this.#tell(event);
    for (const reply of delivery?.replies ?? []) this.#node.ip.send(this.#now, ipPacket.encode(reply));
    if (delivery?.error) this.#node.ip.report(this.#now, packet, delivery.error);
  }

  #handled(packet: IpPacket): ReturnType<UpperLayers['deliver']> | undefined {
    try {
      if (this.#node.ike.takes(this.#now, packet)) return undefined;
      return this.#node.upper.deliver(packet);
    } catch (error) {
      if (error instanceof MalformedOctets) return undefined;
      throw error;
    }
  }

  /** Writes an event into the node's own account, and hands it out. */
  #tell(event: HostEvent): void {
    if (event.kind === 'delivered' && !this.#node.delivered.add(event)) return;
    this.#effects.push({ kind: 'event', event });
  }

  #discarded({ rule, section, detail }: Discarded): void {
    const { counters } = this.#node;
    const name = `discarded:${rule}`;
    counters.set(name, (counters.get(name) ?? 0) + 1);
    this.#tell({ kind: 'discarded', rule, section, detail });
  }

  #mobility({ mobility: configuration, ike }: NodeConfiguration): Mobility | undefined {
    if (!configuration) return undefined;
    return new Mobility(
      { configuration, rules: this.#rules.mobility, env: this.#options.env },
      {
        send: (now, packet) => this.#node.ip.send(now, ipPacket.encode(packet)),
        arrives: (now, packet) => this.#node.ip.resubmit(now, packet),
        owns: (address) => this.#node.ip.owns(address),
        report: (now, about, reason) => this.#node.ip.report(now, about, reason),
        took: ({ message, source, destination }) =>
          this.#tell({ kind: 'mobility', message: message.kind, source, destination }),
        discarded: (refusal) => this.#discarded(refusal),
        moving: (name) => this.#moving(name),
        detectDuplicates: (now, name, address) => this.#node.ip.detectDuplicates(now, name, address),
        advertise: (name, address) => this.#node.ip.advertise(name, address),
        addressesOf: (name) => this.#node.ip.addressesOf(name),
        moveSas: (moves, to) => this.#node.ip.ipsec.sad.moveFarEnds(moves, to),
        keyManagement: {
          canMove: (peer) => ike.some(({ remoteAddresses }) => peer === undefined || remoteAddresses.includes(peer)),
          endMoved: (now, of, to, fate) => this.#node.ike.endMoved(now, { of, to, fate }),
        },
      },
    );
  }

  /** Of a mobile node; it is asked for nothing before the node stands. */
  #moving(name: string): MovingInterface {
    const link = (): LinkLayer => this.#node.ip.link(name);
    return {
      get linkLocalAddress() {
        return link().interface.linkLocalAddress;
      },
      takes: (addresses, router, isAnotherLink) => {
        const routes = router === undefined ? [] : [{ destination: 'default6', via: router, interface: name }];
        this.#node.ip.move({ interface: name, addresses, routes }, { isAnotherLink });
      },
      relocates: (from, to, peer) => this.#node.ip.ipsec.sad.relocate(from, to, peer),
      solicitsRouters: () => link().solicitRouters(),
      probes: (neighbor) => link().probe(neighbor),
      asksFor: (target, source) => link().askFor(target, source),
      knows: (neighbor) => link().knows(neighbor),
      learns: (neighbor, hardwareAddress) => link().learn(neighbor, hardwareAddress),
    };
  }

  #configured(configuration: NodeConfiguration): Node {
    const { env, seams, ikeChoices, provider = 'noble' } = this.#options;
    const mobility = this.#mobility(configuration);
    const ip = new IpLayer(
      configuration,
      { rules: this.#rules, env, provider, now: this.#now, mobility },
      {
        emit: (frame) => this.#effects.push(frame),
        deliver: (packet, came) => this.#deliver(packet, came),
        acquire: (wanted, packet) => {
          this.#tell({ kind: 'acquire', entry: wanted.spdEntry.name, packet });
          this.#node.ike.acquire(this.#now, wanted);
        },
        espHeard: (spi, address, port) => this.#node.ike.espHeard(this.#now, spi, address, port),
        unknownSpi: (spi, ends) => this.#node.ike.unknownSpi(this.#now, { spi, ...ends }),
        selectorsNotMet: (spi, packet) => this.#node.ike.selectorsNotMet(this.#now, spi, packet),
        discarded: (refusal) => this.#discarded(refusal),
      },
    );
    const ike = new IkeLayer(configuration, {
      rules: this.#rules,
      ...(seams?.ikev2 && { seams: seams.ikev2 }),
      choices: { ...ikeChoices, provider },
      env,
      ip,
      tell: (event) => this.#tell(event),
    });
    return {
      configuration,
      ip,
      ike,
      ...(mobility && { mobility }),
      upper: new UpperLayers(configuration.sinks, this.#rules.host, (refusal) => this.#discarded(refusal)),
      delivered: new Deliveries((refusal) => this.#discarded(refusal)),
      counters: new Map(),
    };
  }
}

function bindingUpdates(mobility: Mobility | undefined): Pick<NodeState, 'bindingUpdates'> {
  const list = mobility?.bindingUpdateList();
  return list ? { bindingUpdates: list } : {};
}

/** All that a new configuration replaces. */
interface Node {
  readonly configuration: NodeConfiguration;
  readonly ip: IpLayer;
  readonly ike: IkeLayer;
  readonly mobility?: Mobility;
  readonly upper: UpperLayers;
  readonly delivered: Deliveries;
  readonly counters: Map<string, number>;
}

function earliest(...instants: readonly (Instant | undefined)[]): Instant | undefined {
  const given = instants.filter((instant) => instant !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}
