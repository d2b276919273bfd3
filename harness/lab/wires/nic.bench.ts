/** What a wire on an interface loses of a burst: a process of its own sends as fast as the kernel takes it, from the other end of a cable. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CableWire } from './nic.ts';

export interface BurstMeasurement {
  readonly sent: number;
  readonly received: number;
  /** Of those that came, out of their order or not as they were sent. */
  readonly spoiled: number;
  /** Frames whose time is before that of the one before them, or not within the burst. */
  readonly misdated: number;
  readonly sendingSeconds: number;
}

/** `wire` is at the other end of `from`, and is closed by whoever opened it. */
export async function benchBurst(
  wire: Pick<CableWire, 'onFrame' | 'counters'> & Partial<Pick<CableWire, 'settled'>>,
  from: string,
  frames = 50_000,
  frameOctets = 1_400,
): Promise<BurstMeasurement> {
  let received = 0;
  let spoiled = 0;
  let misdated = 0;
  let next = 0;
  const began = performance.now();
  let before = began;
  const ends = wire.onFrame((frame, arrived) => {
    received++;
    const number = new DataView(frame.buffer, frame.byteOffset).getUint32(ETHERNET_HEADER);
    if (number !== next || frame.length !== frameOctets) spoiled++;
    next = number + 1;
    if (arrived === undefined || arrived < before - CLOCK || arrived > performance.now() + CLOCK) misdated++;
    before = Math.max(before, arrived ?? 0);
  });
  const sender = spawn('perl', ['-e', flood, from, String(frames), String(frameOctets)], { stdio: 'pipe' });
  const [seconds] = await Promise.all([once(sender.stdout.setEncoding('utf8'), 'data'), once(sender, 'close')]);
  await wire.settled?.();
  await quiet(() => received);
  ends();
  return { sent: frames, received, spoiled, misdated, sendingSeconds: Number(seconds[0]) };
}

/** Resolves when `count` has not changed for a while: of a wire that does not say when it has given everything. */
async function quiet(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count();
    await new Promise((later) => setTimeout(later, QUIET));
  }
}

/** Ethernet II, of the type for local experiments, numbered. Prints how many seconds it took. */
const flood = `
  use strict; use Time::HiRes 'time';
  my ($name, $frames, $octets) = @ARGV;
  open my $file, '<', "/sys/class/net/$name/ifindex" or die;
  chomp(my $index = <$file>);
  socket my $socket, 17, 3, 0 or die "socket: $!";
  bind $socket, pack 'S n i S C C a8', 17, 0x88b5, $index, 0, 0, 0, '' or die "bind: $!";
  my $header = pack 'H12 H12 n', '020000000001', '020000000002', 0x88b5;
  my $began = time;
  for my $number (0 .. $frames - 1) {
    defined syswrite $socket, $header . pack('N x' . ($octets - 18), $number) or die "write: $!";
  }
  print time - $began;`;

const ETHERNET_HEADER = 14;
const QUIET = 200;
/** Milliseconds by which two readings of the same clock may differ. */
const CLOCK = 0.01;
