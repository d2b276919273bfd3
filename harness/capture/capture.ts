/** Any capture file that Touchstone reads, told apart by its first four octets: `pcapng.ts` or `pcap.ts`. */
import type { CaptureFile } from './capture-file.ts';
import { readPcap } from './pcap.ts';
import { readPcapng } from './pcapng.ts';

/** Throws `MalformedOctets` with the offset in the file. */
export function readCapture(octets: Uint8Array): CaptureFile {
  const isPcapng = octets[0] === 0x0a && octets[1] === 0x0d && octets[2] === 0x0d && octets[3] === 0x0a;
  return isPcapng ? readPcapng(octets) : readPcap(octets);
}
