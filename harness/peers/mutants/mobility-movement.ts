/** Broken twins of a mobile node that finds out where it is (RFC 6275 11.5.1 to 11.5.3, RFC 4861, RFC 4862). */
import { mutant } from '../mutant.ts';

export const leavesReachableRouter = mutant(
  'leavesReachableRouter',
  'mobility',
  'staysWithRouter',
  'the newest router is the best, whether or not the old one answers',
  () => () => false,
);

export const knowsRoutersByLinkLocal = mutant(
  'knowsRoutersByLinkLocal',
  'mobility',
  'routerKnownBy',
  'a router is who its link-local address says, on whichever link',
  () => (linkLocal) => linkLocal,
);

export const waitsForItsRouter = mutant(
  'waitsForItsRouter',
  'mobility',
  'silenceOfRouter',
  'the Advertisement Interval option is for routers among themselves',
  () => () => Number.POSITIVE_INFINITY,
);

export const formsFromEveryPrefix = mutant(
  'formsFromEveryPrefix',
  'mobility',
  'formsAddressFrom',
  'an address is formed from whatever stands in a Prefix Information option',
  () => () => true,
);

export const takesEveryRouter = mutant(
  'takesEveryRouter',
  'mobility',
  'isDefaultRouter',
  'whoever sends a router advertisement is a default router',
  () => () => true,
);

export const hearsDistantRouters = mutant(
  'hearsDistantRouters',
  'host',
  'advertisementAcceptable',
  'a router advertisement is heeded from wherever it comes',
  () => () => true,
);
