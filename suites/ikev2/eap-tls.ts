/** What the scenarios of EAP-TLS share (RFC 5216): a client and a gateway with certificates of one authority, and certificates that are no good. */
import {
  type CertificateRecipe,
  type Credential,
  certificateOf,
  foreignAuthority,
  fqdn,
  labAuthority,
} from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority, type Party, tnName } from '../../harness/vocabulary/ike-intent.ts';

export const carol = 'carol.example';
export const mallory = 'mallory.example';

export const certificateFor = (name: string, rest: Partial<Parameters<typeof certificateOf>[0]> = {}) =>
  certificateOf({ commonName: name, altNames: [{ dNSName: name }], key: 'p256Three', ...rest });

/** Shows a certificate in TLS, and has its key unless another is named. */
export function inTls(name: string, shown: CertificateRecipe = certificateFor(name), key = shown.key): Credential {
  return { kind: 'eap', method: 'EAP-TLS', name, chain: [shown], key };
}

/** Takes whoever TLS authenticates under the authority. */
export const byTls: Party['expects'] = {
  identity: 'any',
  authentication: 'eap',
  trustAnchors: [labAuthority],
  eap: { method: 'EAP-TLS', passwords: [] },
};

/** A client of EAP-TLS, towards a gateway that signs. */
export const client = (credential: Credential = inTls(carol)): Party => ({
  identity: fqdn(carol),
  credential,
  expects: anyoneOfTheAuthority,
});

/** A gateway that has no other proof than EAP-TLS. */
export const gateway: Party = { identity: fqdn(tnName), credential: inTls(tnName), expects: byTls };

/** What is wrong with a certificate in the name of `name`. */
export const wrongCertificates = (name: string) =>
  ({
    'another-name': inTls(name, certificateFor(mallory)),
    'foreign-authority': inTls(name, certificateFor(name, { issuer: foreignAuthority })),
    expired: inTls(name, certificateFor(name, { validity: { notBefore: 0, notAfter: 3600 } })),
    'without-its-key': inTls(name, certificateFor(name), 'p256One'),
  }) as const;
