/** For tests: an SA of every transform that Linux has a name for, with keys of one length each, and policies of every form, as ip(8) is told them. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { linuxAuthenticators, linuxCiphers } from '../../capture/keys/linux-names.ts';
import type { KeyRecord, ManualSa } from '../../lab/node.ts';
import { ensureImage } from '../../runtime/image.ts';
import type { Guest } from '../../runtime/runtime.ts';
import { uml } from '../../runtime/uml.ts';
import { algorithmWords } from './transforms.ts';

type GivenSa =
  Extract<KeyRecord, { readonly kind: 'esp' | 'ah' }> extends infer Key
    ? Key extends unknown
      ? Omit<Key, 'since'>
      : never
    : never;

const digits = (octets: number, from: number): string =>
  Array.from({ length: octets }, (_, i) => ((from + 7 * i) % 256).toString(16).padStart(2, '0')).join('');

const ends = (spi: number) =>
  ({ source: '192.0.2.1', destination: '192.0.2.2', spi, extendedSequenceNumbers: false }) as const;

/** In the order of their SPIs. */
export const givenSas: readonly GivenSa[] = [
  ...Object.entries(linuxCiphers).map(([number, { icv, salt = 0 }], i): GivenSa => {
    const id = Number(number);
    const octets = { 2: 8, 3: 24, 11: 0, 28: 32 }[id] ?? 16;
    return {
      ...ends(0x1000 + i),
      kind: 'esp',
      encryption: { id, ...(id >= 12 && id <= 21 && { keyLength: 8 * octets }), key: digits(octets + salt, id) },
      ...(icv === undefined && { integrity: { id: 12, key: digits(32, 3) } }),
      encapsulated: false,
    };
  }),
  ...Object.entries(linuxAuthenticators).map(([number, { icv }], i): GivenSa => {
    const id = Number(number);
    const key = digits(id === 2 ? 20 : id < 12 ? 16 : icv / 4, id);
    return { ...ends(0x2000 + i), kind: 'ah', integrity: { id, key } };
  }),
];

export function lineOf(sa: GivenSa): string {
  const of = { name: '', direction: 'out', mode: 'transport', replayWindow: 0 };
  const protocol = sa.kind === 'esp' ? 'ESP' : 'AH';
  const words = algorithmWords({ ...sa, protocol, ...of } as ManualSa);
  if ('unsupported' in words) throw new Error(words.unsupported);
  const { source, destination, spi } = sa;
  return `xfrm state add src ${source} dst ${destination} proto ${sa.kind} spi ${spi} mode transport ${words.words}`;
}

const template = 'tmpl src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel reqid 7';

/** One of each direction and action, of both families, and of every form of a selector. */
export const policyLines: readonly string[] = [
  `xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out priority 3 ${template}`,
  `xfrm policy add src 10.2.0.0/16 dst 10.1.0.0/16 dir fwd priority 3 ${template}`,
  'xfrm policy add src ::/0 dst ::/0 proto 58 type 136 code 0 dir out priority 10',
  'xfrm policy add src 2001:db8::1/128 dst ::/0 proto 17 sport 500 dport 4500 dir in priority 11',
  'xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 proto 6 dport 179 dir in priority 12',
  'xfrm policy add src ::/0 dst ::/0 proto 135 type 5 dir out priority 13',
  'xfrm policy add src 2001:db8:9::9/128 dst 2001:db8::1/128 dir in priority 14 tmpl src 2001:db8:9::9 dst 2001:db8::1 proto hao mode ro level use',
  'xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir in action block priority 60000',
];

/** A guest of its own whose kernel has taken all these lines of ip(8). Fails with those that it refused. */
export async function kernelTold(lines: readonly string[]): Promise<Guest> {
  const image = await ensureImage('linux', join(homedir(), '.cache', 'touchstone'));
  const guest = await uml.boot({ name: 'told', image, wires: [] });
  const refused = (await guest.console.batch(lines)).filter(({ done }) => !done);
  expect(refused).to.deep.equal([]);
  return guest;
}
