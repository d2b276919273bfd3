/**
 * The type of a Mobility Header as a selector (RFC 4301 4.4.1.1), as a policy has it that wants Binding Updates protected and leaves the tests of return
 * routability in clear (RFC 6275 5.1). The node under test speaks no Mobile IPv6: that a message passed its policy shows in the Parameter Problem about a
 * next header which nobody reads there (RFC 8200 4).
 */
import { type Account, both, cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings, protect, type Ruling } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { behindHeaders, mobilityPacket } from '../../harness/vocabulary/packets.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places, sinkPort } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { ARKKO, RFC4301 } from '../requirements/documents.ts';

const BINDING_UPDATE = 5;
/** What the selector says: that type alone, or as the last of some. */
const selectors: Readonly<Record<string, number | readonly [number, number]>> = {
  type: BINDING_UPDATE,
  types: [3, BINDING_UPDATE],
};

/** How a message comes, and what becomes of all that has no entry: in clear what is missed is taken, under ESP it is dropped. */
const arrivals = {
  'in-clear': { of: 'the type', unmatched: 'BYPASS', lawful: 'dropped', turn: policyMutants.readsNoMobilityType },
  protected: { of: 'the type', unmatched: 'DISCARD', lawful: 'taken', turn: policyMutants.readsNoMobilityType },
  'another-type': { of: 'another', unmatched: 'BYPASS', lawful: 'taken', turn: policyMutants.ignoresMobilityType },
} as const;

const typed = (selector: string) =>
  transportPair('typed', 'ipv6', {
    selector: { protocol: protocols['Mobility Header'], mobilityHeaderType: selectors[selector]! },
  });
const life = transportPair('life', 'ipv6', { spi: 0x3000, selector: { protocol: protocols.UDP, localPort: sinkPort } });
/** Of neighbors, and errors. */
const icmp: Ruling = {
  name: 'icmp',
  direction: 'both',
  selector: { local: '::/0', remote: '::/0', protocol: protocols['IPv6-ICMP'] },
  action: 'BYPASS',
};

const ends = { from: places.home.ipv6, to: nutAddresses.ipv6 };
const update = mobilityPacket(ends, { kind: 'bindingUpdate', sequenceNumber: 1, lifetime: 15, options: [] });
const other = mobilityPacket(ends, { kind: 'homeTestInit', homeInitCookie: new Uint8Array(8), options: [] });

/** As it is, or behind destination options that say nothing: where the type is must not depend on what stands before the header. */
const behind = (header: 'alone' | 'behind-options', packet: Uint8Array): Uint8Array =>
  header === 'alone' ? packet : behindHeaders(packet, [{ type: 'destinationOptions', options: [padding] }]);
const padding = { type: 'padN', data: new Uint8Array(4) } as const;

export const typedSelectors = scenario({
  name: 'typed-selectors',
  title: 'A policy for one type of Mobility Header',
  dimensions: {
    selector: Object.keys(selectors),
    header: ['alone', 'behind-options'],
    arrival: ['in-clear', 'protected', 'another-type'],
    keying: keyings,
  },
  where: ({ selector, header }) => selector === 'type' || header === 'behind-options',
  given: ({ selector, arrival, keying }) =>
    keyedHosts(keying, 'ipv6', [typed(selector), life], {
      policy: [protect(typed(selector)), protect(life), icmp],
      unmatched: arrivals[arrival].unmatched,
    }),
  async play(stage, { header, arrival, keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, ['typed', 'life']);
    await tn.pingInClear('alive');
    await tn.esp('before', { under: 'life', carries: 'udp' });
    if (arrival === 'protected') {
      await tn.esp('stimulus', { under: 'typed', carries: behind(header, update) });
      await tn.esp('same way', { under: 'life', carries: 'udp' });
    } else {
      if (arrival === 'in-clear') await tn.packet('path', behind(header, other), { awaited: true });
      await tn.packet('stimulus', behind(header, arrival === 'in-clear' ? update : other));
    }
    await tn.pingInClear('after');
    await nut.reports('report');
  },
  questions: {
    'ARKKO-2.2a': question('Does an entry for a type of Mobility Header decide about that type, and about no other?', {
      outcomes: ['taken', 'dropped'],
      controls: (t, { arrival }) => [
        pre('the node is alive', t.answered('alive')),
        pre('what another entry protects is delivered', t.delivered('before', 'report')),
        post('it still is alive', t.answered('after')),
        ...(arrival === 'in-clear'
          ? [cause('a message of another type in clear reaches its upper layer', t.objection('path')?.shown)]
          : []),
      ],
      judge: (t, { arrival }) => (arrival === 'protected' ? underEsp(t) : inClear(t)),
      plays: 'receiver',
      reads: ({ arrival }) => {
        const asked = arrivals[arrival as keyof typeof arrivals].lawful;
        const each = { taken: asked === 'taken' ? pass : fail, dropped: asked === 'dropped' ? pass : fail };
        return [reads(ARKKO, '2.2', 'obs', 'receiver', each), reads(RFC4301, '4.4.1.1', 'MUST', 'receiver', each)];
      },
      lawful: ({ arrival }) => arrivals[arrival as keyof typeof arrivals].lawful,
      turnedBy: ({ arrival }) => {
        const { lawful, turn } = arrivals[arrival as keyof typeof arrivals];
        return [lawful === 'taken' ? [turn, 'dropped'] : [turn, 'taken']];
      },
    }),
  },
});

const inClear = (t: Account) =>
  t.objection('stimulus')?.shown.as('taken') ?? both(t.unobjected('stimulus', 'after'))?.as('dropped');

function underEsp(t: Account) {
  const problem = t.icmpv6.heard('parameterProblem', { after: 'stimulus' });
  const says = `Parameter Problem, code ${problem?.message.code}, pointer to octet ${problem?.message.pointer}`;
  return t.icmpv6.shown(problem, says)?.as('taken') ?? t.delivered('same way', 'report')?.as('dropped');
}
