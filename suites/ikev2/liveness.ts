/**
 * Whether a peer lives (RFC 7296 section 2.4): a node that was told how long it may hear nothing asks then, whatever comes that nothing vouches for; and a peer that answers
 * nothing, however often it is asked, is given up.
 */
import { peering, saying } from '../../harness/vocabulary/ike-intent.ts';
import { sinks } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Control, type Judgement, post, pre, seen } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { livenessMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { between, type Node, nodes, olderIds, roles } from './nodes.ts';
import { forged, inClear } from './strayed-messages.ts';

/** What happens while the peer itself says nothing. */
const meanwhiles = ['nothing', 'outgoing', 'traffic', 'in-clear', 'forged', 'repeated'] as const;
type Meanwhile = (typeof meanwhiles)[number];

/** Seconds without a sign of life. */
const AFTER = 2;
const SECONDS = [1, 2, 3, 4] as const;
/** Seconds: longer than a laboratory's retransmissions take. */
const PATIENCE = 20;

const only = childName(peering.child);

export const peerIsSilent = scenario({
  name: 'peer-is-silent',
  title: 'Nothing that shows life comes from a peer for a while',
  dimensions: { meanwhile: meanwhiles, node: nodes, role: roles },
  given: ({ node }) => whoAsks(node),
  lasts: () => SECONDS.length,
  async play(stage, { meanwhile, role }) {
    const { tn } = stage;
    await begins(stage, role);
    for (const second of SECONDS) {
      await happens(stage, meanwhile, second);
      await tn.letsPass(`${second} s`, 1);
    }
    await tn.asksForLife('later life', only);
    await tn.echo('after');
  },
  questions: {
    'RFC7296-2.4-LIFE': question('Does it ask whether its peer lives?', {
      outcomes: ['asks', 'silent'],
      controls: (t, { meanwhile }) => [
        ...speaksBefore(t),
        ...seenMeanwhile(t, meanwhile as Meanwhile),
        post('the two speak on', both(t.ike.informed('later life'), t.answered('after'))),
      ],
      judge: (t) => asked(t, 'later life')?.as('asks') ?? t.ike.informed('later life')?.as('silent'),
      plays: ({ role }) => [role as 'initiator' | 'responder', 'receiver'],
      reads: ({ meanwhile }) => [
        reads(RFC7296, '2.4', 'obs', 'implementation', {
          asks: meanwhile === 'traffic' ? observed('it asks though it has heard') : pass,
          silent:
            meanwhile === 'traffic'
              ? pass
              : meanwhile === 'nothing'
                ? observed('who sends nothing sends nothing to a dead peer')
                : fail,
        }),
      ],
      lawful: ({ meanwhile }) => (meanwhile === 'traffic' ? 'silent' : 'asks'),
      turnedBy: ({ meanwhile }) => [
        meanwhile === 'traffic'
          ? [livenessMutants.hearsNoPackets, 'asks']
          : [livenessMutants.neverAsksForLife, 'silent'],
        ...(takesForLife[meanwhile as Meanwhile] ?? []).map((mutant) => [mutant, 'silent'] as const),
      ],
      alsoKnownAs: (at) => olderIds(at, { initiator: numbers[at.meanwhile as Meanwhile] }),
    }),
  },
});

export const peerIsDead = scenario({
  name: 'peer-is-dead',
  title: 'A peer answers nothing any more',
  dimensions: { peer: ['mute'], node: nodes, role: roles },
  given: ({ node }) => whoAsks(node),
  lasts: () => PATIENCE,
  async play(stage, { role }) {
    const { tn, nut, lab } = stage;
    await begins(stage, role);
    await lab.holds('its answers', 'HDR, SK {}', { from: 'tn', response: true });
    await nut.udp('asks', { destinationPort: sinks[0]!.port });
    await nut.reports('report', {
      until: ({ ikeSas }) => ikeSas.every(({ state }) => state !== 'established'),
      within: 1000 * PATIENCE,
    });
    await tn.pingInClear('elsewhere', { from: places.home.ipv4, to: nutAddresses.ipv4 });
  },
  questions: {
    'RFC7296-2.4-DEAD': question('Is it given up, and not before it was asked several times?', {
      outcomes: ['given-up', 'asks-on', 'at-once', 'kept'],
      controls: (t) => [
        ...speaksBefore(t),
        seen('the node sends', t.sent('asks')),
        post('the node is there', t.answered('elsewhere')),
      ],
      judge: (t) => judgeDead(t),
      plays: ({ role }) => role as 'initiator' | 'responder',
      reads: [
        reads(RFC7296, '2.4', 'MUST', 'implementation', {
          'given-up': pass,
          'asks-on': observed(`it is asked for more than ${PATIENCE} s`),
          'at-once': fail,
          kept: observed('it is not asked at all'),
        }),
        reads(RFC7296, '2.4', 'obs', 'implementation', {
          'given-up': pass,
          'asks-on': pass,
          'at-once': pass,
          kept: fail,
        }),
      ],
      lawful: 'given-up',
      turnedBy: [
        [livenessMutants.givesUpAtOnce, 'at-once'],
        [livenessMutants.neverGivesUp, 'asks-on'],
        [livenessMutants.neverAsksForLife, 'kept'],
      ],
    }),
  },
});

/** The node asks after a while; the tester has a sink for what it is sent. */
function whoAsks(node: Node) {
  const intent = saying(between(node), { nut: { livenessAfter: AFTER } });
  return { ...intent, parties: { ...intent.parties, tn: { ...intent.parties.tn!, sinks } } };
}

async function begins({ tn, nut }: Stage, role: string): Promise<void> {
  await (role === 'initiator' ? nut : tn).initiates('establish', only);
  await tn.asksForLife('life', only, { unlessRefused: 'establish' });
  await tn.echo('before');
}

const speaksBefore = (t: Account): readonly Control[] => [
  pre('the two agree and speak', both(t.established('establish', 'before'), t.ike.informed('life'))),
];

/** Whatever nobody vouches for comes while the node sends: then it wants to know. */
async function happens({ tn, nut }: Stage, meanwhile: Meanwhile, second: number): Promise<void> {
  const name = moment(second);
  if (meanwhile === 'traffic') await tn.echo(name);
  if (meanwhile === 'nothing' || meanwhile === 'traffic') return;
  await nut.udp(`sends ${second}`, { destinationPort: sinks[0]!.port });
  if (meanwhile === 'in-clear') await tn.repeatsRequest(name, 'life', inClear);
  if (meanwhile === 'forged') await tn.repeatsRequest(name, 'life', forged);
  if (meanwhile === 'repeated') await tn.repeatsRequest(name, 'life');
}

const moment = (second: number): string => `meanwhile ${second}`;

function seenMeanwhile(t: Account, meanwhile: Meanwhile): readonly Control[] {
  if (meanwhile === 'nothing') return [];
  const happened = SECONDS.map((second) => {
    if (meanwhile === 'traffic') return t.answered(moment(second));
    if (meanwhile === 'outgoing') return t.sent(`sends ${second}`);
    const stray = t.ike.messages(moment(second)).find(({ frame }) => frame.entry.from === 'tn');
    return stray && t.ike.said(stray, 'it comes');
  });
  return [seen('it happens each second', both(...happened))];
}

function asked(t: Account, before: string) {
  const { INFORMATIONAL: exchange } = exchangeTypes;
  return t.ike.heard('HDR, SK {}', { after: 'before', before, exchange, response: false });
}

function judgeDead(t: Account): Judgement | undefined {
  const { requests = [] } = t.ike.exchange('HDR, SK {}', { by: 'nut', after: 'its answers' }) ?? {};
  const gone = t.reported('report', 'ikeSas', 'no IKE SA is established', ({ ikeSas }) =>
    ikeSas.every(({ state }) => state !== 'established'),
  );
  const [first, again] = requests;
  if (gone && !again) return (first ? both(gone, t.ike.said(first, 'it was asked once')) : gone)?.as('at-once');
  if (gone) return both(gone, t.ike.said(again!, `it was asked ${requests.length} times`))?.as('given-up');
  return again
    ? t.ike.said(again, `it was asked ${requests.length} times`).as('asks-on')
    : t.answered('elsewhere')?.as('kept');
}

const takesForLife: Readonly<Partial<Record<Meanwhile, readonly NodeMutant[]>>> = {
  'in-clear': [livenessMutants.takesClearForLife],
  forged: [livenessMutants.takesForgeryForLife],
  repeated: [livenessMutants.takesRepetitionForLife],
};

const numbers: Readonly<Record<Meanwhile, readonly string[]>> = {
  nothing: ['1.1.3.5'],
  outgoing: ['1.1.3.5'],
  traffic: [],
  'in-clear': ['1.1.3.8'],
  forged: ['1.1.3.8'],
  repeated: ['1.1.3.8'],
};
