/** `node --import tsx scripts/read-capture.ts FILE`: a capture read to its packets, and what that took, as JSON. For `bench-captures.ts`, which wants a process of its own. */
import { StrangerPackets } from '../harness/capture/strangers/packets.ts';
import { capturePieces } from '../harness/capture/strangers/stranger.ts';
import { asked, complains } from './asked.ts';

const [path] = asked('read-capture FILE', {}).words;
if (path === undefined) complains('there is no FILE');

const before = process.cpuUsage();
const packets = new StrangerPackets();
for await (const items of capturePieces(path)) for (const item of items) packets.take(item);
const { user, system } = process.cpuUsage(before);
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
const { records, packets: found, copies } = packets.count;
console.log(JSON.stringify({ records, packets: found, copies, seconds: (user + system) / 1e6, megabytes }));
