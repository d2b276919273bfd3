/**
 * What a tunnel's end makes of the two ECN fields of an arriving packet (DUPONT D, the copies): RFC 4301 5.1.2.1 note 6 hands Congestion
 * Experienced to an inner header that is ECN-capable, and RFC 6040 4.2, which updates it, has a table for every pair, with a second severity
 * and with a drop. The echo reply shows what was delivered, as it is of the class of its request; that it is so is a control, in clear.
 */
import { type Account, cause, type Finding, finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { headerMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { echoPacket } from '../../harness/vocabulary/packets.ts';
import { inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, type Reads, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ecnCodepoints } from '../../reference/wire/ip/ecn.ts';
import { DUPONT, RFC4301, RFC6040 } from '../requirements/documents.ts';
import { gateways, TUNNEL } from './gateways.ts';

const codepoints = {
  'not-ect': ecnCodepoints['Not-ECT'],
  'ect-0': ecnCodepoints['ECT(0)'],
  'ect-1': ecnCodepoints['ECT(1)'],
  ce: ecnCodepoints.CE,
} as const;
type Mark = keyof typeof codepoints;
type Fate = Mark | 'dropped';
const marks = Object.keys(codepoints) as Mark[];
const fates: readonly Fate[] = [...marks, 'dropped'];

/** What is delivered: a row for each arriving inner mark, in it the fates under each arriving outer one, both in the order of `marks`. */
type Table = Readonly<Record<Mark, readonly [Fate, Fate, Fate, Fate]>>;

const rfc6040: Table = {
  'not-ect': ['not-ect', 'not-ect', 'not-ect', 'dropped'],
  'ect-0': ['ect-0', 'ect-0', 'ect-1', 'ce'],
  'ect-1': ['ect-1', 'ect-1', 'ect-1', 'ce'],
  ce: ['ce', 'ce', 'ce', 'ce'],
};

const rfc4301: Table = {
  'not-ect': ['not-ect', 'not-ect', 'not-ect', 'not-ect'],
  'ect-0': ['ect-0', 'ect-0', 'ect-0', 'ce'],
  'ect-1': ['ect-1', 'ect-1', 'ect-1', 'ce'],
  ce: ['ce', 'ce', 'ce', 'ce'],
};

/** The tables of those who err; a case declares each of them that has another fate in its cell. */
const errant: readonly (readonly [NodeMutant, Table])[] = [
  [headerMutants.knowsOneSeverity, rfc4301],
  [headerMutants.dropsNothing, { ...rfc6040, 'not-ect': ['not-ect', 'not-ect', 'not-ect', 'not-ect'] }],
  [headerMutants.marksTheIncapable, { ...rfc4301, 'not-ect': ['not-ect', 'not-ect', 'not-ect', 'ce'] }],
  [headerMutants.losesCongestion, eachRow((mark) => [mark, mark, mark, mark])],
  [headerMutants.copiesEcnIn, eachRow(() => ['not-ect', 'ect-0', 'ect-1', 'ce'])],
  [headerMutants.clearsEcnIn, eachRow(() => ['not-ect', 'not-ect', 'not-ect', 'not-ect'])],
  [headerMutants.assumesCapability, { ...rfc6040, 'not-ect': rfc6040['ect-0'] }],
  [
    headerMutants.ranksByNumber,
    { ...rfc6040, 'ect-0': ['ect-0', 'ect-0', 'ect-0', 'ce'], 'ect-1': ['ect-1', 'ect-0', 'ect-1', 'ce'] },
  ],
];

type Point = Readonly<Record<string, string>>;
type Cell = `${Mark}-in-${Mark}`;
const cells = marks.flatMap((inside) => marks.map((outside): Cell => `${inside}-in-${outside}`));

export const congestionMarks = scenario({
  name: 'congestion-marks',
  title: 'The ECN field that a tunnel’s end delivers',
  dimensions: { cell: cells, family: ['ipv4', 'ipv6'], keying: ['manual', 'ikev2'] },
  given: ({ family, keying }) => gateways(keying, { inner: family, outer: family }),
  async play(stage, { cell, family, keying }) {
    const { tn } = stage;
    const { inside, outside } = marksOf(cell);
    const asked = { identifier: 0x4543, payload: new Uint8Array(16) };
    const inClear = { from: places.home[family], to: nutAddresses[family], ...asked, sequence: 1 };
    const throughIt = { from: inner.tn[family], to: inner.nut[family], ...asked, sequence: 2 };
    await tn.packet('marked in clear', echoPacket(inClear, { ecn: codepoints.ce }), { awaited: true });
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('before');
    await tn.esp('stimulus', {
      carries: echoPacket(throughIt, { ecn: codepoints[inside] }),
      outerHeader: { ecn: codepoints[outside] },
      awaited: false,
    });
    await tn.echo('after');
  },
  questions: {
    'DUPONT-D': question('What becomes of the congestion marks of a tunnelled packet?', {
      outcomes: fates,
      controls: (t) => [
        cause('an answer has the mark of its request', answeredWith(t, 'marked in clear', 'ce')),
        pre('the tunnel works', t.answered('before')),
        post('the tunnel works still', t.answered('after')),
      ],
      judge: (t) =>
        firstOf(marks, (mark) => answeredWith(t, 'stimulus', mark)?.as(mark)) ??
        t.silent('stimulus', 'after')?.as('dropped'),
      plays: 'receiver',
      reads: (at) => [
        reads(
          DUPONT,
          '2.4 D',
          'obs',
          'implementation',
          ofEach((fate) => observed(`the inner packet is ${inWords[fate]}`)),
        ),
        tabled(RFC4301, '5.1.2.1 (6)', 'obs', rfc4301, at),
        tabled(RFC6040, '4.2', 'MUST', rfc6040, at),
      ],
      lawful: (at) => fateIn(rfc6040, at),
      turnedBy: (at) =>
        errant
          .map(([mutant, table]): Turn<Fate> => [mutant, fateIn(table, at)])
          .filter(([, fate]) => fate !== fateIn(rfc6040, at)),
    }),
  },
});

const inWords: Readonly<Record<Fate, string>> = {
  'not-ect': 'delivered as Not-ECT',
  'ect-0': 'delivered with ECT(0)',
  'ect-1': 'delivered with ECT(1)',
  ce: 'delivered with Congestion Experienced',
  dropped: 'dropped',
};

function marksOf(cell: string): { inside: Mark; outside: Mark } {
  const [inside, outside] = cell.split('-in-') as [Mark, Mark];
  return { inside, outside };
}

function fateIn(table: Table, at: Point): Fate {
  const { inside, outside } = marksOf(at.cell!);
  return table[inside][marks.indexOf(outside)]!;
}

/** A document that tables what this cell gives; RFC 4301 says what is done, RFC 6040 what must be. */
function tabled(
  document: { readonly id: string },
  section: string,
  level: 'MUST' | 'obs',
  table: Table,
  at: Point,
): Reads<Fate> {
  return reads(
    document,
    section,
    level,
    'receiver',
    ofEach((fate) => (fate === fateIn(table, at) ? pass : fail)),
  );
}

function ofEach<Value>(value: (fate: Fate) => Value): Record<Fate, Value> {
  return Object.fromEntries(fates.map((fate) => [fate, value(fate)])) as Record<Fate, Value>;
}

function eachRow(row: (mark: Mark) => Table[Mark]): Table {
  return Object.fromEntries(marks.map((mark) => [mark, row(mark)])) as Record<Mark, Table[Mark]>;
}

function firstOf<Item, Value>(items: readonly Item[], look: (item: Item) => Value | undefined): Value | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** That the answer to this moment's echo has this mark in its (inner) header. */
function answeredWith(t: Account, name: string, mark: Mark): Finding | undefined {
  const answer = t.answer(name);
  if (!answer || (answer.packet.packet.ecn ?? 0) !== codepoints[mark]) return undefined;
  const says = `ECN ${codepoints[mark]} (${mark}) in the answer to ${name}`;
  return finding(says, t.evidenceOf(answer, says));
}
