import { expect } from 'chai';
import { calendarSecondsAt } from './calendar.ts';
import { type Certificate, type CertificateExtension, parseCertificate } from './certificate.ts';
import { equalDistinguishedNames, parseDistinguishedName } from './distinguished-name.ts';
import { type CertificateRequest, certificateFromRecipe, issueCertificate } from './issuing.ts';
import { revocationListFromRecipe } from './issuing-lists.ts';
import { labKey } from './lab-keys.ts';
import { type PathValidation, validatePath } from './path-validation.ts';
import type { CertificateRecipe, RevocationListRecipe } from './recipe.ts';
import { parseRevocationList, type RevocationList } from './revocation-list.ts';
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

/** Permits one name, below one that permits another. */
const narrower: CertificateRecipe = {
  ...intermediate,
  authority: {},
  nameConstraints: { permitted: [{ dNSName: 'a.example' }] },
};
const narrowerBelow: CertificateRecipe = {
  subject: 'CN=Second',
  key: 'p256Two',
  issuer: narrower,
  authority: {},
  nameConstraints: { permitted: [{ dNSName: 'b.example' }] },
};

/** Permits one organisation only, of which the one below is none. */
const organisation: CertificateRecipe = {
  ...intermediate,
  authority: {},
  nameConstraints: { permitted: [{ directoryName: 'O=Lab' }] },
};
const outsideItsIssuer: CertificateRecipe = {
  subject: 'CN=Second',
  key: 'p256Two',
  issuer: organisation,
  authority: {},
};

/** Gives itself a new certificate, though its own name is not what it permits. */
const selfIssuer: CertificateRecipe = { ...organisation, subject: 'CN=Self' };
const selfIssued: CertificateRecipe = { subject: 'CN=Self', key: 'p256Two', issuer: selfIssuer, authority: {} };

/** One bad path for each rule, and a mutant of the rule under which it is accepted. */
const refused: readonly {
  rule: keyof CertificateRules;
  how: string;
  path: readonly Certificate[];
  lists?: readonly RevocationListRecipe[];
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
    rule: 'extensionsOccurOnce',
    how: 'an extension that stands in it twice',
    path: [requested({ extensions: [unknown(false), unknown(false)] })],
    mutant: { extensionsOccurOnce: () => true },
  },
  {
    rule: 'isListed',
    how: 'revoked by its issuer',
    path: [of(end), of(intermediate)],
    lists: [{ issuer: intermediate, revoked: [end] }],
    mutant: { isListed: () => false },
  },
  {
    rule: 'isListed',
    how: 'an intermediate certificate revoked by the root',
    path: [of(end), of(intermediate)],
    lists: [{ issuer: root, revoked: [intermediate] }],
    mutant: { isListed: (certificate) => certificate.basicConstraints?.isAuthority !== true },
  },
  {
    rule: 'isListed',
    how: 'revoked in the second of two lists',
    path: [of({ ...end, issuer: root })],
    lists: [
      { issuer: root, revoked: [] },
      { issuer: root, revoked: [{ ...end, issuer: root }] },
    ],
    mutant: { isListed: () => false },
  },
  ...(
    [
      ['another name', { permitted: [{ dNSName: 'mobile.example' }] }, [{ dNSName: 'other.test' }]],
      [
        'one of two names',
        { permitted: [{ dNSName: 'b.example' }] },
        [{ dNSName: 'b.example' }, { dNSName: 'c.example' }],
      ],
      ['another address', { permitted: [{ iPAddress: '192.0.2.0/24' }] }, [{ iPAddress: '198.51.100.7' }]],
      ['another mailbox', { permitted: [{ rfc822Name: 'a@b.example' }] }, [{ rfc822Name: 'b@b.example' }]],
      ['another name in the directory', { permitted: [{ directoryName: 'O=Lab' }] }, [{ directoryName: 'O=Else' }]],
      [
        'a name, though not critical',
        { permitted: [{ dNSName: 'mobile.example' }], critical: false },
        [{ dNSName: 'other.test' }],
      ],
    ] as const
  ).map(([how, nameConstraints, altNames]) => ({
    rule: 'namesArePermitted' as const,
    how: `${how} than is permitted`,
    path: withIntermediate(
      { ...intermediate, nameConstraints },
      { altNames, ...('directoryName' in altNames[0] && { subject: '' }) },
    ),
    mutant: { namesArePermitted: () => true },
  })),
  {
    rule: 'namesArePermitted',
    how: 'permitted by its issuer, but not by the one above',
    path: [
      of({ ...end, altNames: [{ dNSName: 'b.example' }], issuer: narrowerBelow }),
      of(narrowerBelow),
      of(narrower),
    ],
    mutant: {
      namesArePermitted: (certificate, above, isFinal) =>
        certificateRules.namesArePermitted(certificate, above.slice(-1), isFinal),
    },
  },
  {
    rule: 'namesArePermitted',
    how: 'the intermediate certificate’s own subject is outside what the one above permits',
    path: [of({ ...end, subject: 'CN=end, O=Lab', issuer: outsideItsIssuer }), of(outsideItsIssuer), of(organisation)],
    mutant: { namesArePermitted: (...asked) => !asked[2] || certificateRules.namesArePermitted(...asked) },
  },
  {
    rule: 'namesAreNotExcluded',
    how: 'a name that is excluded',
    path: withIntermediate(
      { ...intermediate, nameConstraints: { excluded: [{ dNSName: 'other.test' }] } },
      { altNames: [{ dNSName: 'a.other.test' }] },
    ),
    mutant: { namesAreNotExcluded: () => true },
  },
  {
    rule: 'namesAreNotExcluded',
    how: 'an address that is excluded from those permitted',
    path: withIntermediate(
      {
        ...intermediate,
        nameConstraints: {
          permitted: [{ iPAddress: '2001:db8::/32' }],
          excluded: [{ iPAddress: '2001:db8:bad::/48' }],
        },
      },
      { altNames: [{ iPAddress: '2001:db8:bad::1' }] },
    ),
    mutant: { namesAreNotExcluded: () => true },
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

/** Lists that may not speak, one for each rule that holds them back, and a mutant of the rule under which they do; all name the end entity. */
const unheard: readonly {
  rule: keyof CertificateRules;
  how: string;
  list: RevocationList;
  path?: readonly Certificate[];
  mutant: Partial<CertificateRules>;
}[] = [
  {
    rule: 'listIsOfIssuer',
    how: 'of another authority whose key is the same',
    list: listOf({ issuer: { ...root, subject: 'CN=Another' }, revoked: [{ ...end, issuer: root }] }),
    mutant: { listIsOfIssuer: () => true },
  },
  {
    rule: 'listIsCurrent',
    how: 'that should have been replaced a second ago',
    list: listOf({
      issuer: root,
      revoked: [{ ...end, issuer: root }],
      updates: { thisUpdate: 0, nextUpdate: now - 1 },
    }),
    mutant: { listIsCurrent: () => true },
  },
  {
    rule: 'listIsCurrent',
    how: 'of tomorrow',
    list: listOf({
      issuer: root,
      revoked: [{ ...end, issuer: root }],
      updates: { thisUpdate: now + 1, nextUpdate: now + 9 },
    }),
    mutant: { listIsCurrent: ({ nextUpdate }, at) => at <= nextUpdate! },
  },
  {
    rule: 'listExtensionsPermit',
    how: 'for one distribution point, which it says in a critical extension',
    list: { ...listOf({ issuer: root, revoked: [{ ...end, issuer: root }] }), extensions: [unknown(true)] },
    mutant: { listExtensionsPermit: () => true },
  },
  {
    rule: 'listExtensionsPermit',
    how: 'with an entry of another issuer, which it says in a critical extension',
    list: withEntryExtension(listOf({ issuer: root, revoked: [{ ...end, issuer: root }] }), unknown(true)),
    mutant: {
      listExtensionsPermit: ({ extensions }) =>
        certificateRules.listExtensionsPermit({ ...listOf({ issuer: root, revoked: [] }), extensions }),
    },
  },
  ...['2.5.29.27', '2.5.29.28'].map((identifier) => ({
    rule: 'listExtensionsPermit' as const,
    how: `with the extension ${identifier} of a partial list, which should be critical and is not`,
    list: {
      ...listOf({ issuer: root, revoked: [{ ...end, issuer: root }] }),
      extensions: [{ ...unknown(false), identifier }],
    },
    mutant: {
      listExtensionsPermit: ({ extensions }: RevocationList) => extensions.every(({ critical }) => !critical),
    },
  })),
  {
    rule: 'isListed',
    how: 'from which it was taken off',
    list: withEntryExtension(listOf({ issuer: root, revoked: [{ ...end, issuer: root }] }), {
      identifier: '2.5.29.21',
      critical: false,
      value: Uint8Array.of(0x0a, 1, 8),
    }),
    mutant: { isListed: ({ serialNumber }, { revoked }) => revoked.has(serialNumber) },
  },
  {
    rule: 'listAlgorithmsAgree',
    how: 'that names two algorithms',
    list: {
      ...listOf({ issuer: root, revoked: [{ ...end, issuer: root }] }),
      algorithmIdentifiers: { outer: Uint8Array.of(1), signed: Uint8Array.of(2) },
    },
    mutant: { listAlgorithmsAgree: () => true },
  },
  {
    rule: 'mayKeySignLists',
    how: 'of an authority whose key is for certificates only',
    path: withIntermediate({ ...intermediate, keyUsage: ['keyCertSign'] }),
    list: listOf({
      issuer: { ...intermediate, keyUsage: ['keyCertSign'] },
      revoked: [{ ...end, issuer: { ...intermediate, keyUsage: ['keyCertSign'] } }],
    }),
    mutant: { mayKeySignLists: () => true },
  },
  {
    rule: 'listSignatureVerifies',
    how: 'in the authority’s name, by a stranger',
    list: listOf({ issuer: root, key: 'foreignAuthority', revoked: [{ ...end, issuer: root }] }),
    mutant: { listSignatureVerifies: () => true },
  },
];

const accepted: readonly { how: string; path: readonly Certificate[]; lists?: readonly RevocationListRecipe[] }[] = [
  {
    how: 'with a list of its issuer that names others',
    path: [of(end), of(intermediate)],
    lists: [{ issuer: intermediate, revoked: [{ ...end, key: 'p256Two' }] }],
  },
  {
    how: 'with a list of the root that names its serial number',
    path: [of({ ...end, serial: 77 }), of(intermediate)],
    lists: [{ issuer: root, revoked: [{ ...end, issuer: root, serial: 77 }] }],
  },
  {
    how: 'with every name among those permitted, and in none excluded',
    path: withIntermediate(
      {
        ...intermediate,
        nameConstraints: {
          permitted: [{ dNSName: 'mobile.example' }, { iPAddress: '192.0.2.0/24' }],
          excluded: [{ dNSName: 'bad.mobile.example' }],
        },
      },
      { altNames: [{ dNSName: 'a.Mobile.example' }, { iPAddress: '192.0.2.255' }, { rfc822Name: 'any@where.test' }] },
    ),
  },
  {
    how: 'through a self-issued certificate whose name is outside what the one above permits',
    path: [of({ ...end, subject: 'CN=end, O=Lab', issuer: selfIssued }), of(selfIssued), of(selfIssuer)],
  },
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
  for (const { how, path, lists = [] } of accepted) {
    it(`accepts: ${how}`, () => {
      const [endEntity] = path;
      const validation = validated(path, certificateRules, lists.map(listOf));
      expect(validation).to.have.property('valid', true);
      if (validation.valid) {
        expect(validation.path[0]).to.equal(endEntity);
        expect(validation.path.at(-1)!.der).to.deep.equal(of(root).der);
      }
    });
  }

  for (const { rule, how, path, lists = [], mutant } of refused) {
    it(`${rule} refuses: ${how}; a mutant does not`, () => {
      const validation = validated(path, certificateRules, lists.map(listOf));
      // A path that no names connect ends at no anchor: that is how a broken chain of names shows.
      expect(validation).to.include({ valid: false, failed: rule === 'namesChain' ? 'isTrustAnchor' : rule });
      const mutated = {
        ...certificateRules,
        ...(rule === 'namesChain' ? { signatureVerifies: () => true } : {}),
        ...mutant,
      };
      expect(validated(path, mutated, lists.map(listOf))).to.have.property('valid', true);
    });
  }

  for (const { rule, how, list, path = [of({ ...end, issuer: root })], mutant } of unheard) {
    it(`${rule} does not hear a list ${how}; a mutant does`, () => {
      expect(validated(path, certificateRules, [list])).to.have.property('valid', true);
      expect(validated(path, { ...certificateRules, ...mutant }, [list])).to.have.property('failed', 'isListed');
    });
  }

  it('breaks every rule at least once', () => {
    const broken = new Set([...refused, ...unheard].map(({ rule }) => rule));
    expect([...broken].sort()).to.deep.equal(Object.keys(certificateRules).sort());
  });

  it('accepts an end entity that is itself trusted', () => {
    const pinned = of({ subject: 'CN=pinned', key: 'rsaOne' });
    expect(validatePath(pinned, { others: [], anchors: [of(root), pinned] }, now)).to.deep.equal({
      valid: true,
      path: [pinned],
    });
    expect(validated([pinned])).to.have.property('failed', 'isTrustAnchor');
  });

  it('says whose certificate failed', () => {
    const validation = validated(withIntermediate({ ...intermediate, keyUsage: ['digitalSignature'] }));
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
      const validation = validated(circle, rules);
      expect(validation).to.include({ valid: false, failed: 'pathSearch' });
      expect(links).to.be.within(20, 32);
    });
  }

  it('compares no more names with constraints than a peer may make us compare', () => {
    const nameConstraints = { permitted: Array.from({ length: 200 }, (_, i) => ({ dNSName: `${i}.example` })) };
    const altNames = Array.from({ length: 200 }, (_, i) => ({ dNSName: `a.${i}.example` }));
    expect(validated(withIntermediate({ ...intermediate, nameConstraints }, { altNames }))).to.include({
      valid: false,
      failed: 'nameComparisons',
    });
    const fewer = { altNames: altNames.slice(0, 50) };
    expect(validated(withIntermediate({ ...intermediate, nameConstraints }, fewer))).to.have.property('valid', true);
  });

  it('finds the way through certificates that lead nowhere', () => {
    const nowhere = Array.from({ length: 20 }, (_, place) =>
      of({ ...intermediate, key: 'p384One', issuer: foreignRoot, serial: 100 + place }),
    );
    expect(validated([of(end), ...nowhere, of(intermediate)])).to.have.property('valid', true);
  });
});

/** The first, by way of the others, to the root. */
function validated(
  [endEntity, ...others]: readonly Certificate[],
  rules: CertificateRules = certificateRules,
  lists: readonly RevocationList[] = [],
): PathValidation {
  return validatePath(endEntity!, { others, anchors: [of(root)], lists }, now, rules);
}

function listOf(recipe: RevocationListRecipe): RevocationList {
  return parseRevocationList(revocationListFromRecipe(recipe))!;
}

function withEntryExtension(list: RevocationList, extension: CertificateExtension): RevocationList {
  const revoked = [...list.revoked].map(([serial, entry]) => [serial, { ...entry, extensions: [extension] }] as const);
  return { ...list, revoked: new Map(revoked) };
}

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
