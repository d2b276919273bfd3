/**
 * Options under AH (BELLOVIN 3.1; RFC 4302 3.3.3.1 and appendix A): one is changed on its way, as a router would that writes into it. What options may
 * change is listed for IPv4; in IPv6 each says so itself by a bit of its type, hop-by-hop and destination options alike. A routing header at the end of its
 * way changes no more.
 */

import { post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyingOf, laterKeyings } from '../../harness/vocabulary/keying.ts';
import { ahMutants, espMutants } from '../../harness/vocabulary/mutants.ts';
import type { HeaderFields } from '../../harness/vocabulary/packets.ts';
import { udpPacket } from '../../harness/vocabulary/packets.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places, sinkPort } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { changedOnTheWay } from '../../harness/vocabulary/tampers.ts';
import { ahSuites } from '../../harness/vocabulary/transforms.ts';
import { BELLOVIN, RFC4302 } from '../requirements/documents.ts';

interface Option {
  readonly family: 'ipv4' | 'ipv6';
  readonly header: HeaderFields;
  /** An octet of the option's data, counted from the first of the IP header. */
  readonly offset: number;
  readonly mutable?: boolean;
  /** Of RFC 4302, where the option is not what its lists are about. */
  readonly section?: string;
}

const ipv4 = (...octets: readonly number[]): Pick<Option, 'family' | 'header'> => ({
  family: 'ipv4',
  header: { options: Uint8Array.from(octets) },
});
const hopByHop = (optionType: number): Pick<Option, 'family' | 'header'> => ({
  family: 'ipv6',
  header: { extensions: [{ type: 'hopByHop', options: [{ type: 'option', optionType, data: new Uint8Array(4) }] }] },
});

/** Before a routing header, so before AH (RFC 8200 4.1), which the packet has passed already. */
const beforeRouting = (optionType: number): Pick<Option, 'family' | 'header'> => ({
  family: 'ipv6',
  header: {
    extensions: [
      { type: 'destinationOptions', options: [{ type: 'option', optionType, data: new Uint8Array(4) }] },
      { type: 'routing', routingType: 0, segmentsLeft: 0, addresses: ['2001:db8:9::9'] },
    ],
  },
});

/** Types of options that nobody has defined, which whoever does not know them skips (RFC 8200 4.2). */
const FIXED = 0x1e;
const CHANGEABLE = 0x3e;

const options: Readonly<Record<string, Option>> = {
  'router-alert': { ...ipv4(148, 4, 0, 0), offset: 23 },
  'time-stamp': { ...ipv4(68, 8, 5, 0, 0, 0, 0, 0), offset: 27, mutable: true },
  'record-route': { ...ipv4(7, 7, 4, 0, 0, 0, 0, 0), offset: 26, mutable: true },
  'fixed-hop-by-hop': { ...hopByHop(FIXED), offset: 47 },
  'changeable-hop-by-hop': { ...hopByHop(CHANGEABLE), offset: 47, mutable: true },
  'fixed-destination': { ...beforeRouting(FIXED), offset: 47 },
  'changeable-destination': { ...beforeRouting(CHANGEABLE), offset: 47, mutable: true },
  'routing-address': { ...beforeRouting(FIXED), offset: 71, section: '3.3.3.1.2.3' },
};

export const coveredOptions = scenario({
  name: 'covered-options',
  title: 'An option is changed on the way of a packet under AH',
  dimensions: { option: Object.keys(options), keying: laterKeyings },
  given: ({ option, keying }) => {
    const { family } = options[option]!;
    return keyedHosts(keyingOf(keying), family, [transportPair('pair', family, { suite: ahSuites['ah-sha256'] })]);
  },
  async play(stage, { option, keying }) {
    const { tn, nut } = stage;
    const { family, header, offset } = options[option]!;
    const carries = (sourcePort: number, word: string) =>
      udpPacket(
        {
          from: places.home[family],
          to: nutAddresses[family],
          sourcePort,
          destinationPort: sinkPort,
          payload: new TextEncoder().encode(`touchstone ${word}`),
        },
        header,
      );
    await establish(stage, keyingOf(keying), ['pair']);
    await tn.echo('before');
    await tn.esp('whole', { carries: carries(4001, 'whole') });
    await tn.esp('changed', { carries: carries(4002, 'changed'), onTheWay: changedOnTheWay(offset, 0x01) });
    await tn.esp('unchanged', { carries: carries(4003, 'unchanged') });
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'BELLOVIN-3.1b': question('Does AH notice that an option was changed on the way?', {
      outcomes: ['dropped', 'delivered'],
      controls: (t) => [
        pre('a packet without options is accepted', t.answered('before')),
        pre('one with the option unchanged is delivered', t.delivered('whole', 'report')),
        post('and so is a later one', t.delivered('unchanged', 'report')),
        post('a later packet without options is accepted', t.answered('after')),
      ],
      judge: (t) =>
        t.delivered('changed', 'report')?.as('delivered') ??
        t.undelivered('changed', 'unchanged', 'report')?.as('dropped'),
      plays: 'receiver',
      reads: ({ option }) => {
        const of = isMutable(option) ? { dropped: fail, delivered: pass } : { dropped: pass, delivered: fail };
        const { family, section = family === 'ipv4' ? 'A1' : '3.3.3.1.2.2' } = options[option!]!;
        return [reads(BELLOVIN, '3.1', 'obs', 'receiver', of), reads(RFC4302, section, 'MUST', 'receiver', of)];
      },
      lawful: ({ option }) => (isMutable(option) ? 'delivered' : 'dropped'),
      turnedBy: ({ option }) =>
        isMutable(option) ? [[ahMutants.zeroesEmptyOptions, 'dropped']] : [[espMutants.ignoresIcv, 'delivered']],
    }),
  },
});

const isMutable = (option: string | undefined): boolean => options[option!]!.mutable === true;
