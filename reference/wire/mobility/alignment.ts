/**
 * Where mobility options stand: the alignment that each asks for, `xn + y` octets from the start of the Mobility Header
 * (RFC 6275 sections 6.2.4 to 6.2.7, RFC 3963 section 4.3, RFC 4285 sections 5 and 6), and the padding that gives it to
 * them and makes the whole a multiple of 8 octets (section 6.1.1). Options written as a value says are `message.ts`'s.
 */
import { type MobilityOption, mobilityOption } from './options.ts';

/**
 * The options with Pad1 and PadN in between, the first of them to stand `start` octets after the start of the Mobility
 * Header. Padding that is given stays as it is: the option after it is padded no further, be it aligned or not. Hence
 * what is aligned stays so.
 */
export function alignOptions(options: readonly MobilityOption[], start: number): readonly MobilityOption[] {
  const aligned: MobilityOption[] = [];
  let at = start;
  const lay = (option: MobilityOption) => {
    aligned.push(option);
    at += mobilityOption.encode(option).length;
  };
  options.forEach((option, i) => {
    if (!isPadding(options[i - 1])) padding(missing(option, at)).forEach(lay);
    lay(option);
  });
  padding(-at & 7).forEach(lay);
  return aligned;
}

/** Padding of so many octets: a Pad1 for one, a PadN for more. */
export function padding(octets: number): readonly MobilityOption[] {
  if (octets === 0) return [];
  return [octets === 1 ? { type: 'pad1' } : { type: 'padN', data: new Uint8Array(octets - 2) }];
}

function isPadding(option: MobilityOption | undefined): boolean {
  return option?.type === 'pad1' || option?.type === 'padN';
}

function missing(option: MobilityOption, at: number): number {
  const [every, beyond] = alignmentOf(option);
  return (beyond - (at % every) + every) % every;
}

/**
 * `[x, y]` for `xn + y`. Binding Authorization Data has to end the message without padding after it: an authenticator
 * of 12 octets makes that 8n + 2, any other what its length makes it.
 */
function alignmentOf(option: MobilityOption): readonly [every: number, beyond: number] {
  if (option.type === 'bindingAuthorizationData') return [8, -(2 + option.authenticator.length) & 7];
  return alignments[option.type] ?? [1, 0];
}

const alignments: Readonly<Partial<Record<MobilityOption['type'], readonly [every: number, beyond: number]>>> = {
  bindingRefreshAdvice: [2, 0],
  alternateCareOfAddress: [8, 6],
  nonceIndices: [2, 0],
  mobileNetworkPrefix: [8, 4],
  mobilityMessageAuthentication: [4, 1],
  mobilityMessageReplayProtection: [8, 2],
};
