/** Broken twins of IKEv2 where a peer moves, with MOBIKE (RFC 4555) and without (RFC 7296 section 2.23). */
import { mutant } from '../mutant.ts';

export const knowsNoMobike = mutant(
  'knowsNoMobike',
  'ikev2',
  'mobikeAgreed',
  'built without MOBIKE, whatever the configuration says',
  () => () => false,
);

export const obeysNobody = mutant(
  'obeysNobody',
  'ikev2',
  'updateObeyed',
  'a client that moves itself was built, and a gateway of it: updates are answered, and forgotten',
  () => () => false,
);

export const makesCookiesOfItsOwn = mutant(
  'makesCookiesOfItsOwn',
  'ikev2',
  'cookie2Answer',
  'COOKIE2 is taken for a nonce, which each side draws',
  () => (sent) => sent.map((octet) => octet ^ 0xff),
);

export const detectsNatsOnce = mutant(
  'detectsNatsOnce',
  'ikev2',
  'natDetectionAnswered',
  'NAT detection belongs to IKE_SA_INIT alone, as in RFC 7296',
  () => () => false,
);

export const followsNobody = mutant(
  'followsNobody',
  'ikev2',
  'followedDynamically',
  'addresses are those of IKE_AUTH, and a mapping that a NAT forgets ends the connection',
  () => () => false,
);

export const followsEverybody = mutant(
  'followsEverybody',
  'ikev2',
  'followedDynamically',
  'the address of the last packet is taken, since the packet was authentic',
  () => () => true,
);

export const movesIkeAlone = mutant(
  'movesIkeAlone',
  'ikev2',
  'childrenFollow',
  'the daemon follows its peer, and nobody tells the kernel',
  () => () => false,
);

export const obeysEverybody = mutant(
  'obeysEverybody',
  'ikev2',
  'updateObeyed',
  'an authentic peer asks, and nobody looks whether it may',
  () => () => true,
);

export const takesAnyAddress = mutant(
  'takesAnyAddress',
  'ikev2',
  'addressesAcceptable',
  'which addresses a peer may have is asked at the beginning, and not again',
  () => () => true,
);

export const ignoresNoNats = mutant(
  'ignoresNoNats',
  'ikev2',
  'natsAbsent',
  'NO_NATS_ALLOWED is a status notification that nobody knows',
  () => () => true,
);

export const seesNatsEverywhere = mutant(
  'seesNatsEverywhere',
  'ikev2',
  'natsAbsent',
  'source and destination are compared as this side sees them, the other way round',
  () => () => false,
);

export const trustsEveryMove = mutant(
  'trustsEveryMove',
  'ikev2',
  'returnRoutabilityChecked',
  'a peer that has authenticated is taken to be where it says',
  () => () => false,
);

export const takesAnyCookie = mutant(
  'takesAnyCookie',
  'ikev2',
  'cookie2Verified',
  'an authentic answer is proof enough, and its COOKIE2 is not looked at',
  () => () => true,
);
