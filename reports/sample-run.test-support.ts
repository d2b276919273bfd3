/**
 * A hand-made run for the tests of the reports: two products, two recorded scenarios whose frames the reference's own codecs encode, and a
 * case for every reading. The octets inside ESP and SK are given with the frames, as the judge's opening would give them.
 */

import type { Entry, FrameEntry, MarkedAct, NodeState, Transcript } from '../harness/capture/transcript.ts';
import type { OpenedBuffer } from '../harness/judge/opened-frame.ts';
import type { CaseResult, DocumentReading, ReadingKind, RunResult } from '../harness/run/result.ts';
import { summaryOf } from '../harness/run/summary.ts';
import { etherTypes } from '../reference/wire/ethernet.ts';
import { encodePayloads, type Payload } from '../reference/wire/ike/payload-chain.ts';
import { fromText } from '../reference/wire/octets.ts';
import type { ReadableRun, Recorded, ReportModel } from './model.ts';
import { arp, esp, ethernet, ike, inner } from './sample-frames.test-support.ts';

/** With its runs at hand, to be altered. */
export interface SampleModel extends ReportModel {
  readonly runs: readonly ReadableRun[];
}

/** `says` stands in every text that a product controls. */
export function sampleModel(says = 'C=CH, O=strongSwan, CN=carol'): SampleModel {
  const runs = [tunnelRun(says), identityRun(says)];
  const cases = [
    verdict('DUPONT-C2a', 'other-prefix-manual', 'linux', 'delivered', runs[0]!.bundle, [
      ['DUPONT', 'C2', 'MUST NOT', 'pass'],
      ['RFC4301', '5.2 3a', 'MUST', 'pass'],
    ]),
    {
      ...verdict('DUPONT-G1', 'asserted-name-initiator', 'strongswan', 'accepted', runs[1]!.bundle, [
        ['DUPONT', 'G1', 'SHOULD', 'warn'],
        ['RFC7296', '3.5', 'MUST', 'fail'],
        ['RFC4945', '3.1', 'MUST', 'fail'],
      ]),
      suite: 'identity',
      title: 'Is an identity accepted that the peer’s certificate does not bear?',
      expected: false,
      evidence: [
        { kind: 'frame', frame: 4, octets: { buffer: 'SK', start: 0, end: 22 }, says: `IDr and AUTH came: ${says}` },
      ],
    } satisfies CaseResult,
    verdict('MCDANIEL-REPLAY', 'window-32', 'linux', 'inconclusive', null, [
      ['RFC4303', '3.4.3', 'MUST', 'inconclusive', `I-PRE: ${says}`],
    ]),
    verdict('DUPONT-H', 'ikev2', 'linux', 'unsupported', null, [['DUPONT', 'H1', 'SHOULD', 'unsupported', says]]),
    verdict('AURA-SPD-1', 'transport', 'linux', 'first-match', null, [['AURA', '4.1', 'obs', 'observed', says]]),
    {
      ...verdict('MCDANIEL-SEQ', '', 'strongswan', 'error', null, []),
      error: `HarnessFault: the guest died\n${says}`,
      expected: false,
    },
  ];
  return { result: resultOf(cases, says), folder: '.', runs };
}

/** The same, beside an earlier run in which a case came out otherwise, another was read otherwise, and a third had not been there. */
export function comparedModel(says = 'C=CH, O=strongSwan, CN=carol'): SampleModel & { readonly earlier: Recorded } {
  const model = sampleModel(says);
  const cases = model.result.cases.flatMap((each): CaseResult[] => {
    if (each.id === 'DUPONT-H') return [];
    if (each.id === 'DUPONT-C2a')
      return [{ ...each, outcome: 'dropped', readings: each.readings.map((one) => ({ ...one, reading: 'fail' })) }];
    if (each.id === 'AURA-SPD-1')
      return [{ ...each, readings: each.readings.map((one) => ({ ...one, why: `as before: ${says}` })) }];
    return [each];
  });
  return { ...model, earlier: { result: { ...model.result, cases }, runs: model.runs } };
}

/**
 * Products that met: strongSwan and Libreswan fail together in one scenario, in which Libreswan fails with the reference, too; two that pass with everybody else
 * share no ground in another; and one cannot be played.
 */
export function metModel(says = 'TS_UNACCEPTABLE'): SampleModel {
  const { result, runs } = sampleModel(says);
  const [product] = result.products;
  const met = (asked: string, companion: string, scenario: string, role: string, reading: ReadingKind): CaseResult => ({
    ...verdict(
      'MCDANIEL-FLOW',
      `${scenario}-${role}-with-${companion}`,
      asked,
      { pass: 'both-ways', fail: 'nothing' }[reading as string] ?? reading,
      runs[0]!.bundle,
      [['RFC7296', '2.8', 'MUST', reading, reading === 'pass' ? '' : says]],
    ),
    suite: 'interop',
    title: 'Does traffic go both ways between the two?',
    dimensions: { scenario, role, companion },
    companions: { companion },
  });
  const cases = [
    met('strongswan', 'libreswan', 'rekeyed-child', 'initiator', 'fail'),
    met('strongswan', 'reference', 'rekeyed-child', 'initiator', 'pass'),
    met('libreswan', 'reference', 'rekeyed-child', 'responder', 'fail'),
    met('strongswan', 'libreswan', 'narrowed', 'initiator', 'fail'),
    met('strongswan', 'reference', 'narrowed', 'initiator', 'pass'),
    met('libreswan', 'reference', 'narrowed', 'responder', 'pass'),
    met('libreswan', 'strongswan', 'mobike', 'responder', 'unsupported'),
  ];
  const products = ['strongswan', 'libreswan'].map((name) => ({ ...product!, name }));
  return { result: { ...resultOf(cases, says), products }, folder: '.', runs: runs.slice(0, 1) };
}

/** The same runs and cases many times over, as after a whole campaign. */
export function largeModel(runs: number, framesEach: number): SampleModel {
  const [tunnel] = sampleModel().runs;
  const frames = tunnel!.transcript.entries.filter((entry) => entry.kind === 'frame');
  const recorded = Array.from({ length: runs }, (_, i): ReadableRun => {
    const entries = Array.from(
      { length: framesEach },
      (_, place): Entry => ({ ...frames[(place % 4) + 2]!, place, number: place + 1, time: place * 12 }),
    );
    const opened = new Map(entries.map((_, place) => [place + 1, tunnel!.opened.get((place % 4) + 3) ?? []]));
    return { ...tunnel!, bundle: `bundles/${i}`, transcript: { ...tunnel!.transcript, entries }, opened };
  });
  const cases = recorded.map(({ bundle }, i) =>
    verdict(`DUPONT-C${i % 40}`, `variant-${i}`, i % 2 ? 'linux' : 'strongswan', 'delivered', bundle, [
      ['RFC4301', '5.2', 'MUST', 'pass'],
    ]),
  );
  return { result: resultOf(cases, ''), runs: recorded };
}

function resultOf(cases: readonly CaseResult[], says: string): RunResult {
  const honesty = [
    { name: 'a wrong credential fails', held: true, says: 'AUTHENTICATION_FAILED' },
    { name: 'an empty configuration yields no SA', held: true, says },
    { name: 'an unknown verb says so', held: true, says: 'no such verb' },
  ];
  return {
    schema: 'touchstone-result/1',
    touchstone: '0.1.0',
    seed: '20261121',
    startedAt: '2026-11-21T09:30:00.000Z',
    finishedAt: '2026-11-21T09:31:12.400Z',
    products: [
      { name: 'strongswan', version: '5.9.8', runtime: 'uml', kernel: 'Linux 6.1.0', honesty },
      { name: 'linux', version: '6.1.0', runtime: 'uml', kernel: 'Linux 6.1.0', honesty: honesty.slice(1) },
    ],
    summary: summaryOf(cases, false),
    cases,
  };
}

type Said = readonly [
  document: string,
  section: string,
  level: DocumentReading['level'],
  reading: ReadingKind,
  why?: string,
];

function verdict(
  id: string,
  variant: string,
  product: string,
  outcome: string,
  bundle: string | null,
  said: readonly Said[],
): CaseResult {
  return {
    id,
    variant,
    suite: id.startsWith('DUPONT-C') ? 'outer-address' : 'baseline',
    title: 'Does a tunnel SA go on working when its outer source changes?',
    product,
    requirements: [id],
    dimensions: { elsewhere: 'other-prefix', keying: 'manual' },
    outcome,
    readings: said.map(([document, section, level, reading, why = '']) => ({
      document,
      section,
      level,
      addressee: 'receiver',
      reading,
      why,
    })),
    controls: [
      { name: 'answered before', held: true, evidence: [{ kind: 'frame', frame: 4, says: 'the answer' }] },
      {
        name: 'the new place is reachable',
        held: outcome !== 'inconclusive',
        evidence: [{ kind: 'probe', place: 8, says: 'the state of the node' }],
      },
    ],
    evidence: bundle
      ? [
          {
            kind: 'frame',
            frame: 6,
            octets: { buffer: 'esp 0x00001002', start: 0, end: 24 },
            says: 'stimulus: answered',
          },
          { kind: 'silence', after: 5, before: 6, says: 'nothing else in between' },
        ]
      : [],
    durationMs: 412,
    bundle,
    error: null,
    expected: true,
  };
}

function tunnelRun(says: string): ReadableRun {
  const run = new Recording('outer-source', 'other-prefix-manual', says);
  run.mark('before', {
    kind: 'command',
    command: { kind: 'echo', from: '198.51.100.1', to: '203.0.113.1', identifier: 7, sequence: 1, payload: '00' },
  });
  run.frame('tn', ethernet('tn', 'all', etherTypes.ARP, arp(1)));
  run.frame('nut', ethernet('nut', 'tn', etherTypes.ARP, arp(2)));
  run.frame('tn', ethernet('tn', 'nut', etherTypes.IPv4, esp('192.0.2.1', '192.0.2.2', 0x1001, 1)), [
    inner(0x1001, true),
  ]);
  run.frame('nut', ethernet('nut', 'tn', etherTypes.IPv4, esp('192.0.2.2', '192.0.2.1', 0x1002, 1)), [
    inner(0x1002, false),
  ]);
  run.mark('stimulus', { kind: 'moves', to: 'other-prefix' });
  run.time += 1250;
  run.frame(
    'tn',
    ethernet('tn', 'nut', etherTypes.IPv4, esp('192.0.2.77', '192.0.2.2', 0x1001, 2)),
    [inner(0x1001, true)],
    'flippedBit(3)',
  );
  run.state();
  run.frame('nut', ethernet('nut', 'tn', etherTypes.IPv4, esp('192.0.2.2', '192.0.2.1', 0x1002, 2)), [
    inner(0x1002, false),
  ]);
  run.note(says);
  return run.finished('bundles/outer-source-other-prefix-manual');
}

function identityRun(says: string): ReadableRun {
  const run = new Recording('asserted-name', 'initiator', says);
  const selectors = [
    {
      tsType: 7,
      protocolId: 0,
      startPort: 0,
      endPort: 65535,
      startAddress: '198.51.100.0',
      endAddress: '198.51.100.255',
    },
  ];
  const proposals = [
    {
      number: 1,
      protocolId: 1,
      spi: new Uint8Array(),
      transforms: [
        { type: 1, id: 12, keyLength: 128 },
        { type: 2, id: 5 },
        { type: 3, id: 12 },
        { type: 4, id: 31 },
      ],
    },
  ];
  const initial = [
    { type: 'SA', proposals },
    { type: 'KE', group: 31, keyExchangeData: new Uint8Array(32).fill(9) },
    { type: 'Nonce', data: new Uint8Array(32).fill(5) },
    { type: 'N', protocolId: 0, spi: new Uint8Array(), notifyType: 16388, data: new Uint8Array(20) },
  ] as unknown as Payload[];
  const authentication = [
    { type: 'IDi', idType: 2, data: fromText(says) },
    { type: 'CERT', encoding: 4, data: new Uint8Array(300).fill(0x30) },
    { type: 'AUTH', method: 14, data: new Uint8Array(64).fill(7) },
    { type: 'TSi', selectors },
    { type: 'TSr', selectors },
    { type: 'V', data: fromText(says) },
  ] as unknown as Payload[];
  run.mark('stimulus', { kind: 'command', command: { kind: 'initiate', connection: 'home', child: 'net' } });
  run.frame('tn', ethernet('tn', 'nut', etherTypes.IPv4, ike(34, 0, false, initial)));
  run.frame('nut', ethernet('nut', 'tn', etherTypes.IPv4, ike(34, 0, true, initial)));
  for (const response of [false, true]) {
    const { firstPayload, octets } = encodePayloads(authentication);
    const sealed = [
      { type: 'SK', innerNextPayload: firstPayload, body: octets.map((octet) => octet ^ 0x5a) },
    ] as unknown as Payload[];
    const opened: OpenedBuffer = { name: 'SK', octets, kind: 'ike-payloads', firstProtocol: firstPayload };
    const [from, to] = response ? (['nut', 'tn'] as const) : (['tn', 'nut'] as const);
    run.frame(from, ethernet(from, to, etherTypes.IPv4, ike(35, 1, response, sealed)), [opened]);
  }
  run.state();
  return run.finished('bundles/asserted-name-initiator');
}

class Recording {
  readonly #entries: Entry[] = [];
  readonly #opened = new Map<number, readonly OpenedBuffer[]>();
  readonly #scenario: string;
  readonly #variant: string;
  readonly #says: string;
  #frames = 0;
  time = 0;

  constructor(scenario: string, variant: string, says: string) {
    this.#scenario = scenario;
    this.#variant = variant;
    this.#says = says;
  }

  frame(from: string, octets: Uint8Array, opened: readonly OpenedBuffer[] = [], tamper?: string): void {
    this.#frames += 1;
    this.#opened.set(this.#frames, opened);
    const tampers: FrameEntry['tampers'] = tamper ? [{ name: tamper, complaint: `Bad checksum ${this.#says}` }] : [];
    this.#entries.push({ ...this.#placed(), kind: 'frame', number: this.#frames, link: 'home', from, octets, tampers });
  }

  mark(name: string, act: MarkedAct): void {
    this.#entries.push({ ...this.#placed(), kind: 'mark', name, by: 'tn', act });
  }

  note(says: string): void {
    this.#entries.push({ ...this.#placed(), kind: 'note', node: 'nut', says });
  }

  state(): void {
    const state: NodeState = {
      ikeSas: [
        {
          connection: 'home',
          initiatorSPI: '11'.repeat(8),
          responderSPI: '22'.repeat(8),
          state: 'established',
          remoteIdentity: this.#says,
          localAddress: '192.0.2.2',
          remoteAddress: '192.0.2.1',
        },
      ],
      sad: [
        {
          spi: 0x1001,
          source: '192.0.2.1',
          destination: '192.0.2.2',
          mode: 'tunnel',
          direction: 'in',
          packets: 2,
          octets: 168,
          replayWindow: 32,
          replayFailures: 0,
          integrityFailures: 0,
          child: this.#says,
        },
      ],
      spd: [{ direction: 'in', selector: `198.51.100.0/24 ${this.#says}`, action: 'PROTECT', priority: 1 }],
      counters: { XfrmInTmplMismatch: 1, [this.#says]: 2 },
      delivered: [],
    };
    this.#entries.push({ ...this.#placed(), kind: 'state', name: 'after', node: 'nut', state });
  }

  finished(bundle: string): ReadableRun {
    const node = {
      name: this.#says,
      interfaces: [],
      innerAddresses: [],
      routes: [],
      forwarding: false,
      sinks: [],
      spd: [],
      manual: [],
      ike: [],
    };
    const transcript: Transcript = {
      scenario: this.#scenario,
      variant: this.#variant,
      dimensions: { keying: 'manual' },
      cast: { nut: 'tested', tn: 'tester' },
      intent: { parties: { nut: node, tn: node }, ends: { tn: '198.51.100.1', nut: '203.0.113.1' } },
      entries: this.#entries,
    };
    const whereabouts = { links: {}, moves: [], names: {}, noticed: [] };
    return { bundle, transcript, log: `charon: 09[IKE] ${this.#says}\n`, opened: this.#opened, whereabouts };
  }

  #placed() {
    this.time += 2.4;
    return { place: this.#entries.length, time: this.time };
  }
}
