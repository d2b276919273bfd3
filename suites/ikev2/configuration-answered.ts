/**
 * The node under test is the client: it asks for an address, and the gateway answers as it should and otherwise (RFC 7296 2.19, 3.15.1, 3.15.4).
 */
import type { Account, Finding, Judgement } from '../../harness/vocabulary/judging.ts';
import { saysInConfiguration } from '../../harness/vocabulary/lies.ts';
import { configurationMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { inner } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { TAKEN_FOR_ANOTHER } from '../../harness/vocabulary/tampers.ts';
import type { ConfigurationAttribute } from '../../reference/wire/ike/configuration.ts';
import { impersonationControls, playImpersonation } from '../identity/impersonation.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { configured, type Family, families, unspecified } from './configuration-payloads.ts';

type Outcome = 'taken' | 'refused';

interface Way {
  readonly lie: (attributes: readonly ConfigurationAttribute[]) => readonly ConfigurationAttribute[];
  readonly lawful: Outcome;
  readonly turned: readonly [NodeMutant, Outcome];
}

const { stopsAtUnknownAttribute, readsReservedBit, needsNoAddress } = configurationMutants;

const ways: Readonly<Record<string, Way>> = {
  'unknown-attributes': {
    lie: (attributes) => [{ type: 0x7abc, value: new Uint8Array(5) }, ...attributes],
    lawful: 'taken',
    turned: [stopsAtUnknownAttribute, 'refused'],
  },
  'reserved-bit': {
    lie: (attributes) => attributes.map((attribute) => ({ ...attribute, reservedBit: 1 })),
    lawful: 'taken',
    turned: [readsReservedBit, 'refused'],
  },
  'no-reply': { lie: () => [], lawful: 'refused', turned: [needsNoAddress, 'taken'] },
};

/** tshark takes the bit for the one of IKEv1 that says there is no length, and the address for what follows. */
const complaintOf = (answer: string, family: string): string | undefined =>
  answer === 'reserved-bit' && family === 'ipv6' ? TAKEN_FOR_ANOTHER : undefined;

export const configurationAnswered = scenario({
  name: 'configuration-answered',
  title: 'A client is given an address behind a gateway',
  dimensions: { answer: Object.keys(ways), family: families, role: ['initiator'] },
  given: ({ family }) => {
    const address = inner.nut[family as Family];
    return configured({
      family: family as Family,
      gateway: 'tn',
      nut: { asksFor: [unspecified[family as Family]] },
      tn: { pools: [[address, address]] },
    });
  },
  misbehaves: ({ answer, family }) => ({
    tn: saysInConfiguration('claim', ways[answer]!.lie, complaintOf(answer, family)),
  }),
  play: (stage) => playImpersonation(stage, 'initiator'),
  questions: {
    'RFC7296-3.15.1': question('Does a client use the address that it is given, whatever else is told with it?', {
      outcomes: ['taken', 'refused'],
      asks: ({ answer }) => answer !== 'no-reply',
      controls: impersonationControls,
      judge: judgeTaken,
      plays: 'initiator',
      reads: [reads(RFC7296, '3.15.1', 'MUST', 'implementation', { taken: pass, refused: fail })],
      lawful: ({ answer }) => ways[answer]!.lawful,
      turnedBy: ({ answer }) => [ways[answer]!.turned],
    }),
    'RFC7296-3.15.4': question('Does a client that was given no address do without the child?', {
      outcomes: ['refused', 'taken'],
      asks: ({ answer }) => answer === 'no-reply',
      controls: impersonationControls,
      judge: judgeTaken,
      plays: 'initiator',
      reads: [reads(RFC7296, '3.15.4', 'SHOULD', 'initiator', { refused: pass, taken: fail })],
      lawful: 'refused',
      turnedBy: ({ answer }) => [ways[answer]!.turned],
    }),
  },
});

function judgeTaken(t: Account): Judgement | undefined {
  const refused = givenUp(t) ?? t.silent('claim echo', 'after echo');
  return t.established('claim', 'claim echo')?.as('taken') ?? refused?.as('refused');
}

/** The child that was agreed on, or its IKE SA, is deleted before anybody told the node to. */
function givenUp(t: Account): Finding | undefined {
  const end = t.mark('claim closed')?.place ?? Number.POSITIVE_INFINITY;
  const deletion = t.ike.deletions('nut', 'claim').find(({ message }) => message.frame.entry.place < end);
  return deletion && t.ike.said(deletion.message, 'it deletes what was agreed on');
}
