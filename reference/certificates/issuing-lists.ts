/** Issuing revocation lists (RFC 5280 section 5) from recipes: version 2, the same octets every time, lawful or not. */
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AuthorityKeyIdentifier,
  CertificateList,
  CRLNumber,
  Extension,
  KeyIdentifier,
  RevokedCertificate,
  TBSCertList,
  Time,
} from '@peculiar/asn1-x509';
import { encodeAlgorithmIdentifier } from '../transforms/algorithm-identifier.ts';
import { sign } from '../transforms/signature.ts';
import { dateOf, wholeLifeOfTheLab } from './calendar.ts';
import { nameStructure, parseDistinguishedName } from './distinguished-name.ts';
import { algorithmForIssuer, keyIdentifier, serialOctets, serialOfRecipe } from './issuing.ts';
import { labKey } from './lab-keys.ts';
import type { RevocationListRecipe } from './recipe.ts';
import { listExtensionIdentifiers } from './revocation-list.ts';

/** The list that a recipe describes, in DER. Throws RangeError for a key or a name that does not exist. */
export function revocationListFromRecipe({ issuer, key, revoked, updates }: RevocationListRecipe): Uint8Array {
  const { thisUpdate, nextUpdate } = updates ?? {
    thisUpdate: wholeLifeOfTheLab.notBefore,
    nextUpdate: wholeLifeOfTheLab.notAfter,
  };
  const signer = labKey(key ?? issuer.key);
  const algorithm = algorithmForIssuer(signer);
  const identifier = AsnConvert.parse(encodeAlgorithmIdentifier(algorithm).slice(), AlgorithmIdentifier);
  // Sections 5.2.1 and 5.2.3: every list has these two, and who looks for a list does so by the first.
  const authority = new AuthorityKeyIdentifier({
    keyIdentifier: new KeyIdentifier(keyIdentifier(labKey(issuer.key).publicKey)),
  });
  const crlExtensions = [
    extension(listExtensionIdentifiers.authorityKeyIdentifier, AsnConvert.serialize(authority)),
    extension(listExtensionIdentifiers.cRLNumber, AsnConvert.serialize(new CRLNumber(1))),
  ];
  const tbsCertList = new TBSCertList({
    version: VERSION_2,
    signature: identifier,
    issuer: nameStructure(parseDistinguishedName(issuer.subject)),
    thisUpdate: new Time(dateOf(thisUpdate)),
    nextUpdate: new Time(dateOf(nextUpdate)),
    // Section 5.1.2.6: absent where nothing is revoked.
    ...(revoked.length > 0 && {
      revokedCertificates: revoked.map(
        (certificate) =>
          new RevokedCertificate({
            userCertificate: serialOctets(serialOfRecipe(certificate)),
            revocationDate: new Time(dateOf(thisUpdate)),
          }),
      ),
    }),
    crlExtensions,
  });
  const signature = sign(algorithm, signer, new Uint8Array(AsnConvert.serialize(tbsCertList)));
  const list = new CertificateList({
    tbsCertList,
    signatureAlgorithm: identifier,
    signature: signature.slice().buffer as ArrayBuffer,
  });
  return new Uint8Array(AsnConvert.serialize(list));
}

function extension(extnID: string, value: ArrayBuffer): Extension {
  return new Extension({ extnID, extnValue: new OctetString(value) });
}

/** As the field counts. */
const VERSION_2 = 1;
