/**
 * Two products whose IKE_AUTH, or what comes before it, takes more than one datagram of the size that everybody takes (RFC 7383): a certificate of many names, and keys of further exchanges,
 * ML-KEM among them (RFC 9242, RFC 9370). Whoever has no fragments of IKE is not told so much as to need them.
 */

import { certificateOf, fqdn, signedWith } from '../../harness/vocabulary/credentials.ts';
import { nutName, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, type Finding, seen } from '../../harness/vocabulary/judging.ts';
import type { Meeting } from '../../harness/vocabulary/meeting.ts';
import { additionalKeyMutants, fragmentMutants } from '../../harness/vocabulary/mutants.ts';
import type { Reads, Turn } from '../../harness/vocabulary/question.ts';
import { ikeProposal } from '../../harness/vocabulary/transforms.ts';
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import { RFC7383, RFC9370 } from '../requirements/documents.ts';
import { agreeing, meets } from './agreeing.ts';
import type { Outcome } from './crossing.ts';

interface Large {
  readonly meeting: Meeting;
  /** Nothing that large fits into one datagram. */
  readonly isFragmented: boolean;
  readonly reads: readonly Reads<Outcome>[];
  readonly turnedBy: readonly Turn<Outcome>[];
}

const { '256-bit random ECP group': P256, 'ml-kem-768': ML_KEM_768 } = keyExchangeMethods;
const fragmentation = { nut: {}, tn: {} } as const;

const further = (methods: readonly (readonly number[])[]): Meeting => ({
  fragmentation,
  proposals: [{ ...ikeProposal, additionalKeyExchanges: methods }],
});

const exchanged: Pick<Large, 'reads' | 'turnedBy'> = {
  reads: [meets(RFC9370, '2.2.2')],
  turnedBy: [
    [additionalKeyMutants.knowsNoIntermediate, 'none'],
    [additionalKeyMutants.keepsFirstKeys, 'none'],
  ],
};

const larges = {
  'large-certificate': {
    meeting: { as: { nut: ofManyNames(nutName, 'p256Two'), tn: ofManyNames(tnName, 'p256One') }, fragmentation },
    isFragmented: true,
    reads: [meets(RFC7383, '2.3')],
    turnedBy: [[fragmentMutants.readsPayloadOfLastFragment, 'none']],
  },
  'further-ecp256': { meeting: further([[P256]]), isFragmented: false, ...exchanged },
  'further-ml-kem-768': { meeting: further([[ML_KEM_768]]), isFragmented: false, ...exchanged },
} as const satisfies Record<string, Large>;
type Name = keyof typeof larges;

const largeOf = (by: Name): Large => larges[by];

export const largeMessages = agreeing({
  name: 'large-messages',
  title: 'What two products say to agree takes more than one datagram',
  by: Object.keys(larges) as Name[],
  given: (by) => largeOf(by).meeting,
  controls: (t, by) => (largeOf(by).isFragmented ? [seen('a message of IKE comes in fragments', fragment(t))] : []),
  reads: (by) => largeOf(by).reads,
  turnedBy: (by) => largeOf(by).turnedBy,
});

/** More octets than a datagram of 1280 has room for. */
function ofManyNames(name: string, key: string) {
  const others = Array.from({ length: 48 }, (_, place) => ({ dNSName: `host-${place}.of-a-long-name.${name}` }));
  return {
    identity: fqdn(name),
    credential: signedWith(certificateOf({ commonName: name, altNames: [{ dNSName: name }, ...others], key })),
  };
}

/** Seen by its header, which needs no keys. */
function fragment(t: Account): Finding | undefined {
  const found = t.ike.messages().find(({ ike }) => ike.message.payloads.some(({ type }) => type === 'SKF'));
  return found && t.ike.said(found, 'a fragment of IKE');
}
