/**
 * A node has a single SPI for the children of its peers, one of which is to end at another address than the others. An SPI identifies one SA of who receives under it (RFC 4301
 * 4.4.2.1), so that there is one child. Seen in the field with a daemon whose kernel compared destinations before it called an SPI taken; where there are more SPIs, chance decides.
 */
import { certificateOf, fqdn, signedWith } from '../../harness/vocabulary/credentials.ts';
import { connection, honestNut, honestTn, mirroredChild } from '../../harness/vocabulary/ike-intent.ts';
import { intent, mirroredEntry } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { childOf, entryOf, transportPair } from '../../harness/vocabulary/pairs.ts';
import { hostToHost, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { hex } from '../../reference/wire/octets.ts';
import { RFC4301 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const ipv6 = { from: places.home.ipv6, to: nutAddresses.ipv6 };
const children = {
  first: { family: 'ipv4', protocol: protocols.ICMP },
  elsewhere: { family: 'ipv6', protocol: protocols.UDP },
  third: { family: 'ipv4', protocol: protocols.UDP },
} as const;
type Child = keyof typeof children;
const names = Object.keys(children) as readonly Child[];
const pairs = names.map((name) => {
  const { family, protocol } = children[name];
  return { connection: family, pair: transportPair(name, family, { selector: { protocol } }) };
});

export const oneSpi = scenario({
  name: 'one-spi',
  title: 'A node with one SPI is asked for several children',
  dimensions: { spis: ['one-value'] },
  given: () => {
    const spd = pairs.map((each) => entryOf(each.pair, [`${each.connection}/${each.pair.name}`]));
    return intent({
      topology: hostToHost,
      ends: { nut: nutAddresses.ipv4, tn: places.home.ipv4 },
      nut: { spd, manual: [], ike: families.map((family) => connectionOver(family)), spis: [0x1001, 0x1001] },
      tn: { spd: spd.map(mirroredEntry), ike: families.map((family) => testersConnectionOver(family)) },
    });
  },
  async play({ tn, nut }) {
    await tn.pingInClear('path', ipv6);
    for (const name of names) await tn.initiates(asking(name), { connection: children[name].family, child: name });
    await tn.echo('to first');
    await tn.udp('to elsewhere', ipv6);
    await tn.udp('to third');
    await tn.pingInClear('life', ipv6);
    await nut.reports('report');
  },
  questions: {
    'FIELD-F10': question('Has each child an SPI of its own?', {
      outcomes: ['own', 'shared', 'lost'],
      controls: (t) => [
        pre('the first child is made', t.ike.childAgreed(asking('first'))),
        pre('the other address is reachable', t.answered('path')),
        post('the node lives', t.answered('life')),
      ],
      judge,
      plays: 'responder',
      reads: [reads(RFC4301, '4.4.2.1', 'MUST', 'implementation', { own: pass, shared: fail, lost: fail })],
      lawful: 'own',
      reported: [
        reported('strongSwan', 2778, 'children of two connections had one SPI, and packets went to the wrong one'),
      ],
      turnedBy: [[childMutants.tellsSpisApartByAddress, 'lost']],
    }),
  },
});

const families = ['ipv4', 'ipv6'] as const;

function childrenOver(family: (typeof families)[number]) {
  return pairs.filter((each) => each.connection === family).map(({ pair }) => childOf(pair));
}

function connectionOver(family: (typeof families)[number]) {
  return connection(family, [nutAddresses[family]], [places.home[family]], honestNut, childrenOver(family));
}

/** Each is somebody else, so that neither ends what the other has (RFC 7296 2.4). */
function testersConnectionOver(family: (typeof families)[number]) {
  const name = `${family}.example`;
  const certificate = certificateOf({ commonName: name, altNames: [{ dNSName: name }] });
  const peer = { ...honestTn, identity: fqdn(name), credential: signedWith(certificate) };
  const asked = childrenOver(family).map(mirroredChild);
  return connection(family, [places.home[family]], [nutAddresses[family]], peer, asked);
}

const asking = (name: Child): string => `asks for ${name}`;

function judge(t: Account): Judgement | undefined {
  if (names.some((name) => t.ike.settled(asking(name)) === undefined)) return undefined;
  const made = names.filter((name) => t.ike.childAgreed(asking(name)));
  const agreed = both(...made.map((name) => t.ike.childAgreed(asking(name))));
  if (!made.every((name) => carried(t, name))) return agreed?.as('lost');
  return agreed?.as(new Set(made.map((name) => spiOf(t, name))).size === made.length ? 'own' : 'shared');
}

function carried(t: Account, name: Child): Finding | undefined {
  return name === 'first' ? t.answered('to first') : t.delivered(`to ${name}`, 'report');
}

/** The one that the node chose. */
function spiOf(t: Account, name: Child): string {
  const SA = t.ike.settled(asking(name))?.ike.payloads?.find((payload) => payload.type === 'SA');
  return hex(SA?.proposals[0]?.spi ?? new Uint8Array());
}
