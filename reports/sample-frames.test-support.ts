/** The frames of the sample run, and what a judge would open from them; encoded by the reference's own codecs. */
import type { OpenedBuffer } from '../harness/judge/opened-frame.ts';
import { arpPacket } from '../reference/wire/arp.ts';
import { espPacket, espPlaintext, monotonicPadding } from '../reference/wire/esp.ts';
import { ethernetFrame } from '../reference/wire/ethernet.ts';
import { icmpMessage } from '../reference/wire/icmp.ts';
import { ikeMessage } from '../reference/wire/ike/message.ts';
import type { Payload } from '../reference/wire/ike/payload-chain.ts';
import { ipv4Packet } from '../reference/wire/ip/ipv4.ts';
import { fromText, unhex } from '../reference/wire/octets.ts';
import { encodeUdp } from '../reference/wire/udp.ts';

export function ethernet(
  from: keyof typeof stations,
  to: keyof typeof stations,
  etherType: number,
  payload: Uint8Array,
): Uint8Array {
  return ethernetFrame.encode({ source: stations[from], destination: stations[to], etherType, payload });
}

export function arp(operation: 1 | 2): Uint8Array {
  const [tn, nut] = [
    { hardware: stations.tn, protocol: '192.0.2.1' },
    { hardware: stations.nut, protocol: '192.0.2.2' },
  ];
  const [sender, target] = operation === 1 ? [tn!, nut!] : [nut!, tn!];
  return arpPacket.encode({
    operation,
    senderHardwareAddress: sender.hardware,
    senderProtocolAddress: sender.protocol,
    targetHardwareAddress: operation === 1 ? '00:00:00:00:00:00' : target.hardware,
    targetProtocolAddress: target.protocol,
  });
}

export function esp(source: string, destination: string, spi: number, sequenceNumber: number): Uint8Array {
  const body = Uint8Array.from({ length: 16 + 96 + 16 }, (_, i) => (i * 73 + spi + sequenceNumber) & 0xff);
  return ipv4Packet.encode({
    version: 4,
    source,
    destination,
    protocol: 50,
    payload: espPacket.encode({ spi, sequenceNumber, body }),
  });
}

export function inner(spi: number, request: boolean): OpenedBuffer {
  const [source, destination] = request ? ['198.51.100.1', '203.0.113.1'] : ['203.0.113.1', '198.51.100.1'];
  const echo = icmpMessage.encode({
    kind: 'echo',
    type: request ? 8 : 0,
    code: 0,
    identifier: 7,
    sequenceNumber: 1,
    data: fromText('touchstone'),
  });
  const payload = ipv4Packet.encode({
    version: 4,
    source: source!,
    destination: destination!,
    protocol: 1,
    payload: echo,
  });
  const padding = monotonicPadding((14 - (payload.length % 16) + 16) % 16);
  const octets = espPlaintext.encode({ payload, padding, nextHeader: 4 });
  return { name: `esp 0x${spi.toString(16).padStart(8, '0')}`, octets, kind: 'ip', firstProtocol: 4 };
}

export function ike(
  exchangeType: number,
  messageId: number,
  response: boolean,
  payloads: readonly Payload[],
): Uint8Array {
  const message = ikeMessage.encode({
    header: {
      initiatorSPI: unhex('1122334455667788'),
      responderSPI: response || messageId > 0 ? unhex('99aabbccddeeff00') : new Uint8Array(8),
      exchangeType,
      flags: { initiator: !response, response, version: false },
      messageId,
    },
    payloads,
  });
  const [source, destination] = response ? ['192.0.2.2', '192.0.2.1'] : ['192.0.2.1', '192.0.2.2'];
  const datagram = encodeUdp(
    { sourcePort: 500, destinationPort: 500, payload: message },
    { source: source!, destination: destination! },
  );
  return ipv4Packet.encode({ version: 4, source: source!, destination: destination!, protocol: 17, payload: datagram });
}

const stations = { tn: '02:00:00:00:00:01', nut: '02:00:00:00:00:02', all: 'ff:ff:ff:ff:ff:ff' } as const;
