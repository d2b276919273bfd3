/**
 * What an SA has to itself (MCDANIEL "architecture"; RFC 4301 4.4.2.1): of two pairs of SAs side by side, each with a cipher of its own, every one has its keys, its
 * counter, and its place in what the node shows of its SAD.
 */
import { type Account, finding, inconclusive, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { sadMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { espSuites } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { MCDANIEL, RFC4301 } from '../requirements/documents.ts';

const rounds = [1, 2, 3, 4] as const;
const pairs = [
  transportPair('echoes', 'ipv4', {
    suite: espSuites['aes-gcm'],
    selector: { protocol: protocols.ICMP },
    spi: 0x3000,
  }),
  transportPair('datagrams', 'ipv4', {
    suite: espSuites['aes-cbc-sha256'],
    selector: { protocol: protocols.UDP },
  }),
];

export const ownParameters = scenario({
  name: 'own-parameters',
  title: 'Two pairs of SAs side by side',
  dimensions: { keying: keyings },
  given: ({ keying }) => keyedHosts(keying, 'ipv4', pairs),
  async play(stage, { keying }) {
    const { tn, nut } = stage;
    await establish(
      stage,
      keying,
      pairs.map(({ name }) => name),
    );
    for (const round of rounds) {
      await tn.echo(`echo ${round}`);
      await nut.udp(`datagram ${round}`);
      await tn.udp(`to it ${round}`);
    }
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'MCDANIEL-SA': question('Has each SA parameters of its own, and are they what the node shows?', {
      outcomes: ['own', 'shared', 'shown-otherwise'],
      controls: (t) => [
        pre('one pair carries traffic', t.answered('echo 1')),
        pre('the other does', t.delivered('to it 1', 'report')),
        post('the first still does', t.answered('after')),
      ],
      judge: (t) => unopened(t) ?? judgeCounters(t) ?? judgeReport(t),
      plays: ['sender', 'receiver'],
      reads: [
        reads(MCDANIEL, 'architecture', 'obs', 'implementation', { own: pass, shared: fail, 'shown-otherwise': fail }),
        reads(RFC4301, '4.4.2.1', 'MUST', 'implementation', { own: pass, shared: fail, 'shown-otherwise': fail }),
      ],
      lawful: 'own',
      turnedBy: [[sadMutants.countsForAll, 'shared']],
    }),
  },
});

/** The keys are the SA's that the SPI names: no other opens the packet. */
function unopened(t: Account): Judgement | undefined {
  const spoilt = t.espHeaders('nut').find(({ header }) => header.state !== 'opened');
  return spoilt && inconclusive('I-ICV', 'a packet of the node does not open', t.evidenceOf(spoilt, 'the ICV'));
}

/** Each counter goes on by one, whatever was sent under the other SA meanwhile. */
function judgeCounters(t: Account): Judgement | undefined {
  const skipping = t
    .flows('nut')
    .find(({ packets }) => packets.some(({ header }, place) => header.sequenceNumber !== place + 1));
  if (!skipping) return undefined;
  const says = `numbers ${skipping.packets.map(({ header }) => header.sequenceNumber).join(', ')} under one SPI`;
  return finding(says, ...skipping.packets.map((each) => t.evidenceOf(each, says))).as('shared');
}

/** Every SA that carried something is shown by its SPI, between the addresses that were seen. */
function judgeReport(t: Account): Judgement | undefined {
  const seen = [...t.flows('nut'), ...t.flows('tn')].map(({ spi, paths }) => ({ spi, ...paths[0]! }));
  if (seen.length === 0) return undefined;
  const shown = t.reported('report', 'sad', `${seen.length} SAs as they were seen`, ({ sad }) =>
    seen.every(({ spi, source, destination }) =>
      sad.some(
        (sa) => sa.spi === spi && sa.mode === 'transport' && sa.source === source && sa.destination === destination,
      ),
    ),
  );
  return shown?.as('own') ?? t.reported('report', 'sad', 'other SAs than were seen', () => true)?.as('shown-otherwise');
}
