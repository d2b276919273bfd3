/** The certificates and keys that a configuration names, as PEM texts (RFC 7468) that a device can be given. */
import { labMaterial, pem } from '../../lab/material.ts';
import type { NodeConfiguration } from '../../lab/node.ts';
import { distinct, signingKeyOf } from '../authentication-material.ts';

export interface DeviceMaterial {
  /** Its own, the one that signs before those that complete its chain. */
  readonly certificates: readonly string[];
  readonly privateKeys: readonly string[];
  /** Whom it trusts to issue certificates. */
  readonly authorities: readonly string[];
  readonly revocationLists: readonly string[];
  /** Of peers that have no certificate. */
  readonly publicKeys: readonly string[];
}

export function materialOf({ ike }: NodeConfiguration): DeviceMaterial {
  const chains = ike.flatMap(({ local }) => ('chain' in local.authentication ? local.authentication.chain : []));
  const authorities = ike.flatMap(({ remote }) => remote.trustAnchors);
  const lists = ike.flatMap(({ remote }) => remote.revocationLists ?? []);
  const keys = ike.flatMap(({ remote }) => remote.publicKeys ?? []);
  return {
    certificates: distinct(chains).map((recipe) => pem('CERTIFICATE', labMaterial.certificate(recipe))),
    privateKeys: distinct(ike.flatMap(signingKeyOf)).map((name) => labMaterial.privateKey(name)),
    authorities: distinct(authorities).map((recipe) => pem('CERTIFICATE', labMaterial.certificate(recipe))),
    revocationLists: distinct(lists).map((recipe) => pem('X509 CRL', labMaterial.revocationList(recipe))),
    publicKeys: distinct(keys).map((name) => pem('PUBLIC KEY', labMaterial.publicKey(name))),
  };
}
