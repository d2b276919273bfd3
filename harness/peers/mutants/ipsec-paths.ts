/** Broken twins that err about the length of a path. */
import { mutant } from '../mutant.ts';

export const ignoresPathMtu = mutant(
  'ignoresPathMtu',
  'ipsec',
  'pathMtuMessageHeeded',
  'nobody vouches for an ICMP message from outside, so none is read, and long packets vanish for ever',
  () => () => false,
);

export const takesPathMtuForAny = mutant(
  'takesPathMtuForAny',
  'ipsec',
  'pathMtuSa',
  'the SA is looked for by the peer alone, because old routers quote too little to have an SPI',
  (lawful) => (sad, quoted) =>
    lawful(sad, quoted) ??
    sad.find(({ sa, destination }) => sa.direction === 'out' && destination === quoted.destination),
);

export const believesEveryPathMtu = mutant(
  'believesEveryPathMtu',
  'ipsec',
  'pathMtuAcceptable',
  'the number is written down as it comes, and a forger makes it so small that nothing passes',
  () => () => true,
);

export const forgetsOverhead = mutant(
  'forgetsOverhead',
  'ipsec',
  'mtuTold',
  'the sender is told what the router said, and what ESP adds is too long again',
  (lawful) => (longest, version) => lawful(longest + ESP_OVERHEAD, version),
);

export const sealsWhateverLength = mutant(
  'sealsWhateverLength',
  'ipsec',
  'packetBeyondPath',
  'the length of a path is for routers, and a tunnel seals what it is given',
  () => () => 'sealed',
);

export const countsNoPadding = mutant(
  'countsNoPadding',
  'ipsec',
  'longestPacket',
  'headers and ICV are subtracted, and the padding to a whole block is not thought of',
  () =>
    ({ pathMtu, around, trailer }) =>
      pathMtu - around - trailer,
);

export const clearsDontFragment = mutant(
  'clearsDontFragment',
  'ipsec',
  'outerDontFragment',
  'the outer header is made anew, and nobody has said that it must not be cut',
  () => () => false,
);

export const marksEveryPiece = mutant(
  'marksEveryPiece',
  'host',
  'pieceFlags',
  'all pieces get the header of the first, More Fragments included',
  () => () => ({ moreFragments: true, dontFragment: false }),
);

export const copiesFlagsToPieces = mutant(
  'copiesFlagsToPieces',
  'host',
  'pieceFlags',
  'the header of a piece is made as that of every packet of this node is, with Don’t Fragment',
  (lawful) => (isLast) => ({ ...lawful(isLast), dontFragment: true }),
);

/** Octets, about. */
const ESP_OVERHEAD = 60;
