/**
 * A reference host as a station of a lab: carries frames between the machine and its links, keeps its deadline with the lab's
 * clock, and writes what it says into the lab's log. It decides nothing; what the host is told comes from whoever holds it.
 */
import type { NodeConfiguration } from '../../reference/host/configuration.ts';
import type { HostCommand, HostEffect, HostEvent, HostInput, NodeState } from '../../reference/host/interface.ts';
import type { Instant, Machine } from '../../reference/machine.ts';
import type { Cancel } from './clock.ts';
import type { Attachment, Lab } from './lab.ts';

/** The machine, and what it says of itself when asked. */
export interface StationMachine extends Machine<HostInput, HostEffect> {
  state(): NodeState;
}

/** An event of the host, and where in the lab's log it came. */
export interface PlacedEvent {
  readonly place: number;
  readonly time: Instant;
  readonly event: HostEvent;
}

export class HostStation {
  readonly name: string;
  readonly events: PlacedEvent[] = [];
  /** The place in the log of the last event about an IKE SA or a child; -1 before the first. */
  lastIkeEvent = -1;
  /** The same of the last mobility message that it took. */
  lastMobilityEvent = -1;
  readonly #lab: Lab;
  readonly #machine: StationMachine;
  readonly #attachments = new Map<string, Attachment>();
  #armedFor: Instant | undefined;
  #disarm: Cancel = () => {};

  constructor(lab: Lab, configuration: NodeConfiguration, machine: StationMachine) {
    this.#lab = lab;
    this.name = configuration.name;
    this.#machine = machine;
    this.perform({ kind: 'configure', configuration });
  }

  /** Lets the host act now. A move takes its plug along. */
  perform(command: HostCommand): void {
    if (command.kind === 'configure') this.#plugIn(command.configuration);
    if (command.kind === 'move') this.#attachment(command.interface).movesTo(command.link);
    this.#lab.act(() => this.#step({ kind: 'command', command }));
  }

  /** Pulls the plug of an interface and puts it into another link, of which the host is told nothing. */
  plug(interfaceName: string, link: string): void {
    this.#lab.act(() => this.#attachment(interfaceName).movesTo(link));
  }

  /** The link an interface is plugged into. */
  linkOf(interfaceName: string): string {
    return this.#attachment(interfaceName).link;
  }

  state(): NodeState {
    return this.#machine.state();
  }

  #step(input: HostInput): void {
    for (const effect of this.#machine.step(this.#lab.now(), input)) {
      if (effect.kind === 'frame') this.#attachment(effect.interface).transmit(effect.octets, effect.tampers);
      else this.#record(effect.event);
    }
    this.#arm();
  }

  #record(event: HostEvent): void {
    this.events.push({ place: this.#lab.entries.length, time: this.#lab.now(), event });
    if (event.kind === 'child' || event.kind === 'ike') this.lastIkeEvent = this.#lab.entries.length;
    if (event.kind === 'mobility') this.lastMobilityEvent = this.#lab.entries.length;
    if (event.kind === 'keys') this.#lab.recordKeys(event.record);
    else this.#lab.note(this.name, saying(event));
  }

  /** One appointment at a time: the machine's deadline. */
  #arm(): void {
    const deadline = this.#machine.deadline();
    if (deadline === this.#armedFor) return;
    this.#disarm();
    this.#armedFor = deadline;
    this.#disarm =
      deadline === undefined
        ? () => {}
        : this.#lab.at(deadline, () => {
            this.#armedFor = undefined;
            this.#step({ kind: 'timeout' });
          });
  }

  #plugIn(configuration: NodeConfiguration): void {
    for (const attachment of this.#attachments.values()) attachment.detach();
    this.#attachments.clear();
    for (const { name, link } of configuration.interfaces) {
      const receive = (octets: Uint8Array): void => this.#step({ kind: 'frame', interface: name, octets });
      this.#attachments.set(name, this.#lab.attach(link, this.name, receive));
    }
  }

  #attachment(name: string): Attachment {
    const attachment = this.#attachments.get(name);
    if (!attachment) throw new RangeError(`${this.name} has no interface ${name}`);
    return attachment;
  }
}

/** One line for people. */
function saying(event: Exclude<HostEvent, { kind: 'keys' }>): string {
  switch (event.kind) {
    case 'delivered':
      return `delivered ${event.protocol} ${event.source}:${event.sourcePort} → ${event.destination}:${event.destinationPort}`;
    case 'echo-reply':
      return `echo reply ${event.source} → ${event.destination}, identifier ${event.identifier}, sequence ${event.sequence}`;
    case 'tcp-answer':
      return `tcp ${event.flags} ${event.source}:${event.sourcePort} → ${event.destination}:${event.destinationPort}`;
    case 'acquire':
      return `acquire for ${event.entry}`;
    case 'ike':
      return `IKE SA ${event.initiatorSPI}/${event.responderSPI} of ${event.connection}: ${because(event)}`;
    case 'child':
      return `child ${event.connection}/${event.child}: ${because(event)}`;
    case 'mobility':
      return `${event.message} taken from ${event.source} to ${event.destination}`;
    case 'discarded':
      return `discarded by ${event.rule} (${event.section}): ${event.detail}`;
  }
}

function because(event: { readonly state: string; readonly reason?: string }): string {
  return event.reason === undefined ? event.state : `${event.state} (${event.reason})`;
}
