/**
 * `npm run mute [-- [--shard i/n] GLOB…]`: whether any case comes to a `fail` because the product says nothing any more (`muted.ts`); all cases unless some are
 * named. Ends with 1 where one does.
 */
import { composition } from '../bin/composition.ts';
import { plan } from '../harness/run/plan.ts';
import { asked, complains } from './asked.ts';
import { failsOfMute } from './muted.ts';

const { values, words } = asked('npm run mute [-- [--shard 1/2] GLOB…]', { shard: { type: 'string' } });
const shard = /^([1-9]\d*)\/([1-9]\d*)$/
  .exec(values.shard ?? '1/1')
  ?.slice(1)
  .map(Number);
if (!shard || shard[0]! > shard[1]!) complains(`wanted --shard i/n, had ${values.shard}`);
const runs = plan(composition.suites, {
  glob: words.length > 0 ? words : undefined,
  shard: { index: shard[0]!, of: shard[1]! },
});
if (runs.length === 0) complains('no case is left');
let failing = 0;
for (const [place, run] of runs.entries()) {
  const told = new Set<string>();
  for (const { case: name, after, parties, reports, verdict } of await failsOfMute(run, 'mute')) {
    const says = `${name}: ${verdict.outcome}, ${parties.join(' and ')} mute${reports ? ' but for reports' : ''}`;
    if (!told.has(says))
      console.log(`${says} after "${after}"; ${verdict.evidence.map((each) => each.says).join('; ')}`);
    told.add(says);
  }
  failing += told.size;
  if (place % 100 === 99) console.error(`${place + 1} of ${runs.length} runs`);
}
console.log(`${runs.length} runs, each muted after each of its moments: ${failing} fails that rest on silence alone`);
process.exitCode = failing === 0 ? 0 : 1;
