import { expect } from 'chai';
import { bit, bits, flag, reservedBits } from './bit-fields.ts';
import { findNode, leaves, MalformedOctets } from './dissection.ts';
import { computed, reserved, rest, surplus, u8, u16 } from './fields.ts';
import { list, within } from './groups.ts';
import { structure } from './kernel.ts';
import { hex, unhex } from './octets.ts';

const item = structure('item', 'Item', [
  computed(u8('length', 'Length'), (_, whole) => whole.length),
  within('item', ({ length }: { length: number }) => length - 1, [rest('data', 'Data')]),
]);

const sample = structure('sample', 'Sample', [
  u8('kind', 'Kind', { registry: { first: 1, second: 2 } }),
  bits('flags', 'Flags', 1, [flag('urgent', 'Urgent'), reservedBits('spare', 3), bit('level', 4, 'Level')]),
  reserved(1),
  computed(u16('total', 'Total'), (_, whole) => whole.length),
  within('items', ({ total }: { total: number }) => total - 5, [list('items', item)]),
  surplus('trailer', 'Trailer', 'octets after the items'),
]);

const value = { kind: 2, urgent: true, level: 5, items: [{ data: unhex('aa') }, { data: unhex('') }] };
const octets = '02 85 00 0008 02aa 01';

describe('a declaration', () => {
  it('computes what is left out', () => expect(hex(sample.encode(value))).to.equal(hex(unhex(octets))));

  it('obeys what is given', () => {
    expect(hex(sample.encode({ ...value, total: 0xffff }))).to.equal(hex(unhex('02 85 00 ffff 02aa 01')));
  });

  it('fills computed fields in when decoding, and leaves zero reserved ones out', () => {
    expect(sample.decode(unhex(octets)).value).to.deep.equal({
      kind: 2,
      urgent: true,
      level: 5,
      total: 8,
      items: [
        { length: 2, data: unhex('aa') },
        { length: 1, data: unhex('') },
      ],
    });
  });

  it('keeps reserved octets, reserved bits and surplus, with remarks', () => {
    const odd = unhex('02 d5 07 0008 02aa 01 bb');
    const { value, remarks } = sample.decode(odd);
    expect(value.spare).to.equal(5);
    expect(hex(value.reserved!)).to.equal('07');
    expect(hex(sample.encode(value))).to.equal(hex(odd));
    expect(remarks.map(({ says }) => says)).to.deep.equal(['reserved octets are not zero', 'octets after the items']);
  });

  it('says where, at which octet, what it wanted and had', () => {
    const fault = thrownBy(() => sample.decode(unhex('02 85 00 0008 04aa 01')));
    expect(fault).to.include({ where: 'sample/item[0]/item', at: 6, wanted: '3 octets', had: '2' });
  });

  it('refuses numbers that do not fit', () => {
    expect(() => sample.encode({ ...value, kind: 256 })).to.throw(RangeError);
    expect(() => sample.encode({ ...value, level: 16 })).to.throw(RangeError);
    expect(() => bits('flags', 'Flags', 1, [flag('one', 'One')])).to.throw(RangeError);
  });

  it('names numbers and bits for people', () => {
    const tree = sample.dissect(unhex(octets));
    expect(findNode(tree, ({ name }) => name === 'kind')!.value).to.equal('2 (second)');
    expect(findNode(tree, ({ name }) => name === 'flags')!.bits).to.deep.equal([
      { name: 'urgent', label: 'Urgent', firstBit: 0, width: 1, value: 'set' },
      { name: 'spare', label: 'Reserved', firstBit: 1, width: 3, value: '0' },
      { name: 'level', label: 'Level', firstBit: 4, width: 4, value: '5' },
    ]);
  });

  it('goes on behind a window that cannot be read', () => {
    const tree = sample.dissect(unhex('02 85 00 0008 04aa 00 bb'));
    const spans = leaves(tree).map(({ name, start, end }) => `${name} ${start}-${end}`);
    expect(spans).to.deep.equal([
      'kind 0-1',
      'flags 1-2',
      'reserved 2-3',
      'total 3-5',
      'length 5-6',
      'data 6-8',
      'trailer 8-9',
    ]);
  });

  it('dissects a part of a buffer with the offsets of the whole', () => {
    const tree = sample.dissect(unhex(`ffff ${octets} ffff`), 2, 10);
    expect([tree.start, tree.end, tree.children[0]!.start]).to.deep.equal([2, 10, 2]);
  });

  it('gives plain octets for a Buffer', () => {
    const { value } = sample.decode(Buffer.from('028500000802aa01', 'hex'));
    expect(value.items[0]!.data.constructor).to.equal(Uint8Array);
  });
});

function thrownBy(act: () => unknown): MalformedOctets {
  try {
    act();
  } catch (fault) {
    if (fault instanceof MalformedOctets) return fault;
    throw fault;
  }
  throw new Error('nothing was thrown');
}
