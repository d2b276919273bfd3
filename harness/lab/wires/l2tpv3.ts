/**
 * The wire to a real kernel: Ethernet frames in L2TPv3 over UDP (RFC 3931, section 4.1.2.1), as the vector driver of user-mode Linux
 * speaks it with `transport=l2tpv3,udp=1` and no cookie. An ordinary UDP socket: no privilege, no packet library.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |T|x|x|x|x|x|x|x|x|x|x|x|  Ver  |           Reserved            |   0x00030000: data, version 3
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                          Session ID                           |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                       Ethernet frame ...
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { HarnessFault } from '../harness-fault.ts';
import type { Wire, WireCounters } from './wire.ts';

export interface L2tpv3Wire extends Wire {
  /** Where this end receives: what the other end is told. */
  readonly local: { readonly address: string; readonly port: number };
  readonly session: number;
}

export interface L2tpv3Options {
  /** IPv4 address to receive on; 127.0.0.1 unless given. */
  readonly localAddress?: string;
  /** 0, unless given: the operating system chooses. */
  readonly localPort?: number;
  readonly peerAddress: string;
  readonly peerPort: number;
  /** 32 bits, the same in both directions. */
  readonly session: number;
}

/** Opens this end. Nothing is asked of the other end, which may come later. Throws HarnessFault `wire-unavailable`. */
export async function l2tpv3Wire(options: L2tpv3Options): Promise<L2tpv3Wire> {
  const { localAddress = '127.0.0.1', localPort = 0, peerAddress, peerPort, session } = options;
  const socket = await boundSocket(localAddress, localPort);
  const listeners = new Set<(frame: Uint8Array) => void>();
  const counters: WireCounters = { sent: 0, received: 0, lost: 0, malformed: 0 };
  const header = headerOf(session);
  const queue: Uint8Array[] = [];
  let spent = 0;
  let turning = false;
  let open = true;

  socket.on('message', (datagram: Uint8Array, from: RemoteInfo) => {
    const ours = from.port === peerPort && from.address === peerAddress && carries(datagram, header);
    if (!ours) {
      counters.malformed++;
      return;
    }
    counters.received++;
    for (const listener of listeners) listener(new Uint8Array(datagram.subarray(header.length)));
  });
  socket.on('error', () => counters.lost++); // an ICMP error for an end that is not there yet

  /** A burst in each turn of the event loop, so that no receiver is handed more than it can take in between. */
  const flush = (): void => {
    if (!open) return;
    for (const frame of queue.splice(0, burst - spent)) {
      spent++;
      socket.send([header, frame], peerPort, peerAddress, (refused) => {
        if (refused) counters.lost++;
        else counters.sent++;
      });
    }
    if (turning) return;
    turning = true;
    setImmediate(() => {
      turning = false;
      spent = 0;
      if (queue.length > 0) flush();
    });
  };

  return {
    local: { address: localAddress, port: socket.address().port },
    session,
    counters,
    send(frame) {
      if (queue.length === mostQueued) {
        const says = `${mostQueued} frames wait for the wire to port ${peerPort}, which takes ${burst} in each turn: they are sent faster than that`;
        throw new HarnessFault('wire-full', says);
      }
      queue.push(frame);
      flush();
    },
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if (!open) return;
      open = false;
      queue.length = 0;
      await new Promise<void>((closed) => socket.close(closed));
    },
  };
}

/** Ports that are free on this address now, for ends that cannot let the operating system choose (a guest's kernel). */
export async function freePorts(count: number, address = '127.0.0.1'): Promise<number[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => boundSocket(address, 0)));
  const ports = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((socket) => new Promise<void>((closed) => socket.close(closed))));
  return ports;
}

async function boundSocket(address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: bufferOctets, sendBufferSize: bufferOctets });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (cause) =>
      reject(
        new HarnessFault('wire-unavailable', `no UDP socket on ${address} port ${port}: ${cause.message}`, { cause }),
      ),
    );
    socket.bind(port, address, resolve);
  });
  socket.removeAllListeners('error');
  return socket;
}

function headerOf(session: number): Uint8Array {
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint32(0, dataVersion3);
  view.setUint32(4, session);
  return header;
}

function carries(datagram: Uint8Array, header: Uint8Array): boolean {
  return datagram.length >= header.length + ethernetHeader && header.every((octet, place) => datagram[place] === octet);
}

const dataVersion3 = 0x0003_0000;
const ethernetHeader = 14;
/** The kernel grants what net.core.rmem_max allows of it. */
const bufferOctets = 4 << 20;
/** Frames in one turn of the event loop. */
const burst = 16;
/** Frames that wait for their turn: a tenth of a second of them, 25 MB at most. */
const mostQueued = 16_384;
