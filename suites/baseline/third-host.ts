/**
 * A third host in the way of traffic (MCDANIEL "introduction"; RFC 4303 3.4.4): it is neither end, overhears what goes to the node, and sends it on
 * under the right SPI, far ahead in number and with a wrong ICV, while the two ends speak. Nothing of that may be felt by them.
 */
import { withAttacker } from '../../harness/vocabulary/intent.ts';
import { type Account, both, cause, type Finding, finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { attackerAddresses } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { forgedAhead } from '../../harness/vocabulary/tampers.ts';
import { MCDANIEL, RFC4303 } from '../requirements/documents.ts';

const rounds = [1, 2, 3, 4, 5] as const;
/** Beyond every window that a product has. */
const FAR = 100_000;
/** Where ESP begins, behind a header without options. */
const espAt = { ipv4: 20, ipv6: 40 } as const;

export const thirdHost = scenario({
  name: 'third-host',
  title: 'A third host forges while two speak',
  cast: { nut: 'tested', tn: 'tester', attacker: 'stranger' },
  dimensions: { forger: ['as-peer', 'as-itself'], family: ['ipv4', 'ipv6'], keying: keyings },
  given: ({ family, keying }) => withAttacker(keyedHosts(keying, family, [transportPair('pair', family)]), family),
  async play(stage, { forger, family, keying }) {
    const { tn, attacker } = stage;
    await attacker.pingInClear('path');
    await establish(stage, keying, ['pair']);
    await tn.echo('before');
    const forged = {
      ...(forger === 'as-itself' && { from: attackerAddresses[family] }),
      tamper: forgedAhead(espAt[family], FAR),
    };
    for (const round of rounds) {
      await tn.echo(`running ${round}`, { awaited: false });
      await attacker.repeats(`forged ${round}`, `running ${round}`, forged);
    }
    await attacker.pingInClear('life');
    await tn.echo('after');
    await attacker.pingInClear('still alive');
  },
  questions: {
    'MCDANIEL-INTEG': question('Does traffic go on while a third host forges packets of its SA?', {
      outcomes: ['undisturbed', 'disturbed'],
      controls: (t) => [
        pre('the third host reaches the node in clear', t.answered('path')),
        pre('the SA works', t.answered('before')),
        cause('the node is alive all the time', both(t.answered('life'), t.answered('still alive'))),
        post('every forgery was on the wire, and opens for nobody', forgeries(t)),
      ],
      judge: (t) => {
        const probes = [...rounds.map((round) => `running ${round}`), 'after'];
        const silent = probes.map((name) => t.silent(name, 'still alive')).find((finding) => finding !== undefined);
        return allOf(probes.map((name) => t.answered(name)))?.as('undisturbed') ?? silent?.as('disturbed');
      },
      plays: 'receiver',
      reads: [
        reads(MCDANIEL, 'introduction', 'obs', 'receiver', { undisturbed: pass, disturbed: fail }),
        reads(RFC4303, '3.4.3', 'MUST', 'receiver', { undisturbed: pass, disturbed: fail }),
      ],
      lawful: 'undisturbed',
      turnedBy: [
        [espMutants.movesWindowBeforeIntegrity, 'disturbed'],
        [espMutants.ignoresIcv, 'disturbed'],
      ],
    }),
  },
});

/** One in each round, under the SPI that the peer uses. */
function forgeries(t: Account): Finding | undefined {
  const spis = new Set(t.espHeaders('tn').map(({ header }) => header.spi));
  const forged = t.espHeaders('attacker').filter(({ header }) => spis.has(header.spi) && header.state !== 'opened');
  if (forged.length !== rounds.length) return undefined;
  return finding('a forgery in each round', ...forged.map((each) => t.evidenceOf(each, 'the forgery')));
}

function allOf(findings: readonly (Finding | undefined)[]): Finding | undefined {
  return findings.reduce((sofar, each) => both(sofar, each));
}
