/**
 * Group authentication only (AURA Problem 1b): the node under test wants server-b at its address, and a peer answers there that the same
 * authority, or the same key, vouches for: pc-c. Whether that is enough is the policy's word, so each claim meets three policies.
 */
import {
  addressIdentity,
  certificateOf,
  foreignAuthority,
  fqdn,
  hexOf,
  type Identity,
  labAuthority,
  sentRawPublicKey,
  sharedKey,
  signedWith,
} from '../../harness/vocabulary/credentials.ts';
import { nutCertificate, nutName, type Party } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, both, type Finding } from '../../harness/vocabulary/judging.ts';
import { eapTlsMutants, identityMutants, padMutants, rawPublicKeyMutants } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { byTls, inTls } from '../ikev2/eap-tls.ts';
import { AURA, RFC4301, RFC7296 } from '../requirements/documents.ts';
import {
  type Face,
  impersonation,
  impersonationControls,
  judgeClaim,
  noSaAfterClaim,
  playImpersonation,
  verifies,
} from './impersonation.ts';

const serverB = fqdn('server-b.example.org');
const pcC = fqdn('pc-c.example.org');
const addressOfB = addressIdentity(places.home.ipv4);
const group = 'the key of everybody';

const namesOfB = { commonName: 'server-b', altNames: [{ dNSName: serverB.value }, { iPAddress: places.home.ipv4 }] };
const certificateOfB = certificateOf(namesOfB);
const certificateOfC = certificateOf({ commonName: 'pc-c', altNames: [{ dNSName: pcC.value }], key: 'p256Three' });
const forged = certificateOf({ ...namesOfB, issuer: foreignAuthority, key: 'p256Three' });

/** By the names of the lab keys, where nobody has certified them (RFC 7670). */
const rawKeys = { ofB: 'p256One', ofC: 'p256Three' } as const;

const claims = [
  '1-own-name',
  '2-name-wanted',
  '3-address-wanted',
  '4-group-key',
  '5-certificate-in-eap',
  '6-raw-key',
  'ctl-wrong-authority',
] as const;
const policies = ['any', 'pinned-by-address', 'pinned-by-name'] as const;
type Claim = (typeof claims)[number];
type Policy = (typeof policies)[number];

const wanted = (policy: Policy): Identity => (policy === 'pinned-by-name' ? serverB : addressOfB);
/** What the claim is, and what the policy then has to say of it. */
const isPermitted = (claim: string, policy: string): boolean =>
  policy === 'any' && ['1-own-name', '4-group-key', '6-raw-key'].includes(claim);
/** The name claimed is the name pinned, so that the certificate alone tells. */
const isPinned = (claim: string, policy: string): boolean =>
  policy === 'any' ||
  claim === '5-certificate-in-eap' ||
  (claim === '2-name-wanted' && policy === 'pinned-by-name') ||
  (claim === '3-address-wanted' && policy === 'pinned-by-address');

export const groupAuthentication = scenario({
  name: 'group-authentication',
  title: 'Another member of the group answers at the address',
  dimensions: { claim: claims, policy: policies },
  given: ({ claim, policy }) => {
    const byKey = claim === '4-group-key';
    const inEap = claim === '5-certificate-in-eap';
    return impersonation({
      nut: {
        ...(byKey && { credential: sharedKey(group) }),
        ...(inEap && { credential: inTls(nutName, nutCertificate) }),
        expects: { identity: policy === 'any' ? 'any' : wanted(policy), ...proofOf(claim, policy) },
      },
      tn: {
        identity: wanted(policy),
        credential: credentialOfB(claim),
        ...(inEap && { expects: byTls }),
        ...(byKey && { expects: { identity: 'any', ...keys } }),
      },
      claim: claimOf(claim, policy),
    });
  },
  play: (stage) => playImpersonation(stage, 'initiator'),
  questions: {
    'AURA-P1b': question('Can one member of the group pose as another?', {
      outcomes: ['refused', 'impersonated'],
      controls: impersonationControls,
      judge: (t, { claim }) =>
        judgeClaim(t, { accepted: 'impersonated', refused: 'refused' }) ??
        (claim === '5-certificate-in-eap' ? refusedInTls(t)?.as('refused') : undefined),
      plays: verifies('initiator'),
      reads: ({ claim, policy }) => {
        const of = { refused: pass, impersonated: fail };
        if (claim === 'ctl-wrong-authority')
          return [
            reads(AURA, '5.1 Problem 1b', 'obs', 'initiator', of),
            reads(RFC4301, '4.4.3.2', 'MUST', 'receiver', of),
          ];
        const goal =
          policy === 'any'
            ? reads(AURA, '5.1 Problem 1b', 'obs', 'initiator', {
                refused: observed('impersonation resisted'),
                impersonated: observed('impersonation possible: no policy says who the peer should be'),
              })
            : reads(AURA, '5.1 Problem 1b', 'obs', 'initiator', of);
        if (claim === '6-raw-key' && policy !== 'any')
          return [
            reads(AURA, '5.1 Problem 1b', 'obs', 'initiator', of),
            reads(RFC4301, '4.4.3.2', 'MUST', 'receiver', of),
          ];
        const pad = isPinned(claim, policy)
          ? reads(RFC4301, '4.4.3.2', 'MAY', 'implementation', { refused: pass, impersonated: pass })
          : reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', of);
        return [goal, pad, reads(RFC7296, '3.5', 'MAY', 'implementation', { refused: pass, impersonated: pass })];
      },
      lawful: ({ claim, policy }) => (isPermitted(claim, policy) ? 'impersonated' : 'refused'),
      turnedBy: ({ claim, policy }) => {
        if (claim === 'ctl-wrong-authority') return [[identityMutants.trustsEveryAuthority, 'impersonated']];
        if (claim === '6-raw-key')
          return policy === 'any'
            ? [[rawPublicKeyMutants.knowsOneKey, 'refused']]
            : [[rawPublicKeyMutants.believesTheKeySent, 'impersonated']];
        if (isPermitted(claim, policy))
          return claim === '1-own-name'
            ? [[identityMutants.demandsCertifiedAddress, 'refused']]
            : [[identityMutants.findsKeysByAddress, 'refused']];
        if (claim === '5-certificate-in-eap') return [[eapTlsMutants.comparesNoTlsName, 'impersonated']];
        if (claim === '1-own-name' || claim === '4-group-key') return [[padMutants.takesAnyPeer, 'impersonated']];
        return isPinned(claim, policy)
          ? [[identityMutants.ignoresIdentityInCertificate, 'impersonated']]
          : [[padMutants.readsNoIdentity, 'impersonated']];
      },
    }),
  },
});

/** Who refuses in TLS is told by EAP that it has failed: by the one that it refused. */
const refusedInTls = (t: Account): Finding | undefined => both(t.ike.refused('claim', 'tn'), noSaAfterClaim(t));

const keys = {
  authentication: 'shared-key',
  trustAnchors: [],
  sharedKeys: [{ identity: 'any', key: hexOf(group) }],
} as const satisfies Omit<Party['expects'], 'identity'>;

/** Who has a key has no name that could be compared: which keys are the peer's is what policy says of it. */
const byRawKey = (policy: Policy) =>
  ({
    authentication: 'signature',
    trustAnchors: [],
    publicKeys: policy === 'any' ? Object.values(rawKeys) : [rawKeys.ofB],
  }) as const satisfies Omit<Party['expects'], 'identity'>;

function proofOf(claim: Claim, policy: Policy): Omit<Party['expects'], 'identity'> {
  if (claim === '4-group-key') return keys;
  if (claim === '6-raw-key') return byRawKey(policy);
  return { authentication: claim === '5-certificate-in-eap' ? 'eap' : 'signature', trustAnchors: [labAuthority] };
}

function credentialOfB(claim: Claim): Party['credential'] {
  if (claim === '4-group-key') return sharedKey(group);
  if (claim === '6-raw-key') return sentRawPublicKey(rawKeys.ofB);
  return claim === '5-certificate-in-eap' ? inTls(serverB.value, certificateOfB) : signedWith(certificateOfB);
}

function claimOf(claim: Claim, policy: Policy): Face {
  switch (claim) {
    case '1-own-name':
      return { identity: pcC, credential: signedWith(certificateOfC) };
    case '2-name-wanted':
      return { identity: serverB, credential: signedWith(certificateOfC) };
    case '3-address-wanted':
      return { identity: addressOfB, credential: signedWith(certificateOfC) };
    case '4-group-key':
      return { identity: pcC };
    case '6-raw-key':
      return { identity: policy === 'any' ? pcC : wanted(policy), credential: sentRawPublicKey(rawKeys.ofC) };
    case '5-certificate-in-eap':
      return { identity: wanted(policy), credential: inTls(pcC.value, certificateOfC) };
    case 'ctl-wrong-authority':
      return { identity: wanted(policy), credential: signedWith(forged) };
  }
}
