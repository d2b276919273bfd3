import { Account } from './harness/judge/account.ts';
import { readBundle } from './harness/capture/bundle.ts';
import { hex } from './reference/wire/octets.ts';
const { transcript } = readBundle(process.argv[2]!);
const t = new Account(transcript);
for (const e of transcript.entries) {
  if (e.kind === 'mark') console.log(`-- ${e.name}`);
  if (e.kind !== 'frame') continue;
  const f = t.conversations.frame(e);
  if (f?.ike) {
    const { header } = f.ike.message;
    const ps = (f.ike.payloads ?? []).map((p: any) => p.type === 'N' ? `N(${p.notifyType})` : p.type === 'D' ? `D(${p.protocolId}:${p.spis.map((s: Uint8Array) => hex(s)).join()})` : p.type === 'SA' ? `SA[${p.proposals.map((x: any) => hex(x.spi)).join()}]` : p.type === 'Nonce' ? `Nonce(${hex(p.data.subarray(0, 9))})` : p.type).join(' ');
    console.log(`${e.number} ${(e.time).toFixed(1)} ${e.from} ${hex(header.initiatorSPI).slice(0,6)} ${header.exchangeType} ${header.flags.response ? 'resp' : 'req'} id ${header.messageId} ${f.ike.state} ${ps}`);
  } else console.log(`${e.number} ${e.time.toFixed(1)} ${e.from} esp ${f?.esp.map((x) => x.spi.toString(16)).join()}`);
}
