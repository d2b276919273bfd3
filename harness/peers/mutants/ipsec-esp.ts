/** Broken twins of ESP processing (RFC 4303): counters, windows, integrity and what stands inside. */
import { mutant } from '../mutant.ts';

export const countsByTwo = mutant(
  'countsByTwo',
  'ipsec',
  'nextSequenceNumber',
  'the counter is incremented when a packet is built and again when it is sent',
  () => (last) => last + 2n,
);

export const neverCounts = mutant(
  'neverCounts',
  'ipsec',
  'nextSequenceNumber',
  'the counter is incremented in a copy of the SA',
  () => (last) => last,
);

export const countsIn32Bits = mutant(
  'countsIn32Bits',
  'ipsec',
  'nextSequenceNumber',
  'an extended counter is kept in 32 bits and begins again without a carry',
  () => (last) => (last + 1n) & 0xffffffffn,
);

export const wrapsCounter = mutant(
  'wrapsCounter',
  'ipsec',
  'sequenceNumberUsable',
  'nobody looks whether the counter overflows',
  () => () => true,
);

export const neverWrapsCounter = mutant(
  'neverWrapsCounter',
  'ipsec',
  'sequenceNumberUsable',
  'the sender stops at the end of the counter without asking whether anti-replay is on',
  () =>
    (next, { extendedSequenceNumbers }) =>
      next < 1n << (extendedSequenceNumbers ? 64n : 32n),
);

export const windowIsShortByOne = mutant(
  'windowIsShortByOne',
  'ipsec',
  'sequenceNumberAcceptable',
  'the window is compared with "less than" where "at most" is meant',
  (lawful) => (sequenceNumber, window) =>
    lawful(sequenceNumber, window) && sequenceNumber !== window.top - BigInt(window.size) + 1n,
);

export const takesOnlyNewer = mutant(
  'takesOnlyNewer',
  'ipsec',
  'sequenceNumberAcceptable',
  'the highest number seen is all that is kept, so reordered packets are lost',
  () => (sequenceNumber, window) => sequenceNumber > window.top,
);

export const refusesJumps = mutant(
  'refusesJumps',
  'ipsec',
  'sequenceNumberAcceptable',
  'a number far ahead is taken for an attack',
  (lawful) => (sequenceNumber, window) =>
    lawful(sequenceNumber, window) && sequenceNumber <= window.top + BigInt(window.size),
);

export const comparesSigned = mutant(
  'comparesSigned',
  'ipsec',
  'sequenceNumberAcceptable',
  'numbers are compared by a signed difference of 32 bits, so what is far ahead looks old',
  (lawful) => (sequenceNumber, window) => {
    const ahead = BigInt.asIntN(32, sequenceNumber - window.top);
    return lawful(sequenceNumber, window) && (sequenceNumber <= window.top || ahead > 0n);
  },
);

export const takesNumberZero = mutant(
  'takesNumberZero',
  'ipsec',
  'sequenceNumberAcceptable',
  'zero is taken for "no sequence number"',
  (lawful) => (sequenceNumber, window) => sequenceNumber === 0n || lawful(sequenceNumber, window),
);

export const sharesOneWindow = mutant(
  'sharesOneWindow',
  'ipsec',
  'sequenceNumberAcceptable',
  'the window hangs on the peer instead of the SA',
  (lawful) => {
    let highest = 0n;
    return (sequenceNumber, window) => {
      const acceptable = lawful(sequenceNumber, window) && sequenceNumber > highest - BigInt(window.size);
      if (acceptable && sequenceNumber > highest) highest = sequenceNumber;
      return acceptable;
    };
  },
);

export const keepsUpperHalf = mutant(
  'keepsUpperHalf',
  'ipsec',
  'sequenceNumberHigh',
  'the upper half of an extended number is set once and never carried',
  () => {
    const halves = new WeakMap<object, number>();
    return (_low, window) => {
      const first = halves.get(window) ?? Number(window.top >> 32n);
      halves.set(window, first);
      return first;
    };
  },
);

export const movesWindowBeforeIntegrity = mutant(
  'movesWindowBeforeIntegrity',
  'ipsec',
  'inboundProcedure',
  'the window is updated where it is checked, before the ICV is',
  (lawful) => ['sequenceNumber' as const, 'windowUpdate' as const, ...lawful.filter((step) => !windowSteps.has(step))],
);

export const ignoresIcv = mutant(
  'ignoresIcv',
  'ipsec',
  'icvMatches',
  'the result of the comparison is thrown away',
  () => () => true,
);

export const comparesHalfIcv = mutant(
  'comparesHalfIcv',
  'ipsec',
  'icvMatches',
  'only the first half of the ICV is compared',
  (lawful) => (computed, received) =>
    lawful(computed.subarray(0, computed.length / 2), received.subarray(0, received.length / 2)),
);

export const ignoresPadding = mutant(
  'ignoresPadding',
  'ipsec',
  'paddingAcceptable',
  'padding is skipped by its length and never looked at',
  () => () => true,
);

export const ignoresNextHeader = mutant(
  'ignoresNextHeader',
  'ipsec',
  'nextHeaderFitsMode',
  'the version of the inner packet is read from the packet, whatever Next Header says',
  () => () => true,
);

export const ignoresSpi = mutant(
  'ignoresSpi',
  'ipsec',
  'inboundSa',
  'the SA is found by the addresses alone, when a peer has only one',
  () => (sad) => sad.find(({ sa }) => sa.direction === 'in'),
);

export const keepsOneTable = mutant(
  'keepsOneTable',
  'ipsec',
  'inboundSa',
  'SAs of both directions stand in one table and the direction is not compared',
  () =>
    (sad, { spi }) =>
      sad.find(({ sa }) => sa.spi === spi),
);

export const takesReservedSpi = mutant(
  'takesReservedSpi',
  'ipsec',
  'spiUsable',
  'any number is taken for an SPI',
  () => () => true,
);

export const takesAhForEsp = mutant(
  'takesAhForEsp',
  'ipsec',
  'ipsecProtocol',
  'one input function serves both protocols and never compares which',
  (lawful) => (protocol) => lawful(protocol) && 'ESP',
);

const windowSteps: ReadonlySet<string> = new Set(['sequenceNumber', 'windowUpdate']);

export const padsToSixteen = mutant(
  'padsToSixteen',
  'ipsec',
  'padding',
  'every packet is padded as if its cipher had blocks of sixteen octets',
  (lawful) => (length) => lawful(length, 16),
);

export const padsOneBlockMore = mutant(
  'padsOneBlockMore',
  'ipsec',
  'padding',
  'every packet is padded to a block more than need be',
  (lawful) => (length, alignment) =>
    Uint8Array.from({ length: lawful(length, alignment).length + 16 }, (_, i) => i + 1),
);

export const repeatsIv = mutant(
  'repeatsIv',
  'ipsec',
  'initializationVector',
  'the IV is drawn with the keys, once',
  () => (octets) => new Uint8Array(octets).fill(0x5a),
);

export const countsIv = mutant(
  'countsIv',
  'ipsec',
  'initializationVector',
  'a counter serves every cipher, whatever it asks of its IV',
  () => (octets, sequenceNumber) => Uint8Array.from({ length: octets }, (_, i) => octetOf(sequenceNumber, octets - i)),
);

export const padsWithZeros = mutant(
  'padsWithZeros',
  'ipsec',
  'padding',
  'the buffer was cleared, and padding is what is left of it',
  (lawful) =>
    (...asked) =>
      new Uint8Array(lawful(...asked).length),
);

/** Counted from the end. */
const octetOf = (number: bigint, place: number): number => Number((number >> BigInt(8 * (place - 1))) & 0xffn);
