/** What the verbs of a stranger do: it speaks in clear, makes packets by hand, and sends again what it has overheard. */
import type { Address } from '../../reference/wire/address.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import type { Acting } from './acting.ts';
import type { Orders } from './orders.ts';
import { neighborSolicitationPacket } from './packets.ts';
import type { Stranger } from './verbs.ts';

export function strangerVerbs(me: string, orders: Orders, acting: Acting): Stranger {
  return {
    pingInClear: (name, options = {}) =>
      acting.does(me, name, orders.echo(me, name, options, true), acting.answered(name, options)),
    udp: (name, options = {}) => acting.does(me, name, orders.udp(me, name, options, true)),
    packet: (name, octets, { tamper } = {}) =>
      acting.does(me, name, { kind: 'packet', octets, ...(tamper && { tamper }) }),
    claims: (name, address, { whenTested = address } = {}) => acting.claims(me, name, address, whenTested),
    solicits: (name, { awaited, unlessRefused: _refused, setsOffIke: _setsOff, ...asking }) => {
      const wait = acting.answeredNeighbor(name, { ...(awaited !== undefined && { awaited }) });
      return acting.does(me, name, { kind: 'packet', octets: neighborSolicitationPacket(me, asking) }, wait);
    },
    repeats: async (name, moment, { from, tamper } = {}) => {
      const overheard = acting.account.probe(moment)?.packet.esp?.carrier;
      if (!overheard) throw new RangeError(`${name}: ${me} has overheard no ESP packet at ${moment}`);
      const octets = ipPacket.encode(from === undefined ? overheard : sentFrom(overheard, from));
      await acting.does(me, name, { kind: 'packet', octets, ...(tamper && { tamper }) });
    },
  };
}

/** What was overheard with another source, and a header checksum to match. */
function sentFrom(packet: IpPacket, source: Address): IpPacket {
  if (packet.version === 6) return { ...packet, source };
  const { headerChecksum: _of, ...rest } = packet;
  return { ...rest, source } as IpPacket;
}
