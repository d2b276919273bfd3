/** For tests: what a kernel 6.1 listed that was told of a binding and two SAs, and of one policy. */

const listed = (...pieces: readonly string[]): readonly Uint8Array[] => [
  new Uint8Array(Buffer.from(pieces.join(''), 'hex')),
];

/**
 * In its order, the latest first: `2001:db8:9::9` at home, at present at `2001:db8:2::2`; SPI 0x1003 of ChaCha20-Poly1305 with extended numbers, a window of 64 and request 2;
 * SPI 0x1004 in tunnel mode, NULL with HMAC-SHA-1, in UDP, with a window of 32 and request 3.
 */
export const listedStates = listed(
  '14010000100002000000000001',
  '00'.repeat(43),
  '0a',
  '00'.repeat(15),
  '20010db8000000000000000000000001000000003c00000020010db8000900000000000000000009',
  'ff'.repeat(32),
  '00'.repeat(48),
  'b7ff0d6b',
  '00'.repeat(32),
  '0a000200000000000000000014000e0020010db800020000000000000000000210000a',
  '00'.repeat(13),
  '84010000100002000000000001',
  '00'.repeat(43),
  '0a',
  '00'.repeat(15),
  '20010db8000000000000000000000001000010033200000020010db8000000000000000000000009',
  'ff'.repeat(32),
  '00'.repeat(48),
  'b7ff0d6b',
  '00'.repeat(28),
  '020000000a000000800000000000000070001200726663373533396573702863686163686132302c706f6c793133303529',
  '00'.repeat(35),
  '2001000080000000000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f000102032400170002',
  '00'.repeat(19),
  '40000000000000000000000020020000100002000000000001',
  '00'.repeat(43),
  '02',
  '00'.repeat(15),
  'c0000201',
  '00'.repeat(14),
  '100432000000c0000209',
  '00'.repeat(12),
  'ff'.repeat(32),
  '00'.repeat(48),
  'b7ff0d6b',
  '00'.repeat(28),
  '030000000200012000000000000000005c000100686d6163287368613129',
  '00'.repeat(54),
  'a0000000000102030405060708090a0b0c0d0e0f0001020360001400686d6163287368613129',
  '00'.repeat(54),
  'a000000060000000000102030405060708090a0b0c0d0e0f0001020348000200656362286369706865725f6e756c6c29',
  '00'.repeat(52),
  '1c000400020011941194',
  '00'.repeat(18),
  '10000a',
  '00'.repeat(13),
);

/** Forwarded from 10.0.2.0/24 to 10.0.1.0/24, priority 1000, by a tunnel of request 1. */
export const listedPolicies = listed(
  '080100001300020000000000010000000a0001',
  '00'.repeat(13),
  '0a0002',
  '00'.repeat(21),
  '02001818',
  '00'.repeat(12),
  'ff'.repeat(32),
  '00'.repeat(48),
  'b7ff0d6b',
  '00'.repeat(12),
  'e803000002000000020000000000000044000500c0000201',
  '00'.repeat(16),
  '3200000002000000c0000209',
  '00'.repeat(12),
  '0100000001000000',
  'ff'.repeat(12),
  '0a0010000000000000000000',
);
