/**
 * How many frames a second go through an L2TPv3 wire without loss: two ends on the loopback, one sends at an even pace,
 * the other counts. A burst of any size loses some; the pace is what a lab needs.
 */
import { freePorts, l2tpv3Wire } from './l2tpv3.ts';

export interface WireMeasurement {
  readonly seconds: number;
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly framesPerSecond: number;
}

/** Sends `rate` frames a second, of so many octets each, for so many seconds. */
export async function benchWire(rate = 20_000, seconds = 10, frameOctets = 1_400): Promise<WireMeasurement> {
  const [port] = await freePorts(1);
  const receiver = await l2tpv3Wire({ peerAddress: '127.0.0.1', peerPort: port!, session: 1 });
  const sender = await l2tpv3Wire({
    localPort: port!,
    peerAddress: '127.0.0.1',
    peerPort: receiver.local.port,
    session: 1,
  });
  const began = performance.now();
  let last = began;
  receiver.onFrame(() => (last = performance.now()));
  await paced(rate, rate * seconds, () => sender.send(new Uint8Array(frameOctets)));
  await quiet(() => receiver.counters.received);
  const elapsed = (last - began) / 1000;
  await Promise.all([sender.close(), receiver.close()]);
  const { received } = receiver.counters;
  const sent = rate * seconds;
  return { seconds: elapsed, sent, received, lost: sent - received, framesPerSecond: Math.round(received / elapsed) };
}

/** Calls `send` so often that at each moment as many were sent as the rate asks for. */
async function paced(rate: number, total: number, send: () => void): Promise<void> {
  const began = performance.now();
  let sent = 0;
  await new Promise<void>((done) => {
    const turn = (): void => {
      const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate));
      while (sent < due) {
        send();
        sent++;
      }
      if (sent < total) setImmediate(turn);
      else done();
    };
    turn();
  });
}

/** Resolves when `count` has not changed for a while. */
async function quiet(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count();
    await new Promise((later) => setTimeout(later, quietMilliseconds));
  }
}

const quietMilliseconds = 200;
