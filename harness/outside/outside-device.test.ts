import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { hostToHost } from '../lab/topologies.ts';
import { products } from '../products/catalogue.ts';
import { outsideDevice } from './outside-device.ts';

const good = `name: box
version: "1.0"
interface: { nic: eth9, device: ge-0/0/0 }
unsupported:
  - what: Mobile IPv6
    why: "data sheet, page 3: none"
ask: true
`;

describe('the file of a device', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-device-file-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const read = (text: string) => {
    const file = join(folder, 'box.yaml');
    writeFileSync(file, text);
    return outsideDevice(file, products);
  };
  const complaint = (text: string): string => {
    try {
      read(text);
    } catch (fault) {
      return (fault as Error).message.replaceAll(`${folder}/`, '');
    }
    return 'nothing';
  };

  it('tells what it is called, what its vendor claims, and what a person would be shown', () => {
    const { name, version, unsupported, rendered } = read(good);
    expect([name, version]).to.deep.equal(['box', '1.0']);
    expect(unsupported(hostToHost.nut)).to.equal(undefined);
    expect(unsupported({ ...hostToHost.nut, mobility: { correspondentNode: {} } })).to.equal(
      'data sheet, page 3: none',
    );
    expect(rendered(hostToHost.nut))
      .to.contain('ge-0/0/0: 192.0.2.1/24, 2001:db8:1::1/64')
      .and.to.contain('via 192.0.2.254 (ge-0/0/0)');
  });

  it('is as good as the product that it is like, and told in its language', () => {
    const { unsupported, rendered } = read(`${good}like: strongswan-userspace\n`);
    expect(unsupported({ ...hostToHost.nut, unmatched: 'DISCARD' })).to.contain('libipsec');
    expect(rendered(hostToHost.nut)).to.contain('ip address add 192.0.2.1/24 dev ge-0/0/0');
  });

  const faults: readonly (readonly [what: string, text: string, says: string | RegExp])[] = [
    ['a word that is none', `${good}colour: red\n`, /^box\.yaml:1:1: the whole: .*colour/],
    [
      'a claim that is none',
      good.replace('Mobile IPv6', 'IKEv9'),
      /^box\.yaml:5:11: unsupported\.0\.what: wanted one of: IKEv2, /,
    ],
    ['a version that is a number', good.replace('"1.0"', '1.0'), 'box.yaml:2:10: version: wanted a version, in quotes'],
    [
      'neither command nor person',
      good.replace('ask: true\n', ''),
      'box.yaml:1:1: the whole: wanted either `configure` or `ask: true`',
    ],
    [
      'an interface of no kernel',
      good.replace('eth9', 'a/b'),
      /^box\.yaml:3:19: interface\.nic: wanted the name of an interface/,
    ],
    ['a product that is none', `${good}like: strongswam\n`, /strongswam/],
    ['the same word twice', `${good}name: other\n`, /^box\.yaml:8:1: Map keys must be unique/],
    ['no YAML', 'name: [', /^box\.yaml:1:\d+: /],
    ['nothing', '', /^box\.yaml:1:1: the whole: /],
  ];
  for (const [what, text, says] of faults)
    it(`with ${what} is told where and what was wanted`, () => {
      if (typeof says === 'string') expect(complaint(text)).to.equal(says);
      else expect(complaint(text)).to.match(says);
    });
});
