/**
 * `npm run bench -- hostile`: everything that a peer, a product or a file decides the size of, with much of it. One line each: what, how much, the
 * time it took, the budget, and whether that was met. A subject has its rows in a file of its own under `hostile/`.
 */
import { ikeRows } from './hostile/ike.ts';
import { laboratoryRows } from './hostile/laboratory.ts';
import { mobilityRows } from './hostile/mobility.ts';
import { packetRows } from './hostile/packets.ts';
import type { HostileRow } from './hostile/row.ts';

const rows: readonly HostileRow[] = [...packetRows, ...mobilityRows, ...ikeRows, ...laboratoryRows];

/** The exit code: 1 when a budget was missed. */
export async function benchHostile(): Promise<0 | 1> {
  let missed = 0;
  for (const row of rows) {
    const { measured, budget, met } = await row.measure();
    if (!met) missed++;
    const line = [row.what.padEnd(48), row.input.padEnd(34), measured.padStart(30), `  budget ${budget}`];
    console.log(`${met ? 'met   ' : 'MISSED'}  ${line.join(' ')}`);
  }
  return missed === 0 ? 0 : 1;
}
