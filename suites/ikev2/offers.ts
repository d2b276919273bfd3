/**
 * An initiator offers more than one transform of a type, or more than one proposal (RFC 7296 2.7, 3.3); the other side has the last of them alone, so that is
 * what the two have in common. Asked of IKE_SA_INIT and IKE_AUTH, and again of rekeying.
 */
import { peering } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, both, type Finding, type Judgement } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { rekeyingMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { espProposal, ikeProposal, type ProposalConfiguration } from '../../harness/vocabulary/transforms.ts';
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import { aloneControls } from '../identity/impersonation.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { rekeysIkeSa } from './create-child-sa.ts';
import { type At, between, type Node, type Numbers, nodes, olderIds, roles } from './nodes.ts';

type Proposals = readonly ProposalConfiguration[];
interface Offer {
  readonly protocol: 'ike' | 'esp';
  readonly offered: Proposals;
  /** What the other side has of it. */
  readonly common: Proposals;
  /** Both without, and with, rekeying. */
  readonly numbers: Readonly<Record<'first' | 'rekeyed', Numbers>>;
}

const { Curve25519, '256-bit random ECP group': P256 } = keyExchangeMethods;
const cbc = (keyLength: number) => ({ id: 12, keyLength });
const ofIke = (change: Partial<ProposalConfiguration>): ProposalConfiguration => ({ ...ikeProposal, ...change });
const ofEsp = (change: Partial<ProposalConfiguration>): ProposalConfiguration => ({
  ...espProposal,
  encryption: [cbc(128)],
  integrity: [12],
  ...change,
});

const ikeTransforms = { first: inBoth('1.1.6.3'), rekeyed: { initiator: ['1.2.4.4'], responder: ['1.2.6.5'] } };
const ikeProposals = { first: inBoth('1.1.6.4'), rekeyed: { initiator: ['1.2.4.5'], responder: ['1.2.6.6'] } };
const espTransforms = {
  first: inBoth('1.1.6.5', '1.1.1.3'),
  rekeyed: { initiator: ['1.2.3.4'], responder: ['1.2.5.3'] },
};
const espProposals = { first: inBoth('1.1.6.6'), rekeyed: { initiator: ['1.2.3.5'], responder: ['1.2.5.4'] } };

const all = {
  'ike-encryption': {
    protocol: 'ike',
    offered: [ofIke({ encryption: [cbc(256), cbc(128)] })],
    common: [ofIke({ encryption: [cbc(128)] })],
    numbers: ikeTransforms,
  },
  'ike-prf': {
    protocol: 'ike',
    offered: [ofIke({ pseudorandomFunctions: [7, 5] })],
    common: [ofIke({ pseudorandomFunctions: [5] })],
    numbers: ikeTransforms,
  },
  'ike-integrity': {
    protocol: 'ike',
    offered: [ofIke({ integrity: [14, 12] })],
    common: [ofIke({ integrity: [12] })],
    numbers: ikeTransforms,
  },
  'ike-key-exchange': {
    protocol: 'ike',
    offered: [ofIke({ keyExchangeMethods: [Curve25519, P256] })],
    common: [ofIke({ keyExchangeMethods: [P256] })],
    numbers: {
      ...ikeTransforms,
      first: { initiator: ['1.1.6.3', '1.1.6.7', '1.1.6.11'], responder: ['1.1.6.3', '1.1.6.7', '1.1.6.8'] },
    },
  },
  'ike-proposals': {
    protocol: 'ike',
    offered: [ofIke({ encryption: [cbc(256)], integrity: [14] }), ofIke({})],
    common: [ofIke({})],
    numbers: ikeProposals,
  },
  'esp-encryption': {
    protocol: 'esp',
    offered: [ofEsp({ encryption: [cbc(256), cbc(128)] })],
    common: [ofEsp({})],
    numbers: espTransforms,
  },
  'esp-integrity': {
    protocol: 'esp',
    offered: [ofEsp({ integrity: [14, 12] })],
    common: [ofEsp({})],
    numbers: espTransforms,
  },
  'esp-proposals': {
    protocol: 'esp',
    offered: [ofEsp({ encryption: [cbc(256)], integrity: [14] }), ofEsp({})],
    common: [ofEsp({})],
    numbers: espProposals,
  },
} as const satisfies Record<string, Offer>;
type Of = keyof typeof all;

const only = childName(peering.child);

export const offers = scenario({
  name: 'offers',
  title: 'One side offers several transforms or proposals, and the other has the last of them',
  dimensions: { of: Object.keys(all) as Of[], when: ['first', 'rekeyed'], node: nodes, role: roles },
  given: ({ of, node, role }) => telling(all[of as Of], node, role),
  async play({ tn, nut }, { of, when, role }) {
    const elsewhere = { from: places.home.ipv4, to: nutAddresses.ipv4 };
    const asking = role === 'initiator' ? nut : tn;
    await tn.pingInClear('path', elsewhere);
    await asking.initiates('asked', only);
    await tn.asksForLife('alive', only, { unlessRefused: 'asked' });
    await tn.echo('asked echo', { unlessRefused: 'asked' });
    if (when === 'rekeyed') {
      await (all[of as Of].protocol === 'ike' ? asking.rekeysIke('rekey', only) : asking.rekeysChild('rekey', only));
      await tn.echo('rekeyed echo');
    }
    await tn.pingInClear('life', elsewhere);
  },
  questions: {
    'RFC7296-2.7': question('Do the two find what they have in common?', {
      outcomes: ['agreed', 'refused'],
      controls: aloneControls,
      judge: (t, at) => judged(t, at),
      plays: ({ role }) => role as 'initiator' | 'responder',
      reads: [reads(RFC7296, '2.7', 'MUST', 'implementation', { agreed: pass, refused: fail })],
      lawful: 'agreed',
      turnedBy: ({ role }) => [
        [role === 'responder' ? rekeyingMutants.looksAtFirstProposal : rekeyingMutants.wantsItsFirstChoice, 'refused'],
      ],
      alsoKnownAs: (at) => olderIds(at, all[at.of as Of].numbers[at.when as 'first' | 'rekeyed']),
    }),
  },
});

/** Who asks has all that is offered. */
function telling({ protocol, offered, common }: Offer, node: Node, role: string) {
  const [nut, tn] = role === 'initiator' ? [offered, common] : [common, offered];
  return protocol === 'ike'
    ? between(node, { proposals: { nut, tn } })
    : between(node, { child: { proposals: nut }, testerChild: { proposals: tn } });
}

function judged(t: Account, { when, of }: At): Judgement | undefined {
  const first = t.established('asked', 'asked echo');
  const agreed =
    when === 'first' ? first : both(first, replacedBy(t, all[of as Of].protocol), t.answered('rekeyed echo'));
  return agreed?.as('agreed') ?? t.answered('life')?.as('refused');
}

/** The rekeying was answered with what was chosen. */
function replacedBy(t: Account, protocol: 'ike' | 'esp'): Finding | undefined {
  if (protocol === 'esp') return t.ike.childAgreed('rekey');
  const answer = ['nut', 'tn'].map((by) => t.ike.heard(rekeysIkeSa.answers, { by, after: 'rekey', response: true }));
  return answer.find((each) => each !== undefined);
}

function inBoth(...numbers: readonly string[]): Numbers {
  return { initiator: numbers, responder: numbers };
}
