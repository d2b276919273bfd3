/**
 * Bits of a home registration (RFC 6275 6.1.7, 10.3.1): K is answered by what the key management of the home agent can do, which with keys by hand is nothing;
 * reserved bits are passed over.
 */
import { homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate, type Updating } from './acts.ts';
import { accepted } from './judging.ts';

const flags: Readonly<Record<string, Updating>> = {
  k0: { keyManagementMobilityCapability: false },
  k1: { keyManagementMobilityCapability: true },
  reserved: { reservedBits: 0x3ff },
};

const known: Readonly<Record<string, readonly [string, string]>> = {
  k0: ['HA_2_1_10', 'HA_2_1_12'],
  k1: ['HA_2_1_11', 'HA_2_1_13'],
  reserved: ['HA_2_1_14', 'HA_2_1_15'],
};

export const homeFlags = scenario({
  name: 'home-flags',
  title: 'Bits of a home registration',
  cast: onHomeLink,
  dimensions: { bits: Object.keys(flags), binding: ['first', 'renewed'] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }, { bits, binding }) {
    await neighbor.pingInClear('alive');
    if (binding === 'renewed') await tn.sends('before', homeUpdate());
    await tn.sends('update', homeUpdate({ ...flags[bits], sequenceNumber: 2 }));
    await tn.sends('after', homeUpdate({ sequenceNumber: 3 }));
  },
  questions: {
    'RFC6275-10.3.1-K': question('Which bits does the acknowledgement of a home registration have?', {
      outcomes: ['accepted, no bit set', 'accepted, K set', 'not accepted'],
      controls: (t) => [
        pre('the home agent is alive', t.answered('alive')),
        post('a registration without them is accepted', accepted(t, 'after')),
      ],
      judge(t) {
        const answer = t.mobility.answer('update');
        if (answer?.message.kind !== 'bindingAcknowledgement')
          return t.mobility.silent('update', 'after')?.as('not accepted');
        const { status, keyManagementMobilityCapability: K = false } = answer.message;
        const shown = t.mobility.shown(answer, `status ${status}, K ${K ? 1 : 0}`);
        if (status > 1) return shown?.as('not accepted');
        return shown?.as(K ? 'accepted, K set' : 'accepted, no bit set');
      },
      plays: 'receiver',
      reads: [
        reads(RFC6275, '10.3.1', 'MUST', 'receiver', {
          'accepted, no bit set': pass,
          'accepted, K set': fail,
          'not accepted': fail,
        }),
      ],
      lawful: 'accepted, no bit set',
      turnedBy: ({ bits }) =>
        bits === 'reserved'
          ? [[mobilityMutants.refusesReserved, 'not accepted']]
          : [
              [mobilityMutants.setsTheKBit, 'accepted, K set'],
              ...(bits === 'k1' ? ([[mobilityMutants.repeatsTheKBit, 'accepted, K set']] as const) : []),
            ],
      alsoKnownAs: ({ bits, binding }) => [known[bits]![binding === 'first' ? 0 : 1]],
    }),
  },
});
