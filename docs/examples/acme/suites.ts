/** What Acme promises, as a suite of one scenario. `docs/add-a-suite.md` tells how it is read. */
import {
  cause,
  type DocumentSource,
  fail,
  ipsecMutants,
  negotiated,
  nutAddresses,
  pass,
  places,
  post,
  pre,
  question,
  reads,
  type Suite,
  scenario,
} from 'touchstone/vocabulary';

const HANDBOOK: DocumentSource = { id: 'ACME', title: 'Acme, handbook for customers who travel', year: 2025 };

const roaming = scenario({
  name: 'acme-roaming',
  title: 'A customer travels, and nobody tells the gateway',
  dimensions: { elsewhere: ['same-prefix', 'other-prefix'] },
  given: () => negotiated({ mode: 'tunnel' }),
  async play({ tn }, { elsewhere }) {
    await tn.initiates('establish');
    await tn.echo('home');
    await tn.movesTo(elsewhere);
    await tn.pingInClear('path', { from: places[elsewhere].ipv4, to: nutAddresses.ipv4 });
    await tn.echo('travelling', { awaited: false });
    await tn.movesTo('home');
    await tn.echo('home again');
  },
  questions: {
    'ACME-ROAMING': question('Does the tunnel of a customer go on working on the way?', {
      outcomes: ['works', 'stops'],
      controls: (t) => [
        pre('the tunnel works from home', t.answered('home')),
        cause('the gateway is reachable from there', t.answered('path')),
        post('and from home again', t.answered('home again')),
      ],
      judge: (t) => t.answered('travelling')?.as('works') ?? t.silent('travelling', 'home again')?.as('stops'),
      plays: 'responder',
      reads: [reads(HANDBOOK, 'page 12', 'MUST', 'implementation', { works: pass, stops: fail })],
      lawful: 'works',
      turnedBy: [[ipsecMutants.checksOuterSource, 'stops']],
    }),
  },
});

export const suites: readonly Suite[] = [{ name: 'acme', title: 'What Acme promises', scenarios: [roaming] }];
