/**
 * What a scenario has the lab itself do: messages of IKE are held where they stand, let go in another order, lost or repeated. So two requests cross because
 * the scenario says so, and never by luck.
 */
import type { Address } from '../../reference/wire/address.ts';
import { ethernetFrame } from '../../reference/wire/ethernet.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import { hex } from '../../reference/wire/octets.ts';
import { encodeUdp, udpDatagram } from '../../reference/wire/udp.ts';
import type { Account } from '../judge/account.ts';
import { isNamed } from '../judge/ike-opening.ts';
import { notation } from '../judge/notation.ts';
import type { OpenedIke } from '../judge/opened-frame.ts';
import type { FrameInTransit, Lab } from '../lab/lab.ts';
import { patience } from './ensemble.ts';
import { type Condition, UnreliableWire } from './unreliable-wire.ts';

export interface LabVerbs {
  /**
   * From now on messages of IKE of one party that this notation names (`HDR, SK {N(REKEY_SA), SA, Ni, [KEi,] TSi, TSr}`) are held, and what repeats
   * them too, until they are released, lost or repeated.
   */
  holds(name: string, message: string, of: { readonly from: string; readonly response?: boolean }): Promise<void>;
  /** The same of an exchange, whose messages their headers tell: between two whose keys nobody knows. */
  holdsExchange(
    name: string,
    exchange: keyof typeof exchangeTypes,
    of: { readonly from: string; readonly response?: boolean },
  ): Promise<void>;
  /** Waits until one is held. */
  catches(name: string): Promise<void>;
  /** What was held goes on, each message once, in the order in which it came; with `from`, somebody on the way has given it this source. */
  releases(name: string, change?: { readonly from?: Address }): Promise<void>;
  /** What was held is lost. What its sender repeats afterwards is not. */
  loses(name: string): Promise<void>;
  /** What was held goes on, and once more. */
  repeats(name: string): Promise<void>;
  /** From now on the wire is cut, or loses messages of IKE, or is whole again; on all links. */
  becomes(name: string, condition: Condition): Promise<void>;
  /** Waits until the log shows what a question will look for. */
  shows(what: (t: Account) => boolean): Promise<void>;
}

/** Whose marks tell of holding; no party may be called so. */
export const theLab = 'lab';

export function labVerbs(lab: Lab, account: Account): LabVerbs {
  const traps = new Map<string, Trap>();
  const trapOf = (name: string): Trap => {
    const trap = traps.get(name);
    if (!trap) throw new RangeError(`nothing is held under ${name}`);
    return trap;
  };
  const letsGo = async (name: string, kind: 'releases' | 'loses' | 'repeats', from?: Address): Promise<void> => {
    const { held } = trapOf(name);
    traps.delete(name);
    lab.mark(`${name}: ${kind}`, theLab, { kind, held: name });
    lab.act(() => {
      for (const frame of held.values()) {
        const change = from === undefined ? {} : { octets: sentFrom(frame.entry.octets, from) };
        for (let time = 0; time < timesGoing[kind]; time++) frame.goesOn(change);
      }
    });
  };
  const wire = new UnreliableWire(lab.seed);
  lab.intercept((frame) => {
    const { from } = frame.entry;
    const opened = () => account.conversations.frame(frame.entry);
    if (wire.loses(from, opened)) return;
    const ike = traps.size > 0 ? opened()?.ike : undefined;
    const trap = ike && [...traps.values()].find((each) => each.from === from && each.names(ike));
    if (!trap) frame.goesOn();
    // What its sender repeats meanwhile is the same message.
    else if (!trap.held.has(hex(ike.octets))) trap.held.set(hex(ike.octets), frame);
  });
  return {
    holds: async (name, message, { from, response }) => {
      const pattern = notation(message);
      traps.set(name, { names: (ike) => isNamed(ike, pattern, response), from, held: new Map() });
      lab.mark(name, theLab, { kind: 'holds', message, from, ...(response !== undefined && { response }) });
    },
    holdsExchange: async (name, exchange, { from, response }) => {
      traps.set(name, { names: (ike) => isOfExchange(ike, exchange, response), from, held: new Map() });
      lab.mark(name, theLab);
    },
    catches: async (name) => {
      const { held } = trapOf(name);
      await lab.until(() => held.size > 0, { within: patience.ike });
    },
    releases: (name, { from } = {}) => letsGo(name, 'releases', from),
    loses: (name) => letsGo(name, 'loses'),
    repeats: (name) => letsGo(name, 'repeats'),
    becomes: async (name, condition) => {
      lab.mark(name, theLab);
      wire.condition = condition;
    },
    shows: async (what) => {
      await lab.until(() => what(account), { within: patience.ike });
    },
  };
}

/** The same frame with another source in its IP header, and the checksums that belong to it. */
function sentFrom(octets: Uint8Array, source: Address): Uint8Array {
  const frame = ethernetFrame.decode(octets).value;
  const packet = ipPacket.decode(frame.payload).value;
  const { checksum: _of, ...datagram } = udpDatagram.decode(packet.payload).value;
  const payload = encodeUdp(datagram, { source, destination: packet.destination });
  const changed = { ...packet, source, payload, ...(packet.version === 4 && { headerChecksum: undefined }) };
  return ethernetFrame.encode({ ...frame, payload: ipPacket.encode(changed as IpPacket) });
}

const timesGoing = { releases: 1, loses: 0, repeats: 2 } as const;

function isOfExchange({ message }: OpenedIke, exchange: keyof typeof exchangeTypes, response?: boolean): boolean {
  const { exchangeType, flags } = message.header;
  return exchangeType === exchangeTypes[exchange] && (response === undefined || flags.response === response);
}

interface Trap {
  readonly names: (ike: OpenedIke) => boolean;
  readonly from: string;
  /** By the octets of the message. */
  readonly held: Map<string, FrameInTransit>;
}
