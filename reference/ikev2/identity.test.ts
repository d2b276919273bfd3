/** Identities against PAD patterns and certificates: tables of what is equal and what only looks so (RFC 4301 section 4.4.3.1, RFC 4945 section 3.1). */
import { expect } from 'chai';
import { parseDistinguishedName } from '../certificates/distinguished-name.ts';
import { fromText } from '../wire/octets.ts';
import type { Identity, IdentityPattern } from './configuration.ts';
import { identityMatches, identityOctets, identityText } from './identity.ts';
import { type CertificateNames, identityInCertificate } from './identity-in-certificate.ts';

const fqdn = (value: string): Identity => ({ type: 'ID_FQDN', value });
const mailbox = (value: string): Identity => ({ type: 'ID_RFC822_ADDR', value });
const name = (value: string): Identity => ({ type: 'ID_DER_ASN1_DN', value });

const certificate: CertificateNames = {
  subject: parseDistinguishedName('CN=c.example, O=Touchstone'),
  subjectAltNames: [
    { dNSName: 'a.example' },
    { rfc822Name: 'Anna@a.example' },
    { iPAddress: '192.0.2.2' },
    { iPAddress: '2001:db8::2' },
    { directoryName: parseDistinguishedName('CN=other, O=Touchstone') },
  ],
};

describe('identity in a certificate', () => {
  const cases: readonly [Identity, boolean][] = [
    [fqdn('a.example'), true],
    [fqdn('A.EXAMPLE'), true],
    [fqdn('b.example'), false],
    [fqdn('a.example.'), false],
    [fqdn('a.example\0'), false],
    [fqdn('a.example\0.b.example'), false],
    [fqdn('c.example'), false],
    [fqdn('Anna@a.example'), false],
    [mailbox('Anna@A.example'), true],
    [mailbox('anna@a.example'), false],
    [mailbox('a.example'), false],
    [{ type: 'ID_IPV4_ADDR', value: '192.0.2.2' }, true],
    [{ type: 'ID_IPV4_ADDR', value: '192.0.2.3' }, false],
    [{ type: 'ID_IPV6_ADDR', value: '2001:db8:0:0::2' }, true],
    [{ type: 'ID_IPV6_ADDR', value: '::ffff:192.0.2.2' }, false],
    [name('CN=c.example, O=Touchstone'), true],
    [name('CN=C.EXAMPLE,  O=touchstone'), true],
    [name('CN=other, O=Touchstone'), true],
    [name('O=Touchstone'), false],
    [name('O=Touchstone, CN=c.example'), false],
    [{ type: 'ID_KEY_ID', value: '612e6578616d706c65' }, false],
  ];
  for (const [identity, certified] of cases) {
    it(`${identity.type} ${JSON.stringify(identity.value)} is ${certified ? '' : 'not '}there`, () => {
      expect(identityInCertificate(identityOctets(identity), certificate)).to.equal(certified);
    });
  }

  it('an address of the wrong size is no address', () => {
    expect(identityInCertificate({ idType: 1, data: new Uint8Array(3) }, certificate)).to.equal(false);
    expect(identityInCertificate({ idType: 9, data: fromText('no DN') }, certificate)).to.equal(false);
  });
});

describe('identity against the PAD', () => {
  const cases: readonly [Identity, IdentityPattern, boolean][] = [
    [fqdn('Host.example'), fqdn('host.example'), true],
    [fqdn('host.example'), { ...fqdn('example'), match: 'sub-tree' }, true],
    [fqdn('host.example'), { ...fqdn('.example'), match: 'sub-tree' }, true],
    [fqdn('hostexample'), { ...fqdn('example'), match: 'sub-tree' }, false],
    [fqdn('example'), { ...fqdn('example'), match: 'sub-tree' }, false],
    [fqdn('host.example.evil'), { ...fqdn('example'), match: 'sub-tree' }, false],
    [mailbox('u@example'), { ...mailbox('@example'), match: 'sub-tree' }, true],
    [mailbox('u@host.example'), { ...mailbox('@example'), match: 'sub-tree' }, true],
    [mailbox('u@badexample'), { ...mailbox('@example'), match: 'sub-tree' }, false],
    [name('CN=x, OU=y, O=z'), { ...name('O=z'), match: 'sub-tree' }, true],
    [name('CN=x, OU=y, O=w'), { ...name('O=z'), match: 'sub-tree' }, false],
    [
      { type: 'ID_IPV4_ADDR', value: '192.0.2.9' },
      { type: 'ID_IPV4_ADDR', value: '192.0.2.0/28', match: 'range' },
      true,
    ],
    [
      { type: 'ID_IPV4_ADDR', value: '192.0.2.16' },
      { type: 'ID_IPV4_ADDR', value: '192.0.2.0/28', match: 'range' },
      false,
    ],
    [
      { type: 'ID_IPV6_ADDR', value: '2001:db8::5' },
      { type: 'ID_IPV6_ADDR', value: '2001:db8::1-2001:db8::5', match: 'range' },
      true,
    ],
    [{ type: 'ID_KEY_ID', value: '0102' }, { type: 'ID_KEY_ID', value: '0102' }, true],
    [{ type: 'ID_KEY_ID', value: '010203' }, { type: 'ID_KEY_ID', value: '0102', match: 'sub-tree' }, false],
    [fqdn('192.0.2.9'), { type: 'ID_IPV4_ADDR', value: '192.0.2.9' }, false],
  ];
  for (const [identity, pattern, matches] of cases) {
    it(`${identity.value} ${matches ? 'matches' : 'does not match'} ${pattern.match ?? 'exact'} ${pattern.value}`, () => {
      expect(identityMatches(identityOctets(identity), pattern)).to.equal(matches);
    });
  }

  it('any is anybody, and is told by name', () => {
    const peer = identityOctets(name('CN=x, O=z'));
    expect(identityMatches(peer, 'any')).to.equal(true);
    expect(identityText(peer)).to.equal('CN=x, O=z');
    expect(identityText(identityOctets({ type: 'ID_KEY_ID', value: '0a0b' }))).to.equal('0a0b');
  });
});
