/** Address resolution for IPv4, RFC 826: the question, and the answer for an address of one's own. Who is remembered is `link-layer.ts`'s. */
import type { Address } from '../wire/address.ts';
import { type ArpPacket, arpOperations } from '../wire/arp.ts';
import type { NetworkInterface } from './interfaces.ts';

export function arpRequest(from: NetworkInterface, target: Address): ArpPacket {
  return {
    operation: arpOperations.REQUEST,
    senderHardwareAddress: from.hardwareAddress,
    senderProtocolAddress: from.addressTowards(target) ?? '0.0.0.0',
    targetHardwareAddress: '00:00:00:00:00:00',
    targetProtocolAddress: target,
  };
}

/** Undefined when nobody asked for an address of this interface. */
export function arpReply(from: NetworkInterface, request: ArpPacket): ArpPacket | undefined {
  if (request.operation !== arpOperations.REQUEST || !from.owns(request.targetProtocolAddress)) return undefined;
  return {
    operation: arpOperations.REPLY,
    senderHardwareAddress: from.hardwareAddress,
    senderProtocolAddress: request.targetProtocolAddress,
    targetHardwareAddress: request.senderHardwareAddress,
    targetProtocolAddress: request.senderProtocolAddress,
  };
}
