import { expect } from 'chai';
import type { Certificate } from './certificate.ts';
import { type PathValidation, validatePath } from './path-validation.ts';
import {
  end,
  foreignRoot,
  intermediate,
  listOf,
  now,
  of,
  requested,
  root,
  selfIssued,
  selfIssuer,
  unknown,
  withEntryExtension,
  withIntermediate,
} from './paths.test-support.ts';
import type { RevocationListRecipe } from './recipe.ts';
import { refused } from './refused-paths.test-support.ts';
import type { RevocationList } from './revocation-list.ts';
import { type CertificateRules, certificateRules } from './rules.ts';

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
