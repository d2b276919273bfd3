/**
 * `npm run fuzz-conversations -- [ikev2 | ikev2-crossing | mobile-ipv6] [COUNT] [SEED]`: so many conversations among hostile people (1,000 of Mobile IPv6 unless
 * told), one from each seed, SEED the first; `ikev2-crossing` has fewer forgeries, and more requests that cross. What did not hold is told with the seed that shows it again.
 */
import { asked, complains, wholeNumber } from './asked.ts';
import { converse as ofIkev2 } from './conversations/ike/conversation.ts';
import { crossing } from './conversations/ike/deeds.ts';
import { converse as ofMobileIpv6 } from './conversations/mobility/conversation.ts';

const kinds = {
  ikev2: (seed: number) => ofIkev2(seed),
  'ikev2-crossing': (seed: number) => ofIkev2(seed, crossing),
  'mobile-ipv6': (seed: number) => ofMobileIpv6(seed),
} as const;
const { words } = asked('npm run fuzz-conversations -- [ikev2 | ikev2-crossing | mobile-ipv6] [COUNT] [SEED]', {});
const of = isKind(words[0]) ? (words.shift() as keyof typeof kinds) : 'mobile-ipv6';
if (words[0] !== undefined && Number.isNaN(Number(words[0])))
  complains(`wanted ikev2, ikev2-crossing or mobile-ipv6, had ${words[0]}`);
const [count = 1_000, first = 1] = words.map((word) => wholeNumber(word, 0));
const converse = kinds[of];

let faults = 0;
let frames = { sent: 0, forged: 0 };
let slowest = { milliseconds: 0, seed: first };
const began = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const since = performance.now();
  const { fault, sent, forged } = converse(seed);
  const milliseconds = performance.now() - since;
  if ((seed - first) % 1_000 === 999) process.stderr.write(`${seed - first + 1} of ${count}\n`);
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, seed };
  frames = { sent: frames.sent + sent, forged: frames.forged + forged };
  if (fault !== undefined && ++faults <= 20) console.log(`seed ${seed}: ${fault}`);
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${count} conversations of ${of} from seed ${first}: ${faults} faults, ${seconds.toFixed(1)} s; ${frames.sent} frames sent, ${frames.forged} forged; slowest ${slowest.milliseconds.toFixed(0)} ms (seed ${slowest.seed})`,
);
process.exitCode = faults === 0 ? 0 : 1;

function isKind(word: string | undefined): word is keyof typeof kinds {
  return word !== undefined && Object.hasOwn(kinds, word);
}
