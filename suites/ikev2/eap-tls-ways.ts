/** What either side of EAP-TLS may do wrong (RFC 5216), and what is said of it. */
import type { EapLie } from '../../harness/vocabulary/lies.ts';
import {
  certificateMutants,
  eapTlsMutants,
  identityMutants,
  type NodeMutant,
} from '../../harness/vocabulary/mutants.ts';
import { type DocumentSource, observed } from '../../harness/vocabulary/question.ts';
import { RFC5246, RFC7296 } from '../requirements/documents.ts';

export interface Way {
  readonly lie?: EapLie;
  /** Of RFC 5216; and what another document says of the same. */
  readonly section: string;
  readonly besides?: readonly [DocumentSource, section: string];
  readonly turned: NodeMutant;
}

/** A certificate that is not one of this name, or no more. */
export const wrongNames = {
  'another-name': { section: '5.3', turned: eapTlsMutants.comparesNoTlsName },
  'foreign-authority': { section: '5.3', turned: eapTlsMutants.trustsEveryTlsCertificate },
  expired: { section: '5.3', turned: certificateMutants.forgetsTheDate },
} as const satisfies Record<string, Way>;

export const lies = {
  'wrong-finished': {
    lie: 'wrong-finished',
    section: '2.1.3',
    besides: [RFC5246, '7.4.9'],
    turned: eapTlsMutants.comparesNoFinished,
  },
  'wrong-length': { lie: 'wrong-length', section: '3.1', turned: eapTlsMutants.addsUpNothing },
  'auth-of-another-key': {
    lie: 'auth-of-another-key',
    section: '2.3',
    besides: [RFC7296, '2.16'],
    turned: identityMutants.verifiesNoSignature,
  },
} as const satisfies Record<string, Way>;

/** What is wrong there is said of how TLS is carried, and not of who speaks. */
export const isFraming = (way: string): boolean => way === 'wrong-length' || way === 'data-for-acknowledgement';

/** RFC 5216 does not say what is made of it. */
export const framings = {
  established: observed('what came in the fragments counts, and not what was said of them'),
  refused: observed('fragments that are not what they say are refused'),
} as const;
