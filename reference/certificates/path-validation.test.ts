import { expect } from 'chai';
import { calendarSecondsAt } from './calendar.ts';
import { type Certificate, type CertificateExtension, parseCertificate } from './certificate.ts';
import { equalDistinguishedNames, parseDistinguishedName } from './distinguished-name.ts';
import { type CertificateRequest, certificateFromRecipe, issueCertificate } from './issuing.ts';
import { labKey } from './lab-keys.ts';
import { validatePath } from './path-validation.ts';
import type { CertificateRecipe } from './recipe.ts';
import { type CertificateRules, certificateRules } from './rules.ts';

const now = calendarSecondsAt(0);
const root: CertificateRecipe = { subject: 'CN=Root', key: 'rsaAuthority', authority: {} };
const foreignRoot: CertificateRecipe = { subject: 'CN=Foreign', key: 'foreignAuthority', authority: {} };
const intermediate: CertificateRecipe = {
  subject: 'CN=Intermediate',
  key: 'intermediateAuthority',
  issuer: root,
  authority: { pathLength: 0 },
};
const end: CertificateRecipe = { subject: 'CN=end', key: 'p256One', issuer: intermediate };

/** One bad path for each rule, and a mutant of the rule under which it is accepted. */
const refused: readonly {
  rule: keyof CertificateRules;
  how: string;
  path: readonly Certificate[];
  mutant: Partial<CertificateRules>;
}[] = [
  {
    rule: 'isTrustAnchor',
    how: 'self-signed by an authority nobody told us to trust',
    path: [of({ ...end, issuer: foreignRoot }), of(foreignRoot)],
    mutant: { isTrustAnchor: ({ subject, issuer }) => equalDistinguishedNames(subject, issuer) },
  },
  {
    rule: 'isTrustAnchor',
    how: 'the intermediate certificate is missing',
    path: [of(end)],
    mutant: { isTrustAnchor: () => true },
  },
  {
    rule: 'namesChain',
    how: 'the issuer bears another name',
    path: [of({ ...end, issuer: { ...root, subject: 'CN=Another' } })],
    mutant: { namesChain: () => true },
  },
  {
    rule: 'signatureVerifies',
    how: 'signed by another who took the root’s name',
    path: [of({ ...end, issuer: { ...root, key: 'ecdsaAuthority' } })],
    mutant: { signatureVerifies: () => true },
  },
  {
    rule: 'algorithmsAgree',
    how: 'the outer algorithm was exchanged for SHA-384',
    path: [exchangedAlgorithm()],
    mutant: { algorithmsAgree: () => true, signatureVerifies: () => true },
  },
  {
    rule: 'isWithinValidity',
    how: 'expired a second ago',
    path: [of({ ...end, issuer: root, validity: { notBefore: 0, notAfter: now - 1 } })],
    mutant: { isWithinValidity: () => true },
  },
  {
    rule: 'isWithinValidity',
    how: 'an intermediate certificate not yet valid',
    path: withIntermediate({ ...intermediate, validity: { notBefore: now + 1, notAfter: now + 9 } }),
    mutant: { isWithinValidity: ({ notAfter }, at) => at <= notAfter },
  },
  {
    rule: 'isAuthority',
    how: 'issued by an end entity',
    path: withIntermediate({ subject: 'CN=Intermediate', key: 'p256Two', issuer: root, keyUsage: ['keyCertSign'] }),
    mutant: { isAuthority: () => true },
  },
  {
    rule: 'pathLengthPermits',
    how: 'one more intermediate certificate than allowed',
    path: [
      ...withIntermediate({ ...intermediate, subject: 'CN=Second', key: 'p256Two', issuer: intermediate }),
      of(intermediate),
    ],
    mutant: { pathLengthPermits: () => true },
  },
  {
    rule: 'mayKeySignCertificates',
    how: 'an authority whose key is for signatures only',
    path: withIntermediate({ ...intermediate, keyUsage: ['digitalSignature'] }),
    mutant: { mayKeySignCertificates: () => true },
  },
  {
    rule: 'extensionPermits',
    how: 'a critical extension from nowhere',
    path: [requested({ extensions: [unknown(true)] })],
    mutant: { extensionPermits: () => true },
  },
  {
    rule: 'addressBlocksAreCovered',
    how: 'more addresses than its issuer’s',
    path: withIntermediate({ ...intermediate, addressBlocks: ['192.0.2.0/25'] }, { addressBlocks: ['192.0.2.0/24'] }),
    mutant: { addressBlocksAreCovered: () => true },
  },
  {
    rule: 'addressBlocksAreCovered',
    how: 'addresses of a family its issuer has none of',
    path: withIntermediate({ ...intermediate, addressBlocks: ['192.0.2.0/25'] }, { addressBlocks: ['2001:db8::/64'] }),
    mutant: { addressBlocksAreCovered: () => true },
  },
  {
    rule: 'addressBlocksAreCovered',
    how: 'addresses where an intermediate issuer speaks for none',
    path: withIntermediate(intermediate, { addressBlocks: ['2001:db8::/64'] }),
    mutant: { addressBlocksAreCovered: (_certificate, issuer) => issuer.ipAddressBlocks === undefined },
  },
  {
    rule: 'keyUsagePermitsIke',
    how: 'a key for encipherment only',
    path: [of({ ...end, issuer: root, keyUsage: ['keyEncipherment'] })],
    mutant: { keyUsagePermitsIke: () => true },
  },
  {
    rule: 'extendedKeyUsagePermitsIke',
    how: 'a certificate for web servers',
    path: [requested({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] })],
    mutant: { extendedKeyUsagePermitsIke: () => true },
  },
];

const accepted: readonly { how: string; path: readonly Certificate[] }[] = [
  { how: 'by way of an intermediate certificate', path: [of(end), of(intermediate)] },
  {
    how: 'with certificates that lead nowhere among them',
    path: [of(end), of({ ...end, key: 'rsaTwo' }), of(intermediate)],
  },
  {
    how: 'of two certificates of one name, the one that signed',
    path: [of(end), of({ ...intermediate, key: 'p384One' }), of(intermediate)],
  },
  { how: 'signed by the root itself', path: [of({ ...end, issuer: root })] },
  { how: 'in its first second', path: [of({ ...end, issuer: root, validity: { notBefore: now, notAfter: now + 5 } })] },
  { how: 'in its last second', path: [of({ ...end, issuer: root, validity: { notBefore: now - 5, notAfter: now } })] },
  { how: 'with names in another case', path: [of({ ...end, issuer: { ...root, subject: 'CN=ROOT' } })] },
  { how: 'with an unknown extension that is not critical', path: [requested({ extensions: [unknown(false)] })] },
  { how: 'without key usage', path: [requested({})] },
  {
    how: 'for web servers and IKE',
    path: [requested({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.17'] })],
  },
  { how: 'for any purpose', path: [requested({ extendedKeyUsage: ['2.5.29.37.0'] })] },
  {
    how: 'with addresses that its issuer has too',
    path: withIntermediate(
      { ...intermediate, addressBlocks: ['192.0.2.0/24', '2001:db8::/32'] },
      { addressBlocks: ['192.0.2.128/25'] },
    ),
  },
];

describe('path validation', () => {
  for (const { how, path } of accepted) {
    it(`accepts: ${how}`, () => {
      const [endEntity, ...others] = path;
      const validation = validatePath(endEntity!, others, [of(root)], now);
      expect(validation).to.have.property('valid', true);
      if (validation.valid) {
        expect(validation.path[0]).to.equal(endEntity);
        expect(validation.path.at(-1)!.der).to.deep.equal(of(root).der);
      }
    });
  }

  for (const { rule, how, path, mutant } of refused) {
    it(`${rule} refuses: ${how}; a mutant does not`, () => {
      const [endEntity, ...others] = path;
      const validation = validatePath(endEntity!, others, [of(root)], now);
      // A path that no names connect ends at no anchor: that is how a broken chain of names shows.
      expect(validation).to.include({ valid: false, failed: rule === 'namesChain' ? 'isTrustAnchor' : rule });
      const mutated = validatePath(endEntity!, others, [of(root)], now, {
        ...certificateRules,
        ...(rule === 'namesChain' ? { signatureVerifies: () => true } : {}),
        ...mutant,
      });
      expect(mutated).to.have.property('valid', true);
    });
  }

  it('breaks every rule at least once', () => {
    const broken = new Set(refused.map(({ rule }) => rule));
    expect([...broken].sort()).to.deep.equal(Object.keys(certificateRules).sort());
  });

  it('accepts an end entity that is itself trusted', () => {
    const pinned = of({ subject: 'CN=pinned', key: 'rsaOne' });
    expect(validatePath(pinned, [], [of(root), pinned], now)).to.deep.equal({ valid: true, path: [pinned] });
    expect(validatePath(pinned, [], [of(root)], now)).to.have.property('failed', 'isTrustAnchor');
  });

  it('says whose certificate failed', () => {
    const [endEntity, ...others] = withIntermediate({ ...intermediate, keyUsage: ['digitalSignature'] });
    const validation = validatePath(endEntity!, others, [of(root)], now);
    expect(validation).to.deep.include({ subject: 'CN=Intermediate', says: 'its key is for digitalSignature only' });
  });

  for (const [how, key] of [
    ['and sign one another', () => 'p256One'],
    ['and are signed by nobody', (place: number) => (place % 2 === 0 ? 'p256One' : 'p256Two')],
  ] as const) {
    it(`comes to an end where certificates name one another ${how}`, () => {
      const circle = Array.from({ length: 40 }, (_, place) =>
        of({ subject: 'CN=circle', key: key(place), authority: {}, serial: place + 1, keyUsage: ['keyCertSign'] }),
      );
      let links = 0;
      const rules: CertificateRules = {
        ...certificateRules,
        signatureVerifies: (...link) => {
          links++;
          return certificateRules.signatureVerifies(...link);
        },
      };
      const validation = validatePath(circle[0]!, circle.slice(1), [of(root)], now, rules);
      expect(validation).to.include({ valid: false, failed: 'pathSearch' });
      expect(links).to.be.within(20, 32);
    });
  }

  it('finds the way through certificates that lead nowhere', () => {
    const nowhere = Array.from({ length: 20 }, (_, place) =>
      of({ ...intermediate, key: 'p384One', issuer: foreignRoot, serial: 100 + place }),
    );
    expect(validatePath(of(end), [...nowhere, of(intermediate)], [of(root)], now)).to.have.property('valid', true);
  });
});

function of(recipe: CertificateRecipe): Certificate {
  return parseCertificate(certificateFromRecipe(recipe))!;
}

/** An end entity, with `more` in its recipe, and the certificate above it. */
function withIntermediate(issuer: CertificateRecipe, more: Partial<CertificateRecipe> = {}): Certificate[] {
  return [of({ ...end, issuer, ...more }), of(issuer)];
}

/** An end entity below the root, with whatever a recipe does not offer. */
function requested(more: Partial<CertificateRequest>): Certificate {
  const request: CertificateRequest = {
    serial: 7,
    issuer: { name: parseDistinguishedName(root.subject), key: labKey(root.key) },
    subject: parseDistinguishedName('CN=end'),
    publicKey: labKey('p256One').publicKey,
    notBefore: now - 10,
    notAfter: now + 10,
    ...more,
  };
  return parseCertificate(issueCertificate(request))!;
}

function exchangedAlgorithm(): Certificate {
  const { der } = of({ ...end, issuer: root });
  // sha256WithRSAEncryption ends in 0b, sha384WithRSAEncryption in 0c; the outer one stands 20 octets after the TBSCertificate.
  const at = der.length - 256 - 5 - 2 - 1;
  expect(der[at]).to.equal(0x0b);
  return parseCertificate(der.with(at, 0x0c))!;
}

function unknown(critical: boolean): CertificateExtension {
  return { identifier: '1.3.6.1.4.1.99999.1', critical, value: Uint8Array.of(5, 0) };
}
