import { expect } from 'chai';
import { derElement, derTag } from '../transforms/der.ts';
import { parsePrefix } from '../wire/address.ts';
import { concat, fromText, hex, unhex } from '../wire/octets.ts';
import { parseDistinguishedName } from './distinguished-name.ts';
import type { GeneralName } from './general-name.ts';
import {
  constrainedNames,
  decodeNameConstraints,
  encodeNameConstraints,
  isWithin,
  type SubtreeRecipe,
} from './name-constraints.ts';

const dns = (dNSName: string) => ({ dNSName });
const mail = (rfc822Name: string) => ({ rfc822Name });
const uri = (uniformResourceIdentifier: string) => ({ uniformResourceIdentifier });
const dn = (text: string) => ({ directoryName: parseDistinguishedName(text) });
const net = (prefix: string) => ({ iPAddress: parsePrefix(prefix) });
const ip = (iPAddress: string) => ({ iPAddress });

/** The examples of RFC 5280 4.2.1.10, and what lies close to them. */
const cases: readonly (readonly [name: GeneralName, base: SubtreeRecipe, within: boolean | 'unclear'])[] = [
  [dns('host.example.com'), dns('host.example.com'), true],
  [dns('my.host.example.com'), dns('host.example.com'), true],
  [dns('MY.host.Example.com'), dns('HOST.example.com'), true],
  [dns('bighost.example.com'), dns('host.example.com'), false],
  [dns('example.com'), dns('host.example.com'), false],
  [dns('example.com'), dns('.example.com'), false],
  [dns('a.example.com'), dns('.example.com'), true],
  [dns('anything.at.all'), dns(''), true],
  [mail('root@example.com'), mail('root@example.com'), true],
  [mail('root@EXAMPLE.com'), mail('root@example.com'), true],
  [mail('Root@example.com'), mail('root@example.com'), false],
  [mail('anyone@example.com'), mail('example.com'), true],
  [mail('anyone@host.example.com'), mail('example.com'), false],
  [mail('anyone@host.example.com'), mail('.example.com'), true],
  [mail('anyone@example.com'), mail('.example.com'), false],
  [mail('no mailbox'), mail('example.com'), 'unclear'],
  [uri('https://host.example.com/path'), uri('host.example.com'), true],
  [uri('https://user@host.example.com:8443'), uri('.example.com'), true],
  [uri('https://my.host.example.com'), uri('host.example.com'), false],
  [uri('https://192.0.2.1/'), uri('.example.com'), 'unclear'],
  [uri('https://[2001:db8::a]/'), uri('.example.com'), 'unclear'],
  [uri('urn:example:a'), uri('.example.com'), 'unclear'],
  [dn('CN=a, O=Lab, C=CH'), dn('O=Lab, C=CH'), true],
  [dn('CN=a, O=lab,  C=CH'), dn('O=Lab, C=CH'), true],
  [dn('CN=a, O=Labor, C=CH'), dn('O=Lab, C=CH'), false],
  [dn('C=CH'), dn('O=Lab, C=CH'), false],
  [ip('192.0.2.1'), net('192.0.2.0/24'), true],
  [ip('192.0.3.1'), net('192.0.2.0/24'), false],
  [ip('192.0.2.129'), net('192.0.2.128/25'), true],
  [ip('192.0.2.127'), net('192.0.2.128/25'), false],
  [ip('2001:db8::1'), net('2001:db8::/32'), true],
  [ip('192.0.2.1'), net('::/0'), false],
  [ip('192.0.2.1'), net('0.0.0.0/0'), true],
  [{ tag: 0x87, contents: unhex('c0000201ff') }, net('192.0.2.0/24'), 'unclear'],
];

describe('name constraints', () => {
  for (const [name, base, within] of cases) {
    it(`${shown(name)} in ${shown(base)}: ${within}`, () => {
      const [subtree] = decodeNameConstraints(encodeNameConstraints([base], []))!.permitted;
      expect(isWithin(name, subtree!)).to.equal(within);
    });
  }

  it('stand in DER as RFC 5280 wants them', () => {
    // SEQUENCE { [0] { SEQUENCE { [2] "a" } }, [1] { SEQUENCE { [7] 192.0.2.0/255.255.255.0 } } }
    expect(hex(encodeNameConstraints([dns('a')], [net('192.0.2.0/24')]))).to.equal(
      '3015a0053003820161a10c300a8708c0000200ffffff00',
    );
  });

  it('keep the kind of what they do not understand', () => {
    const subtree = (...parts: Uint8Array[]) => derElement(derTag.SEQUENCE, ...parts);
    const registeredId = derElement(0x88, unhex('2a03'));
    const [name, minimum] = [derElement(0x82, fromText('a')), derElement(0x80, Uint8Array.of(1))];
    const addressWithoutMask = derElement(0x87, unhex('c0000200'));
    const fields = derElement(0xa0, subtree(registeredId), subtree(name, minimum), subtree(addressWithoutMask));
    const { permitted } = decodeNameConstraints(derElement(derTag.SEQUENCE, fields))!;
    expect(permitted).to.deep.equal([
      { tag: 0x88, base: undefined },
      { tag: 0x82, base: undefined },
      { tag: 0x87, base: undefined },
    ]);
    for (const one of permitted) expect(isWithin(dns('a'), one)).to.equal('unclear');
  });

  for (const [what, octets] of [
    ['nothing', ''],
    ['another type', '0500'],
    ['another field', '3002a200'],
    ['subtrees that are none', '3004a0020500'],
    ['a subtree without a base', '3004a0023000'],
    ['what is cut', '3009a0053003820161a1'],
    ['lengths that lie', '3005a0033005820161'],
  ] as const) {
    it(`are not read from ${what}`, () => expect(decodeNameConstraints(unhex(octets))).to.equal(undefined));
  }

  it('are asked about the subject, the names beside it, and the mailboxes in it where there are none', () => {
    const subject = parseDistinguishedName('emailAddress=a@b.example, CN=a');
    expect(constrainedNames({ subject, subjectAltNames: [] })).to.deep.equal([
      { directoryName: subject },
      mail('a@b.example'),
    ]);
    expect(constrainedNames({ subject, subjectAltNames: [dns('a')] })).to.deep.equal([
      { directoryName: subject },
      dns('a'),
    ]);
    expect(constrainedNames({ subject: [], subjectAltNames: [dns('a')] })).to.deep.equal([dns('a')]);
  });

  it('are read in any order of their octets without a crash', () => {
    const octets = encodeNameConstraints([dns('a.example'), net('::/0')], [mail('b.example')]);
    for (let at = 0; at < octets.length; at++) {
      for (const octet of [0, 1, 0x30, 0x7f, 0x80, 0xa0, 0xff]) decodeNameConstraints(octets.with(at, octet));
      decodeNameConstraints(concat(octets.subarray(0, at), octets.subarray(at + 1)));
    }
  });
});

function shown(name: object): string {
  return JSON.stringify(name, (_, value) => (value instanceof Uint8Array ? hex(value) : value));
}
