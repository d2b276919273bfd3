/**
 * Options that must not pass for verified (DUPONT 2.2 A), each with what is wrong: the protection, the shape, the place, or the address. Where the address is
 * wrong the SA serves any, so that nothing but the address speaks against it; where the shape is wrong in clear, a binding would have the option pass.
 */
import {
  type BindingByHand,
  type CorrespondentNodeConfiguration,
  homeAddressPair,
  type ManualAh,
  mobile,
} from '../../../harness/vocabulary/mobile-intent.ts';
import {
  addressMutants,
  espMutants,
  hostMutants,
  mobilityMutants,
  type NodeMutant,
} from '../../../harness/vocabulary/mutants.ts';
import { behindHeaders, fromCareOfAddress, hiddenBehindEsp, underAh } from '../../../harness/vocabulary/packets.ts';
import { manualSas, type Pair } from '../../../harness/vocabulary/pairs.ts';
import { nutAddresses } from '../../../harness/vocabulary/places.ts';
import type { EspByHand } from '../../../harness/vocabulary/stage.ts';
import { flippedAt } from '../../../harness/vocabulary/tampers.ts';
import { espSuites } from '../../../harness/vocabulary/transforms.ts';
import { type ExtensionHeader, homeAddressHeader, optionTypes } from '../../../reference/wire/ip/extension-headers.ts';
import { datagram, type Protection, protections, type Told, told } from './correspondents.ts';

const { homeAddress, otherHomeAddress, careOfAddress } = mobile;

export type Way = Protection | 'clear';

/** Under the SA of its protocol, or as it is. */
export type Stimulus = { readonly sealed: EspByHand } | { readonly packet: Uint8Array };

interface Lie {
  readonly ways: readonly Way[];
  readonly told?: readonly Told[];
  /** The SA serves any source; or there is another, without integrity. */
  readonly sa?: 'of-any-address' | 'beside-open';
  /** More than one where a node may err in more than one way. */
  readonly stimuli: (way: Way, pair: Pair) => readonly Stimulus[];
  readonly turnedBy: NodeMutant;
  /** Where the mutant errs otherwise than by delivering it. */
  readonly turnsTo?: (told: string | undefined) => 'refused' | 'delivered';
}

/** What a correspondent may be told where an option that is right has to pass. */
const eitherVoucher = ['to-verify', 'binding'] as const;
const underIpsec = ['esp', 'ah'] as const;

const sealed = (order: EspByHand): readonly Stimulus[] => [{ sealed: order }];
const lying = (from = homeAddress as string): Uint8Array => datagram(LIE_PORT, 'lie', from);
const LIE_PORT = 4010;

const address = (homeAddress: string, turnedBy: NodeMutant = mobilityMutants.takesAnyHomeAddress): Lie => ({
  ways: underIpsec,
  sa: 'of-any-address',
  stimuli: () => sealed({ carries: lying(homeAddress), careOfAddress }),
  turnedBy,
});

/** Headers in the place of the right one; in clear the packet goes as it is. */
const headers = (extensions: readonly ExtensionHeader[]): Lie => ({
  ways: [...underIpsec, 'clear'],
  stimuli: (way) => {
    const packet = behindHeaders(lying(), extensions, { from: careOfAddress });
    return way === 'clear' ? [{ packet }] : sealed({ carries: packet });
  },
  turnedBy: mobilityMutants.takesTwoHomeAddresses,
});

/** A node that passes over the option takes the checksum of the care-of address, one that reads it that of the home address. */
const passedOver = (extensions: readonly ExtensionHeader[], turnedBy: NodeMutant): Lie => ({
  ways: ['clear'],
  stimuli: () =>
    [homeAddress, careOfAddress].map((from, place) => ({
      packet: behindHeaders(datagram(LIE_PORT + place, 'lie', from), extensions, { from: careOfAddress }),
    })),
  turnedBy,
});

const right = homeAddressHeader(homeAddress);

const oddLength = (length: number): ExtensionHeader => {
  const data = new Uint8Array(length);
  data.set([0x20, 0x01, 0x0d, 0xb8, 0, 0xa2]);
  const option = { type: 'option', optionType: optionTypes['Home Address'], data } as const;
  return { type: 'destinationOptions', options: [{ type: 'padN', data: new Uint8Array(2) }, option] };
};

const hidden = (
  packetOf: () => Uint8Array,
  behind: ExtensionHeader = right,
  turnedBy: NodeMutant = mobilityMutants.readsHiddenOption,
  complaint?: string,
): Lie => ({
  ways: underIpsec,
  stimuli: (way, pair) => {
    if (way === 'esp') return sealed({ carries: packetOf(), beforeSealing: hiddenBehindEsp([behind], complaint) });
    const sa = manualSas(pair)[0] as ManualAh;
    return [{ packet: underAh(packetOf(), { sa, sequenceNumber: LIE_NUMBER, hidden: [behind] }) }];
  },
  turnedBy,
});

/** Nobody has defined it; whoever does not know it tells of it (RFC 8200 4.2). */
const unknown: ExtensionHeader = {
  type: 'destinationOptions',
  options: [{ type: 'option', optionType: 0x9e, data: new Uint8Array(4) }],
};
const { readsNothingBehindIpsec, readsBehindUnverified } = hostMutants;
const truth = (): Uint8Array => fromCareOfAddress(lying(), careOfAddress);

/** Behind an ICV that is wrong nobody has said it. */
const forgedBehindAh: Lie = {
  ways: ['ah'],
  stimuli: (_, pair) => {
    const sa = manualSas(pair)[0] as ManualAh;
    const packet = underAh(truth(), { sa, sequenceNumber: LIE_NUMBER, hidden: [unknown] });
    return [{ packet: packet.with(-1, packet.at(-1)! ^ 1) }];
  },
  turnedBy: readsBehindUnverified,
  turnsTo: () => 'refused',
};

/** Above what the SA has seen before. */
const LIE_NUMBER = 11n;

export const lies = {
  'bad-icv': {
    ways: underIpsec,
    stimuli: (way) => sealed({ carries: lying(), careOfAddress, afterSealing: flippedAt(way === 'esp' ? -1 : AH_ICV) }),
    turnedBy: espMutants.ignoresIcv,
  },
  'no-authentication': {
    ways: ['esp'],
    told: ['to-verify'],
    sa: 'beside-open',
    stimuli: () => sealed({ under: 'open', carries: lying(), careOfAddress }),
    turnedBy: mobilityMutants.vouchesWithoutIcv,
  },
  'other-home-address': {
    ways: underIpsec,
    stimuli: () => sealed({ carries: lying(otherHomeAddress), careOfAddress }),
    turnedBy: addressMutants.carriesWhateverArrives,
  },
  'two-options': headers([{ ...right, options: [...right.options, ...right.options] }]),
  // What follows the first is neither ESP nor AH, so that a binding would have to vouch.
  'two-headers': {
    ...headers([right, right]),
    turnsTo: (told) => (told === 'binding' ? 'delivered' : 'refused'),
  },
  multicast: address('ff1e::9'),
  'link-local': address('fe80::9'),
  unspecified: address('::'),
  loopback: address('::1'),
  'ipv4-mapped': address('::ffff:192.0.2.2'),
  own: address(nutAddresses.ipv6, mobilityMutants.takesOwnAddress),
  inside: hidden(() => behindHeaders(lying(), [], { from: careOfAddress })),
  'before-and-inside': hidden(truth),
  'inside-length-15': hidden(
    truth,
    oddLength(15),
    mobilityMutants.passesOverOddOption,
    'Home Address: Invalid length (15 bytes)',
  ),
  'unknown-inside': hidden(truth, unknown, readsNothingBehindIpsec),
  'forged-behind-ah': forgedBehindAh,
  'length-15': passedOver([oddLength(15)], mobilityMutants.passesOverOddOption),
  'length-17': passedOver([oddLength(17)], mobilityMutants.passesOverOddOption),
  'hop-by-hop': passedOver([{ type: 'hopByHop', options: right.options }], hostMutants.skipsUnknownOptions),
} as const satisfies Record<string, Lie>;

export type LieName = keyof typeof lies;

export const lieOf = (name: string | undefined): Lie => lies[name as LieName];

/** Whether a lie can be told this way to a node that was told this. */
export function isTold({ lie, way, told: of }: Readonly<Record<string, string>>): boolean {
  const { ways, told: asked = eitherVoucher } = lieOf(lie);
  if (way === 'clear') return of === 'binding' && ways.includes('clear');
  return ways.includes(way as Way) && (asked as readonly string[]).includes(of!);
}

/** The SAs that truth and lie are told under; none in clear. */
export function pairsOf({ lie, way }: Readonly<Record<string, string>>): readonly Pair[] {
  if (way === 'clear') return [];
  const { sa } = lieOf(lie);
  const selector = sa === 'of-any-address' ? { remote: '::/0', protocol: UDP } : {};
  const pair = homeAddressPair('pair', { suite: protections[way as Protection], selector });
  const open = homeAddressPair('open', { suite: espSuites['aes-cbc-alone'], spi: 0x1400 });
  return sa === 'beside-open' ? [pair, open] : [pair];
}

/** A binding of the other home address, too, so that only its SA speaks against it. */
export function toldFor({ lie, told: of }: Readonly<Record<string, string>>): CorrespondentNodeConfiguration {
  if (of !== 'binding') return told['to-verify'];
  const other: BindingByHand = { homeAddress: otherHomeAddress, careOfAddress };
  return lie === 'other-home-address' ? { bindings: [...told.binding.bindings, other] } : told.binding;
}

const UDP = 17;
/** Where the ICV begins, from the first octet of AH on. */
const AH_ICV = 12;
