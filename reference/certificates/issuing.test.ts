import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { equal, hex } from '../wire/octets.ts';
import { calendarSecondsAt, calendarSecondsOf } from './calendar.ts';
import { authorityHash, parseCertificate } from './certificate.ts';
import { parseDistinguishedName, printDistinguishedName } from './distinguished-name.ts';
import { decodeGeneralNames, encodeGeneralNames, type GeneralName } from './general-name.ts';
import { decodeIpAddressBlocks, encodeIpAddressBlocks, type IpAddressBlocks } from './ip-address-blocks.ts';
import { certificateFromRecipe, issueCertificate } from './issuing.ts';
import { labKey, labKeyNames } from './lab-keys.ts';
import type { CertificateRecipe } from './recipe.ts';

const rsaRoot: CertificateRecipe = { subject: 'CN=Root, O=Lab', key: 'rsaAuthority', authority: { pathLength: 1 } };
const ecdsaRoot: CertificateRecipe = { subject: 'CN=EC Root, O=Lab', key: 'ecdsaAuthority', authority: {} };

const full: CertificateRecipe = {
  subject: 'CN=a.example, O=Lab\\, inc, C=CH',
  key: 'p256One',
  issuer: rsaRoot,
  altNames: [
    { dNSName: 'a.example' },
    { iPAddress: '192.0.2.1' },
    { iPAddress: '2001:db8::1' },
    { rfc822Name: 'user@a.example' },
    { directoryName: 'CN=elsewhere' },
  ],
  altNamesCritical: true,
  validity: { notBefore: 3600, notAfter: 7200 },
  serial: 255,
  addressBlocks: ['192.0.2.0/24', '2001:db8::/47'],
  keyUsage: ['digitalSignature', 'keyEncipherment'],
};

describe('issuing certificates', () => {
  it('gives the same octets for the same recipe, and others for another', () => {
    const one = certificateFromRecipe(full);
    const { serial: _serial, ...withoutSerial } = full;
    expect(equal(one, certificateFromRecipe(JSON.parse(JSON.stringify(full))))).to.equal(true);
    expect(equal(one, certificateFromRecipe(withoutSerial))).to.equal(false);
  });

  for (const key of labKeyNames()) {
    for (const issuer of [rsaRoot, ecdsaRoot]) {
      it(`for ${key}, by ${issuer.key}: OpenSSL accepts it`, () => {
        const certificate = new X509Certificate(certificateFromRecipe({ subject: `CN=${key}`, key, issuer }));
        const root = new X509Certificate(certificateFromRecipe(issuer));
        expect(certificate.verify(root.publicKey)).to.equal(true);
        expect(certificate.checkIssued(root)).to.equal(true);
        expect([certificate.ca, root.ca]).to.deep.equal([false, true]);
      });
    }
  }

  for (const key of ['p384One', 'p521One', 'ed25519One', 'ed448One'] as const) {
    it(`signs with ${key} as well`, () => {
      const certificate = new X509Certificate(certificateFromRecipe({ subject: 'CN=self', key }));
      expect(certificate.verify(certificate.publicKey)).to.equal(true);
    });
  }

  it('writes what OpenSSL reads', () => {
    const certificate = new X509Certificate(certificateFromRecipe(full));
    expect(certificate.subject.split('\n')).to.deep.equal(['C=CH', 'O=Lab\\, inc', 'CN=a.example']);
    expect(certificate.issuer.split('\n')).to.deep.equal(['O=Lab', 'CN=Root']);
    expect(certificate.serialNumber).to.equal('FF');
    expect([certificate.validFrom, certificate.validTo]).to.deep.equal([
      'Jan  1 01:00:00 2020 GMT',
      'Jan  1 02:00:00 2020 GMT',
    ]);
    expect(certificate.subjectAltName).to.equal(
      'DNS:a.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1, email:user@a.example, DirName:CN=elsewhere',
    );
  });

  it('writes what we read', () => {
    const der = certificateFromRecipe(full);
    const certificate = parseCertificate(der)!;
    expect(printDistinguishedName(certificate.subject)).to.equal(full.subject);
    expect(printDistinguishedName(certificate.issuer)).to.equal(rsaRoot.subject);
    expect(certificate.serialNumber).to.equal(255n);
    expect([certificate.notBefore, certificate.notAfter]).to.deep.equal([3600, 7200]);
    expect(certificate.subjectAltNames).to.deep.equal([
      { dNSName: 'a.example' },
      { iPAddress: '192.0.2.1' },
      { iPAddress: '2001:db8::1' },
      { rfc822Name: 'user@a.example' },
      { directoryName: parseDistinguishedName('CN=elsewhere') },
    ]);
    expect(certificate.keyUsage).to.deep.equal(full.keyUsage);
    expect(certificate.basicConstraints).to.deep.equal({ isAuthority: false });
    expect(certificate.ipAddressBlocks).to.deep.equal([
      { family: 4, ranges: [{ first: '192.0.2.0', last: '192.0.2.255' }] },
      { family: 6, ranges: [{ first: '2001:db8::', last: '2001:db8:1:ffff:ffff:ffff:ffff:ffff' }] },
    ]);
    const critical = certificate.extensions
      .filter((extension) => extension.critical)
      .map(({ identifier }) => identifier);
    expect(critical).to.deep.equal(['2.5.29.19', '2.5.29.15', '2.5.29.17', '1.3.6.1.5.5.7.1.7']);
    const root = parseCertificate(certificateFromRecipe(rsaRoot))!;
    expect(root.basicConstraints).to.deep.equal({ isAuthority: true, pathLength: 1 });
    expect(hex(certificate.authorityKeyIdentifier!)).to.equal(hex(root.subjectKeyIdentifier!));
    expect(authorityHash(root).length).to.equal(20);
    expect(equal(certificate.spki, labKey('p256One').publicKey.spki)).to.equal(true);
  });

  it('issues what is asked for, lawful or not', () => {
    const key = labKey('rsaOne');
    const name = parseDistinguishedName('CN=odd');
    const bare = {
      serial: 0x80,
      issuer: { name, key },
      subject: [],
      publicKey: key.publicKey,
      notBefore: 9,
      notAfter: 1,
    };
    const certificate = parseCertificate(issueCertificate(bare))!;
    expect(certificate.subject).to.deep.equal([]);
    expect(certificate.extensions).to.deep.equal([]);
    expect(certificate.serialNumber).to.equal(0x80n);
    const pss = parseCertificate(
      issueCertificate({
        ...bare,
        extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
        extensions: [{ identifier: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }],
        signatureAlgorithm: { scheme: 'RSASSA-PSS', hash: 'sha256', maskHash: 'sha256', saltOctets: 4 },
        entropy: Uint8Array.of(1, 2, 3, 4),
      }),
    )!;
    expect(pss.extendedKeyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.1']);
    expect(pss.extensions.at(-1)).to.deep.equal({ identifier: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) });
    expect(
      new X509Certificate(pss.der).verify(
        new X509Certificate(certificateFromRecipe({ subject: 'CN=x', key: 'rsaOne' })).publicKey,
      ),
    ).to.equal(true);
  });

  it('refuses a key or an attribute that does not exist, by name', () => {
    expect(() => certificateFromRecipe({ subject: 'CN=a', key: 'rsaSeventeen' })).to.throw(RangeError, 'rsaSeventeen');
    expect(() => certificateFromRecipe({ subject: 'XX=a', key: 'rsaOne' })).to.throw(RangeError, 'XX=a');
  });

  it('places the lab in its calendar', () => {
    expect(calendarSecondsOf(new Date(Date.UTC(2020, 0, 2)))).to.equal(86400);
    expect(calendarSecondsAt(1999) - calendarSecondsAt(0)).to.equal(1);
    expect(calendarSecondsAt(0)).to.equal(calendarSecondsOf(new Date(Date.UTC(2026, 0, 1))));
  });

  it('never throws at octets that are no certificate', () => {
    const good = certificateFromRecipe(full);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
        parseCertificate(good.with(at, value));
        parseCertificate(good.subarray(0, at));
      }),
      { numRuns: 150 },
    );
    expect(parseCertificate(new Uint8Array())).to.equal(undefined);
    expect(parseCertificate(good.subarray(0, good.length - 1))).to.equal(undefined);
  });
});

describe('what certificates carry', () => {
  it('general names of every kind', () => {
    const names: GeneralName[] = [
      { dNSName: 'a.example' },
      { uniformResourceIdentifier: 'https://a.example/' },
      { iPAddress: '2001:db8::1' },
      { directoryName: parseDistinguishedName('CN=a, O=b') },
      { tag: 0x88, contents: Uint8Array.of(0x2a, 3) },
    ];
    expect(decodeGeneralNames(encodeGeneralNames(names))).to.deep.equal(names);
  });

  it('an address of the wrong size as the octets it is', () => {
    const odd: GeneralName[] = [{ tag: 0x87, contents: Uint8Array.of(1, 2, 3) }];
    expect(decodeGeneralNames(encodeGeneralNames(odd))).to.deep.equal(odd);
    expect(decodeGeneralNames(Uint8Array.of(0x31, 0))).to.equal(undefined);
  });

  it('address blocks as RFC 3779 section 2.2.3.8 and appendix B encode them', () => {
    const blocks: IpAddressBlocks[] = [
      {
        family: 4,
        ranges: [
          { first: '10.0.32.0', last: '10.0.47.255' },
          { first: '10.0.64.0', last: '10.0.64.255' },
          { first: '10.5.0.4', last: '10.5.0.7' },
          { first: '10.2.48.0', last: '10.2.64.255' },
        ],
      },
      { family: 6, ranges: 'inherit' },
    ];
    const octets = encodeIpAddressBlocks(blocks);
    expect(hex(octets)).to.include('0304040a0020').and.to.include('0304000a0040').and.to.include('0305020a050004');
    expect(hex(octets)).to.include('300c0304040a02300304000a0240');
    expect(decodeIpAddressBlocks(octets)).to.deep.equal(blocks);
  });
});
