/**
 * Further keys are exchanged between IKE_SA_INIT and IKE_AUTH (RFC 9370 section 2.2.2), ML-KEM among them, whose public values come in fragments; a
 * message in between that is not what its sender's AUTH covers (RFC 9242 section 3.3.2), and exchanges that are not those that were agreed on (3.2).
 */
import { saying } from '../../harness/vocabulary/ike-intent.ts';
import { exchangesInstead, marksReservedBits, namesMethod } from '../../harness/vocabulary/lies.ts';
import { additionalKeyMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ikeProposal, type ProposalConfiguration } from '../../harness/vocabulary/transforms.ts';
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import {
  aloneControls,
  conversesAlone,
  impersonation,
  impersonationControls,
  judgeAlone,
  judgeImpersonation,
  noSaAfterClaim,
  playImpersonation,
  type Role,
  rejected,
  roles,
} from '../identity/impersonation.ts';
import { RFC9242, RFC9370 } from '../requirements/documents.ts';

const {
  Curve448,
  '256-bit random ECP group': P256,
  '3072-bit MODP Group': MODP3072,
  'ml-kem-768': ML_KEM_768,
} = keyExchangeMethods;

/** Beside Curve25519 in IKE_SA_INIT. */
const further = {
  ecp256: [[P256]],
  'curve448-then-ecp256': [[Curve448], [P256]],
  'ml-kem-768': [[ML_KEM_768]],
  'ml-kem-768-then-ecp256': [[ML_KEM_768], [P256]],
} as const satisfies Record<string, readonly (readonly number[])[]>;

type Methods = keyof typeof further;

/** A public value of 384 octets, in datagrams that hold less. */
const inFragments = () => {
  const small = { fragmentation: { datagramOctets: 300 } } as const;
  return exchanging(
    [[MODP3072]],
    impersonation({ fragmentation: { nut: {} }, claim: small, faces: { honest: small } }),
  );
};

export const additionalKeyExchanges = scenario({
  name: 'additional-key-exchanges',
  title: 'Further keys are exchanged before IKE_AUTH',
  dimensions: { methods: Object.keys(further) as Methods[], role: roles },
  given: ({ methods }) =>
    exchanging(
      further[methods as Methods],
      impersonation({ fragmentation: { nut: {} }, claim: { fragmentation: {} } }),
    ),
  play: (stage, { role }) => conversesAlone(stage, role as Role, 'claim', { face: 'claim' }),
  questions: {
    'RFC9370-2.2.2': question('Do both end up with the keys of all exchanges?', {
      outcomes: ['agreed', 'refused'],
      controls: aloneControls,
      judge: (t) => judgeAlone(t, 'claim', ['agreed', 'refused']),
      plays: ({ role }) => role as Role,
      reads: [reads(RFC9370, '2.2.2', 'MUST', 'implementation', { agreed: pass, refused: fail })],
      lawful: 'agreed',
      turnedBy: ({ methods }) => [
        [additionalKeyMutants.knowsNoIntermediate, 'refused'],
        [additionalKeyMutants.keepsFirstKeys, 'refused'],
        [additionalKeyMutants.leavesOutIntermediate, 'refused'],
        ...(further[methods as Methods].length > 1
          ? ([[additionalKeyMutants.coversTheLastAlone, 'refused']] as const)
          : []),
      ],
    }),
  },
});

export const intermediateAuthentication = scenario({
  name: 'intermediate-authentication',
  title: 'A message before IKE_AUTH is not the one that AUTH covers',
  // As responder a tester does not know yet whom it answers, so that the honest conversations would be altered as well.
  dimensions: { altered: ['reserved-bits', 'reserved-bits-in-fragments'], role: ['responder'] },
  given: ({ altered }) =>
    altered === 'reserved-bits' ? exchanging(further.ecp256, impersonation({ claim: {} })) : inFragments(),
  misbehaves: () => ({ tn: marksReservedBits('claim') }),
  play: (stage, { role }) => playImpersonation(stage, role as Role),
  questions: {
    'RFC9242-3.3.2': question('Is an IKE_INTERMEDIATE refused that AUTH does not cover as it came?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: 'receiver',
      reads: [reads(RFC9242, '3.3.2', 'MUST', 'receiver', { refused: pass, established: fail })],
      lawful: 'refused',
      turnedBy: (): readonly Turn<'refused' | 'established'>[] => [
        [additionalKeyMutants.provesWhatItRead, 'established'],
      ],
    }),
  },
});

type ExchangesName = keyof typeof exchanges;

/** What a tester exchanges in place of what was agreed on, and how a node errs that goes along. */
const exchanges = {
  'none-of-one': { agreed: further.ecp256, done: [], turned: additionalKeyMutants.authenticatesAtAnyTime },
  'one-of-two': {
    agreed: further['curve448-then-ecp256'],
    done: [Curve448],
    turned: additionalKeyMutants.authenticatesAtAnyTime,
  },
  'two-of-one': { agreed: further.ecp256, done: [P256, Curve448], turned: additionalKeyMutants.exchangesKeysForever },
  'another-method': { agreed: further.ecp256, named: Curve448, turned: additionalKeyMutants.knowsNoGroup },
} as const;

export const intermediateExchanges = scenario({
  name: 'intermediate-exchanges',
  title: 'Other keys are exchanged before IKE_AUTH than were agreed on',
  dimensions: { exchanges: Object.keys(exchanges) as ExchangesName[], role: ['responder'] },
  given: ({ exchanges: name }) => exchanging(exchanges[name as ExchangesName].agreed, impersonation({ claim: {} })),
  misbehaves: ({ exchanges: name }) => {
    const way = exchanges[name as ExchangesName];
    return { tn: 'done' in way ? exchangesInstead('claim', way.done) : namesMethod('claim', way.named) };
  },
  play: (stage, { role }) => playImpersonation(stage, role as Role),
  questions: {
    'RFC9242-3.2': question('Is nothing built on other exchanges than were agreed on?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: (t) =>
        t.established('claim', 'claim echo')?.as('established') ??
        (t.ike.refused('claim', 'nut') ?? noSaAfterClaim(t))?.as('refused'),
      plays: 'responder',
      reads: [
        reads(RFC9242, '3.2', 'MUST', 'responder', rejected),
        reads(RFC9370, '2.2.2', 'MUST', 'responder', rejected),
      ],
      lawful: 'refused',
      turnedBy: ({ exchanges: name }) => [[exchanges[name as ExchangesName].turned, 'established']],
    }),
  },
});

/** Both sides want exactly these beside the lab's proposal. */
function exchanging(
  additionalKeyExchanges: ProposalConfiguration['additionalKeyExchanges'] & object,
  intent: ReturnType<typeof impersonation>,
) {
  const proposals = [{ ...ikeProposal, additionalKeyExchanges }];
  return saying(intent, { nut: { proposals }, tn: { proposals } });
}
