/**
 * What was said on a link after a named moment about who has which address (RFC 4861 section 7.2, RFC 4862 section 5.4): solicitations, duplicate address
 * detection among them, and advertisements, asked for or not.
 */
import type { Address } from '../../reference/wire/address.ts';
import type { MacAddress } from '../../reference/wire/address-fields.ts';
import { type Icmpv6Message, icmpv6Message } from '../../reference/wire/icmpv6.ts';
import { ipPacket } from '../../reference/wire/ip/packet.ts';
import { unhex } from '../../reference/wire/octets.ts';
import type { MarkEntry } from '../capture/transcript.ts';
import type { Conversations } from './conversations.ts';
import { packetEvidence } from './evidence-of.ts';
import { type Finding, finding } from './finding.ts';
import type { Moments } from './moments.ts';
import type { FoundPacket } from './opened-frame.ts';
import { neighborKey } from './probe.ts';
import { readable } from './readable.ts';

/** A solicitation or an advertisement as it was seen; addresses are those of the IPv6 header. */
export interface FoundNeighbor {
  readonly found: FoundPacket;
  readonly source: Address;
  readonly destination: Address;
  /** That its option names. */
  readonly linkLayerAddress?: MacAddress;
  /** Of an advertisement. */
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
}

export interface HeardNeighbor {
  /** Who sent it; the party that the cases are about unless it is said. */
  readonly by?: string;
  readonly after?: string;
  readonly before?: string;
  readonly where?: (said: FoundNeighbor) => boolean;
}

export class NeighborAccount {
  readonly #conversations: Conversations;
  readonly #moments: Moments;
  readonly #tested: string;

  constructor(conversations: Conversations, moments: Moments, tested: string) {
    this.#conversations = conversations;
    this.#moments = moments;
    this.#tested = tested;
  }

  /** The first advertisement of an address. */
  advertised(target: Address, heard: HeardNeighbor = {}): FoundNeighbor | undefined {
    return this.#first('neighborAdvertisement', target, heard);
  }

  /** The first solicitation of an address. */
  solicited(target: Address, heard: HeardNeighbor = {}): FoundNeighbor | undefined {
    return this.#first('neighborSolicitation', target, heard);
  }

  /** The same of duplicate address detection: from nobody. */
  tested(target: Address, heard: HeardNeighbor = {}): FoundNeighbor | undefined {
    return this.solicited(target, { ...heard, where: ({ source }) => source === '::' });
  }

  /** Whether the party that the cases are about tests it, after this place in the log. */
  isTested(target: Address, after: number): boolean {
    const key = neighborKey('neighborSolicitation', target);
    return this.#conversations.recognised(this.#tested, key, after, (each) => read(each).source === '::') !== undefined;
  }

  /** The advertisement that answers the solicitation of this moment: to whoever asked, or to all nodes where nobody did by name. */
  answer(name: string): FoundNeighbor | undefined {
    const asked = this.#asked(name);
    if (!asked) return undefined;
    const { target, source } = asked;
    const fits = (answer: FoundNeighbor): boolean =>
      source === '::' ? answer.destination === ALL_NODES : answer.destination === source;
    return this.advertised(target, { after: name, where: fits });
  }

  answered(name: string): Finding | undefined {
    return this.shown(this.answer(name), `${name}: answered by an advertisement`);
  }

  /** Nothing answers the solicitation of this moment, while this later answer came. */
  silent(name: string, life: FoundPacket | undefined): Finding | undefined {
    const asked = this.#asked(name);
    if (!asked || !life || this.answer(name)) return undefined;
    const stimulus = this.solicited(asked.target, { by: asked.mark.by, after: name });
    if (!stimulus || life.frame.entry.place <= stimulus.found.frame.entry.place) return undefined;
    const [after, before] = [stimulus.found.frame.entry.number, life.frame.entry.number];
    return finding(
      `${name}: no advertisement, while something later was answered`,
      { kind: 'silence', after, before, says: `no answer to ${name}` },
      packetEvidence(stimulus.found, 'the solicitation'),
      packetEvidence(life, 'the sign of life'),
    );
  }

  shown(said: FoundNeighbor | undefined, says: string): Finding | undefined {
    return said && finding(says, packetEvidence(said.found, says));
  }

  #asked(name: string): { mark: MarkEntry; target: Address; source: Address } | undefined {
    const mark = this.#moments.mark(name);
    if (mark?.act.kind !== 'command' || mark.act.command.kind !== 'packet') return undefined;
    const { octets } = mark.act.command;
    const packet = readable(() => ipPacket.decode(unhex(octets)).value);
    const message = packet && readable(() => icmpv6Message.decode(packet.payload).value);
    if (message?.kind !== 'neighborSolicitation') return undefined;
    return { mark, target: message.targetAddress, source: packet!.source };
  }

  #first(
    kind: 'neighborSolicitation' | 'neighborAdvertisement',
    target: Address,
    { by = this.#tested, after, before, where = () => true }: HeardNeighbor,
  ): FoundNeighbor | undefined {
    const start = after === undefined ? -1 : (this.#moments.mark(after)?.place ?? Infinity);
    const end = before === undefined ? Infinity : (this.#moments.mark(before)?.place ?? Infinity);
    const found = this.#conversations.recognised(by, neighborKey(kind, target), start, (each) => where(read(each)));
    return found && found.frame.entry.place < end ? read(found) : undefined;
  }
}

/** What is filed under a neighbor's key was read as such. */
function read(found: FoundPacket): FoundNeighbor {
  const { payload, source, destination } = found.packet.packet;
  const message = icmpv6Message.decode(payload).value as Extract<
    Icmpv6Message,
    { targetAddress: Address; options: unknown }
  >;
  const option = message.options.find(
    (one) => one.type === 'targetLinkLayerAddress' || one.type === 'sourceLinkLayerAddress',
  );
  const flags: { readonly [flag: string]: unknown } = message;
  const named = option && 'linkLayerAddress' in option ? { linkLayerAddress: option.linkLayerAddress } : {};
  const [router, solicited, override] = ['router', 'solicited', 'override'].map((flag) => flags[flag] === true);
  return { found, source, destination, router: router!, solicited: solicited!, override: override!, ...named };
}

const ALL_NODES: Address = 'ff02::1';
